"""The product is killed between a row and its file, and while it speaks. `kill.py` tries more moments."""

from pathlib import Path

from tests.drills.kill import drill


def test_a_killed_brew_continues_and_makes_nothing_twice(tmp_path: Path) -> None:
    cuts = drill(tmp_path / "data", ["row of clip 1", "speaking, 2/5"])

    assert [cut.status for cut in cuts] == ["ready"] * 2
    assert [cut.twice for cut in cuts] == [0] * 2
    assert all(cut.calls for cut in cuts)
    assert sum(cut.stored for cut in cuts) > 0
