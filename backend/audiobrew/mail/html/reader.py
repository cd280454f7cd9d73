"""An HTML mail as blocks: one walk over what a reader would see, without calling itself."""

from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from audiobrew.mail.html.block_builder import BlockBuilder, TextContext
from audiobrew.mail.html.data_table import read_data_table
from audiobrew.mail.html.sanitize import sanitize_html
from audiobrew.mail.html.visibility import (
    Styles,
    TextStyle,
    hidden_selectors,
    hides_element,
    inherit_style,
    parse_styles,
)
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import PAGE_BOX, Box, RawBlock

_BREAKING = frozenset(
    [
        "p",
        "div",
        "td",
        "th",
        "tr",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
        "center",
        "dl",
        "dt",
        "dd",
        "pre",
        "address",
        "figure",
        "figcaption",
        "body",
        "form",
        "fieldset",
        "caption",
    ]
)
_BOXES = frozenset(
    ["table", "tr", "td", "div", "section", "article", "header", "footer", "aside", "nav"]
)
_UNREAD = frozenset(
    [
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "title",
        "svg",
        "math",
        "object",
        "embed",
        "iframe",
        "select",
        "option",
        "textarea",
        "button",
        "audio",
        "video",
        "canvas",
        "map",
        "input",
        "datalist",
        "xml",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD = frozenset(("x-b", "x-strong", "th"))
_BIG = 19.0  # pixels


@dataclass(frozen=True, slots=True)
class _Inside:
    """What holds inside an element."""

    look: TextStyle
    place: TextContext
    breaking: bool = False
    link: bool = False


def read_html(html: str) -> tuple[RawBlock, ...]:
    """The blocks a reader of this HTML would see, in order."""
    tree = LexborHTMLParser(sanitize_html(html))
    page = BlockBuilder()
    if tree.body is not None:
        css = "\n".join(style.text() or "" for style in tree.css("style"))
        _Walk(page, hidden_selectors(css)).over(tree.body)
        page.end()
    return tuple(page.drafts)


class _Walk:
    def __init__(self, page: BlockBuilder, hidden: frozenset[str]) -> None:
        self.page = page
        self.hidden = hidden
        self.inside = [_Inside(TextStyle(), TextContext())]

    def over(self, body: LexborNode) -> None:
        """Visit every node below, each once, keeping our own stack: nesting cannot exhaust it."""
        node = body.child
        path: list[LexborNode] = []
        while node is not None:
            if self.entered(node):
                path.append(node)
                node = node.child
            else:
                node = node.next
            while node is None and path:
                self.leave()
                node = path.pop().next

    def entered(self, node: LexborNode) -> bool:
        """Take the node in; whether its children are to be visited."""
        tag = node.tag or ""
        if tag == "-text":
            self.text(node)
            return False
        if tag.startswith(("-", "_", "!")) or tag in _UNREAD:
            return False
        return self.element(node, tag)

    def text(self, node: LexborNode) -> None:
        inside = self.inside[-1]
        if inside.look.seen:
            written = node.text_content or ""
            self.page.say(written.replace("\n", " "), inside.place)

    def element(self, node: LexborNode, tag: str) -> bool:
        attributes = node.attributes
        styles = parse_styles(attributes.get("style"))
        if tag == "br":
            self.page.new_line()
        if tag == "hr" or self.is_line(node, styles):
            self.page.end()
            self.page.rule()
        if tag in ("br", "hr", "img") or self.is_hidden(attributes, styles):
            return False
        inside = self.within(tag, attributes, styles)
        if tag == "table" and inside.look.seen and self.told_as_rows(node, inside.place):
            return False
        self.enter(inside, attributes.get("href") if tag == "a" else None)
        return True

    def is_hidden(self, attributes: dict[str, str | None], styles: Styles) -> bool:
        if "hidden" in attributes or hides_element(styles):
            return True
        names = {f".{name}" for name in (attributes.get("class") or "").split()}
        return not self.hidden.isdisjoint(names | {f"#{attributes.get('id')}"})

    def is_line(self, node: LexborNode, styles: Styles) -> bool:
        """An empty element with a border is how most senders draw a line across the page."""
        border = styles.get("border-top") or styles.get("border-bottom") or ""
        drawn = border and not border.startswith(("0", "none"))
        child = node.child
        return bool(drawn) and (
            child is None or (child.next is None and not (child.text_content or "-").strip())
        )

    def within(self, tag: str, attributes: dict[str, str | None], styles: Styles) -> _Inside:
        outer = self.inside[-1]
        look = inherit_style(outer.look, styles, (attributes.get("bgcolor") or "").lower())
        if tag in _BOLD:
            look = replace(look, bold=True)
        place = replace(
            outer.place,
            box=self.box(tag, attributes),
            small=look.small,
            bold=look.bold,
            big=(look.size or 0) >= _BIG,
        )
        return _Inside(look, self.kind(tag, place), tag in _BREAKING, tag == "a")

    def kind(self, tag: str, place: TextContext) -> TextContext:
        if level := _HEADINGS.get(tag):
            return replace(place, kind=BlockKind.HEADING, level=level)
        if tag == "blockquote":
            return replace(place, kind=BlockKind.QUOTATION, level=0)
        if tag in ("li", "dd") and place.kind is not BlockKind.HEADING:
            return replace(place, kind=BlockKind.LIST_ITEM, level=0)
        return place

    def box(self, tag: str, attributes: dict[str, str | None]) -> Box:
        outer = self.inside[-1].place.box
        if tag not in _BOXES:
            return outer
        names = f"{tag} {attributes.get('class') or ''} {attributes.get('id') or ''}"
        return Box(outer if outer is not PAGE_BOX else None, names.lower()[:200])

    def told_as_rows(self, table: LexborNode, place: TextContext) -> bool:
        rows = read_data_table(table)
        if rows:
            self.page.end()
        for text, links in rows:
            ruled = self.page.take_rule()
            row = RawBlock(BlockKind.TABLE_ROW, text, links, 0, ruled, place.small, place.box)
            self.page.drafts.append(row)
        return bool(rows)

    def enter(self, inside: _Inside, url: str | None) -> None:
        if inside.breaking:
            self.page.end()
        self.inside.append(inside)
        if url:
            self.page.open_link(url)

    def leave(self) -> None:
        inside = self.inside.pop()
        if inside.link:
            self.page.close_link()
        if inside.breaking:
            self.page.end()
