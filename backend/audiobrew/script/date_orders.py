"""Which number of a date such as `3/12` is the month, where a language has both customs.

A British letter and an American one are both in English. The order is that of the newsletter, and the same in
all of its dates: it follows from a date that fits only one order, or from a day after its month in words,
currencies, spellings and addresses. The dates of a newsletter whose order is not that of its language are
put into words before anybody reads it, so that writers, the gate and the voice mean the same day.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

from audiobrew.lang.cldr import full_weekday_names
from audiobrew.lang.language import symbols_of
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.block_languages import block_languages
from audiobrew.script.notation import LETTER, any_of
from audiobrew.script.spoken_dates import calendar_names, full_year, speak_slashed_dates

DateOrder = Literal["dmy", "mdy"]
ORDERS: tuple[DateOrder, DateOrder] = ("dmy", "mdy")
# A date in figures, which may have a year.
_DATE = re.compile(
    rf"(?<!{LETTER})(?<![\d/.,-])(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})(?:/(?P<year>\d{{4}}|\d\d))?(?![\d/-]|[.,]\d|{LETTER})"
)
# How many dates that fit only one order outvote one that fits only the other.
MAJORITY = 3
# How many points of the custom of a place decide.
MIN_POINTS = 2
_BRITISH_DOMAINS = frozenset(["uk", "ie", "au", "nz", "in", "za", "scot", "wales"])
_AMERICAN_DOMAINS = frozenset(["us", "gov", "edu", "mil"])
_BRITISH_WORDS = re.compile(
    r"\b(?:(?:col|harb|neighb|lab|fav|hon|rum|hum|flav)ours?|programmes?|tonnes?|(?:kilo|centi|milli)?metres?|litres?|"
    r"centres?|theatres?|fibres?|kerbs?|tyres?|cheques?|storeys?|organis(?:e|es|ed|ing|ation|ations)|travell(?:ed|ing|ers?)|"
    r"grey|licence|defence|pence|fortnight|cllr|councillors?|per cent|whilst)\b",
    re.IGNORECASE,
)
_AMERICAN_WORDS = re.compile(
    r"\b(?:(?:col|harb|neighb|lab|fav|hon|rum|hum|flav)ors?|(?:kilo|centi|milli)?meters?|liters?|centers?|theaters?|fibers?|"
    r"organiz(?:e|es|ed|ing|ation|ations)|travel(?:ed|ing|ers?)|gray|defense|downtown|sidewalks?|zip code)\b",
    re.IGNORECASE,
)
_BRITISH_MONEY = re.compile(r"£\s?\d|\b\d{1,4}p\b")
_AMERICAN_MONEY = re.compile(r"(?<![A-Z])\$\s?\d")
# `EH1 2AB` and `Portland, OR 97201`.
_BRITISH_CODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b")
_AMERICAN_CODE = re.compile(r"\b[A-Z]{2}\s\d{5}\b")


@lru_cache(maxsize=256)
def with_clear_dates(newsletter: Newsletter) -> Newsletter:
    """The newsletter with words for its dates in figures, if their order is not that of their language."""
    order = date_order(newsletter)
    if order is None:
        return newsletter
    languages = block_languages(newsletter)
    blocks = tuple(
        replace(block, text=clear_dates(block.text, languages[block.id], order))
        if block.cut is None
        else block
        for block in newsletter.blocks
    )
    subject = clear_dates(newsletter.subject, newsletter.language, order)
    if blocks == newsletter.blocks and subject == newsletter.subject:
        return newsletter
    return replace(newsletter, blocks=blocks, subject=subject)


def clear_dates(text: str, language: str, order: DateOrder) -> str:
    if symbols_of(language).date_order in (order, "ymd") or not ("/" in text or "-" in text):
        return text
    return speak_slashed_dates(text, language, order)


@lru_cache(maxsize=256)
def date_order(newsletter: Newsletter) -> DateOrder | None:
    """The order that a newsletter's dates have, None if nothing shows it (see decision 46)."""
    texts = [newsletter.subject, *(block.text for block in newsletter.blocks)]
    language, day = newsletter.language, newsletter.received_at.date()
    certain = [order for text in texts for order in certain_orders(text, language, day)]
    for order, other in (ORDERS, ORDERS[::-1]):
        if certain.count(order) >= max(1, MAJORITY * certain.count(other)):
            return order
    if certain or language != "en":
        return None
    points = custom_points(texts, newsletter.sender_domain)
    return "dmy" if points >= MIN_POINTS else "mdy" if points <= -MIN_POINTS else None


