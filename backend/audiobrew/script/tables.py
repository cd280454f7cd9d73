"""Rows of tables and entries of lists as they are said.

A table is told as a reader of news would: who or what each row is about, and one or two of its values, each
with its unit. The columns' names are said in the first row, and in every row if a number says nothing
without them. Of a long table only some rows are told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise, takewhile
from statistics import median_low

from audiobrew.lang.language import language_or_default
from audiobrew.lang.sections import Tables
from audiobrew.script.column_units import (
    add_unit,
    is_sum_of,
    lacks_value,
    split_unit,
    starts_with_unit,
)
from audiobrew.script.notation import HYPHENS
from audiobrew.script.spoken_dates import calendar_names
from audiobrew.script.spoken_durations import duration_words

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
# Words of an entry that is a sentence of its own.
MIN_STATEMENT_WORDS = 6
# The same, if most entries of the list have so many.
MIN_USUAL_WORDS = 4
_SIGNS = f"{HYPHENS}+±▲▼△▽↑↓"
_AMOUNT = rf"[{_SIGNS}]?\s?\d[\d.,'’\s]*"
_NUMBER = re.compile(_AMOUNT)
_CHANGE = re.compile(
    rf"{_AMOUNT}\s?(?:%|pp|p\.p\.|pts?|points?|percent|per cent|prozent|pour cent|por ciento)?",
    re.IGNORECASE,
)
_SIGN = re.compile(rf"[{_SIGNS}]")
# A time of day, which needs no name.
_PLAIN = re.compile(r"\d{1,2}(?:[:h]\d\d|(?::\d\d)?\s?[ap]\.?m\.?)", re.IGNORECASE)
# A comma within brackets ends no cell: `Sales (000s, SAAR) 510`.
_CELL_END = re.compile(r", (?![^()]{0,60}\))")
# A cell without a value, and one that is a code, such as `W6` for six wins.
_MISSING = re.compile(
    r"n/?[ad]\.?|n\. ?[ad]\.|s/d|k\. ?a\.|b\.? ?d\.?|n\.v\.t\.|tba|tbc|[–—-]|\?", re.IGNORECASE
)
# What a column's name says for the eyes: `Sales (000s, SAAR)`.
_REMARK = re.compile(r"\s?\([^()]{1,40}\)")
_CODE = re.compile(r"[A-Z]{1,3}\d{1,2}")
# The marks of a table's notes, which are not told.
_NOTE_MARKS = re.compile(r"(?<=[\w.)%])[*†‡]{1,3}$")
_RESULT = re.compile(rf"(?<![\d.,:])\d{{1,3}}\s?[{HYPHENS}:]\s?\d{{1,3}}(?![\d.,:]\d)")
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


# The rows of a table that are told, as they are said, and their numbers.
SpokenRows = tuple[tuple[str, int], ...]


def say_table(
    texts: Sequence[str], language: str, *, heading: str = "", is_introduced: bool = True
) -> SpokenRows:
    """The rows of a table as they are said. Each text is a row, as `label: name value, name value`.

    `heading` is the name of the only column, of a table whose rows are `label: value`. `is_introduced`:
    whether a sentence before the table says what its numbers count.
    """
    labels, rests = zip(*(split_label(text) for text in texts), strict=True)
    columns = read_columns(rests, language)
    if not columns and heading:
        values = tuple(_NOTE_MARKS.sub("", rest) for rest in rests)
        columns = [Column(heading, values, kind_of(values))]
    rules = language_or_default(language).tables
    columns = [with_unit(column, rules, language) for column in columns]
    if columns and is_ranking(labels):
        return say_ranking(labels, columns, rules)
    if not columns:
        order = choose_rows(labels, [], rules, MAX_TEXT_ROWS)
        return tuple((texts[row], row) for row in order)
    if not is_introduced:
        columns = [column for column in columns if not is_unexplained(column, rules, language)]
    columns = [column for column in columns if column.name]
    is_one_of_many = sum(column.kind != CellKind.TEXT for column in columns) > 1
    columns = choose_columns(columns, rules)
    if not columns:
        return ()
    figures = [column for column in columns if column.kind != CellKind.TEXT]
    is_text = len(figures) < len(columns) or not figures
    order = choose_rows(labels, columns, rules, MAX_TEXT_ROWS if is_text else MAX_VALUE_ROWS)
    rows = []
    for place, row in enumerate(order):
        cells = [
            say_cell(
                column, row, form_of(column, figures, rules, is_one_of_many), is_first=place == 0
            )
            for column in columns
        ]
        cell_texts = list(dict.fromkeys(filter(None, cells)))
        if cell_texts:
            rows.append((": ".join(filter(None, [labels[row], ", ".join(cell_texts)])), row))
    return tuple(rows)


def with_unit(column: Column, rules: Tables, language: str) -> Column:
    """The column with the unit in its name at each of its numbers: `Rent (£)` with `1,612` as `£1,612`."""
    name, unit = split_unit(column.name, language)
    if not unit:
        return column
    is_plain = column.kind in (CellKind.NUMBER, CellKind.CHANGE) and not count_of(column, rules)
    if not is_plain and not all(is_sum_of(cell, unit) for cell in filter(None, column.cells)):
        return column
    cells = tuple(add_unit(cell, unit) for cell in column.cells)
    return Column(name, cells, kind_of(cells))


def is_unexplained(column: Column, rules: Tables, language: str) -> bool:
    """Whether a column's numbers have no unit, and its name says only when they were counted."""
    if column.kind is not CellKind.NUMBER or count_of(column, rules):
        return False
    if _REMARK.search(column.name):
        return True  # in a unit that nobody can read
    words = re.findall(r"[^\W\d_]{3,}", column.name.casefold())
    return all(word in words_for_periods(language) for word in words)


