"""Names that mean the same in one language: an institution and its initials, a country and its people."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from audiobrew.lang.language import language_or_default
from audiobrew.script.gate.tokens import Token, compile_words

# A country and its adjective have this many letters in common, and all but so many of the country's name.
MIN_COMMON, MAX_ENDING = 4, 4
# The ending of a case is at most so much longer than that of the name.
MAX_CASE_ENDING = 2


@cache
def name_groups(language: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    """The names of each thing that has several, each as a pattern for texts in lower case."""
    return tuple(
        tuple(pattern for name in group.split(" / ") if (pattern := compile_words((name,))))
        for group in language_or_default(language).meaning.same_phrases
    )


def has_other_name(tokens: Sequence[Token], place: int, source: str, language: str) -> bool:
    """Whether a word belongs to a name for which a source, in lower case, has another one."""
    text = " ".join(token.text for token in tokens).casefold()
    start = sum(len(token.text) + 1 for token in tokens[:place])
    return any(
        any(match.start() <= start < match.end() for match in name.finditer(text))
        and any(other.search(source) for other in group if other is not name)
        for group in name_groups(language)
        for name in group
    )


def is_same_country(word: str, other: str, language: str) -> bool:
    """Whether two words mean one country or its people: Slovénie and slovène."""
    countries = countries_of(word, language)
    if not countries or countries.isdisjoint(countries_of(other, language)):
        return False
    return is_country_name(word, language) or is_country_name(other, language)


def is_country_name(word: str, language: str) -> bool:
    """Whether a word is the name of a country, perhaps with another ending: Ukrajina and Ukrajině."""
    folded, names = fold(word), country_names(language)
    if folded in names or not language_or_default(language).meaning.name_paradigms:
        return folded in names
    return any(
        abs(len(folded) - len(name)) <= MAX_CASE_ENDING
        and common_length(folded, name) >= max(MIN_COMMON, len(name) - 1)
        for name in names
    )


@lru_cache(maxsize=4096)
def countries_of(word: str, language: str) -> frozenset[str]:
    """The codes of the countries whose names begin most like a word; none if none does."""
    folded = fold(word)
    lengths = {
        name: common
        for name in country_names(language)
        for common in [common_length(folded, name)]
        if common >= max(MIN_COMMON, len(name) - MAX_ENDING, len(folded) - MAX_ENDING - 1)
    }
    best = max(lengths.values(), default=0)
    return frozenset(
        country_names(language)[name] for name, length in lengths.items() if length == best
    )


@cache
def country_names(language: str) -> Mapping[str, str]:
    """The codes of countries by their names of one word, without accents, from CLDR."""
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {
        fold(name): code
        for code, name in territories.items()
        if len(code) == 2 and name.isalpha() and len(name) >= MIN_COMMON
    }


def common_length(word: str, other: str) -> int:
    """How many letters two words have in common at their beginning."""
    pairs = zip(word, other, strict=False)
    return next(
        (place for place, (one, two) in enumerate(pairs) if one != two), min(len(word), len(other))
    )


def fold(word: str) -> str:
    """A word in lower case without accents."""
    letters = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
