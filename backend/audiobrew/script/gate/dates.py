"""Months and weekdays in a text: their names in every language, from CLDR."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from audiobrew.lang.language import language_or_default
from audiobrew.lang.number_words import PERCENT
from audiobrew.script.gate.numbers import number_at
from audiobrew.script.gate.tokens import Token, compile_words
from audiobrew.script.gate.units import unit_at

# English words that are months with a capital only.
_AMBIGUOUS = {"en": frozenset(("may", "march"))}
# What may be between a day and its month.
_BETWEEN = frozenset(("de", "of", "st", "nd", "rd", "th", "er", "do"))
MAX_DAY = 31
WEEKEND_DAYS = ("5", "6")
# Words between "after" and a month, and it: after the end of May.
BOUND_REACH = 3
# Words of a day, at most: treinta y uno.
MAX_DAY_WORDS = 3
# An inflected month keeps this many letters.
MIN_DATE_STEM = 2
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
    names = declined_dates(language)
    word = word.partition("'")[0]
    if word in names:
        return names[word]
    single = names.get(word.removesuffix("s"), "")
    if single.startswith("day"):
        return single
    for name, date in names.items():
        if len(name) >= MIN_COMPOUND and word.startswith(name):
            return date
    return None


@cache
def declined_dates(language: str) -> Mapping[str, str]:
    """Months and weekdays in every form that names have in this language: w maju, v březnu."""
    paradigms = language_or_default(language).meaning.name_paradigms
    names = date_names(language)
    forms = {
        stem + ("" if other == "_" else other): date
        for name, date in names.items()
        for endings in paradigms
        for ending in endings
        for stem in [name if ending == "_" else name.removesuffix(ending)]
        if (ending == "_" or stem != name) and len(stem) >= MIN_DATE_STEM
        for other in endings
    }
    return {**forms, **names}


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
        lower = text.casefold().removesuffix("'s")
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


def dates_follow(date: str, dates: frozenset[str], text: str, language: str) -> bool:
    """Whether a day or month may follow from a text's words: from a weekend, or from "after May" for June."""
    meaning = language_or_default(language).meaning
    kind, _, number = date.partition("-")
    if kind == "day" and number in WEEKEND_DAYS:
        weekends = compile_words(meaning.weekends)
        return bool(weekends and weekends.search(text.casefold()))
    if kind != "month" or not number.isdigit():
        return False
    beside = {f"month-{(int(number) - 1 + step) % 12 + 1}" for step in (-1, 1)}
    bounds = compile_words(tuple(word for group in meaning.relations[:1] for word in group))
    words = text.casefold().split()
    return bounds is not None and any(
        date_name(word.strip(",.;:"), language) in beside
        and bounds.search(" ".join(words[max(0, place - BOUND_REACH) : place]))
        for place, word in enumerate(words)
    )


def days_beside(texts: Sequence[str], place: int, language: str) -> Iterator[str]:
    """The day of a month: the number directly before or after it, unless it has a unit: in May 5 percent."""
    before = place - 1
    while before > 0 and texts[before].casefold() in _BETWEEN:
        before -= 1
    if before >= 0 and (day := day_before(texts, before, language)):
        yield day
        return
    number, end = number_at(texts, place + 1, language) if place + 1 < len(texts) else (None, 0)
    following = [text.casefold() for text in texts[end : end + 3]]
    has_unit = following[:1] and (following[0] in PERCENT or unit_at(following, 0, language)[0])
    if is_day(number) and not has_unit:
        yield str(number)


def day_before(texts: Sequence[str], place: int, language: str) -> str | None:
    """The day whose last word is at a place: the twenty-eighth of January."""
    for start in range(max(0, place - MAX_DAY_WORDS + 1), place + 1):
        day, end = number_at(texts, start, language)
        if end == place + 1 and is_day(day):
            return day
    return None


def is_day(value: str | None) -> bool:
    return bool(value and re.fullmatch(r"\d\d?", value) and 0 < int(value) <= MAX_DAY)
