"""Dates and times as they are spoken."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import pairwise

from audiobrew.lang.cldr import (
    day_and_month,
    day_before_month,
    full_month_names,
    full_weekday_names,
    has_dotted_dates,
    long_date,
    month_names,
    weekday_names,
)
from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.lang.number_spelling import spell_ordinal
from audiobrew.script.notation import HYPHENS, LETTER, any_of
from audiobrew.script.spoken_amounts import final_point

_ISO_TIME = re.compile(
    rf"(?<!{LETTER})(?<!-)(?P<day>\d{{4}}-\d\d-\d\d)T(?P<time>\d\d:\d\d)(?::\d\d(?:\.\d{{1,9}})?)?(?P<utc>Z)?(?!{LETTER})"
)
_ISO_DATE = re.compile(
    rf"(?<!{LETTER})(?<![/.-])(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?!{LETTER}|[/-])"
)
_SHORT_DATE = re.compile(
    r"(?<![\w/.-])(\d{1,2})([/.-])\s?(\d{1,2})\2\s?(\d{4}|\d\d)(?![\w/-]|\.\d)"
)
# `30.11.`, unless it is a time or the number of a section.
_DOTTED_DAY = re.compile(
    rf"(?<!{LETTER})(?<![\d.,/])(?P<day>[0-3]?\d)\.\s?(?P<month>[01]?\d)\.(?!\s?\d|\w)"
)
_SLASHED_DAY = re.compile(
    rf"(?<!{LETTER})(?<![\d/.,])(?P<first>[0-3]?\d)/(?P<second>[0-3]?\d)(?![\d/]|[.,]\d|\sof\b)"
)
# The word before a day, with its mark, and a weekday after one.
_LAST_WORD = re.compile(r"(?<!\w)(?P<word>[^\W\d_]{1,15})[.,]{0,2}\s\Z")
_WEEKDAY_AFTER = re.compile(r",?\s\(?(?P<word>[^\W\d_]{2,15})")
MAX_WORD = 20
# The first of two days with one month, and the end of an entry's label.
_FIRST_DAY = re.compile(rf"(?<![\d/.,])(?<![{HYPHENS}])(?P<day>[0-3]?\d)\s?[{HYPHENS}]\s?\Z")
_LABEL_END = re.compile(r"\s?:\s|\s[–—-]\s")
# After these, two numbers with a slash are never a fraction.
_BEFORE_DAYS_ONLY = frozenset(["on"])
# After what is no weekday: a hyphen or a name.
_GOES_ON = re.compile(rf"[{HYPHENS}’']|\s[A-Z]")
_DAY_BEFORE_WEEKDAY = re.compile(
    r"(?<![\d/.])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?=\s?[(（]\w[)）])"
)
_TIME_WORDS = frozenset(
    ["um", "gegen", "kl.", "kl", "klo", "klokken", "klockan", "ab", "in", "v", "ve", "o", "в"]
)
_NEXT_SENTENCE = re.compile(r"\s[^\da-zß-ÿ]")
# After the point of an abbreviation that does not end a sentence, or that ends the text.
_AFTER_POINT = re.compile(r"[,;:)]|\s[a-zß-ÿ(]|\s?$")
# First names, and the ends of words.
AMBIGUOUS_MONTHS = frozenset(["jan", "mar", "jun", "mai", "may"])
# Years of two digits belong to this century up to this one.
LAST_SHORT_YEAR = 39


def speak_dates(text: str, language: str) -> str:
    """`2026-11-29` as `November 29, 2026`; abbreviated months beside a number in full."""
    text = _ISO_TIME.sub(
        lambda match: f"{match['day']}, {match['time']}{' UTC' if match['utc'] else ''}", text
    )
    text = _ISO_DATE.sub(
        lambda match: date_or_text(match[0], match[1], match[3], match[4], language), text
    )
    text = _SHORT_DATE.sub(lambda match: short_date(match, language), text)
    text = speak_days(text, language)
    names = month_names(language)
    return month_pattern(language).sub(
        lambda match: (
            (match["gap"] or "")
            + (symbols_of(language).of_month if match["before"] or match["pointed"] else "")
            + names[match["of_year"] or match["after"] or match["before"] or match["pointed"]]
            + (" " if match["of_year"] else match["space"] or "")
            + final_point(match)
        ),
        text,
    )


def speak_days(text: str, language: str) -> str:
    """Days of the month without a year: `30.11.`, `le 30/11`, `am 3.`"""
    symbols = symbols_of(language)
    section_words = {word.casefold() for word in (*symbols.parts, *symbols.labels.values())}

    def dotted(match: re.Match[str]) -> str:
        before = match.string[: match.start()].rstrip().rpartition(" ")[2]
        goes_on = match.string[match.end() :][:2].strip().islower()
        is_day = before == "ab" and (len(match["month"]) == 1 or goes_on)
        if before.casefold() in (*_TIME_WORDS, *section_words) and not is_day:
            return match[0]
        return day_or_text(match[0], match["day"], match["month"], language) + final_point(match)

    if has_dotted_dates(language):
        text = _DOTTED_DAY.sub(dotted, text)
    elif symbols.date_order != "ymd":
        text = speak_slashed_days(text, language, symbols.date_order)
    if symbols.day_ending:
        text = lone_day_pattern(language).sub(
            lambda match: (
                f"{match['before']} {spell_ordinal(int(match['day']), language)}{symbols.day_ending}"
                + final_point(match)
            ),
            text,
        )
    return text


def speak_slashed_days(text: str, language: str, order: str) -> str:
    """Days with a slash in this order: after a weekday or a preposition, and after another one of them."""
    symbols = symbols_of(language)
    month_first = order == "mdy"
    # With the month first, other words may stand before fractions: "by 2/3".
    prepositions = symbols.before_dates[:1] if month_first else symbols.before_dates
    parts, position = [], 0
    for match in _SLASHED_DAY.finditer(text):
        before = text[position : match.start()]
        follows_day = bool(position) and days_joint_pattern(language).fullmatch(before)
        if not follows_day and not is_day_here(match, prepositions, language, order):
            continue
        day, month = match["first"], match["second"]
        if month_first:
            day, month = month, day
        # A day that fits only the other order is one all the same.
        words = spoken_day(day, month, language, order) or spoken_day(month, day, language, order)
        if words:
            parts += [before, words]
            position = match.end()
    return "".join(parts) + text[position:]


def is_day_here(
    match: re.Match[str], prepositions: Sequence[str], language: str, order: str
) -> bool:
    """Whether what stands before or after two numbers with a slash shows that they are a day."""
    start = match.start()
    first_day = _FIRST_DAY.search(match.string, max(0, start - MAX_WORD), start)
    if order == "dmy" and first_day and int(first_day["day"]) < int(match["first"]):
        start = first_day.start()  # `del 3-5/12`
    if is_date_label(match, start):
        return True
    before = _LAST_WORD.search(match.string, max(0, start - MAX_WORD), start)
    after = _WEEKDAY_AFTER.match(match.string, match.end())
    weekdays = calendar_names("weekday", language)
    if (before and before["word"] in weekdays) or (after and after["word"] in weekdays):
        return True
    if before is None or before["word"].casefold() not in prepositions:
        return False
    fraction = f"{match['first']}/{match['second']}"
    may_be_fraction = order == "dmy" and before["word"].casefold() not in _BEFORE_DAYS_ONLY
    is_fraction = may_be_fraction and fraction in symbols_of(language).fractions
    return not is_fraction and fraction != "9/11"


def is_date_label(match: re.Match[str], start: int) -> bool:
    """Whether two numbers with a slash are the label of an entry, and can only be a day: `28/11: Leeds`."""
    if not _LABEL_END.match(match.string, match.end()) or match.string[:start].strip("(•·* "):
        return False
    return max(int(match["first"]), int(match["second"])) > 12


@cache
def days_joint_pattern(language: str) -> re.Pattern[str]:
    """What stands between two days: `3/12, 5/12 and 7/12`."""
    symbols = symbols_of(language)
    words = any_of(filter(None, [symbols.ampersand, symbols.dash])) or "(?!)"
    return re.compile(rf",?\s(?:{words}|&)\s|,\s|\s?[{HYPHENS}]\s?")


def spoken_day(day: str, month: str, language: str, order: str) -> str:
    """A day in words, in a language's own order or in this one; empty if there is no such day."""
    # A leap year has all days.
    with suppress(ValueError):
        date_in_year = date(2024, int(month), int(day))
        if order == "dmy" and symbols_of(language).date_order == "mdy":
            return day_before_month(date_in_year, language)
        return day_and_month(date_in_year, language)
    return ""


