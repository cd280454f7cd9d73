"""The product and its voice are killed while they work. `kill.py` tries more moments."""

from pathlib import Path

import pytest

from tests.drills.kill import Kill, drill
from tests.drills.power_cut import MOMENTS, Victim, at

POWER_CUTS = [(name, MOMENTS[name], Victim.PRODUCT) for name in ("row of clip 1", "speaking, 2/5")]
KILLS_OF_VOICES = [
    ("speaking, 1/5", at("speaking", 0.2), Victim.VOICE),
    ("speaking, 2/5", at("speaking", 0.4), Victim.BOTH),
]


@pytest.mark.parametrize(
    ("voice", "kills"),
    [("espeak", POWER_CUTS), ("fast", KILLS_OF_VOICES)],
    ids=["product", "voice"],
)
def test_a_killed_brew_continues_and_makes_nothing_twice(
    tmp_path: Path, voice: str, kills: list[Kill]
) -> None:
    cuts = drill(tmp_path / "data", kills, voice)

    assert [cut.status for cut in cuts] == ["ready"] * 2
    assert [cut.twice for cut in cuts] == [0] * 2
    assert [cut.orphans for cut in cuts] == [0] * 2
    assert all(cut.calls for cut in cuts)
    assert sum(cut.stored for cut in cuts) > 0
