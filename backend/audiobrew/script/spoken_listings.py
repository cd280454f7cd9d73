"""Notations of listings as they are spoken: prices, opening hours, shares of two sides, ovens, issues."""

import re
from functools import cache

from audiobrew.lang.cldr import weekday_names
from audiobrew.lang.language import symbols_of
from audiobrew.script.notation import HYPHENS, any_of

# The numbers of issues, which only a page needs: `Faster start (#412, #1877)`.
_ISSUES = re.compile(
    r"\s?\((?:(?:PRs?|GH|[Ii]ssues?|[Ff]ixes|[Ss]ee)\s)?(?:#|GH-)\d{1,6}(?:(?:,|;|\sand)\s(?:PR\s)?(?:#|GH-)\d{1,6}){0,9}\)"
)
# The number of a footnote that lost its place above the line: `“six months”,2 and`, `fell,3 and`.
_LOST_NOTE = re.compile(
    r"(?:(?<=[^\W\d_][^\W\d_][^\W\d_],)|(?<=[”»],))\d{1,2}(?=\s[^\W\d_])"
    r"|(?<=[a-zß-ÿ][a-zß-ÿ][a-zß-ÿ][a-zß-ÿ]\.)\d{1,2}(?=\s[A-ZÀ-Þ“«]|\s?$)"
)
# Two prices, of which one is reduced: `7 €/4 €`, `£7 / £4`, `€8/5`.
_PRICES = re.compile(
    r"(?:(?<=[€$£])|(?<=[€$£]\d)|(?<=[€$£]\d\d)|(?<=[€$£]\d\.\d\d))\s?/\s?(?=[$£€]\s?\d|\d{1,4}(?:[.,]\d\d)?\s?€)"
)
# Shares of two sides: `47–53%`
_SHARES = re.compile(
    rf"(?<![\d.,])(?P<first>\d{{1,2}}(?:[.,]\d)?)\s?%?\s?[{HYPHENS}:/]\s?(?P<second>\d{{1,2}}(?:[.,]\d)?)\s?%"
)
_SHARED = re.compile(r"(?i)\b(?:possession|ballbesitz|posesión|possesso|balbezit|posse)\b")
# `0730 hrs`
_HOURS = re.compile(r"(?<![\w.,:])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s?(?:hrs|hours|h)\b")
# The heat of an oven without its sign: `350F/180C`.
_HEAT = re.compile(r"(?<![\w.,$€£])(?P<degrees>[1-5]\d\d)(?P<unit>[CF])(?=[\s/,.;:)(]|$)")
_HEATS = re.compile(r"(?<=°[CF])\s?/\s?(?=\d|gas\b)")
_AT = re.compile(r"(?<=\w)\s@\s(?=\d)")
_CENTS = re.compile(r"(?<=\s)(?P<cents>\d{1,2})c(?=[,.;)]|\s|$)")
# `4x100m`
_RELAY = re.compile(r"(?<![\w.,])(?P<times>[2-9]|1\d)[x×](?=\d{1,5}\s?k?m\b)")
# `3ft 6in`
_FEET = re.compile(
    r"(?<![\w.,])(?P<feet>\d{1,3})\s?ft\.?\s(?P<inches>\d|1[01])\s?in\b(?!\s(?:a|the)\b)"
)
# `larghe 4-6 mm`
_ITALIAN_WIDTH = re.compile(
    rf"\b(?P<size>(?:larg|lung|alt|profond|spess)(?:[aeoi]|h[ei])\s)(?=\d{{1,4}}(?:,\d{{1,2}})?\s?[{HYPHENS}]\s?\d)"
)
# Two systems of measures: `23 centimeters / 9 inches`.
_CONVERSION = re.compile(
    r"(?<=[a-z])\s/\s(?=\d[\d.,]{0,8}(?:\sand\sa\shalf)?"
    r"\s(?:inch|inches|feet|foot|yards?|miles?|ounces?|pounds?|pints?|quarts?|cups?|degrees\sFahrenheit)\b)"
)
# `wind out of the NW`
_COMPASS = re.compile(
    r"(?P<before>\b(?:from|of|to|in)\sthe\s)(?P<point>[NS][EW])(?=[\s,.;]|$)(?!\s\d)"
)
_POINTS = {"NE": "northeast", "NW": "northwest", "SE": "southeast", "SW": "southwest"}
# Players under an age: `the U17s`, `U16: lost 2–5`. A line of an underground has such a name, too.
_UNDER = re.compile(
    r"(?<![\w-])(?<!line\s)(?<!lines\s)(?<!Line\s)U-?(?P<age>[89]|1\d|2[0-3])"
    r"(?:s(?=[\s,.;:)]|$)|(?=:\s(?:\d{1,2}\s?[–-]\s?\d|(?:lost|won|drew|beat|lose|win|draw|play|at|home|away|vs?)\b)))"
)
# The day of a diary: `Tue 13.`
_DIARY_DAY = re.compile(r"(?:^|(?<=\d\s))(?P<day>Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s(?=\d{1,2}\.?$)")
# A club and its goals or points: `Marsh U. 2`, `Holm C.: 44 points`.
_CLUB = re.compile(
    r"(?P<name>(?<!\w)[A-Z][a-z'’-]{2,20}\s)(?P<initial>[UTCR])\.(?=:\s\d|\s\d{1,3}(?:,|\.?$|\s[A-Z–-]))"
)
_CLUBS = {"U": "United", "T": "Town", "C": "City", "R": "Rovers"}
_GERMAN_AND = re.compile(r"(?<=\w\s)u\.(?=\s(?![a-zäöü]\.)\w)")
_OPENING_HOURS = re.compile(
    r"(?i)\b(?:uhr|geöffnet|geschlossen|offen|zu|öffnungszeiten|sprechstunde|bisher|ruhetag)\b"
)
# A relation of a p-value: `p < 0,001`
_P_VALUE = re.compile(r"(?<!\w)(?P<letter>[pPr])\s?(?P<sign>[<>])\s?(?=[01]?[.,]\d)")


