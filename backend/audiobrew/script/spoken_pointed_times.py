"""Times of day with a point, `8.30`, where they are certain: beside a weekday or opening hours."""

import re
from functools import cache

from audiobrew.lang.cldr import full_weekday_names, has_dotted_dates, weekday_names
from audiobrew.lang.language import symbols_of
from audiobrew.script.notation import HYPHENS, any_of

_CLOCK = r"(?:[01]?\d|2[0-3])\.[0-5]\d"
# Nothing of a longer number, of a unit or of money after it.
_END = r"(?=\s?(?:[,;:.)–—-]|$))(?![.,]\d)"
_RANGE = re.compile(
    rf"(?<![\w.,:/$€£+−-])(?P<from>{_CLOCK})\s?[{HYPHENS}]\s?(?P<until>{_CLOCK})(?=\s?[,;:.)]|\s?$|\s[^\W\d_])(?![.,]\d)"
)
# What is open or happens in the range of times that follows.
_HOURS = re.compile(
    r"(?i)\b(?:orari?o?|apert[oaie]|apertura|öffnungszeiten|geöffnet|opening|open|hours|horaires?|ouvert\w*|abierto"
    r"|horario|aberto|horário|openingstijden|geopend|öppet|öppettider|åpningstid\w*|åpent?|åbningstid\w*|åbent?|avoinna"
    r"|jam buka|buka)\b[^.!?\d]{0,40}$"
)
# `06.14` is no number, and no date if the second part is no month. Nor is it a time in `05.30 percent`.
_LEADING_ZERO = re.compile(
    r"(?<![\w.,:/$€£+−-])(?<!ersion )0(?P<hour>\d)\.(?P<minute>[0-5]\d)(?![\d%]|[.,]\d|\s?[%€$£])"
    r"(?!\s?(?i:per\s?cent|prozent|pour\scent|p[eo]r\scent[oi]|procent|prosent|процент|points?\b|punkte?\b))"
)
# Beside words for software, or after one of these names, such figures are a version: `Ubuntu 04.10`.
_NAME_BEFORE = re.compile(r"(?<![^\s(“„«\"])(?P<name>[A-ZÀ-Þ][\w-]{2,30})\s$")
_NAMED_BY_MONTH = frozenset(("Ubuntu", "Kubuntu", "Xubuntu", "Lubuntu", "NixOS", "OpenWrt"))
_SOFTWARE = re.compile(
    r"\b(?:LTS|[Rr]eleases?|[Vv]ersion\w{0,3}|[Uu]pgrades?|Linux|[Kk]ernels?|[Dd]istro\w{0,8})\b"
)
_LAST_MONTH, MIN_HOUR = 12, 6
# Words after which something begins.
_STARTS = ("kick-off", "doors", "klokken", "klockan")
# `dalle 20.45 all'1.10`
_ITALIAN_ONE = re.compile(r"(?<=\ball['’])1\.(?P<minute>[0-5]\d)(?!\d|[.,]\d)")


@cache
def labelled_pattern(language: str) -> re.Pattern[str]:
    """A time after a weekday or the word for a beginning: `Sunday: 8.00,`, `kick-off 19.30,`."""
    names = {*full_weekday_names(language), *weekday_names(language), *_STARTS}
    labels = any_of(form for name in names for form in (name, name.capitalize()) if len(name) > 1)
    return re.compile(
        rf"(?<!\w)(?P<label>(?:{labels or '(?!)'})\.?[:,]?\s)(?P<time>{_CLOCK}){_END}"
    )


@cache
def second_pattern(language: str) -> re.Pattern[str]:
    """A time with a point beside one with a colon: `8:15 to 8.40`."""
    symbols = symbols_of(language)
    joints = any_of(filter(None, [symbols.dash, symbols.ampersand, *HYPHENS]))
    return re.compile(rf"(?P<first>\d:[0-5]\d\s?(?:{joints})\s?)(?P<time>{_CLOCK})(?![\d%]|[.,]\d)")


def with_colons(text: str, language: str) -> str:
    """The text with colons in such times."""
    if "." not in text:
        return text
    if language == "it":
        text = _ITALIAN_ONE.sub(r"1:\g<minute>", text)
    text = _RANGE.sub(lambda match: range_of_times(match, language), text)
    text = labelled_pattern(language).sub(time_of_day, text)
    text = _LEADING_ZERO.sub(lambda match: early_time(match, language), text)
    return second_pattern(language).sub(lambda match: match["first"] + colon(match["time"]), text)


def time_of_day(match: re.Match[str]) -> str:
    """A time in the day, at full five minutes: `Monday: 3.52` may be any value."""
    hour, minute = map(int, match["time"].split("."))
    is_certain = hour >= MIN_HOUR and minute % 5 == 0
    return match["label"] + colon(match["time"]) if is_certain else match[0]


def colon(time: str) -> str:
    return time.replace(".", ":")


def range_of_times(match: re.Match[str], language: str) -> str:
    """Both times of a range after what says that something is open, or after another such range."""
    before = match.string[: match.start()]
    is_later = _RANGE.search(before[-30:])
    if not _HOURS.search(before) and not (
        is_later and _HOURS.search(before[: before.rfind(is_later[0])])
    ):
        return match[0]
    if language == "it":
        return colon(f"dalle {match['from']} alle {match['until']}")
    return colon(match[0])


def early_time(match: re.Match[str], language: str) -> str:
    if is_version(match, language):
        return match[0]
    is_date = has_dotted_dates(language) and 0 < int(match["minute"]) <= _LAST_MONTH
    return match[0] if is_date else f"{match['hour']}:{match['minute']}"


def is_version(match: re.Match[str], language: str) -> bool:
    """Whether such figures follow the name of a program, rather than a day or a place."""
    text = match.string
    name = _NAME_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
    if not name or name["name"] in {*full_weekday_names(language), *weekday_names(language)}:
        return False
    return name["name"] in _NAMED_BY_MONTH or _SOFTWARE.search(text) is not None
