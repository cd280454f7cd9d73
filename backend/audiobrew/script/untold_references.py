"""Lines that point to something that only the text that is not told names: `restoring that backup`."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import pairwise

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.mail.newsletter import Block, BlockRole
from audiobrew.script.content_words import stem_of
from audiobrew.script.line import Line, LineKind
from audiobrew.script.tables import words_for_periods

_WORD = re.compile(r"[^\W\d_]+")
# A first name, perhaps initials, and a last name.
_FULL_NAME = re.compile(
    r"(?<![.!?:“\"«„—–-]\s)(?<=\s)([A-ZÀ-ÞĀ-Ž][^\W\d_]{2,14})\s(?:[A-Z]\.\s){0,2}([A-ZÀ-ÞĀ-Ž][^\W\d_]{3,19})\b"
)
# Characters before a line, in its own block, among which somebody's full name is looked for.
MAX_OWN_TEXT = 2000
# Letters of a noun that a demonstrative may point to.
MIN_NOUN = 4


def without_untold_references(
    lines: Sequence[Line],
    heading: str,
    body: Sequence[Block],
    language: str,
    names: frozenset[str] = frozenset(),
) -> list[Line]:
    """The lines without those that point to a noun which stands only in text before them that is not told.

    So does one with the last name of somebody whose full name is not told; `names` are those told in the
    sections before. What depends on them, and what only leads to them, is left out, too.
    """
    demonstratives = language_or_default(language).references.demonstratives
    if not demonstratives:
        return list(lines)
    places = {block.id: place for place, block in enumerate(body)}
    stems, before, reached = stems_in([heading]), set[str](), 0
    people, words = set[str](), names | set(_WORD.findall(heading))
    result: list[Line] = []
    is_dropped = False
    for line in lines:
        place = places.get(line.block, 0)
        before |= stems_in(block.text for block in body[reached:place])
        people |= {
            name for block in body[reached:place] for name in people_in(block.text, language)
        }
        reached = max(reached, place)
        own = body[place].text.partition(line.text[:30])[0] if body else ""
        untold = (before | stems_in([own])) - stems if may_point(line, demonstratives) else set()
        is_dropped = (
            (is_dropped and line.depends_on_previous)
            or points_to(line.text, untold, demonstratives, language)
            or names_part_of_code(line, body, places, stems, language)
            or names_stranger(
                line, (people, people_in(own[-MAX_OWN_TEXT:], language)), words, language
            )
        )
        if is_dropped:
            while result and result[-1].awaits_next:
                result.pop()
            continue
        stems |= stems_in([line.text])
        words |= set(_WORD.findall(line.text))
        result.append(line)
    return result


def people_in(text: str, language: str) -> set[str]:
    """The last names of the people who have their full names in a text; none where nouns have capitals."""
    if language_or_default(language).meaning.capitalized_nouns:
        return set()
    pairs = ((match[1].casefold(), match[2]) for match in _FULL_NAME.finditer(text))
    times = words_for_periods(language)
    return {
        last
        for first, last in pairs
        if not {first, last.casefold()} & times and first not in FUNCTION_WORDS
    }


def names_stranger(line: Line, people: Sequence[Set[str]], words: Set[str], language: str) -> bool:
    """Whether a line has only the last name of somebody, and no line before it has that name."""
    if line.kind is not LineKind.SENTENCE or line.group is not None or line.series is not None:
        return False
    articles = language_or_default(language).structure.definite_articles
    return any(
        word not in words
        and any(word in names for names in people)
        and not before[:1].isupper()
        and before.casefold() not in articles
        for before, word in pairwise(["", *_WORD.findall(line.text)])
    )


def names_part_of_code(
    line: Line, body: Sequence[Block], places: Mapping[str, int], stems: set[str], language: str
) -> bool:
    """Whether a line begins with something that only the code right before it names: `The grace setting`."""
    place = places.get(line.block, 0)
    if not place or body[place - 1].role is not BlockRole.CODE:
        return False
    first, noun = ([*_WORD.findall(line.text)[:2], "", ""])[:2]
    articles = language_or_default(language).structure.definite_articles
    is_named = first.casefold() in articles and len(noun) >= MIN_NOUN
    return is_named and stem_of(noun) in stems_in([body[place - 1].text]) - stems


def may_point(line: Line, demonstratives: frozenset[str]) -> bool:
    """Whether a line has a word that points to something, and is told without a question or other steps."""
    words = map(str.casefold, _WORD.findall(line.text))
    is_sentence = line.kind is LineKind.SENTENCE and line.group is None
    return is_sentence and not demonstratives.isdisjoint(words)


def points_to(text: str, stems: set[str], demonstratives: frozenset[str], language: str) -> bool:
    """Whether a text points to one of these words: `that backup`."""
    words = _WORD.findall(text)
    times = {*words_for_periods(language), *symbols_of(language).after_weekdays}
    return any(
        word.casefold() in demonstratives
        and len(noun) >= MIN_NOUN
        and noun.casefold() not in times | FUNCTION_WORDS
        and not (word == "that" and noun.endswith("s"))  # `said that talks`
        and stem_of(noun) in stems
        for word, noun in pairwise(words)
    )


def stems_in(texts: Iterable[str]) -> set[str]:
    return {stem_of(word) for text in texts for word in _WORD.findall(text)}