@cache
def words_for_periods(language: str) -> frozenset[str]:
    names = {
        name
        for part in ("week", "month", "year", "quarter")
        for name in duration_words(f"duration-{part}", language)
    }
    names |= {*calendar_names("month", language), *calendar_names("weekday", language)}
    return frozenset(name.casefold().strip(".") for name in names)


def split_label(text: str) -> tuple[str, str]:
    label, colon, rest = text.partition(": ")
    return (label, rest) if colon else ("", label)


def read_columns(rests: Sequence[str], language: str) -> list[Column]:
    """The columns of a table whose cells begin with the columns' names; none of a table without names.

    A cell may hold commas itself, and an empty cell is left out with its name.
    """
    rows = join_names([join_units(_CELL_END.split(rest), language) for rest in rests])
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
                cell = _NOTE_MARKS.sub("", piece[len(names[column]) :].strip())
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
    if any(len(cell.split()) > MAX_VALUE_WORDS for cell in values):
        return CellKind.TEXT
    if all(map(_CHANGE.fullmatch, values)) and any(_SIGN.match(cell) for cell in values):
        return CellKind.CHANGE
    return CellKind.NUMBER if all(map(_NUMBER.fullmatch, values)) else CellKind.MEASURE


def is_ranking(labels: Sequence[str]) -> bool:
    """Whether the rows are numbered from 1 on. Some ranks may be left out."""
    ranks = [int(match[1]) for label in labels if (match := _RANK.fullmatch(label))]
    ascends = all(low < high for low, high in pairwise(ranks))
    return len(ranks) == len(labels) > 2 and ranks[:2] == [1, 2] and ascends