def day_or_text(text: str, day: str, month: str, language: str) -> str:
    # A leap year has all days.
    with suppress(ValueError):
        return day_and_month(date(2024, int(month), int(day)), language)
    return text


@cache
def lone_day_pattern(language: str) -> re.Pattern[str]:
    """An ordinal after a preposition, and no noun after it."""
    symbols = symbols_of(language)
    joining = any_of([symbols.dash, symbols.ampersand])
    return re.compile(
        rf"(?<!\w)(?P<before>{any_of(symbols.before_days)})\s(?P<day>[12]?\d|3[01])\."
        rf"(?=\s(?!(?:{joining})\s\d)[a-zß-ÿ]|[,;)]|\s?$)"
    )


def speak_calendar(text: str, language: str) -> str:
    """Abbreviated weekdays and months, and ranges of them: `Mon–Fri`, `Sat & Sun`, `since Sept.`"""
    symbols = symbols_of(language)
    if not symbols.spaces or not symbols.before_dates:
        if symbols.date_order == "ymd":
            text = _DAY_BEFORE_WEEKDAY.sub(
                lambda match: day_or_text(match[0], match["day"], match["month"], language), text
            )
        return bracketed_weekday_pattern(language).sub(
            lambda match: (" " if symbols.spaces else "") + weekday_names(language)[match["day"]],
            text,
        )
    for kind in ("weekday", "month"):
        text = speak_names(text, kind, language)
    if symbols.dash and "{}" not in symbols.dash:
        text = date_range_pattern(language).sub(
            lambda match: f"{match['month'] or ''} {symbols.dash} ", text
        )
    return text


