"""The kill drill: `python -m tests.drills.kill --episodes 20`. No stored clip may be recorded twice.

With `--voice natural` (or `fast`), the victims are in turn the product, the process that speaks, and both, at
random moments while clips are recorded.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.drills.power_cut import MOMENTS, Cut, Moment, Victim, cut, random_moment
from tests.product import Product

HEAD = (
    "episode",
    "killed",
    "at",
    "stage then",
    "clips stored",
    "clips lost",
    "made twice",
    "voice calls",
    "continued after",
    "status",
)
WIDTHS = (7, 7, 16, 10, 12, 10, 10, 11, 15, 8)


Kill = tuple[str, Moment, Victim]


def drill(data: Path, kills: list[Kill], voice: str = "espeak") -> list[Cut]:
    """Brew one episode for each kill, all on the same data."""
    product = Product(data, AUDIOBREW_VOICE=voice)
    cuts = []
    try:
        for number, (name, moment, victim) in enumerate(kills):
            product, result = cut(product, number, name, moment, victim)
            cuts.append(result)
            print(_format_cut(result), flush=True)
    finally:
        product.stop()
    return cuts


def power_cuts(count: int) -> list[Kill]:
    """Kills of the product, at each moment in turn."""
    names = list(MOMENTS)
    return [
        (name, MOMENTS[name], Victim.PRODUCT)
        for name in (names[number % len(names)] for number in range(count))
    ]


def random_kills(count: int, seed: int) -> list[Kill]:
    """Kills of each victim in turn, while clips are recorded."""
    source, victims = random.Random(seed), list(Victim)
    return [(*random_moment(source), victims[number % len(victims)]) for number in range(count)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--voice", default="espeak", help="The setting AUDIOBREW_VOICE.")
    parser.add_argument("--seed", type=int, default=1, help="Of the random moments.")
    arguments = parser.parse_args()
    kills = power_cuts(arguments.episodes)
    if arguments.voice in ("natural", "fast"):
        kills = random_kills(arguments.episodes, arguments.seed)
    print(_format_row(HEAD))
    with tempfile.TemporaryDirectory(prefix="audiobrew-kill-") as folder:
        cuts = drill(Path(folder) / "data", kills, arguments.voice)
    print(
        f"{len(cuts)} kills, {sum(one.calls for one in cuts)} voice calls:"
        f" {sum(one.stored for one in cuts)} clips stored when killed,"
        f" {sum(one.twice for one in cuts)} of them made twice,"
        f" {sum(one.lost for one in cuts)} lost,"
        f" {sum(one.status == 'ready' for one in cuts)} episodes ready,"
        f" {sum(one.orphans for one in cuts)} processes left over,"
        f" slowest continued after {max(one.seconds_to_continue for one in cuts):.1f} s"
    )
    return 0 if all(one.good for one in cuts) else 1


def _format_cut(result: Cut) -> str:
    return _format_row(
        (
            str(result.number + 1),
            result.victim,
            result.moment,
            result.stage,
            str(result.stored),
            str(result.lost),
            str(result.twice),
            str(result.calls),
            f"{result.seconds_to_continue:.1f} s",
            result.status,
        )
    )


def _format_row(cells: tuple[str, ...]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
