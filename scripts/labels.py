"""Matches the labels of tests/mail/labelled with the blocks of the mail that was read."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence


def comparable(text: str) -> str:
    """The letters and digits of a text, which stay alike however a mail is read."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def match_labels(texts: Sequence[str], labels: Sequence[Mapping[str, str]]) -> list[str | None]:
    """For each block's text the label of most of its characters; None for a block without one."""
    pieces = [comparable(text) for text in texts]
    whole = "".join(pieces)
    owners = [number for number, piece in enumerate(pieces) for _ in piece]
    votes: list[Counter[str]] = [Counter() for _ in texts]
    position = 0
    for label in labels:
        wanted = comparable(label["text"])
        start = whole.find(wanted, position) if wanted else -1
        if start >= 0:
            position = start + len(wanted)
        elif wanted:
            start = whole.find(wanted)
        if start >= 0:
            for owner in owners[start : start + len(wanted)]:
                votes[owner][label["label"]] += 1
    return [own.most_common(1)[0][0] if own else None for own in votes]
