"""Read an HTML mail into blocks, in one walk over what a reader would see."""

import re
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from audiobrew.mail.html.block_builder import BlockBuilder, TextContext
from audiobrew.mail.html.data_table import find_caption, read_caption, read_data_table
from audiobrew.mail.html.images import read_alternative_text
from audiobrew.mail.html.raised_text import read_text
from audiobrew.mail.html.sanitize import sanitize_html
from audiobrew.mail.html.style_sheet import Attributes, Matches, StyleSheet
from audiobrew.mail.html.visibility import (
    Paint,
    Styles,
    TextStyle,
    hides_element,
    inherit_paint,
    inherit_style,
    parse_styles,
)
from audiobrew.mail.newsletter import BlockKind, BlockRole
from audiobrew.mail.raw_block import PAGE_BOX, Box, RawBlock
from audiobrew.mail.text_cleanup import collapse_whitespace

# Elements that begin and end a block.
_BLOCK_ELEMENTS = frozenset((
    "p", "div", "td", "th", "tr", "table", "tbody", "thead", "tfoot", "li", "ul", "ol", "h1",
    "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "header", "footer", "main",
    "aside", "nav", "center", "dl", "dt", "dd", "pre", "address", "figure", "figcaption", "body",
    "form", "fieldset", "caption",
))  # fmt: skip
# Elements that are an area of the page.
_BOX_ELEMENTS = frozenset((
    "table", "tr", "td", "div", "section", "article", "header", "footer", "aside", "nav",
    "blockquote",
))  # fmt: skip
# Elements whose content is not text for a reader.
_SKIPPED_ELEMENTS = frozenset((
    "head", "script", "style", "noscript", "template", "title", "svg", "math", "object", "embed",
    "iframe", "select", "option", "textarea", "button", "audio", "video", "canvas", "map",
    "input", "datalist", "xml",
))  # fmt: skip
_HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}
# `sanitize_html` renames <b> and <strong>.
_ITALIC_ELEMENTS = frozenset(("x-i", "x-em"))
_BOLD_ELEMENTS = frozenset(("x-b", "x-strong", "th"))
_CODE_ELEMENTS = frozenset(("x-code", "x-tt", "samp", "kbd"))
# By element, or by a word of an element's classes and id.
_ROLES = {"figcaption": BlockRole.CAPTION, "caption": BlockRole.CAPTION}
_CLASS_ROLES = {
    "caption": BlockRole.CAPTION,
    "figcaption": BlockRole.CAPTION,
    "credit": BlockRole.CAPTION,
    "byline": BlockRole.BYLINE,
    "dateline": BlockRole.BYLINE,
    "footnote": BlockRole.FOOTNOTE,
    "footnotes": BlockRole.FOOTNOTE,
}
# Words around which classes are divided: `image-caption`, `post_byline`.
_CLASS_WORDS = re.compile(r"[^\s_-]+")
# Pixels. Text of this size is as prominent as a heading.
_BIG = 19.0

# Pictures up to this width or height in pixels count readers, or are spacers.
_MAX_PIXEL = 12
# Characters of an alternative text that may be a label.
_MAX_ALT_CHARACTERS = 150
_WHITE = "ffffff"
_BUTTON_NAMES = ("button", "btn", "cta")


@dataclass(frozen=True, slots=True)
class _Scope:
    """What applies within an element."""

    style: TextStyle
    context: TextContext
    paint: Paint
    matches: Matches
    is_block: bool = False
    is_link: bool = False


def read_html(html: str) -> tuple[RawBlock, ...]:
    """The blocks that a reader of this HTML would see, in order."""
    tree = LexborHTMLParser(sanitize_html(html))
    builder = BlockBuilder()
    if tree.body is not None:
        css = "\n".join(style.text() or "" for style in tree.css("style"))
        _TreeWalker(builder, StyleSheet(css)).walk(tree.body)
        builder.end_block()
    return tuple(builder.blocks)


