"""Rows of tables and entries of lists as they are said.

A table is told as a reader of news would: who or what each row is about, and one or two of its values. The
columns' names are said once or not at all, and of a long table only some rows are told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from audiobrew.lang.language import language_or_default
from audiobrew.lang.sections import Tables
from audiobrew.script.notation import HYPHENS

MAX_ENUMERATION_LENGTH = 190
# A larger table of values, or of texts, is told up to this row.
MAX_VALUE_ROWS, MAX_TEXT_ROWS = 6, 8
ROWS_OF_LARGE_TABLE = 5
# Of a larger ranking by points, these rows are told.
TOP_ROWS, BOTTOM_ROWS = 3, 2
# Columns of a row that are told, apart from the first one: of texts, and of values.
MAX_TEXTS, MAX_VALUES = 3, 2
# The share of rows that must have the name of a column. Others may have an empty cell.
MIN_NAMED_SHARE = 0.75
# Letters of a column's name that can be understood by ear, unless it is known: not `GD`, but `Gold`.
MIN_NAME_LETTERS = 4
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
_CELL_END = re.compile(r", (?![^()]{0,60}\))")
# A cell without a value, and one that is a code, such as `W6` for six wins.
_MISSING = re.compile(
    r"n/?[ad]\.?|n\. ?[ad]\.|s/d|k\. ?a\.|b\.? ?d\.?|n\.v\.t\.|tba|tbc|[–—-]|\?", re.IGNORECASE
)
# What a column's name says for the eyes: `Sales (000s, SAAR)`.
_REMARK = re.compile(r"\s?\([^()]{1,40}\)")
_CODE = re.compile(r"[A-Z]{1,3}\d{1,2}")
_DIGITS = re.compile(r"\d+")
_RANK = re.compile(r"(\d{1,3})(?:\.|\)|º|°|e|er)?")
# A point that belongs to its word: `7 p.m.`, `28 Oct.`
_ABBREVIATION = re.compile(r"\w\.\w{1,3}\.$|(?:\d|,)\s[^\W\d_]{2,4}\.$")


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


@dataclass(frozen=True, slots=True)
class SpokenTable:
    """What is said of a table: names of columns before the rows, or none, and the rows by their numbers."""

    names: str
    rows: tuple[tuple[str, int], ...]


def say_table(texts: Sequence[str], language: str) -> SpokenTable:
    """The rows of a table as they are said. Each text is a row, as `label: name value, name value`."""
    labels, rests = zip(*(split_label(text) for text in texts), strict=True)
    columns = read_columns(rests)
    rules = language_or_default(language).tables
    if columns and is_ranking(labels):
        return say_ranking(labels, columns, rules)
    if not columns:
        order = choose_rows(labels, [], rules, MAX_TEXT_ROWS)
        return SpokenTable("", tuple((texts[row], row) for row in order))
    columns = choose_columns(columns, rules)
    values = [column for column in columns if column.kind != CellKind.TEXT]
    is_text = len(values) < len(columns) or not values
    order = choose_rows(labels, columns, rules, MAX_TEXT_ROWS if is_text else MAX_VALUE_ROWS)
    counts = [count_of(column, rules) for column in columns]
    bare = [
        column.name
        for column, count in zip(columns, counts, strict=True)
        if needs_name(column, values) and not count and not is_compared(column, values)
    ]
    if bare and len(values) > 1 and {one.kind for one in values} == MIXED:
        # The names of different things are said beside them.
        counts = [
            count or f"{column.name} {{}}" for column, count in zip(columns, counts, strict=True)
        ]
        bare = []
    rows = []
    for place, row in enumerate(order):
        cells = [
            say_cell(column, row, count or compared_form(column, values), place == 0)
            for column, count in zip(columns, counts, strict=True)
        ]
        texts = list(dict.fromkeys(filter(None, cells)))
        rows.append((": ".join(filter(None, [labels[row], ", ".join(texts)])), row))
    names = ", ".join(_REMARK.sub("", name) for name in bare)
    return SpokenTable(names, tuple(rows))


def split_label(text: str) -> tuple[str, str]:
    label, colon, rest = text.partition(": ")
    return (label, rest) if colon else ("", label)


def read_columns(rests: Sequence[str]) -> list[Column]:
    """The columns of a table whose cells begin with the columns' names; none of a table without names.

    A cell may hold commas itself, and an empty cell is left out with its name.
    """
    rows = join_parts_of_names([_CELL_END.split(rest) for rest in rests])
    names = common_names(rows)
    if len(names) < 2:
        return []
    cells: list[list[str]] = [["" for _ in rows] for _ in names]
    for number, row in enumerate(rows):
        column = -1
        for piece in row:
            following = next(
                (at for at in range(column + 1, len(names)) if has_name(piece, names[at])), None
            )
            if following is not None:
                column = following
                cell = piece[len(names[column]) :].strip()
                cells[column][number] = "" if _MISSING.fullmatch(cell) else cell
            elif column < 0:
                return []
            else:
                cells[column][number] += f", {piece}"
    return [
        Column(name, tuple(column), kind_of(column))
        for name, column in zip(names, cells, strict=True)
    ]


def join_parts_of_names(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The cells of the rows with names that have a comma themselves in one piece: `Price, € 5`."""
    first = {row[0] for row in rows}
    is_part = len(rows) > 1 and len(first) == 1 and not any(map(str.isdigit, rows[0][0]))
    if not is_part or any(len(row) < 2 for row in rows):
        return [list(row) for row in rows]
    return [[f"{row[0]}, {row[1]}", *row[2:]] for row in rows]


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
                    own = list(takewhile(lambda word: not any(map(str.isdigit, word)), words))
                    name = " ".join(own) if 0 < len(own) < len(words) else name
                names.append(name)
                break
    return list(dict.fromkeys(names))


