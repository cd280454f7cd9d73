"""Rows of tables and entries of lists as they are said."""

import re
from collections.abc import Iterator, Sequence

MAX_ENUMERATION_LENGTH = 190
_INITIAL_HEADER = re.compile(r"[^\W\d_]\s")


def without_needless_headers(rows: Sequence[str]) -> list[str]:
    """The rows of a table without the headers of columns that hold no figures: `1: Team Carrow, Points 31`.

    A row repeats the header before each cell, so the header is what the cells of a column begin with.
    """
    split_rows = [row.partition(": ") for row in rows]
    cells = [rest.split(", ") for _, _, rest in split_rows]
    if len(rows) < 2 or len({len(row) for row in cells}) > 1:
        return list(rows)
    columns = without_initials([strip_header(column) for column in zip(*cells, strict=True)])
    return [
        head + colon + ", ".join(row)
        for (head, colon, _), row in zip(split_rows, zip(*columns, strict=True), strict=True)
    ]


def strip_header(column: Sequence[str]) -> Sequence[str]:
    """The cells of a column without the words with which all begin, unless there are figures."""
    if any(map(str.isdigit, "".join(column))):
        return column
    words = [cell.split() for cell in column]
    common = 0
    for parts in zip(*words, strict=False):
        if len(set(parts)) > 1:
            break
        common += 1
    is_header = 0 < common < min(map(len, words))
    return [" ".join(part[common:]) for part in words] if is_header else column


def without_initials(columns: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The columns without those that have one letter as their header, unless there are no others."""
    readable = [
        column for column in columns if not all(_INITIAL_HEADER.match(cell) for cell in column)
    ]
    return readable or columns


def group_entries(entries: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Entries that fit into one sentence that can be followed by ear."""
    group: list[tuple[str, str]] = []
    length = 0
    for text, id in entries:
        if group and length + len(text) > MAX_ENUMERATION_LENGTH:
            yield group
            group, length = [], 0
        group.append((text.rstrip(".;,"), id))
        length += len(text) + 2
    if group:
        yield group
