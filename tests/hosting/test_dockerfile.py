"""The parser of the Dockerfile skips no step."""

from pathlib import Path

import pytest

from tests.hosting.dockerfile import Root, Step, parse_stages, run_step
from tests.hosting.hosts import ROOT, dockerfile

SERVE = ("audiobrew", "serve", "--host", "0.0.0.0")


def run_final_stage(folder: Path) -> Root:
    """All steps of the final stage but those that need their own root folder."""
    root = Root(folder)
    for step in parse_stages(dockerfile())[-1].steps:
        if step.word not in ("RUN", "COPY", "WORKDIR"):
            run_step(step, root, ROOT, {})
    return root


def test_every_step_of_the_dockerfile_is_supported() -> None:
    web, build, final = parse_stages(dockerfile())

    assert (web.name, build.name, build.base) == ("web", "build", final.base)
    assert [step.word for step in build.steps].count("RUN") == 4
    assert final.steps[-1] == Step("CMD", '["audiobrew", "serve", "--host", "0.0.0.0"]')


def test_an_unsupported_step_is_refused() -> None:
    with pytest.raises(AssertionError, match="VOLUME"):
        parse_stages("FROM x\nVOLUME /data\n")


def test_continued_lines_are_joined_and_comments_skipped() -> None:
    [stage] = parse_stages("# one\nFROM x\n# two\nRUN a \\\n  && b\n")

    assert stage.steps == [Step("RUN", "a && b")]


def test_settings_of_steps_are_kept(tmp_path: Path) -> None:
    root = run_final_stage(tmp_path)

    assert (root.user, root.command) == ("audiobrew", [*SERVE])
    assert root.env["PATH"].startswith("/opt/audiobrew/bin:/usr/local/bin")
    assert root.health[:2] == ["python", "-c"]


@pytest.mark.parametrize("workdir", ["/", "/src"])
@pytest.mark.parametrize("path", ["/etc", "etc", ".", "//etc", "../../etc"])
def test_nothing_is_written_outside_of_the_root(tmp_path: Path, workdir: str, path: str) -> None:
    assert Root(tmp_path, workdir=workdir).inside(path).is_relative_to(tmp_path)
