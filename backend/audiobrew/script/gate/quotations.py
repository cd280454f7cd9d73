"""Quotations in a sentence, and whether they mean the same in their source.

An apostrophe is not a quotation mark: a single mark opens only before a word and closes only after one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from audiobrew.lang.language import complete_language

# Pairs of marks whose shapes say which one opens. German uses «» and “” the other way round, and in Swedish
# the same mark opens and closes.
_PAIRS = (
    *(("“", "”"), ("„", "“”"), ("‟", "”"), ("❝", "❞"), ("〝", "〞〟"), ("«", "»"), ("»", "«")),
    *(("‹", "›"), ("›", "‹"), ("「", "」"), ("『", "』"), ("`", "`´"), ("❛", "❜"), ("‚", "‘’")),
)
_SAME = ("”", "»")
_STRAIGHT = '"＂″'
_SINGLE = "'‘’‛′"
_OPENING = "([{—–-/¿¡“„«»‹›「『❝\"'‘‚ \t\n\u00a0\u202f"
# What follows an apostrophe that stands for omitted letters: `'90s`, `'til`.
_ELISIONS = re.compile(r"(?:\d0s|n|em|tis|twas|til|cause|round|bout|n')\b", re.IGNORECASE)
# Characters. Shorter quotations are ignored.
MIN_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Quotation:
    """`text` is what is between the marks; `around` is the sentence without it."""

    text: str
    around: str


def quotations(text: str) -> list[Quotation]:
    """All quotations, nested ones included. One that is not closed extends to the end of the text."""
    spans = {*paired_spans(text), *straight_spans(text), *single_spans(text)}
    return [
        Quotation(text[start:end], f"{text[:start]} {text[end:]}")
        for start, end in sorted(spans)
        if len(text[start:end].strip()) >= MIN_LENGTH
    ]


def paired_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of quotations in typographic double marks, such as “” and «»."""
    for opening, closing in _PAIRS:
        start = None
        for place, mark in enumerate(text):
            if start is not None and mark in closing and not is_apostrophe(text, place):
                yield start, place
                start = None
            elif start is None and mark == opening and can_open(text, place):
                start = place + 1
        if start is not None and opening not in "`»›”":
            yield start, len(text)
    for mark in _SAME:
        places = [place for place, one in enumerate(text) if one == mark]
        if len(places) > 1 and not set(text) & set("“„«"):
            yield from ((a + 1, b) for a, b in zip(places[::2], places[1::2], strict=False))
    first = min((text.find(mark) for mark in "”»" if mark in text), default=-1)
    if first > 0 and not set(text[:first]) & set("“„«»”") and not can_open(text, first):
        yield 0, first  # opened in the sentence before


def straight_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of quotations in straight double marks."""
    start = None
    for place, mark in enumerate(text):
        if mark not in _STRAIGHT:
            continue
        if start is None and can_open(text, place):
            start = place + 1
        elif can_close(text, place) and not (start is None and text[place - 1].isdigit()):
            yield start or 0, place
            start = None
    if start is not None:
        yield start, len(text)


def single_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of quotations in single marks.

    Several marks may look like the closing one. One beside punctuation is preferred: `the cities' fault,'`.
    """
    start = None
    closing: list[int] = []
    for place, mark in enumerate(text):
        if mark not in _SINGLE:
            continue
        if mark != "′" and can_open(text, place):
            if start is not None and closing:
                yield start, closing[0]
            if not _ELISIONS.match(text, place + 1):
                start, closing = place + 1, []
        elif start is not None and can_close(text, place):
            beside = text[place - 1] in ".,;:!?…" or text[place + 1 : place + 2] in (
                "",
                *".,;:!?…)",
            )
            if beside:
                yield start, place
                start, closing = None, []
            else:
                closing.append(place)
    if start is not None and closing:
        yield start, closing[0]


def is_apostrophe(text: str, place: int) -> bool:
    """Whether the mark is within a word, as in ‚das war’s‘."""
    after = text[place + 1 : place + 2]
    return text[place] == "’" and text[place - 1].isalpha() and after.isalpha()


def can_open(text: str, place: int) -> bool:
    """Whether the mark at this place can open a quotation, by the characters beside it."""
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    unspaced = bool(before) and ord(before) > 0x2E80  # Chinese and Japanese put no space there
    spaced = text[place] in "«»‹›" and after in "\u00a0\u202f "  # « trop cher »
    return (not before or before in _OPENING or before in ".,:;!?…" or unspaced) and (
        spaced or bool(after.strip())
    )


def can_close(text: str, place: int) -> bool:
    """Whether the mark at this place can close a quotation, by the characters beside it."""
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    return bool(before.strip()) and not after.isalnum()


_CLAUSE = re.compile(
    r"[.,;:!?…()\[\]—–\n]+|\s(?:but|yet|although|while|aber|sondern|doch|obwohl|während|mais|bien que|pero|"
    r"sino|aunque|ma|però|sebbene|mas|porém|embora|maar|hoewel)\s",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…\n]+")


def keeps_its_meaning(
    quotation: Quotation, language: str, source: str, source_language: str, start: int, end: int
) -> bool:
    """Whether the quotation of `source[start:end]` leaves out no word that changes its meaning.

    Such a word may be missing if the sentence has one of the same kind beside the quotation. `language` is
    the language of the sentence.
    """
    clause = context(_CLAUSE, source, start, end)
    sentence = context(_SENTENCE, source, start, end)
    source_patterns = modifier_patterns(source_language)
    own_patterns = modifier_patterns(language)
    kinds = zip(source_patterns, own_patterns, (clause, clause, sentence), strict=True)
    return all(
        not source_pattern.search(omitted) or own_pattern.search(quotation.around)
        for source_pattern, own_pattern, omitted in kinds
    )


@cache
def modifier_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """Patterns for denials, doubts and conditions; those of English when the language is unknown."""
    words = complete_language(language).modifiers
    return tuple(
        re.compile(rf"\b(?:{'|'.join(kind)})(?!\w)", re.IGNORECASE)
        for kind in (words.denials, words.doubts, words.conditions)
    )


def context(boundary: re.Pattern[str], source: str, start: int, end: int) -> str:
    """The text before and after `source[start:end]`, up to the next boundaries."""
    before = source[:start]
    last = max((match.end() for match in boundary.finditer(before)), default=0)
    following = boundary.search(source, end)
    return f"{before[last:]} | {source[end : following.start() if following else len(source)]}"