def kind_of(cells: Sequence[str]) -> CellKind:
    filled = [cell for cell in cells if cell and cell not in HYPHENS]
    values = [cell for cell in filled if any(map(str.isdigit, cell))]
    if not filled or len(values) * 2 < len(filled):
        return CellKind.TEXT
    if any(len(cell.split()) > MAX_VALUE_WORDS for cell in values):
        return CellKind.TEXT
    if all(map(_CHANGE.fullmatch, values)) and any(_SIGN.match(cell) for cell in values):
        return CellKind.CHANGE
    return CellKind.NUMBER if all(map(_NUMBER.fullmatch, values)) else CellKind.MEASURE


def is_ranking(labels: Sequence[str]) -> bool:
    """Whether the rows are numbered from 1."""
    ranks = [_RANK.fullmatch(label) for label in labels]
    return len(labels) > 2 and [rank and rank[1] for rank in ranks] == [
        str(number) for number in range(1, len(labels) + 1)
    ]


def say_ranking(labels: Sequence[str], columns: Sequence[Column], rules: Tables) -> SpokenTable:
    """The first and the last rows of a league's table, with their points, or the first ones of a chart."""
    texts = [column for column in columns if column.kind == CellKind.TEXT] or columns[:1]
    points = next((column for column in reversed(columns) if count_of(column, rules)), None)
    count = len(labels)

    def say(row: int) -> str:
        if points is None:
            names = ", ".join(filter(None, (column.cells[row] for column in texts[:MAX_TEXTS])))
            return f"{row + 1}: {names}"
        value = points.cells[row]
        form = count_of(points, rules)
        return f"{texts[0].cells[row]}: {form.replace('{}', value)}"

    if points is None or count <= ROWS_OF_LARGE_TABLE:
        visible = range(min(count, ROWS_OF_LARGE_TABLE))
        return SpokenTable("", tuple((say(row), row) for row in visible))
    top = [(say(row), row) for row in range(TOP_ROWS)]
    bottom = [(say(row), row) for row in range(count - BOTTOM_ROWS, count)]
    if rules.bottom:
        bottom[0] = (rules.bottom.format(bottom[0][0]), bottom[0][1])
    else:
        bottom = [(f"{row + 1}: {text}", row) for text, row in bottom]
    return SpokenTable("", (*top, *bottom))


def choose_columns(columns: Sequence[Column], rules: Tables) -> list[Column]:
    """The columns that are told: those of texts, and at most two of values."""
    texts = [column for column in columns if column.kind == CellKind.TEXT][:MAX_TEXTS]
    values = [column for column in columns if column.kind != CellKind.TEXT]
    readable = [column for column in values if is_readable(column, rules)] or values[-1:]
    if len(readable) > MAX_VALUES:
        counts = [column for column in readable if count_of(column, rules)]
        plain = [column for column in readable if column.kind != CellKind.CHANGE]
        main = latest_of(plain or readable) if not counts else counts[-1]
        change = [
            column for column in readable if column.kind == CellKind.CHANGE and column != main
        ]
        readable = [main, *change[:1]] if change else [main]
    choice = [*texts, *readable]
    return [column for column in columns if column in choice]


