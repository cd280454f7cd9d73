"""Negative amounts as accountants write them: `(0.6%)` in a column of changes."""

import re
from collections.abc import Sequence

from audiobrew.script.notation import HYPHENS

# `($0.44) vs. ($0.61)`, but not `120 (54%)`, which is a share.
_BRACKETED = re.compile(
    r"(?:^|(?<=\s))(?<!\d )\((?P<amount>[$€£¥]?\s?\d[\d.,]{0,15}\s?(?:%|bps?|pp|[kmb]n?)?)\)(?=$|[,;\s])"
)
_UNBRACKETED = re.compile(rf"[{HYPHENS}+±]?\s?[$€£¥]?\s?\d[\d.,]{{0,15}}\s?(?:%|bps?|pp|[kmb]n?)?")


def has_negatives(columns: Sequence[Sequence[str]]) -> bool:
    """Whether one of the columns has amounts in brackets beside others without brackets."""
    return any(
        any(map(_BRACKETED.fullmatch, cells)) and any(map(_UNBRACKETED.fullmatch, cells))
        for cells in columns
    )


def minus_of_brackets(text: str) -> str:
    """A cell or a row with `−0.6%` instead of `(0.6%)`."""
    return _BRACKETED.sub(r"−\g<amount>", text)
