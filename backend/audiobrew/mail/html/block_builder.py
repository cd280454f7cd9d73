"""Blocks gathered while a page is read: running text is closed into blocks as the page breaks."""

import re
from dataclasses import dataclass, field
from itertools import islice

from audiobrew.mail.newsletter import BlockKind, Link
from audiobrew.mail.raw_block import PAGE_BOX, Box, RawBlock
from audiobrew.mail.text_cleanup import collapse_whitespace

_LINE_ACROSS = re.compile(r"[\s\-–—_=*•·~.⁂❦✦◆■#]{3,}|[⁂❦✦◆·•*—]")
_BULLET = re.compile(r"[•●▪◦‣∙▸►➤→✓✔✅☑–*-]\s+(?=\S)")
_BULLET_LINE = re.compile(r"\n(?=[^\S\n]*[•●▪◦‣▸►➤✓✔✅]\s)")
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)]*$")
_LINK_ENDS = "\x01"
"""Stands in running text where a link ended; what is read cannot hold it (`say`)."""
_LONGEST_URL = 2_000
_LONGEST_HEADING = 100


@dataclass(frozen=True, slots=True)
class TextContext:
    """What running text belongs to: its kind, a heading's level, its box and how it is printed."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    box: Box = PAGE_BOX
    small: bool = False
    big: bool = False
    bold: bool = False


@dataclass(slots=True)
class BlockBuilder:
    """The drafts so far, and the text that is not closed yet."""

    drafts: list[RawBlock] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)
    _open: tuple[str, int] | None = None
    _place: TextContext | None = None
    _all_bold: bool = True
    _line_begins: bool = True
    _ruled: bool = False

    def say(self, text: str, place: TextContext) -> None:
        if text and not text.isspace():
            self._place = self._place or place
            self._all_bold = self._all_bold and (place.bold or place.big)
            self._line_begins = False
        self._pieces.append(text.replace(_LINK_ENDS, ""))

    def new_line(self) -> None:
        """Two in a row end a block, and so does one after a line that is bold throughout."""
        if self._line_begins or (self._place and self._all_bold):
            self.end()
        else:
            self._pieces.append("\n")
            self._line_begins = True

    def open_link(self, url: str) -> None:
        self._open = (url, len(self._pieces))

    def close_link(self) -> None:
        if self._open:
            url, start = self._open
            self._link("".join(self._pieces[start:]), url)
        self._open = None

    def rule(self) -> None:
        self._ruled = True

    def take_rule(self) -> bool:
        ruled, self._ruled = self._ruled, False
        return ruled

    def end(self) -> None:
        """Close the running text into blocks: one, or one for each bullet typed by hand."""
        if not self._pieces:
            return
        reopened = self._open
        self.close_link()
        text, self._pieces = "".join(self._pieces), []
        links = iter(self._links)
        for part in _BULLET_LINE.split(text):
            own = tuple(islice(links, part.count(_LINK_ENDS)))
            self._close(collapse_whitespace(part), own)
        self._links, self._place, self._all_bold, self._line_begins = [], None, True, True
        if reopened:
            self.open_link(reopened[0])

    def _link(self, text: str, url: str) -> None:
        url, text = collapse_whitespace(url), collapse_whitespace(text)
        if text and url.lower().startswith(("http://", "https://")):
            self._links.append(Link(text, url[:_LONGEST_URL]))
            self._pieces.append(_LINK_ENDS)

    def _close(self, line: str, links: tuple[Link, ...]) -> None:
        if _LINE_ACROSS.fullmatch(line):
            self._ruled = True
        elif line:
            place = self._place or TextContext()
            kind, level = self._kind(line, place, links)
            if bullet := _BULLET.match(line):
                line, kind, level = line[bullet.end() :], BlockKind.LIST_ITEM, 0
            ruled = self.take_rule()
            self.drafts.append(RawBlock(kind, line, links, level, ruled, place.small, place.box))

    def _kind(
        self, line: str, place: TextContext, links: tuple[Link, ...]
    ) -> tuple[BlockKind, int]:
        """A short line that is bold or big throughout heads what follows, tag or no tag."""
        button = links and len(links[0].text) >= len(line) - 2 and len(line.split()) <= 4
        plain = place.kind is BlockKind.PARAGRAPH and self._all_bold and not button
        if plain and len(line) <= _LONGEST_HEADING and not _SENTENCE_END.search(line):
            return BlockKind.HEADING, 2 if place.big else 4
        return place.kind, place.level
