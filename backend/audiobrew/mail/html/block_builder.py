"""Collect text while a page is walked, and split it into blocks where the page breaks."""

import re
from dataclasses import dataclass, field, replace
from itertools import islice

from audiobrew.mail.code import looks_like_code, tidy_code
from audiobrew.mail.newsletter import BlockKind, BlockRole, Link
from audiobrew.mail.raw_block import PAGE_BOX, Box, RawBlock
from audiobrew.mail.text_cleanup import collapse_whitespace

_HORIZONTAL_RULE = re.compile(r"[\s\-–—_=*•·~.⁂❦✦◆■#]{3,}|[⁂❦✦◆·•*—]")
_BULLET = re.compile(r"[•●▪◦‣∙▸►➤→✓✔✅☑–*-]\s+(?=\S)")
_BULLET_LINE = re.compile(r"\n(?=[^\S\n]*[•●▪◦‣▸►➤✓✔✅]\s)")
_PREFORMATTED_BULLET_LINE = re.compile(r"\n(?=[^\S\n]*[•●▪◦‣▸►➤✓✔✅*-]\s)")
# Lines of results, fixtures and prices that are set below each other without a list: most have figures.
_ENTRY_LINE = re.compile(
    r"\s{0,9}(?![a-zß-ÿ])[^\W_][^\n]{1,100}(?:[^\s.,;:…!?]|\.m\.|\s[a-zß-ÿ]{1,6}\.)\s{0,9}"
)
_MIN_ENTRY_LINES, _MIN_FIGURES = 3, 0.75
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)]*$")
# Stands in collected text where a link ended. `add_text` removes it from what is read.
_LINK_END = "\x01"
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_MAX_URL_CHARACTERS = 2_000
_MAX_HEADING_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class TextContext:
    """What text belongs to: a block's kind and role, a heading's level, its box, and how it is printed.

    `preformatted` text keeps its lines.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    box: Box = PAGE_BOX
    small: bool = False
    big: bool = False
    bold: bool = False
    italic: bool = False
    button: bool = False
    role: BlockRole | None = None
    preformatted: bool = False


@dataclass(slots=True)
class BlockBuilder:
    """The blocks so far, and the text of the block that has not ended yet."""

    blocks: list[RawBlock] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)
    # The URL of the link that has not ended, and the index of its first piece.
    _open_link: tuple[str, int] | None = None
    _context: TextContext | None = None
    _all_bold: bool = True
    _all_italic: bool = True
    _all_code: bool = True
    _at_line_start: bool = True
    _after_rule: bool = False
    _after_picture: bool = False
    _picture_text: str = ""
    _picture_url: str = ""
    _anchored_characters: int = 0
    _paid: bool = False
    _mails: bool = False
    # Images within the block that has not ended: they follow it.
    _images: list[RawBlock] = field(default_factory=list)
    # Whether each line of the block that ends is an entry of a list.
    _of_entries: bool = False

    def add_text(self, text: str, context: TextContext) -> None:
        if text and not text.isspace():
            self._context = self._context or context
            self._all_bold = self._all_bold and (context.bold or context.big)
            self._all_italic = self._all_italic and context.italic
            self._all_code = self._all_code and context.role is BlockRole.CODE
            self._at_line_start = False
        self._pieces.append(text.replace(_LINK_END, ""))

    def add_line_break(self) -> None:
        """A second one in a row ends the block, and so does one after a line that is all bold."""
        if self._at_line_start or (self._context and self._all_bold):
            self.end_block()
        else:
            self._pieces.append("\n")
            self._at_line_start = True

    def open_link(self, url: str, paid: bool = False) -> None:
        self._open_link = (url, len(self._pieces))
        self._paid = self._paid or paid

    def close_link(self) -> None:
        if self._open_link:
            raw_url, start = self._open_link
            url = collapse_whitespace(raw_url)
            text = collapse_whitespace("".join(self._pieces[start:]))
            if text and url.lower().startswith(("http://", "https://")):
                self._links.append(Link(text, url[:_MAX_URL_CHARACTERS]))
                self._pieces.append(_LINK_END)
            elif text and url.lower().startswith("mailto:"):
                self._mails = True
            elif url.startswith("#") and len(url) > 1:  # "#" alone leads nowhere
                self._anchored_characters += len(text)
        self._open_link = None

    def add_rule(self) -> None:
        """Add a horizontal rule before the next block."""
        self._after_rule = True

    def add_image(self, text: str, context: TextContext, attribute: str = "") -> None:
        """Add an image with its alternative text, which is empty for one that says nothing.

        `attribute` is the alternative text as it stands in the page.
        """
        self._after_picture = True
        self._picture_text = attribute or self._picture_text
        if self._open_link:
            self._picture_url = self._open_link[0][:_MAX_URL_CHARACTERS]
        if text:
            kind = BlockKind.PARAGRAPH
            self._images.append(RawBlock(kind, text, box=context.box, role=BlockRole.IMAGE))
        if not self._context:
            self._flush_images()

    def _flush_images(self) -> None:
        self.blocks += self._images
        self._images = []

    def add_table_row(self, text: str, links: tuple[Link, ...], context: TextContext) -> None:
        self._append(BlockKind.TABLE_ROW, text, links, 0, context)

    def end_block(self) -> None:
        """Turn the collected text into one block, or into one for each bullet typed by hand."""
        if not self._pieces:
            self._flush_images()
            return
        open_link = self._open_link
        self.close_link()
        text, self._pieces = "".join(self._pieces), []
        links = iter(self._links)
        for part in self._split(text):
            part_links = tuple(islice(links, part.count(_LINK_END)))
            self._add_block(part, part_links)
        self._flush_images()
        self._links, self._context, self._at_line_start = [], None, True
        self._all_bold = self._all_italic = self._all_code = True
        self._anchored_characters = 0
        self._paid = self._mails = False
        if open_link:
            self.open_link(open_link[0])

    def _split(self, text: str) -> list[str]:
        """The parts of the collected text that are a block each. Preformatted prose has paragraphs."""
        context = self._context or TextContext()
        if not context.preformatted:
            self._of_entries = not self._links and not context.small and has_entry_lines(text)
            return text.split("\n") if self._of_entries else _BULLET_LINE.split(text)
        if self._all_code or looks_like_code(text.replace(_LINK_END, "")):
            self._all_code = True
            return [text]
        return [
            part
            for paragraph in _BLANK_LINES.split(text)
            for part in _PREFORMATTED_BULLET_LINE.split(paragraph)
        ]

    def _add_block(self, part: str, links: tuple[Link, ...]) -> None:
        line = collapse_whitespace(part)
        context = self._context or TextContext()
        if _HORIZONTAL_RULE.fullmatch(line):
            self._after_rule = True
        elif line and self._all_code:
            text = tidy_code(part.replace(_LINK_END, "")) if context.preformatted else line
            kind = BlockKind.PARAGRAPH if context.preformatted else context.kind
            self._append(kind, text, links, 0, replace(context, role=BlockRole.CODE))
        elif line:
            if context.role is BlockRole.CODE:
                context = replace(context, role=None)
            kind, level = self._classify(line, context, links)
            if bullet := _BULLET.match(line):
                line, kind, level = line[bullet.end() :], BlockKind.LIST_ITEM, 0
            elif self._of_entries and kind is BlockKind.PARAGRAPH:
                kind = BlockKind.LIST_ITEM
            self._append(kind, line, links, level, context)

    def _classify(
        self, line: str, context: TextContext, links: tuple[Link, ...]
    ) -> tuple[BlockKind, int]:
        """The kind and the heading level. A short line that is all bold or big is a heading."""
        button = links and len(links[0].text) >= len(line) - 2 and len(line.split()) <= 4
        emphasized = context.kind is BlockKind.PARAGRAPH and self._all_bold and not button
        if emphasized and len(line) <= _MAX_HEADING_CHARACTERS and not _SENTENCE_END.search(line):
            return BlockKind.HEADING, 2 if context.big else 4
        return context.kind, context.level

    def _append(
        self,
        kind: BlockKind,
        text: str,
        links: tuple[Link, ...],
        level: int,
        context: TextContext,
    ) -> None:
        self.blocks.append(
            RawBlock(
                kind=kind,
                text=text,
                links=links,
                level=level,
                after_rule=self._after_rule,
                small=context.small,
                box=context.box,
                after_picture=self._after_picture,
                picture_text=self._picture_text,
                picture_url=self._picture_url,
                button=context.button,
                anchored=self._anchored_characters * 2 > len(text),
                bold=self._all_bold,
                italic=self._all_italic,
                paid=self._paid,
                mails=self._mails,
                role=context.role,
            )
        )
        self._after_rule = self._after_picture = False
        self._picture_text = self._picture_url = ""


def has_entry_lines(text: str) -> bool:
    """Whether most lines of a text are entries with figures: results, fixtures, prices."""
    lines = [line for line in text.split("\n") if line.strip()]
    return (
        len(lines) >= _MIN_ENTRY_LINES
        and all(map(_ENTRY_LINE.fullmatch, lines))
        and sum(any(map(str.isdigit, line)) for line in lines) >= _MIN_FIGURES * len(lines)
    )
