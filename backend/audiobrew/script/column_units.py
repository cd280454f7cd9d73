"""Units that a table has in the names of its columns: `Rent (£)`, `Change, %`, `Ertrag in Mio. Euro`."""

import re
from dataclasses import dataclass
from functools import cache

from audiobrew.script.notation import HYPHENS, any_of, notation_of

_SIGN = re.compile(rf"[{HYPHENS}+±▲▼]?\s?(?=\d)")
# A sum with its currency: `€388`, whose magnitude the column's name may have: `Revenue, m`.
_SUM = re.compile(rf"[{HYPHENS}+±]?\s?[$€£¥₩₹]\s?\d[\d.,\s]*+$")
_SHORT_MAGNITUDE = re.compile(r"\s?(?:m|mn|mln|bn|k)", re.IGNORECASE)
# A name that begins with a number: `1 wk, %`.
_PERIOD = re.compile(r"\d{1,2}[\s-]?[^\W\d_]{1,8}\.?")
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


def starts_with_unit(piece: str, language: str) -> bool:
    """Whether a piece of a row goes on with the unit of its column, before a value: `in Mio. € 12,4`."""
    words = piece.split(" ")
    if words[0] in ("in", "en"):
        words = words[1:]
    return any(is_unit(" ".join(words[:count]), language) for count in (1, 2) if len(words) > count)


def add_unit(cell: str, unit: Unit) -> str:
    """A number with its unit. The sign stays in front: `−£3`. A sum gets its magnitude: `£3m`."""
    if is_sum_of(cell, unit):
        return f"{cell}{unit.after.strip()}"
    match = _SIGN.match(cell)
    if not match:
        return cell
    return f"{match[0]}{unit.before}{cell[match.end() :]}{unit.after}"


def is_sum_of(cell: str, unit: Unit) -> bool:
    """Whether a cell is a sum and the unit its magnitude: `€388` in millions."""
    is_magnitude = not unit.before and _SHORT_MAGNITUDE.fullmatch(unit.after) is not None
    return is_magnitude and _SUM.fullmatch(cell) is not None


def lacks_value(piece: str) -> bool:
    """Whether a piece of a row is only the start of a column's name: `Rent`, `1 wk`."""
    return _PERIOD.fullmatch(piece) is not None or not any(map(str.isdecimal, piece))


def with_units(row: str, head: str, language: str) -> str:
    """A row of a table with the units of its columns at the numbers: `Dale: Rent £1,612` of `Rent (£) 1,612`.

    `head` is the row that names the columns of a table with two columns.
    """
    label, colon, rest = row.partition(": ")
    if not colon:
        return row
    if head:
        rest = f"{head.partition(': ')[2]} {rest}"
    return (
        f"{label}: {', '.join(cell_with_unit(cell, language) for cell in cells_of(rest, language))}"
    )


def cells_of(rest: str, language: str) -> list[str]:
    """The cells of a row, with the names of columns that have a comma before their unit."""
    cells: list[str] = []
    for piece in rest.split(", "):
        if cells and lacks_value(cells[-1]) and starts_with_unit(piece, language):
            cells[-1] = f"{cells[-1]}, {piece}"
        else:
            cells.append(piece)
    return cells


def cell_with_unit(cell: str, language: str) -> str:
    words = cell.split(" ")
    for place in range(1, len(words)):
        name, unit = split_unit(" ".join(words[:place]), language)
        value = " ".join(words[place:])
        if unit and (_SIGN.match(value) or is_sum_of(value, unit)):
            return f"{name} {add_unit(value, unit)}".strip()
    return cell
