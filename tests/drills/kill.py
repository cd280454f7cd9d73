"""The kill drill: `python -m tests.drills.kill --episodes 20`. No clip that was kept is made twice."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.drills.power_cut import MOMENTS, Cut, cut
from tests.product import Product

HEAD = (
    "episode",
    "killed at",
    "stage then",
    "clips kept",
    "lost on the way",
    "made twice",
    "voice calls",
    "went on after",
    "ended",
)
WIDTHS = (7, 16, 10, 10, 15, 10, 11, 13, 8)


def drill(data: Path, moments: list[str]) -> list[Cut]:
    """One episode and one kill a moment, all on the same data."""
    product = Product(data)
    cuts = []
    try:
        for number, moment in enumerate(moments):
            product, done = cut(product, number, moment)
            cuts.append(done)
            print(_line(done), flush=True)
    finally:
        product.stop()
    return cuts


def main() -> int:
    typed = argparse.ArgumentParser(description=__doc__)
    typed.add_argument("--episodes", type=int, default=20)
    names = list(MOMENTS)
    moments = [names[n % len(names)] for n in range(typed.parse_args().episodes)]
    print(_told(HEAD))
    with tempfile.TemporaryDirectory(prefix="audiobrew-kill-") as folder:
        cuts = drill(Path(folder) / "data", moments)
    print(
        f"{len(cuts)} kills, {sum(one.calls for one in cuts)} voice calls:"
        f" {sum(one.kept for one in cuts)} clips kept when killed,"
        f" {sum(one.twice for one in cuts)} of them made twice,"
        f" {sum(one.lost for one in cuts)} lost on the way,"
        f" {sum(one.ended == 'ready' for one in cuts)} episodes ready,"
        f" slowest went on after {max(one.went_on for one in cuts):.1f} s"
    )
    return 0 if all(one.good for one in cuts) else 1


def _line(done: Cut) -> str:
    return _told(
        (
            str(done.number + 1),
            done.moment,
            done.stage,
            str(done.kept),
            str(done.lost),
            str(done.twice),
            str(done.calls),
            f"{done.went_on:.1f} s",
            done.ended,
        )
    )


def _told(cells: tuple[str, ...]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
