"""Six moments of the drill in each world; `deletions.py` tries a hundred."""

from pathlib import Path
from random import Random

import pytest

from tests.drills.deletion_worlds import WORLDS
from tests.drills.deletions import KINDS, drill, moments


@pytest.mark.parametrize("world", [*WORLDS])
def test_whatever_fails_meanwhile_nothing_is_left_of_what_is_deleted(
    tmp_path: Path, world: str
) -> None:
    with WORLDS[world](tmp_path) as made:
        done = drill(made, moments(6, Random(4)))

    assert set(done.deleted) == set(KINDS)
    assert done.refused > 0
    assert done.kills > 0
    assert done.crashed == []
    assert done.swept == 0
    assert done.after == (0, {})