def speak_listings(text: str, language: str) -> str:
    """What stands in listings rather than in sentences, in words."""
    symbols = symbols_of(language)
    text = _LOST_NOTE.sub("", _ISSUES.sub("", text))
    if symbols.or_between:
        text = _PRICES.sub(f" {symbols.or_between} ", text)
    if symbols.against and _SHARED.search(text):
        text = _SHARES.sub(rf"\g<first>% {symbols.against} \g<second>%", text)
    text = _P_VALUE.sub(
        lambda match: f"{match['letter']} {symbols.relations.get(match['sign'], match['sign'])} ",
        text,
    )
    text = bracketed_weekday_pattern(language).sub(
        lambda match: weekday_names(language)[match["day"]], text
    )
    if language == "en":
        text = speak_english_listings(text)
    if language == "it":
        text = _ITALIAN_WIDTH.sub(r"\g<size>da ", text)
    if language == "de":
        text = _GERMAN_AND.sub("und", text)
        if _OPENING_HOURS.search(text):
            text = lower_weekday_pattern(language).sub(
                lambda match: weekly(match["day"], language), text
            )
    return text


def speak_english_listings(text: str) -> str:
    text = _HOURS.sub(lambda match: f"{int(match['hour'])}:{match['minute']}", text)
    text = _HEATS.sub(", ", _HEAT.sub(r"\g<degrees>°\g<unit>", text))
    text = _AT.sub(" at ", _CENTS.sub(r"\g<cents> cents", text))
    text = _RELAY.sub(r"\g<times> by ", _CONVERSION.sub(", ", text))
    text = _COMPASS.sub(lambda match: match["before"] + _POINTS[match["point"]], text)
    text = _UNDER.sub(r"under-\g<age>s", text)
    text = _DIARY_DAY.sub(lambda match: f"{weekday_names('en')[match['day']]} ", text)
    text = _CLUB.sub(lambda match: match["name"] + _CLUBS[match["initial"]], text)
    return _FEET.sub(r"\g<feet> feet \g<inches> inches", text)


@cache
def bracketed_weekday_pattern(language: str) -> re.Pattern[str]:
    """`(Sun)`, which is nothing else in brackets. Names of two letters may be."""
    names = any_of(name for name in weekday_names(language) if len(name) > 2 and name.isalpha())
    return re.compile(rf"(?<=\()(?P<day>{names or '(?!)'})\.?(?=\))")


@cache
def lower_weekday_pattern(language: str) -> re.Pattern[str]:
    """A weekday in lower case with a point, beside opening hours: `mo. geschlossen`."""
    names = {name.casefold() for name in weekday_names(language)}
    return re.compile(rf"(?<![\w.])(?P<day>{any_of(names) or '(?!)'})\.(?=[\s,;)–-]|$)")


def weekly(day: str, language: str) -> str:
    """`montags` for `mo.`"""
    numbers = {name.casefold(): full for name, full in weekday_names(language).items()}
    return f"{numbers[day].casefold()}s"
