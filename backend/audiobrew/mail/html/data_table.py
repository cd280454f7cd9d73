"""Read tables that hold data rather than layout: each row becomes one line of text."""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from audiobrew.mail.html.raised_text import read_text
from audiobrew.mail.html.visibility import hides_element, parse_styles
from audiobrew.mail.newsletter import Link
from audiobrew.mail.text_cleanup import collapse_whitespace

# Nodes in a cell of a data table. A cell with more is layout, and is not read to its end.
_MAX_CELL_NODES = 60
_MAX_CELL_CHARACTERS = 120
# Elements that occur only in layout tables.
_LAYOUT_ELEMENTS = frozenset(
    ("table", "img", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "hr", "video", "form")
    + ("style", "script")
)

# `sanitize_html` renames <b> and <strong>.
_BOLD_ELEMENTS = frozenset(("x-b", "x-strong"))

# A row's text, its links, and whether it only names the columns.
Row = tuple[str, tuple[Link, ...], bool]
# A cell's text, its links, and whether it is a header cell: by its element, or because all of it is bold.
_Cell = tuple[str, tuple[Link, ...], bool]


def read_data_table(table: LexborNode) -> list[Row]:
    """The rows of a data table as "first: second, third", with their links; none of a layout table.

    If the table has more than two columns and a header row, each value follows its column's name. Of two
    columns, the names stand in a row of their own.
    """
    rows = []
    for row in _row_nodes(table):
        cells = read_cells(row)
        if cells is None:
            return []
        if any(text for text, _, _ in cells):
            rows.append(cells)
    return list(join_cells(rows)) if _is_data(rows) else []


def find_caption(table: LexborNode) -> LexborNode | None:
    """The element with the title of a table."""
    return next((child for child in _children(table) if child.tag == "caption"), None)


def read_caption(caption: LexborNode) -> str:
    """The title of a table; empty if it is too long for one."""
    text = collapse_whitespace(caption.text() or "")
    return text if len(text) <= _MAX_CELL_CHARACTERS else ""


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _row_nodes(table: LexborNode) -> Iterator[LexborNode]:
    for child in _children(table):
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in _children(child) if row.tag == "tr")


def read_cells(row: LexborNode) -> list[_Cell] | None:
    """The cells of a row; None if one of them holds more than a value or a name."""
    cells = []
    is_in_head = row.parent is not None and row.parent.tag == "thead"
    for node in _children(row):
        if node.tag in ("td", "th"):
            cell = read_cell(node, is_header=node.tag == "th" or is_in_head)
            if cell is None:
                return None
            cells.append(cell)
    return cells


def read_cell(cell: LexborNode, is_header: bool) -> _Cell | None:
    pieces: list[str] = []
    links: list[Link] = []
    all_bold = True
    # Nodes to visit, and whether their text is bold.
    stack = [(cell, is_header)]
    for _ in range(_MAX_CELL_NODES):
        if not stack:
            text = collapse_whitespace("".join(pieces))
            short = len(text) <= _MAX_CELL_CHARACTERS
            return (text, tuple(links), bool(text) and all_bold) if short else None
        node, bold = stack.pop()
        if node.tag in _LAYOUT_ELEMENTS or hides_element(
            parse_styles(node.attributes.get("style"))
        ):
            return None
        if node.tag == "-text":
            piece = read_text(node)
            pieces.append(piece)
            all_bold = all_bold and (bold or piece.isspace())
        bold = bold or node.tag in _BOLD_ELEMENTS or is_bold(node)
        if node.tag == "a":
            url = collapse_whitespace(node.attributes.get("href") or "")
            text = collapse_whitespace(node.text() or "")
            if text and url.lower().startswith(("http://", "https://")):
                links.append(Link(text[:_MAX_CELL_CHARACTERS], url[:2_000]))
        stack.extend((child, bold) for child in reversed(list(_children(node))))
        pieces.append(" " if node.tag in ("br", "p", "div") else "")
    return None


def _is_data(rows: list[list[_Cell]]) -> bool:
    """Whether the rows are equally long, mostly filled, and not mostly links."""
    widths = {len(row) for row in rows}
    if len(rows) < 2 or len(widths) != 1 or widths.pop() < 2:
        return False
    filled_rows = sum(sum(bool(text) for text, _, _ in row) >= 2 for row in rows)
    rows_with_plain_text = sum(any(text and not links for text, links, _ in row) for row in rows)
    return filled_rows * 4 >= len(rows) * 3 and rows_with_plain_text * 2 >= len(rows)


def is_header_row(row: list[_Cell]) -> bool:
    """Whether the cells name columns. The first one may be empty."""
    return all(is_header for text, _, is_header in row if text)


def is_bold(node: LexborNode) -> bool:
    weight = parse_styles(node.attributes.get("style")).get("font-weight", "")
    return weight in ("bold", "bolder", "600", "700", "800", "900")


def join_cells(rows: list[list[_Cell]]) -> Iterator[Row]:
    header = [text for text, _, _ in rows[0]]
    has_header = is_header_row(rows[0]) and not all(map(is_header_row, rows))
    is_pair = len(header) == 2
    names_columns = has_header and not any(map(str.isdigit, header[-1])) and all(header)
    for number, row in enumerate(rows):
        if number == 0 and has_header and not is_pair:
            continue
        first, *rest = row
        columns = header[1:] if has_header and not is_pair else [""] * len(rest)
        values = [
            f"{column} {text}".strip()
            for column, (text, _, _) in zip(columns, rest, strict=True)
            if text
        ]
        text = f"{first[0]}: {', '.join(values)}" if first[0] else ", ".join(values)
        links = tuple(link for _, links, _ in row for link in links)
        yield text, links, number == 0 and is_pair and names_columns