@cache
def date_range_pattern(language: str) -> re.Pattern[str]:
    """The dash of `January 5–February 3` and of `5 January–3 February`."""
    months = any_of(full_month_names(language))
    return re.compile(
        rf"(?:(?<=\d)|(?<=\d )(?P<month>{months}))\s?[–—-]\s?"
        rf"(?=(?:{months})\s\d|\d{{1,2}}\.?\s(?:{months})(?!\w))"
    )


@cache
def calendar_names(kind: str, language: str) -> dict[str, str]:
    """The full name by each abbreviation and by itself. Weekdays and months may have the same abbreviation,
    which is the weekday."""
    weekdays = weekday_names(language)
    names = weekdays if kind == "weekday" else month_names(language)
    names = {short: full for short, full in names.items() if len(short) > 1}
    names |= {full: full for full in names.values()}
    if kind == "month":
        names |= {full: full for full in full_month_names(language) if full.isalpha()}
    if kind == "month":
        names = {short: full for short, full in names.items() if short not in weekdays}
    return names | {short[0].upper() + short[1:]: full for short, full in names.items()}


@cache
def calendar_pattern(kind: str, language: str) -> re.Pattern[str]:
    names = any_of(calendar_names(kind, language)) or "(?!)"
    return re.compile(rf"(?<![\w.])(?P<name>{names})(?!\w)(?P<point>\.)?")


@cache
def joining_pattern(language: str) -> re.Pattern[str]:
    """What may stand between two weekdays."""
    symbols = symbols_of(language)
    words = any_of(filter(None, [symbols.ampersand, symbols.dash, "+"]))
    return re.compile(
        rf"(?P<dash>\s?[{HYPHENS}]\s?|\st/m\s)|(?P<slash>\s?/\s?)|(?P<list>,?\s?&\s?|,\s|,?\s(?:{words})\s)"
    )


