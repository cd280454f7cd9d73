"""Rows of tables as they are said.

A table is told as a reader of news would: who or what each row is about, and one or two of its values, each
with its unit. Two values are said with the names of their columns in every row, because nobody remembers
by ear which is which. Other names are said in the first row. Of a long table only some rows are told.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from audiobrew.lang.language import language_or_default
from audiobrew.lang.sections import Tables
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.column_units import (
    add_unit,
    is_sum_of,
    split_unit,
)
from audiobrew.script.negative_amounts import has_negatives, minus_of_brackets
from audiobrew.script.notation import HYPHENS
from audiobrew.script.plain_notation import is_plain
from audiobrew.script.spoken_dates import calendar_names
from audiobrew.script.spoken_durations import duration_words
from audiobrew.script.table_columns import (
    CELL_END,
    NOTE_MARKS,
    CellKind,
    Column,
    kind_of,
    read_columns,
)

# A larger table of values, or of texts, is told up to this row.
MAX_VALUE_ROWS, MAX_TEXT_ROWS = 6, 8
ROWS_OF_LARGE_TABLE = 5
# Of a larger ranking by points, these rows are told.
TOP_ROWS, BOTTOM_ROWS = 3, 2
# Columns of a row that are told, apart from the first one: of texts, and of values.
MAX_TEXTS, MAX_VALUES = 3, 2
# Columns that are left out, one after the other, if their values are not clear by ear.
MAX_SKIPPED = 3
# Columns of values of which all are told, because two of three say less than half: votes for, against, and
# their share.
WHOLE_VALUES = 3
# Short names of columns that everybody understands.
_ANSWERS = frozenset(["yes", "no", "ja", "nein", "nee", "oui", "non", "sí", "sì", "sim", "não"])
# A label that is an amount: which one it is, only the name of its column says.
_AMOUNT_LABEL = re.compile(r"[^:]{0,20}[$€£¥]\s?\d|\d[\d.,]*\s?[KkMm]?\s?[$€£¥]")
# Letters of a column's name that can be understood by ear, unless it is known: not `GD`, but `Gold`.
MIN_NAME_LETTERS = 4
# Words of a cell that names its column, and rows with figures below it.
MAX_HEAD_WORDS, MIN_ROWS_BELOW = 2, 2
# A time of day, which needs no name.
_PLAIN = re.compile(r"\d{1,2}(?:[:h]\d\d|(?::\d\d)?\s?[ap]\.?m\.?)", re.IGNORECASE)
# What a column's name says for the eyes: `Sales (000s, SAAR)`.
_REMARK = re.compile(r"\s?\([^()]{1,40}\)")
_CODE = re.compile(r"[A-Z]{1,3}\d{1,2}")
# The name of a column that is taken for a figure: `4.2 (ms)`.
_DECIMAL = re.compile(r"v?\d{1,3}\.\d{1,3}(?!\.)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DIGITS = re.compile(r"\d+")
_SCORE = re.compile(rf"(\d{{1,3}})\s?[{HYPHENS}:]\s?(\d{{1,3}})")
_RANK = re.compile(r"(\d{1,3})(?:\.|\)|º|°|e|er)?")

# Days as the names of columns.
RELATIVE_DAYS = frozenset((
    "today", "yesterday", "now", "heute", "gestern", "hier", "hoy", "ayer", "oggi", "ieri", "hoje",
    "ontem", "vandaag", "gisteren",
))  # fmt: skip


# The rows of a table that are told, as they are said, and their numbers.
SpokenRows = tuple[tuple[str, int], ...]


def say_table(
    texts: Sequence[str],
    language: str,
    *,
    heading: str = "",
    is_introduced: bool = True,
    is_clear: Callable[[str], bool] = lambda _: True,
) -> SpokenRows:
    """The rows of a table as they are said. Each text is a row, as `label: name value, name value`.

    `heading` is the name of the only column, of a table whose rows are `label: value`. `is_introduced`:
    whether a sentence before the table says what its numbers count. `is_clear`: whether a row can be told.
    Rows before the first clear one are left out, because the first row says the names of the columns.
    """
    table = say_rows(texts, language, heading, is_introduced=is_introduced)
    for skipped in range(1, MAX_SKIPPED + 1):
        if not leads_with_values(texts, language) or sum(
            is_clear(text) for text, _ in table
        ) * 2 >= len(table):
            break
        # Nothing can be told of the columns that would say most: `Params 7B`.
        rest = say_rows(texts, language, heading, is_introduced=is_introduced, skipped=skipped)
        table = rest if any(is_clear(text) for text, _ in rest) else table
    if table and not is_clear(table[0][0]):
        for start in range(1, len(texts)):
            rest = say_rows(texts, language, heading, is_introduced=is_introduced, start=start)
            if rest and rest[0][1] == start and is_clear(rest[0][0]):
                return rest
    return table


def leads_with_values(texts: Sequence[str], language: str) -> bool:
    """Whether the first columns can be left out: what a text says, the other columns need."""
    columns = read_columns([split_label(text)[1] for text in texts], language)
    return bool(columns) and all(column.kind is not CellKind.TEXT for column in columns[:1])


def say_rows(
    texts: Sequence[str],
    language: str,
    heading: str,
    *,
    is_introduced: bool,
    start: int = 0,
    skipped: int = 0,
) -> SpokenRows:
    """The same from a row on, whether it is clear or not, without the first `skipped` columns."""
    labels, rests = zip(*(split_label(text) for text in texts), strict=True)
    columns = read_columns(rests, language)
    if not columns and heading:
        values = tuple(NOTE_MARKS.sub("", rest) for rest in rests)
        columns = [Column(heading, values, kind_of(values))]
    if has_negatives([column.cells for column in columns] or [last_words(rests)]):
        columns = [with_minus(column) for column in columns]
        texts = [minus_of_brackets(text) for text in texts]
    if results := say_results(labels, columns):
        return tuple((text, row) for text, row in results if row >= start)
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
    columns = choose_columns(columns[skipped:], rules)
    if not columns or all(map(_AMOUNT_LABEL.match, labels)):
        return ()
    columns = without_unnamed(columns, rules)
    figures = [column for column in columns if column.kind != CellKind.TEXT]
    is_text = len(figures) < len(columns) or not figures
    order = choose_rows(labels, columns, rules, MAX_TEXT_ROWS if is_text else MAX_VALUE_ROWS)
    order = [row for row in order if row >= start]
    forms = [form_of(column, figures, language, is_one_of_many) for column in columns]
    # The first row in which a column has a value names it.
    firsts = [next((row for row in order if column.cells[row]), None) for column in columns]
    rows = []
    for row in order:
        is_pair = sum(bool(column.cells[row]) for column in figures) > 1
        cells = [
            say_cell(column, row, form, is_named=row == first or (is_pair and column in figures))
            for column, form, first in zip(columns, forms, firsts, strict=True)
        ]
        cell_texts = list(dict.fromkeys(filter(None, cells)))
        if cell_texts:
            rows.append((": ".join(filter(None, [labels[row], ", ".join(cell_texts)])), row))
    return tuple(rows)


def say_results(labels: Sequence[str], columns: Sequence[Column]) -> SpokenRows:
    """Results of games, whose columns are a side, the score and the other side; none of other tables.

    The others, such as how many people came, are not told, and neither is a game without a score.
    """
    scores = [_SCORE.fullmatch(cell) for cell in columns[0].cells] if len(columns) > 1 else []
    guests = next((column for column in columns[1:] if column.kind is CellKind.TEXT), None)
    if guests is None or columns[0].name.strip() or sum(map(bool, scores)) * 2 <= len(scores):
        return ()
    return tuple(
        (f"{_REMARK.sub('', labels[row])} {match[1]}, {guest} {match[2]}", row)
        for row, (match, guest) in enumerate(zip(scores, guests.cells, strict=True))
        if match and guest and labels[row]
    )


def last_words(rests: Sequence[str]) -> list[str]:
    """The value of each cell in rows without columns: `(0.6%)` of `1 wk (0.6%)`."""
    return [piece.rpartition(" ")[2] for rest in rests for piece in CELL_END.split(rest)]


def with_minus(column: Column) -> Column:
    cells = tuple(map(minus_of_brackets, column.cells))
    return Column(column.name, cells, kind_of(cells))


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
    if column.kind is not CellKind.NUMBER or count_of(column, rules) or is_answer(column):
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


def names_columns(rows: Sequence[str]) -> bool:
    """Whether the first row only names the columns: `When: What, Where`, above rows with figures."""
    if len(rows) < MIN_ROWS_BELOW + 1:
        return False
    cells = re.split(r"[:,]\s", rows[0])
    is_head = len(cells) > 2 and all(count_words(cell) <= MAX_HEAD_WORDS for cell in cells)
    figures = [any(map(str.isdigit, row)) for row in rows]
    return is_head and not figures[0] and all(figures[1:])


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
    texts = [column for column in columns if column.kind == CellKind.TEXT and not is_code(column)]
    texts = texts[:MAX_TEXTS]
    values = [column for column in columns if column.kind != CellKind.TEXT]
    readable = [column for column in values if is_readable(column, rules)]
    counts = [column for column in readable if count_of(column, rules)]
    if len(readable) > MAX_VALUES and (counts or not is_told_whole(readable)):
        plain = [column for column in readable if column.kind != CellKind.CHANGE]
        main = latest_of(plain or readable) if not counts else counts[-1]
        change = [
            column for column in readable if column.kind == CellKind.CHANGE and column != main
        ]
        readable = [main, *change[:1]] if change else pair_of(main, plain)
    choice = [*texts, *readable]
    return [column for column in columns if column in choice]


def without_unnamed(columns: Sequence[Column], rules: Tables) -> list[Column]:
    """The columns without values that nothing names beside others: `+/–`, and `Change` for a second time."""
    figures = [column for column in columns if column.kind != CellKind.TEXT]
    names = [_REMARK.sub("", column.name).strip() for column in figures]
    values = [
        column
        for place, (column, name) in enumerate(zip(figures, names, strict=True))
        if len(figures) == 1
        or count_of(column, rules)
        or (any(map(str.isalnum, name)) and name not in names[:place])
    ]
    return [column for column in columns if column not in figures or column in values]


def is_told_whole(columns: Sequence[Column]) -> bool:
    """Whether all columns of values are told: three of one unit, or two counts."""
    kinds = [column.kind for column in columns]
    patterns = {pattern_of_name(column.name) for column in columns}
    units = {_DIGITS.sub("", cell).strip(" ,.") for column in columns for cell in column.cells}
    are_alike = kinds.count(CellKind.NUMBER) > 1 or len(units) == 1
    has_change = CellKind.CHANGE in kinds
    return len(columns) == WHOLE_VALUES == len(patterns) and are_alike and not has_change


def pair_of(main: Column, columns: Sequence[Column]) -> list[Column]:
    """The column and the one after it, if both hold amounts of one kind by different people or things."""
    place = columns.index(main) if main in columns else len(columns)
    following = columns[place + 1 : place + 2]
    pair = [main, *following]
    is_plain = all(column.kind is CellKind.MEASURE for column in pair)
    are_words = all(column.name.replace(" ", "").isalpha() for column in pair)
    units = {_DIGITS.sub("", cell).strip(" ,.") for column in pair for cell in column.cells}
    return pair if is_plain and are_words and len(units) < 2 else [main]


def latest_of(columns: Sequence[Column]) -> Column:
    """The first column, or of columns whose names differ only in a number, that of the latest period."""
    first = columns[0]
    pattern = pattern_of_name(first.name)
    periods = [
        column for column in columns if "#" in pattern and pattern_of_name(column.name) == pattern
    ]
    return max(periods or [first], key=lambda column: order_of_name(column.name))


def pattern_of_name(name: str) -> str:
    """A name without its remark in brackets, and with `#` for its numbers."""
    return _DIGITS.sub("#", _REMARK.sub("", name))


def order_of_name(name: str) -> list[int]:
    """The numbers of a column's name: those of a version as they stand, and others from the year on."""
    name = _REMARK.sub("", name)
    digits = [int(one[:9]) for one in _DIGITS.findall(name)]
    return digits if "." in name else digits[::-1]


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


