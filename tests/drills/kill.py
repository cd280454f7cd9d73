"""The kill drill: `python -m tests.drills.kill --episodes 20`. No stored clip may be recorded twice."""

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
    "clips stored",
    "clips lost",
    "made twice",
    "voice calls",
    "continued after",
    "status",
)
WIDTHS = (7, 16, 10, 12, 10, 10, 11, 15, 8)


def drill(data: Path, moments: list[str], voice: str = "espeak") -> list[Cut]:
    """Brew one episode for each moment and kill the product then, all on the same data."""
    product = Product(data, AUDIOBREW_VOICE=voice)
    cuts = []
    try:
        for number, moment in enumerate(moments):
            product, result = cut(product, number, moment)
            cuts.append(result)
            print(_format_cut(result), flush=True)
    finally:
        product.stop()
    return cuts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--voice", default="espeak", help="The setting AUDIOBREW_VOICE.")
    arguments, names = parser.parse_args(), list(MOMENTS)
    moments = [names[n % len(names)] for n in range(arguments.episodes)]
    print(_format_row(HEAD))
    with tempfile.TemporaryDirectory(prefix="audiobrew-kill-") as folder:
        cuts = drill(Path(folder) / "data", moments, arguments.voice)
    print(
        f"{len(cuts)} kills, {sum(one.calls for one in cuts)} voice calls:"
        f" {sum(one.stored for one in cuts)} clips stored when killed,"
        f" {sum(one.twice for one in cuts)} of them made twice,"
        f" {sum(one.lost for one in cuts)} lost,"
        f" {sum(one.status == 'ready' for one in cuts)} episodes ready,"
        f" slowest continued after {max(one.seconds_to_continue for one in cuts):.1f} s"
    )
    return 0 if all(one.good for one in cuts) else 1


def _format_cut(result: Cut) -> str:
    return _format_row(
        (
            str(result.number + 1),
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
