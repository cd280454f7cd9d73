"""Collect text while a page is walked, and split it into blocks where the page breaks."""

import re
from dataclasses import dataclass, field
from itertools import islice

from audiobrew.mail.newsletter import BlockKind, Link
from audiobrew.mail.raw_block import PAGE_BOX, Box, RawBlock
from audiobrew.mail.text_cleanup import collapse_whitespace

_HORIZONTAL_RULE = re.compile(r"[\s\-–—_=*•·~.⁂❦✦◆■#]{3,}|[⁂❦✦◆·•*—]")
_BULLET = re.compile(r"[•●▪◦‣∙▸►➤→✓✔✅☑–*-]\s+(?=\S)")
_BULLET_LINE = re.compile(r"\n(?=[^\S\n]*[•●▪◦‣▸►➤✓✔✅]\s)")
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)]*$")
# Stands in collected text where a link ended. `add_text` removes it from what is read.
_LINK_END = "\x01"
_MAX_URL_CHARACTERS = 2_000
_MAX_HEADING_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class TextContext:
    """What text belongs to: a block's kind, a heading's level, its box, and how it is printed."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    box: Box = PAGE_BOX
    small: bool = False
    big: bool = False
    bold: bool = False
    caption: bool = False
    button: bool = False


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
    _at_line_start: bool = True
    _after_rule: bool = False
    _after_picture: bool = False
    _anchored_characters: int = 0

    def add_text(self, text: str, context: TextContext) -> None:
        if text and not text.isspace():
            self._context = self._context or context
            self._all_bold = self._all_bold and (context.bold or context.big)
            self._at_line_start = False
        self._pieces.append(text.replace(_LINK_END, ""))

    def add_line_break(self) -> None:
        """A second one in a row ends the block, and so does one after a line that is all bold."""
        if self._at_line_start or (self._context and self._all_bold):
            self.end_block()
        else:
            self._pieces.append("\n")
            self._at_line_start = True

    def open_link(self, url: str) -> None:
        self._open_link = (url, len(self._pieces))

    def close_link(self) -> None:
        if self._open_link:
            raw_url, start = self._open_link
            url = collapse_whitespace(raw_url)
            text = collapse_whitespace("".join(self._pieces[start:]))
            if text and url.lower().startswith(("http://", "https://")):
                self._links.append(Link(text, url[:_MAX_URL_CHARACTERS]))
                self._pieces.append(_LINK_END)
            elif url.startswith("#"):
                self._anchored_characters += len(text)
        self._open_link = None

    def add_rule(self) -> None:
        """Add a horizontal rule before the next block."""
        self._after_rule = True

    def add_picture(self) -> None:
        """Add a picture before the next block, or within this one."""
        self._after_picture = True

    def add_table_row(self, text: str, links: tuple[Link, ...], context: TextContext) -> None:
        self._append(BlockKind.TABLE_ROW, text, links, 0, context)

    def end_block(self) -> None:
        """Turn the collected text into one block, or into one for each bullet typed by hand."""
        if not self._pieces:
            return
        open_link = self._open_link
        self.close_link()
        text, self._pieces = "".join(self._pieces), []
        links = iter(self._links)
        for part in _BULLET_LINE.split(text):
            part_links = tuple(islice(links, part.count(_LINK_END)))
            self._add_block(collapse_whitespace(part), part_links)
        self._links, self._context, self._all_bold, self._at_line_start = [], None, True, True
        self._anchored_characters = 0
        if open_link:
            self.open_link(open_link[0])

    def _add_block(self, line: str, links: tuple[Link, ...]) -> None:
        if _HORIZONTAL_RULE.fullmatch(line):
            self._after_rule = True
        elif line:
            context = self._context or TextContext()
            kind, level = self._classify(line, context, links)
            if bullet := _BULLET.match(line):
                line, kind, level = line[bullet.end() :], BlockKind.LIST_ITEM, 0
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
                caption=context.caption,
                button=context.button,
                anchored=self._anchored_characters * 2 > len(text),
            )
        )
        self._after_rule = self._after_picture = False
