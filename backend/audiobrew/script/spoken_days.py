"""Pairs of days, weeks by their numbers and trains by their times, as they are spoken."""

import re
from functools import cache

from audiobrew.lang.cldr import full_weekday_names, has_dotted_dates
from audiobrew.lang.language import symbols_of
from audiobrew.script.notation import HYPHENS, any_of
from audiobrew.script.spoken_amounts import final_point
from audiobrew.script.spoken_dates import calendar_names, day_or_text

LAST_DAY = 31
# `W46`, also of a year. Up to 14 it may be a district of London.
_ISO_WEEK = re.compile(r"(?<![\w.-])(?P<year>20\d\d)-W(?P<week>[0-5]\d)(?![\w-])")
_WEEK = re.compile(
    r"(?:(?P<before>\b(?:[Ii]n|[Bb]y|[Uu]ntil|[Ss]ince|[Ff]rom|[Tt]o|[Oo]f|[Ff]or|[Ll]ast|[Tt]his|and))\s|^)"
    r"W(?P<week>1[5-9]|[2-4]\d|5[0-3])(?![\w-]|\.\d)"
)
# `the 7.42`, which is a train, a bus or a boat.
_DEPARTURE = re.compile(
    r"(?P<before>\b(?:on|catch|catches|caught|catching|miss|misses|missed|missing|take|takes|took|taking|for|by)\s)?"
    r"\b(?P<article>[Tt]he|[Aa]|[Aa]n)\s(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?![\w%]|[.,]\d|\s?[%°$€£])"
    r"(?P<after>\s(?:train|bus|ferry|boat|service|flight|departure|sailing|tram|coach)\b"
    r"|\s(?:to|from|out of|for)\s[A-Z])?"
)
# `at 9.40` in a text about times of day, without amounts.
_CLOCK = re.compile(
    r"\b(?P<before>[Aa]t|[Aa]bout|[Aa]round|[Bb]y|[Uu]ntil|[Tt]ill|[Bb]efore|[Aa]fter|[Ff]rom|to|and|since|approx\.|about)"
    r"\s(?P<hour>[1-9]|1\d|2[0-3])\.(?P<minute>[0-5]\d)(?![\w%]|[.,]\d|\s?[%°$€£]|\s(?:[ap]\.?m|[a-z]{1,20}s)\b)"
)
# `9.30am`
_HALF_DAY = re.compile(r"(?<![\w.,:/])(?P<hour>[1-9]|1[0-2])\.(?P<minute>[0-5]\d)(?=\s?[ap]\.?m\b)")
_DAY_PART = re.compile(
    r"(?i)(?<=\d)\s?[ap]\.?m\b|\b(?:at night|in the (?:morning|afternoon|evening)|tonight"
    r"|(?:this|that|every|one) (?:morning|afternoon|evening)"
    r"|o[’']clock|at noon|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|yesterday|tomorrow|doors|kick-?off)\b"
)
_AMOUNTS = re.compile(
    r"(?i)[%$€£]|\b(?:per ?cent|points?|rate|rates|yields?|index|prices?|shares?|version|magnitude"
    r"|averages?|scored?|pounds?|dollars?|euros?|odds|closed|traded|release)\b"
)
# An entry of a calendar in Spain: `V 4: 19 h`, `X 9: 10.30 h`. A Tuesday is M, a Wednesday X.
# `ore 10-18`
_ITALIAN_HOURS = re.compile(
    rf"\b(?:dalle )?ore (?P<start>[012]?\d(?:[.:][0-5]\d)?)\s?[{HYPHENS}]\s?"
    r"(?P<end>[012]?\d(?:[.:][0-5]\d)?)(?![\w.,:]*\d)"
)
_SPANISH_LETTERS = "LMXJVSD"
_SPANISH_DAY = re.compile(
    r"^(?P<day>[LMXJVSD])(?=\s(?:[12]?\d|3[01])[:.,]\s(?:de\s|a\sl[ao]s?\s)?\d{1,2}(?:[.:]\d\d|\s?h\b|\sa\s\d|\sy\s))"
)
_AMOUNT_AFTER = re.compile(
    r"\s(?:per|percent|point|points|million|billion|average|mark|magnitude|earthquake)\b"
)


