"""The columns of a table, read from its rows: each cell begins with the name of its column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from audiobrew.script.column_units import lacks_value, starts_with_unit
from audiobrew.script.notation import HYPHENS

# The share of rows that must have the name of a column. Others may have an empty cell.
MIN_NAMED_SHARE = 0.75
# A lasting time of several parts, which is a value: `2 h 05 m`.
_DURATION = re.compile(r"(?:\d{1,4}\s?(?:h|hrs?|m|min|s|sec|d)\b\.?\s?){2,4}")
# The words of a value: `7.45 p.m.`, `18 euros each`.
MAX_VALUE_WORDS = 3
_SIGNS = f"{HYPHENS}+±▲▼△▽↑↓"
_AMOUNT = rf"[{_SIGNS}]?\s?\d[\d.,'’\s]*"
_NUMBER = re.compile(_AMOUNT)
_CHANGE = re.compile(
    rf"{_AMOUNT}\s?(?:%|pp|p\.p\.|pts?|points?|percent|per cent|prozent|pour cent|por ciento)?",
    re.IGNORECASE,
)
_SIGN = re.compile(rf"[{_SIGNS}]")
# A comma within brackets ends no cell: `Sales (000s, SAAR) 510`.
CELL_END = re.compile(r", (?![^()]{0,60}\))")
# A cell without a value, and one that is a code, such as `W6` for six wins.
_MISSING = re.compile(
    r"n/?[ad]\.?|n\. ?[ad]\.|s/d|k\. ?a\.|b\.? ?d\.?|n\.v\.t\.|tba|tbc|[–—-]|\?", re.IGNORECASE
)
# The marks of a table's notes, which are not told.
NOTE_MARKS = re.compile(r"(?<=[\w.)%])[*†‡]{1,3}$")


class CellKind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    # A number alone, and one with a unit or another word.
    NUMBER = "number"
    MEASURE = "measure"
    # A number with a sign.
    CHANGE = "change"


MIXED = {CellKind.NUMBER, CellKind.MEASURE}


@dataclass(frozen=True, slots=True)
class Column:
    """The name of a column, which is empty in a table without names, and its cells, some of them empty."""

    name: str
    cells: tuple[str, ...]
    kind: CellKind


def read_columns(rests: Sequence[str], language: str) -> list[Column]:
    """The columns of a table whose cells begin with the columns' names; none of a table without names.

    A cell may hold commas itself, and an empty cell is left out with its name.
    """
    rows = join_names([join_units(CELL_END.split(rest), language) for rest in rests])
    names = common_names(rows)
    if len(names) < 2:
        return []
    cells: list[list[str]] = [["" for _ in rows] for _ in names]
    unnamed = ["" for _ in rows]
    for number, row in enumerate(rows):
        column = -1
        for piece in row:
            following = next(
                (at for at in range(column + 1, len(names)) if has_name(piece, names[at])), None
            )
            if following is not None:
                column = following
                cell = NOTE_MARKS.sub("", piece[len(names[column]) :].strip())
                cells[column][number] = "" if _MISSING.fullmatch(cell) else cell
            elif column < 0:
                unnamed[number] = f"{unnamed[number]}, {piece}".removeprefix(", ")
            else:
                cells[column][number] += f", {piece}"
    first = [Column(" ", tuple(unnamed), CellKind.TEXT)] if all(unnamed) else []
    if any(unnamed) and not first:
        return []
    return first + [
        Column(name, tuple(column), kind_of(column))
        for name, column in zip(names, cells, strict=True)
    ]


def join_units(pieces: Sequence[str], language: str) -> list[str]:
    """The cells of a row with names that have a comma before their unit in one piece: `Price, € 5`."""
    result: list[str] = []
    for piece in pieces:
        if result and lacks_value(result[-1]) and starts_with_unit(piece, language):
            result[-1] = f"{result[-1]}, {piece}"
        else:
            result.append(piece)
    return result


def join_names(rows: list[list[str]]) -> list[list[str]]:
    """The rows with the parts of a name that has a comma in one piece: `<3 min, all stops 71 %`."""
    common = set(rows[0]).intersection(*rows[1:]) if len(rows) > 1 else set()
    result = []
    for row in rows:
        joined: list[str] = []
        for place, piece in enumerate(row):
            if place and row[place - 1] in common and piece[:1].islower():
                joined[-1] = f"{joined[-1]}, {piece}"
            else:
                joined.append(piece)
        result.append(joined)
    return result


def has_name(piece: str, name: str) -> bool:
    return piece.startswith(f"{name} ")


def common_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """The words with which the cells of the columns begin, in order."""
    if len(rows) < 2:
        return []
    longest = max(rows, key=len)
    names = []
    for piece in longest:
        words = piece.split(" ")
        for length in range(len(words) - 1, 0, -1):
            name = " ".join(words[:length])
            cells = [one for row in rows for one in row if has_name(one, name)]
            if sum(
                any(has_name(one, name) for one in row) for row in rows
            ) >= MIN_NAMED_SHARE * len(rows):
                if len(words) > 1 and len({*cells}) == 1:
                    # All rows have the same value: the name ends before its first figure.
                    own = list(takewhile(lambda word: not any(map(str.isdecimal, word)), words))
                    name = " ".join(own) if 0 < len(own) < len(words) else name
                names.append(name)
                break
    return list(dict.fromkeys(names))


def kind_of(cells: Sequence[str]) -> CellKind:
    filled = [cell for cell in cells if cell and cell not in HYPHENS]
    values = [cell for cell in filled if any(map(str.isdigit, cell))]
    if not filled or len(values) * 2 < len(filled):
        return CellKind.TEXT
    words = (cell.split() for cell in values if not _DURATION.fullmatch(cell))
    if any(len(one) > MAX_VALUE_WORDS for one in words):
        return CellKind.TEXT
    if all(map(_CHANGE.fullmatch, values)) and any(_SIGN.match(cell) for cell in values):
        return CellKind.CHANGE
    return CellKind.NUMBER if all(map(_NUMBER.fullmatch, values)) else CellKind.MEASURE
