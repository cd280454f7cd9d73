"""Dates and times as they are spoken."""

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cache

from audiobrew.lang.cldr import long_date, month_names, unit_pattern
from audiobrew.lang.language import symbols_of
from audiobrew.script.notation import LETTER, any_of

_ISO_TIME = re.compile(
    rf"(?<!{LETTER})(?<!-)(?P<day>\d{{4}}-\d\d-\d\d)T(?P<time>\d\d:\d\d)(?::\d\d(?:\.\d{{1,9}})?)?(?P<utc>Z)?(?!{LETTER})"
)
_ISO_DATE = re.compile(
    rf"(?<!{LETTER})(?<![/.-])(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?!{LETTER}|[/-])"
)
_SHORT_DATE = re.compile(
    r"(?<![\w/.-])(\d{1,2})([/.-])\s?(\d{1,2})\2\s?(\d{4}|\d\d)(?![\w/-]|\.\d)"
)
# Years of two digits belong to this century up to this one.
LAST_SHORT_YEAR = 49


def speak_dates(text: str, language: str) -> str:
    """`2026-11-29` as `November 29, 2026`; abbreviated months beside a number in full."""
    text = _ISO_TIME.sub(
        lambda match: f"{match['day']}, {match['time']}{' UTC' if match['utc'] else ''}", text
    )
    text = _ISO_DATE.sub(
        lambda match: date_or_text(match[0], match[1], match[3], match[4], language), text
    )
    text = _SHORT_DATE.sub(lambda match: short_date(match, language), text)
    names = month_names(language)
    return month_pattern(language).sub(
        lambda match: (
            (match["gap"] or "")
            + names[match["after"] or match["before"] or match["pointed"]]
            + (match["space"] or "")
        ),
        text,
    )


def short_date(match: re.Match[str], language: str) -> str:
    """A date with its year last, whose first number is the day, or the month by the language's custom."""
    first, separator, second, year = match.groups()
    if separator == "-" and len(year) == 2:
        return match[0]
    if len(year) == 2:
        year = f"20{year}" if int(year) <= LAST_SHORT_YEAR else f"19{year}"
    month_first = symbols_of(language).date_order == "mdy" and separator != "."
    day, month = (second, first) if month_first else (first, second)
    if int(month) > 12:
        day, month = month, day
    return date_or_text(match[0], year, month, day, language)


def date_or_text(text: str, year: str, month: str, day: str, language: str) -> str:
    with suppress(ValueError):
        return long_date(date(int(year), int(month), int(day)), language)
    return text


@cache
def month_pattern(language: str) -> re.Pattern[str]:
    """An abbreviated month beside a number. Without a capital letter, a point or a year it may be a word."""
    names = month_names(language)
    capitalized = any_of(name for name in names if name[0].isupper()) or "(?!)"
    months = any_of(names) or "(?!)"
    month_first = "" if symbols_of(language).date_order != "dmy" else "(?!)"
    return re.compile(
        rf"(?<!\w){month_first}(?P<after>{months})\.?(?P<space>\s)(?=\d{{1,2}}(?!\d)|\d{{4}}(?!\d))"
        rf"|(?<=\d)(?P<gap>\.?\s)(?:(?P<before>{capitalized})(?!\w)\.?|(?P<pointed>{months})"
        rf"(?:\.|(?=\s\d{{4}}(?!\d))))"
    )


@cache
def time_pattern(language: str) -> re.Pattern[str]:
    symbols = symbols_of(language)
    mark = rf"\s?(?:{symbols.time_mark})(?!\w)" if symbols.time_mark else "(?!)"
    hour, minute = r"(?P<hour>[01]?\d|2[0-4])", r"(?P<minute>[0-5]\d)"
    return re.compile(
        rf"(?<!{LETTER})(?<![.:,/]){hour}(?:{symbols.time_separator}){minute}(?::[0-5]\d)?(?![\d:/]|[.,]\d)(?:{mark})?"
        rf"|(?<!{LETTER})(?<![.:,/])(?P<hour2>[01]?\d|2[0-4])\.(?P<minute2>[0-5]\d){mark}"
    )


def speak_times(text: str, language: str) -> str:
    """`14:30` in words, except for its numbers, in languages that say a word between or after them."""
    symbols = symbols_of(language)

    def replacement(match: re.Match[str]) -> str:
        hour = int(match["hour"] or match["hour2"])
        minute = int(match["minute"] or match["minute2"])
        hours = unit_pattern("duration-hour", Decimal(hour), language).replace("{}", str(hour))
        form = symbols.time if minute else symbols.full_hour
        return form.format(hour=hour, hours=hours.replace("\u00a0", " "), minute=minute)

    if symbols.time:
        text = time_pattern(language).sub(replacement, text)
    return zone_pattern(language).sub(lambda match: symbols.zones[match[0]], text)


@cache
def zone_pattern(language: str) -> re.Pattern[str]:
    zones = any_of(symbols_of(language).zones) or "(?!)"
    return re.compile(rf"(?<=[\dmr.]\s)(?:{zones})(?!\w)")
