"""Fit the weights of the signs for suspects to folders of labelled mails, and write them.

    python scripts/fit_suspects.py FOLDER... [--check]

The folders are those of tests/mail/labelled. With `--check`, nothing is written: each folder is scored with
weights that were fitted to the others. The shares of content and of boilerplate are printed that are suspect.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from audiobrew.mail.limits import Limits
from audiobrew.mail.reader import read_mail
from audiobrew.script.suspect_signs import Page, find_signs, has_evidence
from labels import match_labels

WEIGHTS = Path(__file__).parents[1] / "backend/audiobrew/script/suspect_weights.toml"
# Signs of fewer blocks have no weight, nor have weights that are smaller than the last one.
MIN_BLOCKS, MIN_WEIGHT = 12, 0.15
# How much boilerplate that no rule cuts counts, beside what a rule cuts; and how much large weights cost.
UNCUT_WEIGHT, PENALTY = 5.0, 3.0
# These signs may speak for content. The others only against it, whatever chance has it here.
CONTENT_SIGNS = (
    "usual: ", "up to ", "title: ", "long", "quotation", "heading", "paragraph", "list_item", "table_row",
    "answer", "question", "figure", "time", "read more", "no end", "bias", "image", "price", "button",
    "phone",
)  # fmt: skip

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A block with a label."""

    folder: str
    signs: frozenset[str]
    has_evidence: bool
    is_boilerplate: bool
    is_cut: bool


def read_rows(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.glob("*.eml")):
        newsletter = read_mail(path.read_bytes(), limits=Limits())
        labels = json.loads(path.with_suffix(".labels.json").read_text("utf-8"))["blocks"]
        page = Page(newsletter)
        for number, label in enumerate(
            match_labels([block.text for block in newsletter.blocks], labels)
        ):
            if label and not label.startswith("either"):
                is_cut = newsletter.blocks[number].cut is not None
                signs = find_signs(page, number)
                yield Row(
                    folder.name,
                    signs,
                    has_evidence(page, number, None, signs),
                    label.startswith("cut"),
                    is_cut,
                )


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """The weight of each sign, and the bias."""
    counts = Counter(sign for row in rows for sign in row.signs)
    signs = sorted(sign for sign, count in counts.items() if count >= MIN_BLOCKS)
    used = [row for row in rows if row.has_evidence and (row.is_boilerplate or not row.is_cut)]
    while True:
        weights = solve(used, signs)
        wrong = {
            sign
            for sign, weight in weights.items()
            if abs(weight) < MIN_WEIGHT or (weight < 0 and not sign.startswith(CONTENT_SIGNS))
        } - {"bias"}
        if not wrong:
            return weights
        signs = [sign for sign in signs if sign not in wrong]


def solve(rows: Sequence[Row], signs: Sequence[str]) -> dict[str, float]:
    """Logistic regression by Newton's method."""
    numbers = {sign: number for number, sign in enumerate(signs)}
    matrix: Matrix = np.zeros((len(rows), len(signs) + 1))
    matrix[:, -1] = 1
    for number, row in enumerate(rows):
        for sign in row.signs & numbers.keys():
            matrix[number, numbers[sign]] = 1
    target = np.array([row.is_boilerplate for row in rows], dtype=float)
    importance = np.array(
        [UNCUT_WEIGHT if row.is_boilerplate and not row.is_cut else 1.0 for row in rows]
    )
    penalty = np.full(len(signs) + 1, PENALTY)
    penalty[-1] = 1e-6
    weights = np.zeros(len(signs) + 1)
    for _ in range(40):
        shares = 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        slope = matrix.T @ (importance * (shares - target)) + penalty * weights
        curve = (matrix.T * (importance * shares * (1 - shares))) @ matrix + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return {sign: float(weight) for sign, weight in zip([*signs, "bias"], weights, strict=True)}


def odds(weights: dict[str, float], row: Row) -> float:
    if not row.has_evidence:
        return -math.inf
    return weights["bias"] + sum(weights.get(sign, 0.0) for sign in row.signs)


def check(rows: Sequence[Row]) -> None:
    scored = []
    for folder in sorted({row.folder for row in rows}):
        weights = fit([row for row in rows if row.folder != folder])
        scored += [(odds(weights, row), row) for row in rows if row.folder == folder]
    content = [(odd, row) for odd, row in scored if not row.is_boilerplate and not row.is_cut]
    usual = [odd for odd, row in content if row.folder != "traps"]
    traps = [odd for odd, row in content if row.folder == "traps"]
    missed = [odd for odd, row in scored if row.is_boilerplate and not row.is_cut]
    cut = [odd for odd, row in scored if row.is_boilerplate and row.is_cut]
    print("odds\tcontent\ttraps\tmissed by the rules\tcut by the rules")
    for limit in (-1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4):
        shares = (
            sum(odd > limit for odd in group) / max(1, len(group))
            for group in (usual, traps, missed, cut)
        )
        print(limit, *(f"{share:.4f}" for share in shares), sep="\t")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="print shares, and write nothing")
    options = parser.parse_args()
    rows = [row for folder in options.folders for row in read_rows(folder)]
    if options.check:
        check(rows)
        return
    weights = fit(rows)
    lines = [f'"{sign}" = {weight:.2f}' for sign, weight in sorted(weights.items())]
    head = (
        "# Written by scripts/fit_suspects.py: what each sign adds to the logarithm of the odds.\n"
    )
    WEIGHTS.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} weights from {len(rows)} blocks")


if __name__ == "__main__":
    main()