@cache
def after_weekday_pattern(language: str) -> re.Pattern[str]:
    """A date or a time, which follows a weekday."""
    symbols = symbols_of(language)
    months = any_of(calendar_names("month", language)) or "(?!)"
    marks = f"|{symbols.time_mark}" if symbols.time_mark else ""
    words = any_of(symbols.after_weekdays) or "(?!)"
    return re.compile(
        rf",?\s(?:(?:{words})\b|\d{{1,2}}(?:\.\s?\d|/\d|[:h]\d\d|\s?[–-]\s?\d{{1,2}}(?!\d|[.,]\d)|(?=[:,]\s|\s[–—-]\s)|\.?\s(?:de\s)?(?:{months})(?!\w)|(?:st|nd|rd|th)\b|\s?(?:[ap]\.?m\b{marks})(?!\w))"
        rf"|(?:{months})\.?\s\d)"
    )


def speak_names(text: str, kind: str, language: str) -> str:
    """The names of weekdays, or of months, in full where their surroundings show what they are."""
    symbols, names = symbols_of(language), calendar_names(kind, language)
    matches = list(calendar_pattern(kind, language).finditer(text))
    gaps = [
        joining_pattern(language).fullmatch(text, one.end(), other.start())
        for one, other in pairwise(matches)
    ]
    parts, position = [], 0
    for number, match in enumerate(matches):
        name, full = match["name"], names[match["name"]]
        if name[0].isupper():
            full = full[0].upper() + full[1:]
        before = gaps[number - 1] if number else None
        after = gaps[number] if number < len(gaps) else None
        is_short = name.casefold() != full.casefold()
        is_speakable = (
            is_joined(match, kind, before, after, language)
            or (
                kind == "weekday" and bool(after_weekday_pattern(language).match(text, match.end()))
            )
            or follows_preposition(match, kind, language)
            or is_pointed(match, kind, language)
            or (kind == "weekday" and is_label(match, language))
            or (kind == "weekday" and is_one_of_several(match, matches))
        )
        if is_short and not is_speakable:
            continue
        point = "" if is_short else match["point"] or ""
        parts += [text[position : match.start()], full if is_short else name, point]
        parts.append(final_point(match) if is_short else "")
        position = match.end()
        is_row = bool(after and after["dash"]) and any(
            gap and gap["dash"] for gap in (before, *gaps[number + 1 : number + 2])
        )
        if after and after["dash"] and symbols.dash and "{}" not in symbols.dash and not is_row:
            parts.append(f" {symbols.dash} ")
            position = after.end()
        elif after and (after["slash"] or is_row):
            parts.append(", ")
            position = after.end()
    return "".join(parts) + text[position:]


def is_joined(
    match: re.Match[str],
    kind: str,
    before: re.Match[str] | None,
    after: re.Match[str] | None,
    language: str,
) -> bool:
    """Whether another weekday or month stands beside this one. Beside one that is also a word, and in a
    list of months without points, only a dash counts."""
    gaps = [gap for gap in (before, after) if gap]
    is_word = match["name"].casefold() in symbols_of(language).weekday_words
    if is_word or (kind == "month" and not match["point"]):
        return any(not gap["list"] or "&" in gap["list"] for gap in gaps)
    return bool(gaps)


def is_one_of_several(match: re.Match[str], matches: Sequence[re.Match[str]]) -> bool:
    """Whether a text has two more weekdays with a capital and a point: `Fr. und Sa. Regen, So.`"""
    pointed = [one for one in matches if one["point"] and one["name"][0].isupper()]
    return match in pointed and len({one["name"] for one in pointed}) > 2


def is_label(match: re.Match[str], language: str) -> bool:
    """Whether a weekday is the label of an entry: `Mon: Leeds`, `So., ganztägig`."""
    name = match["name"]
    is_word = name.casefold() in symbols_of(language).weekday_words
    marks = (":", " :", ",") if match["point"] or not (is_word or len(name) < 3) else (":", " :")
    before = match.string[: match.start()].rstrip()
    is_other = f"{name}." in symbols_of(language).abbreviations  # `Fr. Weber`
    begins = not before and match["point"] and name[0].isupper() and not is_other
    if begins and match.string[match.end() : match.end() + 1].isspace():
        return True  # `Sa. Regen`
    return match.string.startswith(marks, match.end()) and (not before or before[-1] in ".;·|!?(")