def form_of(column: Column, values: Sequence[Column], language: str, is_one_of_many: bool) -> str:
    """How the cells of a column are said, with what they count or with the column's name; empty if they
    say enough."""
    if count := count_of(column, language_or_default(language).tables):
        return count
    name = _REMARK.sub("", column.name).strip()
    is_lone = len(values) == 1 and not is_one_of_many and column.kind is not CellKind.NUMBER
    if column.kind is CellKind.TEXT:
        # A name of several words explains its text: `Use instead`, beside figures.
        return f"{name} {{}}" if values and count_words(name) > 1 else ""
    if is_lone:
        return ""
    if not any(map(str.isalnum, name)):
        return ""  # `+/–`
    if all(map(_PLAIN.fullmatch, filter(None, column.cells))):
        return ""
    if is_period(name, language):
        # Without a colon, it would be taken for a part of the figure, or for its subject.
        return f"{name}: {{}}"
    if name[-1:].isdecimal() or not name[:1].isalpha():
        return f"{{}} ({name})"
    return f"{name} {{}}"


def is_period(name: str, language: str) -> bool:
    """Whether a column's name only says when: `1 wk`, `Week`, `Yesterday`."""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", name)]
    periods = words_for_periods(language) | RELATIVE_DAYS
    return bool(words) and not name[-1:].isdecimal() and all(word in periods for word in words)