def say_ranking(labels: Sequence[str], columns: Sequence[Column], rules: Tables) -> SpokenRows:
    """The first and the last rows of a league's table, with their points, or the first ones of a chart."""
    texts = [column for column in columns if column.kind == CellKind.TEXT] or columns[:1]
    points = next((column for column in reversed(columns) if count_of(column, rules)), None)
    count = len(labels)
    ranks = [label.strip(".)º°er") for label in labels]

    def say(row: int) -> str:
        if points is None:
            names = ", ".join(filter(None, (column.cells[row] for column in texts[:MAX_TEXTS])))
            return f"{ranks[row]}: {names}"
        value = points.cells[row]
        form = count_of(points, rules)
        return f"{texts[0].cells[row]}: {form.replace('{}', value)}"

    if points is None:
        return tuple((say(row), row) for row in range(min(count, ROWS_OF_LARGE_TABLE)))
    gap = next((row for row in range(count) if int(ranks[row]) > row + 1), count)
    if gap == count and count > ROWS_OF_LARGE_TABLE:
        gap = count - BOTTOM_ROWS
        top = TOP_ROWS
    else:
        top = min(gap, ROWS_OF_LARGE_TABLE)
    result = [(say(row), row) for row in range(top)]
    bottom = [(say(row), row) for row in range(gap, count)][-BOTTOM_ROWS:]
    if bottom and rules.bottom:
        bottom[0] = (rules.bottom.format(bottom[0][0]), bottom[0][1])
    else:
        bottom = [(f"{ranks[row]}: {text}", row) for text, row in bottom]
    return (*result, *bottom)


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


def form_of(column: Column, values: Sequence[Column], rules: Tables, is_one_of_many: bool) -> str:
    """How the cells of a column are said, with what they count or with the column's name; empty if they
    say enough."""
    if count := count_of(column, rules):
        return count
    name = _REMARK.sub("", column.name).strip()
    is_lone = len(values) == 1 and not is_one_of_many and column.kind is not CellKind.NUMBER
    # A period before a change would be taken for a part of the figure.
    is_period = column.kind is CellKind.CHANGE and name[:1].isdecimal()
    if column.kind is CellKind.TEXT or is_lone or is_period:
        return ""
    others = values[: values.index(column)]
    if not any(map(str.isalnum, name)) or any(_REMARK.sub("", one.name) == name for one in others):
        return ""  # `+/–`, and `Change` for a second time
    if all(map(_PLAIN.fullmatch, filter(None, column.cells))):
        return ""
    if name[-1:].isdecimal() or not name[:1].isalpha():
        return f"{{}} ({name})"
    return f"{name} {{}}"


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
    amounts = sum(text[:1].isnumeric() and ": " not in text for text, _ in entries)
    is_shopping_list = amounts * 2 >= len(entries)
    usual = median_low(len(text.split()) for text, _ in entries)
    for text, id in entries:
        texts = [text, *(one for one, _ in group[-1:])]
        is_long = usual >= MIN_USUAL_WORDS or any(map(is_statement, texts))
        ends = is_long and not is_shopping_list
        if group and (ends or length + len(text) > MAX_ENUMERATION_LENGTH):
            yield group
            group, length = [], 0
        group.append((without_end(text), id))
        length += len(text) + 2
    if group:
        yield group


def is_statement(text: str) -> bool:
    """Whether an entry says something of its own: it has a label, a result of a match, or many words."""
    return (
        ": " in text or len(text.split()) >= MIN_STATEMENT_WORDS or _RESULT.search(text) is not None
    )


def without_end(text: str) -> str:
    """The text without its last mark, unless that belongs to an abbreviation: `7 p.m.`, `Oct.`"""
    return text if _ABBREVIATION.search(text) else text.rstrip(".;,")


def with_counts(row: str, language: str) -> str:
    """A row of a table with its numbers as what they count: `Team Weald, 3 points` of `Team Weald, Pts 3`."""
    counts = language_or_default(language).tables.counts
    label, colon, rest = row.partition(": ")
    cells = []
    for cell in rest.split(", "):
        name, _, value = cell.rpartition(" ")
        form = counts.get(name.casefold().strip(" .:"))
        cells.append(form.replace("{}", _NOTE_MARKS.sub("", value)) if form else cell)
    return f"{label}{colon}{', '.join(cells)}" if colon else row
