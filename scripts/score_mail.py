"""Score how mails are read against a folder of labelled mails.

    python scripts/score_mail.py FOLDER [--misses] [--only NAME]

The folder has `NAME.eml` files with `NAME.labels.json` beside them: `platform`, `language`, and `blocks` in
reading order, each a `text` with a `label`. `told` is content, `told+` begins a story, and `told*` carries
the lead story; `cut:…` is boilerplate of some kind; `either…` is not scored.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail

# The share of a label's characters that must be read aloud for the label to count as read aloud.
MIN_SHARE = 0.5
# The share of a label's words that a block must hold to be taken for it, if its text is not found.
MIN_COVERAGE = 0.6
# Codes of one written language.
SAME_LANGUAGE = {"nb": "no"}
# Parts of a mail that are scored apart.
PLACES = 5
ITEM_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s+")
NOT_COMPARED = re.compile(r"[\W_]+")
# Before the text of a list item, whose number is not part of its block.
LIST_NUMBER = re.compile(r"^\s*\d{1,2}[.)．、]\s*")
COLUMNS = "mails precision recall word_precision word_recall kept stories_lost leads_lost languages"


@dataclass
class Score:
    """Counts of labelled blocks (`n`) and of their words (`w`), by what they are and what became of them."""

    mails: int = 0
    counts: dict[tuple[str, bool], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )
    stories_lost: int = 0
    leads_lost: int = 0
    wrong_languages: int = 0
    # Content that is cut, by the reason.
    false_cuts: Counter[str] = field(default_factory=Counter)

    def add(self, is_content: bool, is_cut: bool, words: int) -> None:
        count = self.counts["content" if is_content else "boilerplate", is_cut]
        count[0] += 1
        count[1] += words

    def share(self, unit: int, part: tuple[str, bool], other: tuple[str, bool]) -> float:
        count, rest = self.counts[part][unit], self.counts[other][unit]
        return count / (count + rest) if count + rest else 1.0

    def row(self) -> str:
        right, wrong = ("boilerplate", True), ("content", True)
        missed, kept = ("boilerplate", False), ("content", False)
        figures = [
            f"{self.share(0, right, wrong):.4f}",
            f"{self.share(0, right, missed):.4f}",
            f"{self.share(1, right, wrong):.4f}",
            f"{self.share(1, right, missed):.4f}",
            f"{self.share(0, kept, wrong):.4f}",
            str(self.stories_lost),
            str(self.leads_lost),
            f"{self.mails - self.wrong_languages}/{self.mails}",
        ]
        return "  ".join(f"{figure:>9}" for figure in [str(self.mails), *figures])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--misses", action="store_true", help="list every block that was read wrong"
    )
    parser.add_argument("--only", metavar="NAME", default="", help="mails whose name contains this")
    options = parser.parse_args()
    names = sorted(
        path.name.removesuffix(".labels.json") for path in options.folder.glob("*.labels.json")
    )
    total = Score()
    groups: dict[str, Score] = defaultdict(Score)
    parts: dict[str, Score] = defaultdict(Score)
    for name in names:
        if options.only in name:
            labels = json.loads(
                (options.folder / f"{name}.labels.json").read_text(encoding="utf-8")
            )
            newsletter = read_mail((options.folder / f"{name}.eml").read_bytes(), limits=Limits())
            scores = [
                total,
                groups[f"platform {labels['platform']}"],
                groups[f"language {labels['language']}"],
            ]
            misses = list(score_mail(newsletter, labels, scores, parts))
            if options.misses and misses:
                print(name, *misses, sep="\n    ")
    print(f"{'':32}", "  ".join(f"{column[-9:]:>9}" for column in COLUMNS.split()))
    for group, score in [*sorted(groups.items()), ("all", total)]:
        print(f"{group:32}", score.row())
    print_parts(parts)
    print("\nContent that was cut, by reason:", dict(total.false_cuts) or "none")
    return 0


def print_parts(parts: dict[str, Score]) -> None:
    """For each kind of label and each fifth of the mails, how many blocks were read right."""
    print(f"\n{'':32}   boilerplate cut       content read")
    for part, score in sorted(parts.items()):
        right, missed = score.counts["boilerplate", True][0], score.counts["boilerplate", False][0]
        kept, wrong = score.counts["content", False][0], score.counts["content", True][0]
        cut = f"{right}/{right + missed}" if right + missed else ""
        read = f"{kept}/{kept + wrong}" if kept + wrong else ""
        print(f"{part:32} {cut:>18} {read:>18}")


def score_mail(
    newsletter: Newsletter, labels: dict[str, Any], scores: list[Score], parts: dict[str, Score]
) -> Iterator[str]:
    """Count the labels of a mail in each of the scores, and in those of their kind and their place.

    Yields a line for each that was read wrong.
    """
    text = LabelledText(newsletter)
    lost_lead = False
    codes = {SAME_LANGUAGE.get(code, code) for code in (newsletter.language, labels["language"])}
    for score in scores:
        score.mails += 1
        score.wrong_languages += len(codes) > 1
    if len(codes) > 1:
        yield f"language {newsletter.language}, not {labels['language']}"
    for number, block in enumerate(labels["blocks"]):
        label = block["label"]
        is_content = label.startswith("told")
        share, reasons = text.share_read(block["text"], is_content)
        if label.startswith("either") or (not is_content and is_part(block["text"], labels)):
            continue
        is_cut = share < MIN_SHARE
        place = PLACES * number // len(labels["blocks"])
        own_parts = [parts[f"label {label}"], parts[f"place {place + 1}/{PLACES}"]]
        for score in [*scores, *own_parts]:
            score.add(is_content, is_cut, len(block["text"].split()))
            score.stories_lost += is_cut and label == "told+"
            if is_content and is_cut:
                score.false_cuts[reasons] += 1
        lost_lead = lost_lead or (is_cut and label == "told*")
        if is_content == is_cut:
            yield f"{'LOST' if is_cut else 'READ'} {label} [{reasons}] {block['text'][:150]}"
    for score in scores:
        score.leads_lost += lost_lead


def is_part(text: str, labels: dict[str, Any]) -> bool:
    """Whether a text is also part of the content, so that it cannot be told where it was found."""
    normalized = NOT_COMPARED.sub("", text.casefold())
    return any(
        block["label"].startswith("told")
        and normalized in NOT_COMPARED.sub("", block["text"].casefold())
        for block in labels["blocks"]
    )


class LabelledText:
    """A mail's text without spaces and punctuation, and for each character why it is cut."""

    def __init__(self, newsletter: Newsletter) -> None:
        pieces: list[str] = []
        self.reasons: list[str] = []
        for block in newsletter.blocks:
            piece = NOT_COMPARED.sub("", block.text.casefold())
            pieces.append(piece)
            self.reasons += [block.cut.value if block.cut else ""] * len(piece)
        self.text = "".join(pieces)
        self.position = 0
        self.blocks = [
            (set(re.findall(r"\w+", block.text.casefold())), block.cut.value if block.cut else "")
            for block in newsletter.blocks
        ]

    def share_read(self, text: str, is_content: bool) -> tuple[float, str]:
        """The share of a text that is read aloud, and the reasons why the rest is cut."""
        wanted = NOT_COMPARED.sub("", text.casefold())
        if wanted not in self.text:
            # The number of a list item is not part of its text.
            wanted = NOT_COMPARED.sub("", ITEM_NUMBER.sub("", text.casefold()))
        start = self.text.find(wanted, self.position) if wanted else -1
        if start < 0 and wanted:
            start = self.text.find(wanted)
        else:
            self.position = max(self.position, start + len(wanted))
        if start < 0 and LIST_NUMBER.match(text):
            return self.share_read(LIST_NUMBER.sub("", text), is_content)
        if start < 0:
            return self.share_of_best_block(text) if is_content else (0.0, "missing")
        reasons = self.reasons[start : start + len(wanted)]
        cuts = sorted({reason for reason in reasons if reason})
        return reasons.count("") / len(reasons), ", ".join(cuts) or "read"

    def share_of_best_block(self, text: str) -> tuple[float, str]:
        """As `share_read`, for a text that we arrange in another way, such as a row of a table."""
        words = set(re.findall(r"\w+", text.casefold()))
        coverage, cut = max(
            ((len(words & block_words), cut) for block_words, cut in self.blocks), default=(0, "")
        )
        if coverage < MIN_COVERAGE * len(words):
            return 0.0, "missing"
        return (0.0, cut) if cut else (1.0, "read")


if __name__ == "__main__":
    sys.exit(main())
