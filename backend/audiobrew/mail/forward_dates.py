"""Read the date in the head of a forwarded mail, which a mail program wrote in its user's language."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache

from audiobrew.lang.language import all_languages

_MAX_CHARACTERS = 120
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})(?:[:h]|\.(?=\d\d(?:\s?[ap]\.?m|\s*$)))(\d\d)(?::\d\d)?\s?([ap])?\.?(?:m\b)?",
    re.IGNORECASE,
)
_AFTERNOON = re.compile(r"下午|오후|午後|晚上")
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})\b")
_NUMBER = re.compile(r"(?<![\da-zA-Z])\d{1,2}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
# A forwarded mail is older than its forward. Without its time zone, it may look some hours newer.
_TOLERANCE = timedelta(days=1)


def parse_forward_date(text: str, forwarded_at: datetime) -> datetime | None:
    """The date in UTC, not later than `forwarded_at`; None if it cannot be read.

    If day and month may be exchanged, the later date counts that is not after `forwarded_at`.
    """
    text = text[:_MAX_CHARACTERS]
    year = _YEAR.search(text)
    if not year:
        return None
    time = _TIME.search(text)
    offset = _OFFSET.search(text, time.end() if time else 0)
    rest = text
    for match in sorted(filter(None, (year, time, offset)), key=lambda one: -one.start()):
        rest = rest[: match.start()] + " " + rest[match.end() :]
    hour, minute = read_time(time, bool(_AFTERNOON.search(text)))
    shift = timedelta(0)
    if offset:
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3])) * (
            -1 if offset[1] == "-" else 1
        )
    year_first = not _NUMBER.search(text[: year.start()])
    dates = []
    for month, day in read_days(rest, year_first):
        with suppress(ValueError):
            dates.append(datetime(int(year[0]), month, day, hour, minute, tzinfo=UTC) - shift)
    possible = [date for date in dates if date <= forwarded_at + _TOLERANCE]
    return min(max(possible), forwarded_at) if possible else None


def read_time(time: re.Match[str] | None, afternoon: bool) -> tuple[int, int]:
    if not time:
        return 0, 0
    hour, minute = int(time[1]), int(time[2])
    half = (time[3] or ("p" if afternoon else "")).lower()
    if half == "p" and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    return (hour, minute) if hour < 24 and minute < 60 else (0, 0)


def read_days(text: str, year_first: bool) -> Iterator[tuple[int, int]]:
    """Possible pairs of month and day."""
    numbers = [int(number) for number in _NUMBER.findall(text)]
    words = [word.casefold() for word in _WORD.findall(text)]
    months = [month_names()[word] for word in words if word in month_names()]
    if months and numbers:
        # Names of days come before, and some are equal to a month's.
        yield from ((month, numbers[0]) for month in sorted(months[-1]))
    elif len(numbers) >= 2:
        first, second = numbers[:2]
        yield first, second
        if not year_first:
            yield second, first


@cache
def month_names() -> dict[str, set[int]]:
    """The numbers of months by their names and abbreviations, in the languages of heads.

    `listopada` is November in Polish and October in Croatian.
    """
    # Slow to import, and few mails need it.
    from babel import Locale, UnknownLocaleError

    names: dict[str, set[int]] = {}
    for language in all_languages():
        if not language.forwarded.sender:
            continue
        try:
            months = Locale(language.code).months
        except UnknownLocaleError:
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    names.setdefault(name.rstrip(".").casefold(), set()).add(number)
    return names