class _TreeWalker:
    """Visits each node once. It keeps its own stack, so that deep nesting cannot exhaust Python's."""

    def __init__(self, builder: BlockBuilder, style_sheet: StyleSheet) -> None:
        self.builder = builder
        self.style_sheet = style_sheet
        self.scopes = [_Scope(TextStyle(), TextContext(), Paint(), Matches())]

    def walk(self, body: LexborNode) -> None:
        for page in (body.parent, body):
            if page is not None:
                self.enter_page(page)
        node = body.child
        ancestors: list[LexborNode] = []
        while node is not None:
            if self.enter(node):
                ancestors.append(node)
                node = node.child
            else:
                node = node.next
            while node is None and ancestors:
                self.leave()
                node = ancestors.pop().next

    def enter_page(self, node: LexborNode) -> None:
        """Take the colours of <html> or <body>, which are behind everything."""
        outer = self.scopes[-1]
        styles, matches = self.find_styles(node.tag or "", node.attributes)
        # Mail services show the body only, in a box of their own, so nothing here hides all of it.
        paint = inherit_paint(outer.paint, styles, "background" in node.attributes)
        self.scopes[-1] = replace(outer, paint=replace(paint, size=None), matches=matches)

    def find_styles(self, tag: str, attributes: Attributes) -> tuple[Styles, Matches]:
        """All declarations for an element: by attributes, by the style sheet, and its own."""
        normal, important, matches = self.style_sheet.match(
            tag.removeprefix("x-"), attributes, self.scopes[-1].matches
        )
        styles = {}
        if bgcolor := attributes.get("bgcolor"):
            styles["background-color"] = bgcolor.lower()
        if colour := attributes.get("color" if tag == "x-font" else "text"):
            styles["color"] = colour.lower()
        own = parse_styles(attributes.get("style"))
        for declarations in (normal, own, important):
            if "background" in declarations:
                styles.pop("background-color", None)
            styles |= declarations
        return styles, matches

    def enter(self, node: LexborNode) -> bool:
        """Process a node. Returns whether to visit its children and to `leave` it then."""
        tag = node.tag or ""
        if tag == "-text":
            scope = self.scopes[-1]
            if scope.paint.readable:
                text = read_text(node)
                if not scope.context.preformatted:
                    text = text.replace("\n", " ")
                self.builder.add_text(text, scope.context)
            return False
        if tag.startswith(("-", "_", "!")) or tag in _SKIPPED_ELEMENTS:
            return False
        return self.enter_element(node, tag)

    def enter_element(self, node: LexborNode, tag: str) -> bool:
        attributes = node.attributes
        styles = parse_styles(attributes.get("style"))
        if tag == "br":
            self.builder.add_line_break()
        if tag == "hr" or is_drawn_rule(node, styles):
            self.builder.end_block()
            self.builder.add_rule()
        if tag in ("br", "hr") or "hidden" in attributes:
            return False
        all_styles, matches = self.find_styles(tag, attributes)
        if hides_element(all_styles):
            return False
        if tag == "img":
            if not is_spacer(attributes, styles):
                text = read_alternative_text(attributes, styles)
                attribute = collapse_whitespace((attributes.get("alt") or "")[:_MAX_ALT_CHARACTERS])
                self.builder.add_image(text, self.scopes[-1].context, attribute)
            return False
        outer = self.scopes[-1].paint
        paint = inherit_paint(outer, all_styles, bool(attributes.get("background")))
        scope = self.scope_within(tag, attributes, styles, paint, matches)
        if tag == "table" and paint.readable and self.add_table(node, scope.context):
            return False
        if scope.is_block:
            self.builder.end_block()
        self.scopes.append(scope)
        url = attributes.get("href") if tag == "a" else None
        if url:
            self.builder.open_link(
                url, "sponsored" in (attributes.get("rel") or "").lower().split()
            )
        return True

    def leave(self) -> None:
        scope = self.scopes.pop()
        if scope.is_link:
            self.builder.close_link()
        if scope.is_block:
            self.builder.end_block()

    def scope_within(
        self, tag: str, attributes: Attributes, styles: Styles, paint: Paint, matches: Matches
    ) -> _Scope:
        outer = self.scopes[-1]
        bgcolor = (attributes.get("bgcolor") or "").lower()
        style = inherit_style(outer.style, styles, bgcolor, bool(attributes.get("background")))
        if tag in _BOLD_ELEMENTS:
            style = replace(style, bold=True)
        elif tag in _ITALIC_ELEMENTS:
            style = replace(style, italic=True)
        box = outer.context.box
        if tag in _BOX_ELEMENTS:
            names = f"{tag} {attributes.get('class') or ''} {attributes.get('id') or ''}"
            names += f" {attributes.get('type') or ''}" if tag == "blockquote" else ""
            tinted = is_tinted(style, outer.style, styles)
            box = Box(box if box is not PAGE_BOX else None, names.lower()[:200], tinted)
        kind, level = outer.context.kind, outer.context.level
        if heading_level := _HEADING_LEVELS.get(tag):
            kind, level = BlockKind.HEADING, heading_level
        elif tag == "blockquote":
            kind, level = BlockKind.QUOTATION, 0
        elif tag in ("li", "dd") and kind is not BlockKind.HEADING:
            kind, level = BlockKind.LIST_ITEM, 0
        big = (style.size or 0) >= _BIG
        context = TextContext(
            kind,
            level,
            box,
            style.small,
            big,
            style.bold,
            style.italic,
            button=outer.context.button or (tag == "a" and is_button(attributes, styles, box)),
            role=find_role(tag, attributes) or outer.context.role,
            preformatted=outer.context.preformatted or tag == "pre",
        )
        return _Scope(style, context, paint, matches, tag in _BLOCK_ELEMENTS, tag == "a")

    def add_table(self, table: LexborNode, context: TextContext) -> bool:
        """Add the rows of a data table. Returns False if the table is layout."""
        rows = read_data_table(table)
        if rows:
            self.builder.end_block()
            self.add_caption(table, context)
        for text, links, names_columns in rows:
            role = BlockRole.CAPTION if names_columns else context.role
            self.builder.add_table_row(text, links, replace(context, role=role))
        return bool(rows)

    def add_caption(self, table: LexborNode, context: TextContext) -> None:
        """Add the title of a data table as a paragraph, unless it is hidden or stands before it already."""
        caption = find_caption(table)
        if caption is None:
            return
        styles, _ = self.find_styles("caption", caption.attributes)
        text = read_caption(caption)
        previous = self.builder.blocks[-1].text if self.builder.blocks else ""
        if not hides_element(styles) and text and text.casefold() != previous.casefold():
            self.builder.add_text(text, replace(context, kind=BlockKind.PARAGRAPH, level=0))
            self.builder.end_block()


