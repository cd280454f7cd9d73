"""Units that a table has in the names of its columns: `Rent (£)`, `Change, %`, `Ertrag in Mio. Euro`."""

import re
from dataclasses import dataclass
from functools import cache

from audiobrew.script.notation import HYPHENS, any_of, notation_of

_SIGN = re.compile(rf"[{HYPHENS}+±▲▼]?\s?(?=\d)")
# What a sum is for: `€/MWh`.
_TAIL = r"(?P<tail>/[^\W\d_]{1,8})?"
# Currencies in words, and words before a unit, in the languages that are offered.
_MONEY = (
    r"(?:[Ee]uros?|[Dd]ollars?|[Dd]ólares|[Pp]ounds?|[Ff]rancs?|[Ff]ranken|[Kk]ron(?:or|er)"
    r"|[Rr]eais|złotych)"
)
_MAGNITUDE = (
    r"(?:Mio|Mrd|Tsd|[Mm]ln|[Mm]ld|[Mm]ill|[Mm]rd|mio|mdr|mkr|[Mm]illi?on\w{0,3}|[Bb]illions?)"
)
_BEFORE = r"(?:in|en|em|i|w|v)\s"


@dataclass(frozen=True, slots=True)
class Unit:
    """What stands before and after a number."""

    before: str = ""
    after: str = ""


@cache
def unit_pattern(language: str) -> re.Pattern[str]:
    """A unit at the end of a column's name, in brackets, after a comma, or after a word for "in"."""
    notation = notation_of(language)
    currency = any_of(notation.currencies)
    magnitude = any_of({*notation.magnitudes, *notation.pointed})
    units = {*notation.units, *notation.multiples, *notation.spaced_units} - {"°"}
    money = rf"(?P<currency>{currency})(?:\s?(?P<magnitude>{magnitude}))?{_TAIL}"
    words = rf"(?:{magnitude}|{_MAGNITUDE})\.?\s?(?:{currency}|{_MONEY})|{_MONEY}|{any_of(units)}"
    unit = rf"(?:{money}|(?P<unit>%|‰|{words}))"
    return re.compile(rf"(?:(?<!\s)\s?\((?:{_BEFORE})?|,\s(?:{_BEFORE})?|\s{_BEFORE}|^){unit}\)?$")


def split_unit(name: str, language: str) -> tuple[str, Unit | None]:
    """A column's name without its unit, and the unit; None if it has none."""
    match = unit_pattern(language).search(name)
    if not match:
        return name, None
    rest = name[: match.start()].strip()
    if unit := match["unit"]:
        return rest, Unit(after=unit if unit in "%‰" else f" {unit}")
    return rest, Unit(
        before=match["currency"],
        after=f"{match['magnitude'] or ''}{match['tail'] or ''}",
    )


def is_unit(text: str, language: str) -> bool:
    """Whether a text is a unit, perhaps after a word for "in"."""
    return split_unit(f"x, {text}", language)[1] is not None


def add_unit(cell: str, unit: Unit) -> str:
    """A number with its unit. The sign stays in front: `−£3`."""
    match = _SIGN.match(cell)
    if not match:
        return cell
    return f"{match[0]}{unit.before}{cell[match.end() :]}{unit.after}"
