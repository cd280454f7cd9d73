"""Headings that only name a day, such as those of a calendar: `Saturday 28`, `Dienstag, 1. Dezember`."""

import re
from functools import cache

from audiobrew.lang.cldr import full_weekday_names
from audiobrew.script.notation import any_of
from audiobrew.script.spoken_dates import calendar_names


def is_day_heading(text: str, language: str) -> bool:
    """Whether a text is the name of a weekday, perhaps with its date."""
    pattern = day_pattern(language)
    return bool(pattern and pattern.fullmatch(text.strip(" .:–—-")))


@cache
def day_pattern(language: str) -> re.Pattern[str] | None:
    weekdays = {*full_weekday_names(language), *calendar_names("weekday", language)}
    if not weekdays:
        return None
    months = any_of(calendar_names("month", language)) or "(?!)"
    day = r"\d{1,2}(?:\.|st|nd|rd|th|er|º|ª|/\d{1,2})?"
    return re.compile(
        rf"(?:{any_of(weekdays)})\.?(?:,?\s(?:(?:the|den|der|le|el|il|di|de)\s)?(?:{day}|{months}|of|de)\.?){{0,4}}",
        re.IGNORECASE,
    )
