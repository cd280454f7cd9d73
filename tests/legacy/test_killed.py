"""An import that is killed repeatedly loses nothing and imports nothing twice."""

import random
from time import monotonic, sleep

import pytest

from tests.drills.adoption import Record, count_imported, fill, find_faults
from tests.legacy.old_project import OldProject


def test_an_import_continues_after_it_was_killed(old: OldProject) -> None:
    random.seed(5)
    record = Record()
    fill(old, 60, record)
    old.supabase.inject("/storage/v1/object/authenticated", status=0, times=1000, delay=0.2)

    for _ in range(2):
        before, late = count_imported(old), monotonic() + 200
        process = old.start("adopt")
        while count_imported(old) < before + 5:
            assert process.poll() is None
            assert monotonic() < late
            sleep(0.02)
        process.kill()
        process.wait()
        assert before < count_imported(old) < 60
    old.supabase.faults.clear()
    output = old.adopt()

    assert "Counts are equal" in output
    assert find_faults(old, record) == []
    assert list((old.folder / "data" / "adopting").iterdir()) == []


@pytest.mark.parametrize("times", [1, 2])
def test_the_import_can_be_repeated(old: OldProject, times: int) -> None:
    random.seed(times)
    record = Record()
    fill(old, 12, record)
    for _ in range(times):
        old.adopt()

    assert find_faults(old, record) == []
