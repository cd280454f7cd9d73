"""Tables that hold figures rather than the layout of a page: each row is told as one line."""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from audiobrew.mail.html.visibility import hides_element, parse_styles
from audiobrew.mail.newsletter import Link
from audiobrew.mail.text_cleanup import collapse_whitespace

_MOST_NODES = 60
"""What a cell of a data table may hold; a layout cell is known before it is read to its end."""
_LONGEST_CELL = 120
_LAYOUT = frozenset(
    [
        "table",
        "img",
        "h1",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "blockquote",
        "hr",
        "video",
        "form",
        "style",
        "script",
    ]
)

Row = tuple[str, tuple[Link, ...]]
_Cell = tuple[str, tuple[Link, ...], bool]


def read_data_table(table: LexborNode) -> list[Row]:
    """The rows of a data table, as «first: second, third»; none when it is a layout table."""
    rows = []
    for row in _rows(table):
        cells = _cells(row)
        if cells is None:
            return []
        if any(text for text, _, _ in cells):
            rows.append(cells)
    return list(_told(rows)) if _is_data(rows) else []


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in _children(table):
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in _children(child) if row.tag == "tr")


def _cells(row: LexborNode) -> list[_Cell] | None:
    """The cells' text; None when one holds more than a figure or a name."""
    cells = []
    for node in _children(row):
        if node.tag in ("td", "th"):
            cell = _cell(node)
            if cell is None:
                return None
            cells.append(cell)
    return cells


def _cell(cell: LexborNode) -> _Cell | None:
    pieces: list[str] = []
    links: list[Link] = []
    todo = [cell]
    for _ in range(_MOST_NODES):
        if not todo:
            text = collapse_whitespace("".join(pieces))
            short = len(text) <= _LONGEST_CELL
            return (text, tuple(links), cell.tag == "th") if short else None
        node = todo.pop()
        if node.tag in _LAYOUT or hides_element(parse_styles(node.attributes.get("style"))):
            return None
        if node.tag == "-text":
            pieces.append(node.text_content or "")
        if node.tag == "a":
            links.extend(_link(node))
        todo.extend(reversed(list(_children(node))))
        pieces.append(" " if node.tag in ("br", "p", "div") else "")
    return None


def _link(node: LexborNode) -> Iterator[Link]:
    url, text = (
        collapse_whitespace(node.attributes.get("href") or ""),
        collapse_whitespace(node.text() or ""),
    )
    if text and url.lower().startswith(("http://", "https://")):
        yield Link(text[:_LONGEST_CELL], url[:2_000])


def _is_data(rows: list[list[_Cell]]) -> bool:
    """At least two rows of the same two or more filled cells, and not rows of links."""
    widths = {len(row) for row in rows}
    if len(rows) < 2 or len(widths) != 1 or widths.pop() < 2:
        return False
    filled = [sum(bool(text) for text, _, _ in row) >= 2 for row in rows]
    unlinked = [any(text and not links for text, links, _ in row) for row in rows]
    return sum(filled) * 4 >= len(rows) * 3 and sum(unlinked) * 2 >= len(rows)


def _told(rows: list[list[_Cell]]) -> Iterator[Row]:
    """With more than two columns, each figure is told with its column's name."""
    head = [text for text, _, _ in rows[0]]
    named = len(head) > 2 and all(heading for text, _, heading in rows[0] if text)
    for row in rows[1:] if named else rows:
        first, *rest = row
        names = head[1:] if named else [""] * len(rest)
        told = [
            f"{name} {text}".strip() for name, (text, _, _) in zip(names, rest, strict=True) if text
        ]
        text = f"{first[0]}: {', '.join(told)}" if first[0] else ", ".join(told)
        yield text, tuple(link for _, links, _ in row for link in links)
