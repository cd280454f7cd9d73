"""Sentences that announce a table or a number of things: they are told with those, or not at all."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from audiobrew.lang.language import language_or_default
from audiobrew.lang.number_words import number_words
from audiobrew.script.line import Line, LineKind

# More things than these are a long list, of which an episode says how many it leaves out.
MAX_THINGS = 5
# What may stand before the number, and after the things, of all languages that have such patterns.
_BEFORE = (
    "(?:here are|there are|i have|i've got|first|es gibt|hier sind|vorab"
    "|il y a|voici|hay|van|ecco|ci sono)"
)
_OF = "(?:more|other|last|quick|short|small)"
_AFTER = (
    "i|we|that|which|to|about|on|from|for|worth|before|after|habe|aus|zu|zum|zur|vorab|die|que|qui|sur|pour|à|de"
    "|sobre|para|che|da|su|per|di"
)
_VERBS = (
    r"(?:was|were|are|is|has|have|had|will|would|can|could|wurden|waren|sind|werden|haben|sont|ont|étaient|seront"
    r"|son|fueron|han|serán|sono|hanno|erano|went|came|got|won|lost)\b"
)


def with_announced(lines: Sequence[Line], language: str) -> list[Line]:
    """The lines, without announcements of what is not told. The others are told with what they announce."""
    if not announcement_pattern(language):
        return list(lines)
    result: list[Line] = []
    is_dropped = False
    for place, line in enumerate(lines):
        is_dropped = is_dropped and line.depends_on_previous and line.series is None
        if is_dropped:
            continue
        if not announces(line, language):
            result.append(line)
            continue
        count = length_of_announced(lines, place, language)
        is_dropped = count == 0
        if count:
            result.append(replace(line, awaits_next=True, brings=count))
    return [replace(line, place=place) for place, line in enumerate(result)]


def announces(line: Line, language: str) -> bool:
    pattern = announcement_pattern(language)
    is_text = line.series is None and line.kind is LineKind.SENTENCE and line.group is None
    return bool(is_text and pattern and pattern.search(plain(line.text)))


def announced_count(text: str, language: str) -> int:
    """How many things a text announces: 3 of `Three things that I looked up.`; 0 if it does not say it."""
    pattern = count_pattern(language)
    match = pattern.match(plain(text)) if pattern else None
    digits = number_words(language).get(match["count"], match["count"]) if match else ""
    return int(digits) if digits.isdecimal() else 0


def length_of_announced(lines: Sequence[Line], place: int, language: str) -> int:
    """How many lines after an announcement it needs: a table or a list, or so many sentences."""
    start = place + 1
    while start < len(lines) and lines[start].is_heading:
        start += 1
    rest = lines[start:]
    count = announced_count(lines[place].text, language)
    if not rest:
        return 0
    if series := rest[0].series:
        own = [line for line in rest if line.series == series]
        entries = sum(line.entries for line in own)
        if count > entries:
            return 0
        return start - place - 1 + (len(own) if 0 < count <= MAX_THINGS else 1)
    if not count:
        return 0 if announces_table(lines[place].text, language) else 1
    ends = (number for number, line in enumerate(rest) if line.is_heading)
    following = next(ends, len(rest))
    return min(count, following) if following >= count else 0


def announces_table(text: str, language: str) -> bool:
    pattern = table_pattern(language)
    return bool(pattern and pattern.search(plain(text)))


def plain(text: str) -> str:
    return text.casefold().replace("’", "'")


@cache
def table_pattern(language: str) -> re.Pattern[str] | None:
    patterns = language_or_default(language).references.announcements
    return re.compile("|".join(patterns)) if patterns else None


@cache
def count_pattern(language: str) -> re.Pattern[str] | None:
    """A number and what it counts, at the start of a whole sentence that says no more."""
    references = language_or_default(language).references
    if not references.announced_things:
        return None
    words = (word for word, digits in number_words(language).items() if 1 < int(digits) < 13)
    numbers = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    things = "|".join(references.announced_things)
    return re.compile(
        rf"(?:{_BEFORE} )?(?P<count>{numbers}|[2-9])(?: [^\W\d_]{{1,20}})?(?: {_OF})? (?:{things})"
        rf"(?: (?!{_VERBS})(?:{_AFTER}) (?:(?!{_VERBS})[^\s:;.]{{1,20}}+ ?+){{1,8}})?\s?[.:]$"
    )


@cache
def announcement_pattern(language: str) -> re.Pattern[str] | None:
    patterns = [one.pattern for one in (table_pattern(language),) if one]
    counts = count_pattern(language)
    if counts:
        patterns.append("^" + counts.pattern.replace("(?P<count>", "(?:"))
    return re.compile("|".join(patterns)) if patterns else None
