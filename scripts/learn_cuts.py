"""Learn what boilerplate looks like from folders of labelled mails, and write the model that reads mails.

    uv run --group learn scripts/learn_cuts.py FOLDER... [--check]

The folders are those of tests/mail/labelled that are open. With `--check`, nothing is written: each folder is
scored by a model of the others, for several limits of the probability. `wrong` is content that it would cut,
`right` boilerplate that the rules leave.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from audiobrew.mail import reader
from audiobrew.mail.cuts import likelihood
from audiobrew.mail.cuts.block_features import MailFeatures
from audiobrew.mail.cuts.boilerplate import find_cuts_by_rules
from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.limits import Limits
from audiobrew.mail.raw_block import RawBlock
from labels import match_labels
from sklearn.ensemble import GradientBoostingClassifier

TARGET = Path(likelihood.__file__).with_name(likelihood.MODEL)
# A false cut is worse than a missed one; and blocks that the rules cut show only what boilerplate is like.
CONTENT_WEIGHT, RULE_WEIGHT = 3.0, 0.5
TREES, DEPTH, RATE, SHARE_OF_BLOCKS, FEATURES_AT_NODE, MIN_LEAF = 200, 4, 0.08, 0.6, 25, 8
SEED = 1
LIMITS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

Matrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Row:
    """A block with a label. `is_cut`: by a rule. `is_judged`: whether the model would be asked."""

    features: dict[str, float]
    is_boilerplate: bool
    is_cut: bool
    is_judged: bool


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="score each folder by the others")
    options = parser.parse_args()
    rows = {folder: list(read_rows(folder)) for folder in options.folders}
    if options.check:
        for folder in options.folders:
            others = [row for other in options.folders if other != folder for row in rows[other]]
            print_score(folder.name, rows[folder], learn(others))
        return 0
    everything = [row for folder in options.folders for row in rows[folder]]
    classifier = learn(everything)
    text = json.dumps(to_fields(classifier, sorted(everything[0].features)), separators=(",", ":"))
    TARGET.write_text(text.replace("],[[", "],\n[[") + "\n", encoding="utf-8")
    print(f"{TARGET}: {len(everything)} blocks, {len(text) // 1024} KB")
    return 0


def read_rows(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.glob("*.eml")):
        blocks, mail = read_blocks(path.read_bytes())
        cuts = find_cuts_by_rules(blocks, mail)
        features = MailFeatures(blocks, cuts, mail)
        labels = json.loads(path.with_suffix(".labels.json").read_text("utf-8"))["blocks"]
        for number, label in enumerate(match_labels([block.text for block in blocks], labels)):
            if label and not label.startswith("either"):
                own = features.of(number)
                yield Row(
                    own,
                    label.startswith("cut"),
                    number in cuts,
                    likelihood.may_be_judged(blocks[number]) and likelihood.has_evidence(own),
                )


def read_blocks(raw: bytes) -> tuple[list[RawBlock], MailContext]:
    """The blocks of a mail as the rules see them, and what they know of it."""
    seen: list[tuple[list[RawBlock], MailContext]] = []

    def record(blocks: Sequence[RawBlock], mail: MailContext) -> list[likelihood.Judgement]:
        seen.append((list(blocks), mail))
        return [likelihood.Judgement()] * len(blocks)

    with patch.object(reader, "judge_blocks", record):
        reader.read_mail(raw, limits=Limits())
    [(blocks, mail)] = seen
    return blocks, mail


def learn(rows: Sequence[Row]) -> GradientBoostingClassifier:
    matrix, boilerplate, cut = to_arrays(rows)
    weights = np.where(boilerplate, 1.0, CONTENT_WEIGHT) * np.where(cut, RULE_WEIGHT, 1.0)
    classifier = GradientBoostingClassifier(
        n_estimators=TREES,
        max_depth=DEPTH,
        learning_rate=RATE,
        subsample=SHARE_OF_BLOCKS,
        max_features=FEATURES_AT_NODE,
        min_samples_leaf=MIN_LEAF,
        random_state=SEED,
    )
    return classifier.fit(matrix, boilerplate, sample_weight=weights)


def to_arrays(rows: Sequence[Row]) -> tuple[Matrix, Flags, Flags]:
    """The features, a row for each block with columns in the order of names; and two flags for each."""
    names = sorted(rows[0].features)
    matrix = np.array([[row.features[name] for name in names] for row in rows])
    boilerplate = np.array([row.is_boilerplate for row in rows])
    return matrix, boilerplate, np.array([row.is_cut for row in rows])


def print_score(name: str, rows: Sequence[Row], classifier: GradientBoostingClassifier) -> None:
    matrix, boilerplate, cut = to_arrays(rows)
    odds = classifier.predict_proba(matrix)[:, 1] * [row.is_judged for row in rows]
    print(f"{name:16} recall of the rules {share(cut & boilerplate, boilerplate):.3f}")
    for limit in LIMITS:
        more = (odds >= limit) & ~cut
        print(
            f"    {limit:.1f}  recall {share((cut | more) & boilerplate, boilerplate):.3f}"
            f"  kept {1 - share((cut | more) & ~boilerplate, ~boilerplate):.4f}"
            f"  right {(more & boilerplate).sum():3}  wrong {(more & ~boilerplate).sum():3}"
        )


def share(part: Flags, whole: Flags) -> float:
    return float(part.sum() / max(1, whole.sum()))


def to_fields(classifier: GradientBoostingClassifier, names: Sequence[str]) -> dict[str, object]:
    """The model as `likelihood.load_model` reads it."""
    prior = classifier.init_.class_prior_[1]
    trees = []
    for [estimator] in classifier.estimators_:
        tree = estimator.tree_
        is_leaf = tree.children_left < 0
        values = np.where(is_leaf, RATE * tree.value[:, 0, 0], tree.threshold)
        trees.append(
            [
                [-1 if leaf else int(one) for one, leaf in zip(tree.feature, is_leaf, strict=True)],
                [float(f"{value:.4g}") for value in values],
                [max(0, int(one)) for one in tree.children_left],
                [max(0, int(one)) for one in tree.children_right],
            ]
        )
    return {"names": list(names), "bias": float(np.log(prior / (1 - prior))), "trees": trees}


if __name__ == "__main__":
    sys.exit(main())
