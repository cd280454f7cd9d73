"""Lasting times as they are spoken."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from audiobrew.lang.cldr import unit_pattern
from audiobrew.lang.language import symbols_of
from audiobrew.script.notation import LETTER, any_of, notation_of

_MILITARY_TIME = re.compile(
    rf"(?<!{LETTER})(?<![\d.,/:-])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?=\s(?:GMT|UTC)\b)"
)
_LONG_DURATION = re.compile(
    rf"(?<!{LETTER})(?<![\d:.,/-])(?P<hours>\d):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d(?:[.,]\d{{1,3}})?)"
    rf"(?:\s(?:h|hrs?|hours|Std|Stunden)(?!{LETTER}))?(?![\d:]|{LETTER})"
)


# `27:14.6`, `+0:09`, `1h12:48`
_RACE = re.compile(
    rf"(?<!{LETTER})(?<![\d:.,/-])(?:(?P<hour>\d{{1,2}})h(?=[0-5]))?(?P<minute>\d{{1,3}}):"
    rf"(?P<second>[0-5]\d(?:[.,]\d{{1,2}})?)(?![\d:]|[.,]\d|{LETTER})"
)
# Seconds beside others: `from 48s to 3.1s`. Those of a decade have no decimals.
_SECONDS = re.compile(
    rf"(?<!{LETTER})(?<![\d:.,/-])(?P<second>\d{{1,4}}[.,]\d{{1,3}}|\d{{0,3}}[1-9])s(?!{LETTER})"
)
_DECIMAL_SECONDS = re.compile(r"\d[.,]\d{1,3}s\b")
# `1h 20m`, `5m30s`
_LETTERED_DURATION = re.compile(
    rf"(?<!{LETTER})(?<![\d.,:/-])(?:(?P<hour>\d{{1,3}})\s?h\s?)?(?:(?P<minute>[0-5]?\d)\s?m\s?)?"
    rf"(?:(?P<second>[0-5]?\d)\s?s)?(?<=[hms])(?!{LETTER}|[²³/])"
)


@cache
def duration_pattern(language: str) -> re.Pattern[str]:
    """`61:20 minutes`, `3:04 hours`. Where the word for hours also follows a time, it is one."""
    hours, minutes = (
        any_of(
            word
            for word in duration_words(f"duration-{unit}", language)
            if word not in symbols_of(language).time_mark.split("|")
        )
        or "(?!)"
        for unit in ("hour", "minute")
    )
    return re.compile(
        rf"(?<!{LETTER})(?<![\d:.,/-])(?P<whole>\d{{1,3}}):(?P<part>[0-5]\d(?:[.,]\d{{1,3}})?)[\s-]?"
        rf"(?:(?P<hours>{hours})|(?P<minutes>{minutes}))(?!{LETTER})"
    )


def duration_words(unit: str, language: str) -> set[str]:
    """All forms of a unit's name, and its symbols except `h`."""
    numbers = map(Decimal, ("1", "2", "5", "1.5"))
    names = {unit_pattern(unit, number, language).replace("{}", "").strip() for number in numbers}
    symbols = {symbol for symbol, code in notation_of(language).units.items() if code == unit}
    return {name for name in names | symbols if len(name) > 1 or not symbols_of(language).spaces}


def speak_durations(text: str, language: str) -> str:
    """`61:20 minutes` as `61 minutes and 20 seconds`, and `2:19:41` likewise."""

    def short(match: re.Match[str]) -> str:
        units = ("hour", "minute") if match["hours"] else ("minute", "second")
        parts = zip((match["whole"], match["part"]), units, strict=True)
        return spoken_duration(parts, language)

    def long(match: re.Match[str]) -> str:
        parts = zip(
            match.group("hours", "minutes", "seconds"), ("hour", "minute", "second"), strict=True
        )
        return spoken_duration(parts, language)

    text = _MILITARY_TIME.sub(
        lambda match: f"{match['hour'].removeprefix('0')}:{match['minute']}", text
    )

    def lettered(match: re.Match[str]) -> str:
        units = ("hour", "minute", "second")
        parts = zip(match.group(*units), units, strict=True)
        present = [(digits, unit) for digits, unit in parts if digits]
        return spoken_duration(present, language) if len(present) > 1 else match[0]

    def race(match: re.Match[str]) -> str:
        is_gap = match.string[: match.start()].endswith("+")
        if not match["hour"] and match["second"].isdecimal() and not is_gap:
            return match[0]
        units = ("hour", "minute", "second")
        parts = zip(match.group(*units), units, strict=True)
        return spoken_duration([(digits, unit) for digits, unit in parts if digits], language)

    text = _LETTERED_DURATION.sub(lettered, text)
    if _DECIMAL_SECONDS.search(text):
        text = _SECONDS.sub(
            lambda match: spoken_duration([(match["second"], "second")], language), text
        )
    text = duration_pattern(language).sub(short, text)
    return _RACE.sub(race, _LONG_DURATION.sub(long, text))


def spoken_duration(parts: Iterable[tuple[str, str]], language: str) -> str:
    """The parts that are not zero, with the word for "and" before the last one."""
    words = []
    for digits, unit in parts:
        number = digits.lstrip("0") if digits[-1:].isdecimal() else digits
        if number:
            number = f"0{number}" if number[0] in ".," else number
            value = Decimal(number.replace(",", "."))
            words.append(
                unit_pattern(f"duration-{unit}", value, language)
                .replace("{}", number)
                .replace("\u00a0", " ")
            )
    symbols = symbols_of(language)
    if not symbols.spaces:
        return "".join(words).replace(" ", "")
    last = f" {symbols.ampersand} " if symbols.ampersand else " "
    return last.join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
