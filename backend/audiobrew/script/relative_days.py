"""Days that a mail names relative to itself, such as `yesterday`, as days that a listener understands later.

A mail does not say in which time zone it was written. `[relative_days]` in a language's file has the range
of time zones in which it is usual; a mail at an hour at which these disagree about the date is left as it is.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache

from audiobrew.lang.cldr import full_month_names, full_weekday_names
from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default
from audiobrew.lang.sections import RelativeDays
from audiobrew.script.framing import spoken_day
from audiobrew.script.gate.quotations import quotations

_WORD = re.compile(r"\w+")
# The number of a day, as an ordinal or not, and a year.
_DATE_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th|er|º|ª|e)?|(?:19|20)\d\d|st|nd|rd|th|s")
# What begins a sentence that says which day it is, and what joins the rest of it.
_DAY_CLAUSE = re.compile(
    r"(?:it['’]?s|it is|today is|es ist|heute ist|nous sommes"
    r"|c['’]est|on est|hoy es|estamos a|es|oggi è|siamo a|è"
    r"|het is|vandaag is|hoje é|é)\s",
    re.IGNORECASE,
)
_DATE_PIECE = re.compile(r"(?:\S{1,12}\s){0,3}\d{1,4}(?:st|nd|rd|th|\.)?(?:\s\S{3,12}){0,2}")
_CONJUNCTION = re.compile(r"(?:and|und|et|y|e|en)\s+(?=\S)", re.IGNORECASE)
# From this many days on, a weekday alone is ambiguous.
WEEK = 7
# A rule's place for the weekday or the date with its preposition, and for the weekday's name.
ON, WEEKDAY = "{on}", "{weekday}"


def name_days(text: str, received_at: datetime, today: date, language: str) -> str:
    """A mail's text, which is in this language, with weekdays or dates instead of `yesterday` and the like.

    It stays as it is on the mail's own day, or if the day is not certain. Quotations are left alone.
    """
    mail_day = day_of(received_at, language)
    return (
        text
        if mail_day is None or mail_day == today
        else replace_days(text, language, mail_day, today)
    )


def is_date_of(text: str, moment: datetime, language: str) -> bool:
    """Whether a sentence only says the day of a mail: `It's Tuesday, November 24.`

    Where the mail was written, the day may be the one before or after.
    """
    words = _WORD.findall(text.casefold())
    weekdays = [name.casefold() for name in full_weekday_names(language)]
    months = {name.casefold() for name in full_month_names(language)}
    others = (word for word in words if word not in weekdays and word not in months)
    if not all(
        word in FUNCTION_WORDS or len(word) == 1 or _DATE_NUMBER.fullmatch(word) for word in others
    ):
        return False
    days = [moment.date() + timedelta(days=offset) for offset in (0, 1, -1)]
    numbers = {int(word) for word in words if word.isdecimal() and len(word) < 3}
    weekday = [weekdays.index(word) for word in words if word in weekdays]
    return any(weekday == [day.weekday()] and numbers <= {day.day} for day in days)


def without_day_clause(text: str, moment: datetime, language: str) -> str:
    """A sentence without the day of its mail, which a host has said: `It's Monday, and the mill is open.`

    It is empty if it says the day only, or if the rest is not a sentence of its own.
    """
    opening = _DAY_CLAUSE.match(text)
    pieces = text[opening.end() :].split(", ") if opening else [text]
    if not is_date_of(pieces[0], moment, language):
        return text
    following = (
        piece for piece in range(1, len(pieces)) if not _DATE_PIECE.fullmatch(pieces[piece])
    )
    rest = ", ".join(pieces[next(following, len(pieces)) :])
    conjunction = _CONJUNCTION.match(rest)
    rest = rest[conjunction.end() :] if conjunction else ""
    return rest[:1].upper() + rest[1:]


def replace_days(text: str, language: str, mail_day: date, today: date) -> str:
    rules = language_or_default(language).relative_days
    if rules is None:
        return text
    quotation_texts = [quotation.text for quotation in quotations(text)]
    for pattern, offset, form in compiled_rules(language):
        day = mail_day + timedelta(days=offset)
        words = word_day(day, rules, form, language, today)
        for match in reversed(list(pattern.finditer(text))):
            if words is None or any(match[0] in one for one in quotation_texts):
                continue
            replacement = match.expand(words)
            if match[0][:1].isupper():
                replacement = replacement[:1].upper() + replacement[1:]
            text = text[: match.start()] + replacement + text[match.end() :]
    return text


def word_day(day: date, rules: RelativeDays, form: str, language: str, today: date) -> str | None:
    """The form with the day in it; None if it has no words for a day that is so far away."""
    if abs((today - day).days) < WEEK:
        number = day.weekday()
        return form.replace(ON, rules.on[number]).replace(WEEKDAY, rules.weekdays[number])
    if form != ON:
        return None
    return rules.on_date.format(date=spoken_day(day, language))


def day_of(moment: datetime, language: str) -> date | None:
    """The date of a mail where its language is spoken; None if it depends on the time zone."""
    rules = language_or_default(language).relative_days
    if rules is None:
        return None
    days = {(moment + timedelta(hours=hours)).date() for hours in rules.time_zones}
    return days.pop() if len(days) == 1 else None


@cache
def compiled_rules(language: str) -> tuple[tuple[re.Pattern[str], int, str], ...]:
    rules = language_or_default(language).relative_days
    return tuple(_compile(rules)) if rules else ()


def _compile(rules: RelativeDays) -> Iterator[tuple[re.Pattern[str], int, str]]:
    for pattern, offset, form in rules.rules:
        yield re.compile(pattern), offset, form