def certain_orders(text: str, language: str, day: date) -> Iterator[DateOrder]:
    """The only order that each date of a text fits: with its weekday, as the mail's own day, or at all."""
    for match in _DATE.finditer(text):
        weekday = weekday_beside(match, language)
        if weekday is None and not match["year"]:
            continue
        days = {order: day_in_order(match, order, day) for order in ORDERS}
        fitting = [
            order
            for order, one in days.items()
            if one and (weekday is None or one.weekday() == weekday)
        ]
        own_day = [
            order for order in fitting if (one := days[order]) and abs(one - day) <= timedelta(1)
        ]
        if len(fitting) == 1:
            yield fitting[0]
        elif len(own_day) == 1 and days["dmy"] != days["mdy"]:
            yield own_day[0]


def weekday_beside(match: re.Match[str], language: str) -> int | None:
    """The weekday, from 0 for Monday, that a text names beside a date."""
    before, after = weekday_patterns(language)
    text = match.string
    beside = before.search(text, max(0, match.start() - 20), match.start())
    beside = beside or after.match(text, match.end())
    if beside is None:
        return None
    name = calendar_names("weekday", language)[beside["weekday"]]
    return [one.casefold() for one in full_weekday_names(language)].index(name.casefold())


@cache
def weekday_patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A weekday at the end of a text, and at its start."""
    names = any_of(calendar_names("weekday", language)) or "(?!)"
    return (
        re.compile(rf"(?<!\w)(?P<weekday>{names})[.,]{{0,2}}\s\Z"),
        re.compile(rf",?\s\(?(?P<weekday>{names})(?!\w)"),
    )


def day_in_order(match: re.Match[str], order: DateOrder, near: date) -> date | None:
    """The day that a date means in this order; without a year, the one that is nearest to a day."""
    number, month = match["first"], match["second"]
    if order == "mdy":
        number, month = month, number
    years: Iterable[int] = (near.year - 1, near.year, near.year + 1)
    if digits := match["year"]:
        years = (int(digits if len(digits) > 2 else full_year(digits)),)
    days = []
    for year in years:
        with suppress(ValueError):
            days.append(date(year, int(month), int(number)))
    return min(days, key=lambda one: abs(one - near), default=None)


def custom_points(texts: Sequence[str], domain: str) -> int:
    """How British an English newsletter is: below zero, it is American."""
    text = "\n".join(texts)
    day_first, month_first = (len(pattern.findall(text)) for pattern in written_date_patterns())
    ending = domain.rpartition(".")[2]
    points = 2 * sign(day_first - month_first)
    points += 2 * (ending in _BRITISH_DOMAINS) - 2 * (ending in _AMERICAN_DOMAINS)
    for british, american in (
        (_BRITISH_WORDS, _AMERICAN_WORDS),
        (_BRITISH_MONEY, _AMERICAN_MONEY),
        (_BRITISH_CODE, _AMERICAN_CODE),
    ):
        points += sign(len(british.findall(text)) - len(american.findall(text)))
    return points


@cache
def written_date_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """`26 November` and `November 26`."""
    months = any_of(calendar_names("month", "en"))
    return (
        re.compile(rf"(?<![\w/.,-])\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?:{months})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{months})\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?![\w:]|[.,]\d)"),
    )


def sign(number: int) -> int:
    return (number > 0) - (number < 0)
