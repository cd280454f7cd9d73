"""Six moments of the deletion drill in each world; the drill itself tries a hundred."""

from pathlib import Path
from random import Random

import pytest

from tests.drills.deletion_worlds import WORLDS
from tests.drills.deletions import KINDS, drill, moments


@pytest.mark.parametrize("world", [*WORLDS])
def test_nothing_is_left_of_deleted_things_whatever_fails(tmp_path: Path, world: str) -> None:
    with WORLDS[world](tmp_path) as running:
        result = drill(running, moments(6, Random(4)))

    assert set(result.deletions) == set(KINDS)
    assert result.storage_faults > 0
    assert result.kills > 0
    assert result.crash_lines == []
    assert result.sweep_exit_code == 0
    assert result.after == (0, {})
