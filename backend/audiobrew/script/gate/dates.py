"""Months and weekdays in a text: their names in every language, from CLDR."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from audiobrew.lang.language import language_or_default
from audiobrew.script.gate.numbers import number_at
from audiobrew.script.gate.tokens import Token

# English words that are months with a capital only.
_AMBIGUOUS = {"en": frozenset(("may", "march"))}
# What may be between a day and its month.
_BETWEEN = frozenset(("de", "of", "st", "nd", "rd", "th", "er", "do"))
MAX_DAY = 31
# The shortest names that may begin a compound such as Dienstagabend.
MIN_COMPOUND = 6


@cache
def date_names(language: str) -> Mapping[str, str]:
    """Months and weekdays by their full names in lower case."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return {}
    names: dict[str, str] = {}
    for kind, values in (("month", locale.months), ("day", locale.days)):
        for context in ("format", "stand-alone"):
            for number, name in values[context]["wide"].items():
                if name.isalpha():
                    names[name.casefold()] = f"{kind}-{number}"
    return names


def is_date_word(word: str, language: str) -> bool:
    return date_name(word, language) is not None


def date_name(word: str, language: str) -> str | None:
    """The month or weekday of a word in lower case, or of the word that it begins with or ends in `s`."""
    names = date_names(language)
    if word in names:
        return names[word]
    single = names.get(word.removesuffix("s"), "")
    if single.startswith("day"):
        return single
    for name, date in names.items():
        if len(name) >= MIN_COMPOUND and word.startswith(name):
            return date
    return None


def season_name(
    texts: Sequence[str], place: int, language: str, *, ambiguous: bool = False
) -> str | None:
    """The season that a word means. Unless `ambiguous`, some words mean one only after an article."""
    meaning = language_or_default(language).meaning
    word = texts[place].casefold()
    season = meaning.seasons.get(word)
    is_noun = place > 0 and texts[place - 1].casefold() in meaning.determiners
    if season is None and (ambiguous or is_noun):
        season = meaning.ambiguous_seasons.get(word)
    return f"season-{season}" if season else None


def time_name(word: str, language: str) -> str | None:
    """The month, weekday, season or year that a word in lower case is."""
    if is_year(word):
        return word
    return date_name(word, language) or season_name([word], 0, language)


def is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")


def find_dates(
    tokens: Sequence[Token], language: str, *, ambiguous: bool = False
) -> Iterator[tuple[str, str]]:
    """Every month, weekday and season as written, with what it means; a month with its day, if it has one."""
    texts = [token.text for token in tokens]
    months = _AMBIGUOUS.get(language, frozenset())
    for place, text in enumerate(texts):
        lower = text.casefold()
        if lower in months and (not text[0].isupper() or place == 0):
            continue
        date = date_name(lower, language) or season_name(
            texts, place, language, ambiguous=ambiguous
        )
        if date is None:
            continue
        yield lower, date
        if date.startswith("month"):
            for day in days_beside(texts, place, language):
                yield f"{day} {lower}", f"{date}-{day}"


def days_beside(texts: Sequence[str], place: int, language: str) -> Iterator[str]:
    """The day of a month: the number directly before or after it."""
    before = place - 1
    while before > 0 and texts[before].casefold() in _BETWEEN:
        before -= 1
    if before >= 0 and (day := number_at(texts, before, language)) and is_day(day[0]):
        yield str(day[0])
    elif place + 1 < len(texts) and is_day(number_at(texts, place + 1, language)[0]):
        yield str(number_at(texts, place + 1, language)[0])


def is_day(value: str | None) -> bool:
    return bool(value and re.fullmatch(r"\d\d?", value) and 0 < int(value) <= MAX_DAY)
