"""The Dockerfile is read whole: no step is passed over when they are taken without an engine."""

from pathlib import Path

import pytest

from tests.hosting.dockerfile import Root, Step, stages, take
from tests.hosting.hosts import ROOT, dockerfile


def taken(folder: Path) -> Root:
    """The final stage's steps but those that need a root of their own."""
    root = Root(folder)
    for step in stages(dockerfile())[-1].steps:
        if step.word not in ("RUN", "COPY", "WORKDIR"):
            take(step, root, ROOT, {})
    return root


def test_every_step_of_ours_is_known() -> None:
    build, final = stages(dockerfile())

    assert (build.name, build.base) == ("build", final.base)
    assert [step.word for step in build.steps].count("RUN") == 4
    assert final.steps[-1] == Step("CMD", '["audiobrew", "serve"]')


def test_a_step_that_is_not_known_is_refused() -> None:
    with pytest.raises(AssertionError, match="VOLUME"):
        stages("FROM x\nVOLUME /data\n")


def test_lines_go_on_and_comments_are_not_steps() -> None:
    [stage] = stages("# one\nFROM x\n# two\nRUN a \\\n  && b\n")

    assert stage.steps == [Step("RUN", "a && b")]


def test_what_is_set_is_kept(tmp_path: Path) -> None:
    root = taken(tmp_path)

    assert (root.user, root.command) == ("audiobrew", ["audiobrew", "serve"])
    assert root.env["PATH"].startswith("/opt/audiobrew/bin:/usr/local/bin")
    assert root.health[:2] == ["python", "-c"]


@pytest.mark.parametrize("workdir", ["/", "/src"])
@pytest.mark.parametrize("path", ["/etc", "etc", ".", "//etc", "../../etc"])
def test_nothing_is_written_outside_of_the_root(tmp_path: Path, workdir: str, path: str) -> None:
    assert Root(tmp_path, workdir=workdir).inside(path).is_relative_to(tmp_path)