def is_readable(column: Column, rules: Tables) -> bool:
    """Whether the column's name, or what its cells say themselves, can be understood by ear."""
    letters = sum(map(str.isalpha, column.name))
    if all(_CODE.fullmatch(cell) for cell in column.cells if cell):
        return False
    # Without an ordinary name, a change in percent and an amount with its unit explain themselves.
    is_plain_name = not column.name.isupper() and letters != 1 and not _DECIMAL.match(column.name)
    return bool(
        (column.kind == CellKind.MEASURE and is_plain_name)
        or (
            column.kind == CellKind.CHANGE
            and is_plain_name
            and any("%" in cell for cell in column.cells)
        )
        or letters >= MIN_NAME_LETTERS
        or is_answer(column)
        or _YEAR.search(column.name)
        or any(map(is_currency_sign, column.name))
        or count_of(column, rules)
    )


def is_code(column: Column) -> bool:
    """Whether a column of texts has the name of a code, or cells that are codes: `L10 8-2-0`, `STRK W6`."""
    cells = [cell for cell in column.cells if cell]
    codes = sum(
        bool(_CODE.fullmatch(cell)) or (cell[:1].isdecimal() and not is_plain(cell, "en"))
        for cell in cells
    )
    return bool(_CODE.fullmatch(column.name)) or codes * 2 > len(cells)