def speak_days_and_weeks(text: str, language: str) -> str:
    """`5/6 December` as `5 and 6 December`, `W46` as `week 46`, and `on the 7.42` as `on the 7:42`."""
    if symbols_of(language).spaces:
        text = speak_day_pairs(text, language)
    if language == "es":
        text = _SPANISH_DAY.sub(lambda match: spanish_weekday(match["day"]), text)
    if language == "en":
        text = _ISO_WEEK.sub(lambda match: f"week {int(match['week'])} of {match['year']}", text)
        text = _WEEK.sub(spoken_week, text)
        text = speak_bare_times(_DEPARTURE.sub(departure, text))
    if language == "it":
        text = _ITALIAN_HOURS.sub(r"dalle \g<start> alle \g<end>", text)
    return text


def speak_bare_times(text: str) -> str:
    """`at 9.40 on Friday` as `at 9:40 on Friday`."""
    text = _HALF_DAY.sub(r"\g<hour>:\g<minute>", text)
    if not _DAY_PART.search(text) or _AMOUNTS.search(text):
        return text
    return _CLOCK.sub(r"\g<before> \g<hour>:\g<minute>", text)


def spanish_weekday(letter: str) -> str:
    return full_weekday_names("es")[_SPANISH_LETTERS.index(letter)].capitalize()


def spoken_week(match: re.Match[str]) -> str:
    before = match["before"]
    return f"{before} week {match['week']}" if before else f"Week {match['week']}"


def departure(match: re.Match[str]) -> str:
    """A departure with a colon in its time, which nobody takes for an amount."""
    is_amount = _AMOUNT_AFTER.match(match.string, match.end())
    ends = match.end() == len(match.string) or match.string[match.end()] in ".,;:!?)"
    goes = match["after"] or (match["before"] and ends)
    if is_amount or not goes:
        return match[0]
    start = (match["before"] or "") + match["article"]
    return f"{start} {match['hour']}:{match['minute']}{match['after'] or ''}"


def speak_day_pairs(text: str, language: str) -> str:
    """Two days of a month with a slash or a dash between them."""
    symbols = symbols_of(language)
    if not symbols.ampersand or not symbols.dash:
        return text

    def pair(match: re.Match[str]) -> str:
        first, second = match["first"], match["second"]
        if not is_pair(first, second):
            return match[0]
        groups = match.groupdict()
        month, point = groups.get("month"), groups.get("point") or ""
        days = f"{first}{point} {symbols.ampersand} {second}{point}"
        return f"{month} {days}" if month else f"{days} "

    def dotted(match: re.Match[str]) -> str:
        last = day_or_text("", match["second"], match["month"], language)
        if not last or not is_pair(match["first"], match["second"]):
            return match[0]
        is_range = match["mark"].strip() in HYPHENS and "{}" not in symbols.dash
        return (
            f"{int(match['first'])}. {symbols.dash if is_range else symbols.ampersand} {last}"
            + final_point(match)
        )

    text = before_month_pattern(language).sub(pair, text)
    if symbols.date_order == "mdy":
        text = after_month_pattern(language).sub(pair, text)
    if has_dotted_dates(language):
        text = dotted_pattern(language).sub(dotted, text)
    return text


def is_pair(first: str, second: str) -> bool:
    return 0 < int(first) < int(second) <= LAST_DAY


@cache
def before_month_pattern(language: str) -> re.Pattern[str]:
    """`5/6 December`, `5./6. Dezember`, `5/6 de diciembre`"""
    months = any_of(calendar_names("month", language)) or "(?!)"
    of_month = any_of(filter(None, [symbols_of(language).of_month.strip(), "of"]))
    return re.compile(
        rf"(?<![\w/.,-])(?P<first>\d{{1,2}})(?P<point>\.?)\s?/\s?(?P<second>\d{{1,2}})(?P=point)\s"
        rf"(?=(?:(?:{of_month})\s)?(?:{months})(?!\w))"
    )


@cache
def after_month_pattern(language: str) -> re.Pattern[str]:
    """`December 5/6`"""
    months = any_of(calendar_names("month", language)) or "(?!)"
    return re.compile(
        rf"(?<!\w)(?P<month>(?:{months})\.?)\s(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})(?![\w/]|[.,]\d)"
    )


@cache
def dotted_pattern(language: str) -> re.Pattern[str]:
    """`5./6. 12.`, `5.–6. 12.`, `5. und 6. 12.`"""
    words = any_of(filter(None, [symbols_of(language).ampersand, "u.", "&"]))
    return re.compile(
        rf"(?<![\w/.,-])(?P<first>\d{{1,2}})\.(?P<mark>\s?[/{HYPHENS}]\s?|\s(?:{words})\s)(?P<second>\d{{1,2}})\.\s?"
        r"(?P<month>\d{1,2})\.(?!\s?\d|\w)"
    )
