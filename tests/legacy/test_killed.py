"""An import that is killed repeatedly loses nothing and imports nothing twice."""

import random
from time import monotonic, sleep

import pytest

from tests.drills.adoption import Story, faults, fill, taken
from tests.legacy.old_project import OldProject


def test_an_import_continues_after_it_was_killed(old: OldProject) -> None:
    random.seed(5)
    story = Story()
    fill(old, 60, story)
    old.supabase.inject("/storage/v1/object/authenticated", status=0, times=1000, delay=0.2)

    for _ in range(2):
        before, late = taken(old), monotonic() + 200
        process = old.start("adopt")
        while taken(old) < before + 5:
            assert process.poll() is None
            assert monotonic() < late
            sleep(0.02)
        process.kill()
        process.wait()
        assert before < taken(old) < 60
    old.supabase.faults.clear()
    output = old.adopt()

    assert "Counts are equal" in output
    assert faults(old, story) == []
    assert list((old.folder / "data" / "adopting").iterdir()) == []


@pytest.mark.parametrize("times", [1, 2])
def test_the_import_can_be_repeated(old: OldProject, times: int) -> None:
    random.seed(times)
    story = Story()
    fill(old, 12, story)
    for _ in range(times):
        old.adopt()

    assert faults(old, story) == []