def is_pointed(match: re.Match[str], kind: str, language: str) -> bool:
    """Whether the point of a name that is no other word ends only the name: `closed Fri., too`.

    In languages that write these names in lower case, too many of them are words.
    """
    name = match["name"]
    names = full_weekday_names(language) if kind == "weekday" else full_month_names(language)
    is_word = name.casefold() in (*symbols_of(language).weekday_words, *AMBIGUOUS_MONTHS)
    return (
        match["point"] is not None
        and len(name) > 2
        and not is_word
        and all(full[0].isupper() for full in names)
        and bool(_AFTER_POINT.match(match.string, match.end()))
    )


def follows_preposition(match: re.Match[str], kind: str, language: str) -> bool:
    symbols, name = symbols_of(language), match["name"]
    before = match.string[: match.start()].rstrip()
    if before.rpartition(" ")[2].lstrip("([„“«").casefold() not in symbols.before_dates:
        return False
    after = match.string[match.end() :]
    if match["point"]:  # which may end a sentence about the sea: "de espaldas al mar."
        is_word = name.casefold() in (*symbols.weekday_words, *AMBIGUOUS_MONTHS)
        if kind == "weekday" and name[0].isupper() and has_capital_weekdays(language):
            following = (*after.split(maxsplit=1), "")[0].casefold()
            is_word = is_word and following in (*FUNCTION_WORDS, "")  # `ab So. Schnee`
        others = calendar_pattern(kind, language).finditer(match.string)
        is_alone = all(one["name"].casefold() == name.casefold() for one in others)
        ends_sentence = (after.strip() == "" and is_alone) or _NEXT_SENTENCE.match(after)
        return not (is_word and ends_sentence)
    is_word = kind == "month" or name.casefold() in symbols.weekday_words
    return not is_word and name[0].isupper() and not _GOES_ON.match(after)


@cache
def has_capital_weekdays(language: str) -> bool:
    """Whether every noun has a capital, so that one after the point of a weekday begins no sentence."""
    return language_or_default(language).meaning.capitalized_nouns


@cache
def bracketed_weekday_pattern(language: str) -> re.Pattern[str]:
    """`28日(木)`"""
    days = any_of(name for name in weekday_names(language) if len(name) == 1) or "(?!)"
    return re.compile(rf"(?<=[日일])\s?[(（](?P<day>{days})[)）]")


def speak_slashed_dates(text: str, language: str, order: str) -> str:
    """Dates with slashes or hyphens, whose first number is the day or the month: `3/12/2026`, `Tue 3/12`."""
    text = _SHORT_DATE.sub(lambda match: short_date(match, language, order), text)
    return speak_slashed_days(text, language, order)


def short_date(match: re.Match[str], language: str, order: str = "") -> str:
    """A date with its year last, whose first number is the day, or the month by the language's custom."""
    first, separator, second, year = match.groups()
    if separator == "-" and len(year) == 2:
        return match[0]
    if len(year) == 2:
        year = full_year(year)
    usual_order = symbols_of(language).date_order
    month_first = (order or usual_order) == "mdy" and separator != "."
    day, month = (second, first) if month_first else (first, second)
    if int(month) > 12:
        day, month = month, day
    if order == "dmy" and usual_order == "mdy":
        with suppress(ValueError):
            whole_date = date(int(year), int(month), int(day))
            return day_before_month(whole_date, language, with_year=True)
    return date_or_text(match[0], year, month, day, language)


def full_year(digits: str) -> str:
    """The year of two digits in four."""
    return f"20{digits}" if int(digits) <= LAST_SHORT_YEAR else f"19{digits}"


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
        rf"(?<!\w)(?P<of_year>{months})\.?\s(?=(?:19|20)\d\d(?!\d))|(?<!\w){month_first}(?P<after>{months})\.?(?P<space>\s)(?=\d{{1,2}}(?!\d)|\d{{4}}(?!\d))"
        rf"|(?<=\d)(?P<gap>\.?\s)(?:(?P<before>{capitalized})(?!\w)\.?|(?P<pointed>{months})"
        rf"(?:\.|(?!\w)(?=\s\d{{4}}(?!\d)|\s?[{HYPHENS},;:|)]|\s?$)))"
    )