def find_role(tag: str, attributes: Attributes) -> BlockRole | None:
    """What an element's name or its classes say that its text is."""
    if tag in _CODE_ELEMENTS:
        return BlockRole.CODE
    if role := _ROLES.get(tag):
        return role
    if tag in ("body", "table", "tr", "li"):
        return None  # they hold the story as well
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:200].lower()
    words = _CLASS_WORDS.findall(names) if names.strip() else []
    return next((role for word in words if (role := _CLASS_ROLES.get(word))), None)


def is_drawn_rule(node: LexborNode, styles: Styles) -> bool:
    """Whether this is an empty element with a border, as most senders draw horizontal rules."""
    border = styles.get("border-top") or styles.get("border-bottom") or ""
    if not border or border.startswith(("0", "none")):
        return False
    child = node.child
    return child is None or (child.next is None and not (child.text_content or "-").strip())


def is_tinted(style: TextStyle, outer: TextStyle, styles: Styles) -> bool:
    """Whether an element has another background than what is around it, or a border on all sides."""
    around = outer.background or _WHITE
    if style.background and style.background != around and style.background != _WHITE:
        return True
    border = styles.get("border", "0")
    return not border.startswith(("0", "none"))


def is_spacer(attributes: Attributes, styles: Styles) -> bool:
    """Whether a picture is too small to be seen."""
    for side in ("width", "height"):
        value = (attributes.get(side) or styles.get(side, "")).strip().removesuffix("px")
        if value.isdecimal() and len(value) < 4 and int(value) <= _MAX_PIXEL:
            return True
    return False


def is_button(attributes: Attributes, styles: Styles, box: Box) -> bool:
    """Whether a link is drawn as a button: filled or framed, or in a small box that is called one."""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    filled = any(styles.get(name) for name in ("background", "background-color"))
    framed = any(
        styles.get(name, "none") not in ("none", "0") for name in ("border", "border-radius")
    )
    padded = any(name.startswith("padding") for name in styles)
    if padded and (filled or framed):
        return True
    if any(name in names for name in _BUTTON_NAMES):
        return True
    boxes = [box, *([box.parent] if box.parent else [])]
    return any(name in one.names for one in boxes for name in ("button", "btn"))