def is_answer(column: Column) -> bool:
    return column.name.casefold().strip(" .:") in _ANSWERS


def is_currency_sign(character: str) -> bool:
    return character in "$€£¥%"


def count_of(column: Column, rules: Tables) -> str:
    """The form for what the numbers of a column count, as `{} points`; empty if the name does not say it."""
    name = column.name.casefold().strip(" .:")
    return rules.counts.get(name, "") if column.kind in (CellKind.NUMBER, CellKind.CHANGE) else ""


def say_cell(column: Column, row: int, form: str, is_named: bool) -> str:
    """One cell. The first of a column is said with what it counts."""
    cell = column.cells[row]
    if not form or not cell or not (is_named or column.kind is CellKind.NUMBER):
        return cell
    return form.replace("{}", cell)


def with_counts(row: str, language: str) -> str:
    """A row of a table with its numbers as what they count: `Team Weald, 3 points` of `Team Weald, Pts 3`."""
    counts = language_or_default(language).tables.counts
    label, colon, rest = row.partition(": ")
    cells = []
    for cell in rest.split(", "):
        name, _, value = cell.rpartition(" ")
        form = counts.get(name.casefold().strip(" .:"))
        cells.append(form.replace("{}", NOTE_MARKS.sub("", value)) if form else cell)
    return f"{label}{colon}{', '.join(cells)}" if colon else row
