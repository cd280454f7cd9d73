"""Which texts an author tells as "I", and who that is."""

import re
from collections.abc import Sequence
from functools import lru_cache

from audiobrew.lang.language import language_or_default
from audiobrew.script.items import Item, items_of
from audiobrew.script.line import Line, LineKind
from audiobrew.script.sentence_filter import leaves_quotation_open

_WORD = re.compile(r"[^\W\d_]+(?:'(?:m|ve|d|ll)\b|')?")
_QUOTATION = re.compile(r"[“„«\"][^“”„«»\"]{0,600}(?:[”“»\"]|$)")
# A newsletter is told by its author if this share of its lines is in the first person.
MIN_FIRST_PERSON_SHARE = 0.12


@lru_cache(maxsize=1024)
def is_first_person(item: Item) -> bool:
    """Whether an item is told by one author: outside quotations and interviews, it says "I"."""
    return bool(first_person_lines(item.lines, item.language))


def is_authors_letter(item: Item) -> bool:
    """Whether the newsletter of an item is told by one author from its beginning on."""
    items = [one for one in items_of(item.newsletter) if one.language == item.language]
    lines = [line for one in items for line in one.lines]
    own_lines = first_person_lines(lines, item.language)
    in_beginning = any(line in own_lines for one in items[:1] for line in one.lines)
    return in_beginning and len(own_lines) >= max(2, MIN_FIRST_PERSON_SHARE * len(lines))


def is_told_by_author(item: Item) -> bool:
    """Whether one voice tells an item: it says "I", or belongs to a letter that does."""
    return is_first_person(item) or is_authors_letter(item)


def first_person_lines(lines: Sequence[Line], language: str) -> list[Line]:
    words = language_or_default(language).structure.first_person
    tells = (LineKind.SENTENCE, LineKind.LETTER)
    if not words or any(line.kind not in tells for line in lines):
        return []
    result = []
    quoted = False
    for line in lines:
        is_foreign = quoted or line.kind is LineKind.LETTER
        text = "" if is_foreign else _QUOTATION.sub("", line.text)
        quoted = leaves_quotation_open(line.text, quoted)
        words_of_line = (match[0] for match in _WORD.finditer(text.replace("’", "'").casefold()))
        if not words.isdisjoint(words_of_line):
            result.append(line)
    return result
