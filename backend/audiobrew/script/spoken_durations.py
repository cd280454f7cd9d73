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
# `46:18` in a list of places or after "in", and what no clock shows.
_SPLIT = re.compile(
    rf"(?<!{LETTER})(?<![\d:.,/-])(?P<minute>\d{{1,3}}):(?P<second>[0-5]\d)(?![\d:]|[.,:]\d|\s?[ap]\.?m\b|{LETTER})"
)
_TIME_BEFORE = re.compile(
    r"(?:\b(?:in|of|en|em|time|Zeit|mit|con|temps|tiempo|tempo|:)|(?<![\w-])[A-ZÀ-Þ][\w-]{0,27}[a-zß-ÿ]|\))[,:]?\s\Z"
)
# `; 2. J. Tosh 46:51`
_PLACE = re.compile(r"[;,]\s\d{1,2}[.)]\s[^\d;,:]{2,50}\s\d{1,3}:[0-5]\d(?!\d)")
LAST_HOUR = 24
# Seconds beside others: `from 48s to 3.1s`. Those of a decade have no decimals.
_SECONDS = re.compile(
    rf"(?<!{LETTER})(?<![\d:.,/-])(?P<second>\d{{1,4}}[.,]\d{{1,3}}|\d{{0,3}}[1-9])s(?!{LETTER})"
)
_WORD = re.compile(r"[\w-]+")
_DECIMAL_SECONDS = re.compile(r"\d[.,]\d{1,3}s\b")
# `58 min 03 s`
_PADDED = re.compile(
    r"(?P<before>\d\s?(?:h|hrs?|Std|min|mins|Min)\.?\s)0(?=\d\s?(?:s|secs?|Sek|seg|min|mins|Min)(?!\w))"
)
# `1h 20m`, `5m30s`
_LETTERED_DURATION = re.compile(
    rf"(?<!{LETTER})(?<![\d.,:/-])(?:(?P<hour>\d{{1,3}})\s?h\s?)?(?:(?P<minute>[0-5]?\d)\s?m\s?)?"
    rf"(?:(?P<second>[0-5]?\d)\s?s)?(?<=[hms])(?!{LETTER}|[²³/])"
)


# `2 h 05 m`, beside which `22 m` are minutes, too, as they are in `from 41 m to 50 s`.
_HOURS_AND_MINUTES = re.compile(
    rf"(?<![\d.,:/-])\d{{1,3}}\s?(?:h\s?[0-5]?\d\s?m|m\s?[0-5]?\d\s?s)(?!{LETTER})"
)
_BARE_MINUTES = re.compile(
    rf"(?<!{LETTER})(?<![\d.,:/-])(?P<minute>\d{{1,3}})\s?m(?!{LETTER}|[²³/])"
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

    def split(match: re.Match[str]) -> str:
        is_late = int(match["minute"]) > LAST_HOUR
        before = match.string[max(0, match.start() - 30) : match.start()]
        is_round = match["second"] in ("00", "15", "30", "45")
        if not is_late and (is_round or not _TIME_BEFORE.search(before)):
            return match[0]
        parts = zip(match.group("minute", "second"), ("minute", "second"), strict=True)
        return spoken_duration(parts, language)

    def race(match: re.Match[str]) -> str:
        is_gap = match.string[: match.start()].endswith("+")
        if not match["hour"] and match["second"].isdecimal() and not is_gap:
            return match[0]
        units = ("hour", "minute", "second")
        parts = zip(match.group(*units), units, strict=True)
        return spoken_duration([(digits, unit) for digits, unit in parts if digits], language)

    text = _PADDED.sub(r"\g<before>", text)
    race_words = symbols_of(language).race_words
    if race_words and is_about_race(text, race_words):
        text = _SPLIT.sub(split, text)
    text = _LETTERED_DURATION.sub(lettered, minutes_beside_hours(text))
    if _DECIMAL_SECONDS.search(text):
        text = _SECONDS.sub(
            lambda match: spoken_duration([(match["second"], "second")], language), text
        )
    text = duration_pattern(language).sub(short, text)
    return _RACE.sub(race, _LONG_DURATION.sub(long, text))


def minutes_beside_hours(text: str, neighbours: Iterable[str] = ()) -> str:
    """`22 m` as `22 min` in a text with durations of several parts, or beside one, as in a table."""
    if not any(map(_HOURS_AND_MINUTES.search, (text, *neighbours))):
        return text
    return _BARE_MINUTES.sub(
        lambda match: match[0] if is_in_duration(match) else f"{match['minute']} min", text
    )


def is_in_duration(match: re.Match[str]) -> bool:
    """Whether minutes belong to a duration of several parts: `2 h 05 m`, `6 m 48 s`."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(
        re.search(r"\dh\s?\Z|\d\sh\s?\Z", before) or re.match(r"\s?[0-5]?\ds|\s?[0-5]?\d\ss", after)
    )


def is_about_race(text: str, race_words: Iterable[str]) -> bool:
    words = {word.casefold() for word in _WORD.findall(text)}
    is_list = _PLACE.search(text) is not None
    return is_list or not words.isdisjoint(word.casefold() for word in race_words)


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