def latest_of(columns: Sequence[Column]) -> Column:
    """The first column, or of columns whose names differ only in a number, that of the latest period."""
    first = columns[0]
    pattern = _DIGITS.sub("#", first.name)
    periods = [
        column for column in columns if "#" in pattern and _DIGITS.sub("#", column.name) == pattern
    ]
    return max(
        periods or [first],
        key=lambda column: [int(digits[:9]) for digits in reversed(_DIGITS.findall(column.name))],
    )


def choose_rows(
    labels: Sequence[str], columns: Sequence[Column], rules: Tables, limit: int
) -> list[int]:
    """The rows that are told: all, or the first ones, the one with the largest change, and the total."""
    count = len(labels)
    if count <= limit:
        return list(range(count))
    rows = set(range(ROWS_OF_LARGE_TABLE))
    change = next((column for column in columns if column.kind == CellKind.CHANGE), None)
    if change:
        rows.add(max(range(count), key=lambda row: size_of(change.cells[row])))
    if labels[-1].casefold().strip(" .:") in rules.totals:
        rows.add(count - 1)
    return sorted(rows)


def size_of(cell: str) -> float:
    """The size of a change, without its sign."""
    match = re.search(r"\d{1,9}(?:[.,]\d{1,4})?", cell)
    return float(match[0].replace(",", ".")) if match else 0.0


def needs_name(column: Column, values: Sequence[Column]) -> bool:
    """Whether the cells say too little without the column's name: numbers alone, and several of a kind."""
    if column.kind == CellKind.TEXT:
        return False
    rivals = [one for one in values if one.kind == column.kind]
    return (
        column.kind == CellKind.NUMBER
        or len(rivals) > 1
        or (column.kind == CellKind.CHANGE and any(one.kind == CellKind.NUMBER for one in values))
    )


def is_readable(column: Column, rules: Tables) -> bool:
    """Whether the column's name, or what its cells say themselves, can be understood by ear."""
    letters = sum(map(str.isalpha, column.name))
    if all(_CODE.fullmatch(cell) for cell in column.cells if cell):
        return False
    return bool(
        column.kind == CellKind.MEASURE
        or (column.kind == CellKind.CHANGE and any("%" in cell for cell in column.cells))
        or letters >= MIN_NAME_LETTERS
        or any(map(str.isdigit, column.name))
        or any(map(is_currency_sign, column.name))
        or count_of(column, rules)
    )


def is_currency_sign(character: str) -> bool:
    return character in "$€£¥%"


def count_of(column: Column, rules: Tables) -> str:
    """The form for what the numbers of a column count, as `{} points`; empty if the name does not say it."""
    name = column.name.casefold().strip(" .:")
    return rules.counts.get(name, "") if column.kind in (CellKind.NUMBER, CellKind.CHANGE) else ""


def is_compared(column: Column, values: Sequence[Column]) -> bool:
    """Whether the table has two columns of measures, such as this year's and last year's prices."""
    return column.kind is CellKind.MEASURE and all(one.kind is CellKind.MEASURE for one in values)


def compared_form(column: Column, values: Sequence[Column]) -> str:
    """How the first of several measures is said: `5 € (2026)`."""
    is_one_of_several = is_compared(column, values) and len(values) > 1
    return f"{{}} ({column.name})" if is_one_of_several else ""


def say_cell(column: Column, row: int, form: str, is_first: bool) -> str:
    """One cell. The first of a column is said with what it counts."""
    cell = column.cells[row]
    if not form or not cell or not (is_first or column.kind is CellKind.NUMBER):
        return cell
    return form.replace("{}", cell)


def group_entries(entries: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Entries that fit into one sentence that can be followed by ear."""
    group: list[tuple[str, str]] = []
    length = 0
    for text, id in entries:
        if group and length + len(text) > MAX_ENUMERATION_LENGTH:
            yield group
            group, length = [], 0
        group.append((without_end(text), id))
        length += len(text) + 2
    if group:
        yield group


def without_end(text: str) -> str:
    """The text without its last mark, unless that belongs to an abbreviation: `7 p.m.`, `Oct.`"""
    return text if _ABBREVIATION.search(text) else text.rstrip(".;,")
