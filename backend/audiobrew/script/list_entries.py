"""Entries of lists as they are said: several in one sentence that can be followed by ear."""

import re
from collections.abc import Iterator, Sequence
from statistics import median_low

from audiobrew.script.notation import HYPHENS

MAX_ENUMERATION_LENGTH = 190
# Words of an entry that is a sentence of its own.
MIN_STATEMENT_WORDS = 6
# The same, if most entries of the list have so many.
MIN_USUAL_WORDS = 4
_RESULT = re.compile(rf"(?<![\d.,:])\d{{1,3}}\s?[{HYPHENS}:]\s?\d{{1,3}}(?![\d.,:]\d)")
# A point that belongs to its word: `7 p.m.`, `28 Oct.`
_ABBREVIATION = re.compile(r"\w\.\w{1,3}\.$|(?:\d|,)\s[^\W\d_]{2,4}\.$")


def group_entries(entries: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Entries that fit into one sentence that can be followed by ear."""
    group: list[tuple[str, str]] = []
    length = 0
    amounts = sum(text[:1].isnumeric() and ": " not in text for text, _ in entries)
    is_shopping_list = amounts * 2 >= len(entries)
    usual = median_low(len(text.split()) for text, _ in entries)
    for text, id in entries:
        texts = [text, *(one for one, _ in group[-1:])]
        is_long = usual >= MIN_USUAL_WORDS or any(map(is_statement, texts))
        ends = is_long and not is_shopping_list
        if group and (ends or length + len(text) > MAX_ENUMERATION_LENGTH):
            yield group
            group, length = [], 0
        group.append((without_end(text), id))
        length += len(text) + 2
    if group:
        yield group


def is_statement(text: str) -> bool:
    """Whether an entry says something of its own: it has a label, a result of a match, or many words."""
    return (
        ": " in text or len(text.split()) >= MIN_STATEMENT_WORDS or _RESULT.search(text) is not None
    )


def without_end(text: str) -> str:
    """The text without its last mark, unless that belongs to an abbreviation: `7 p.m.`, `Oct.`"""
    return text if _ABBREVIATION.search(text) else text.rstrip(".;,")
