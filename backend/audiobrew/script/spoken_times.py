"""Times of day and their zones as they are spoken."""

import re
from decimal import Decimal
from functools import cache

from audiobrew.lang.cldr import unit_pattern
from audiobrew.lang.language import symbols_of
from audiobrew.script.notation import HYPHENS, LETTER, any_of

_HALF_DAY = re.compile(r"(?<=[:.]\d\d)\s?(?P<half>[apAP])\.?[mM](?!\w)\.?(?=\W|$)")
_OFFSET = re.compile(r"\b(?P<zone>UTC|GMT)\s?(?P<sign>[+−-])\s?(?=\d)")


NOON = 12


@cache
def time_pattern(language: str) -> re.Pattern[str]:
    symbols = symbols_of(language)
    mark = rf"\s?(?:{symbols.time_mark})(?!\w)" if symbols.time_mark else "(?!)"
    before = any_of(symbols.before_times) or "(?!)"
    joints = any_of(filter(None, [symbols.dash, symbols.ampersand])) or "(?!)"
    hour, minute = r"(?P<hour>[01]?\d|2[0-3]|24(?=\D{1,3}00))", r"(?P<minute>[0-5]\d)"
    return re.compile(
        rf"(?<!{LETTER})(?<![.:,/]){hour}(?:{symbols.time_separator}){minute}(?::[0-5]\d)?(?![\d:/]|[.,]\d)(?:{mark})?"
        rf"|(?<!{LETTER})(?<![.:,/])(?P<hour2>[01]?\d|2[0-4])\.(?P<minute2>[0-5]\d){mark}"
        rf"|(?<!\w)(?P<before>{before})\s(?P<hour3>[01]?\d|2[0-4])\.(?P<minute3>[0-5]\d)(?!\d|[.,]\d|\s?[%€$£])(?:{mark})?"
        rf"|(?<!{LETTER})(?<![.:,/])(?P<hour4>[01]?\d|2[0-4])\.(?P<minute4>[0-5]\d)"
        rf"(?=(?:\s?[{HYPHENS}]\s?|\s(?:{joints})\s)(?:[01]?\d|2[0-4])[.:][0-5]\d{mark})"
    )


def speak_times(text: str, language: str) -> str:
    """`14:30` in words, except for its numbers, in languages that say a word between or after them."""
    symbols = symbols_of(language)

    def replacement(match: re.Match[str]) -> str:
        hour = int(match["hour"] or match["hour2"] or match["hour3"] or match["hour4"])
        minute = int(match["minute"] or match["minute2"] or match["minute3"] or match["minute4"])
        before = f"{match['before']} " if match["before"] else ""
        hours = unit_pattern("duration-hour", Decimal(hour), language).replace("{}", str(hour))
        form = symbols.time if minute else symbols.full_hour
        if minute and symbols.late_time and not 0 < hour <= NOON:
            form = symbols.late_time
        return before + form.format(hour=hour, hours=hours.replace("\u00a0", " "), minute=minute)

    if symbols.time:
        text = time_pattern(language).sub(replacement, text)
    if "pm" in symbols.units:
        text = _HALF_DAY.sub(lambda match: f" {match['half'].lower()}.m.", text)
    text = _OFFSET.sub(
        lambda match: (
            f"{match['zone']} {symbols.signs.get(match['sign'].replace('-', '−'), match['sign'])} "
        ),
        text,
    )
    return zone_pattern(language).sub(
        lambda match: symbols.zones[match["zone"]] + (", " if match["slash"] else ""), text
    )


@cache
def zone_pattern(language: str) -> re.Pattern[str]:
    zones = any_of(symbols_of(language).zones) or "(?!)"
    return re.compile(rf"(?<=[\dmr.]\s)(?P<zone>{zones})(?!\w)(?P<slash>\s?/\s?(?=\d))?")
