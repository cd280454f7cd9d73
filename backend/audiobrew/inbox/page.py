"""Blocks gathered while a page is read: running text is closed into blocks as the page breaks."""

import re
from dataclasses import dataclass, field

from audiobrew.inbox.draft import PAGE, Box, Draft
from audiobrew.inbox.newsletter import BlockKind, Link
from audiobrew.inbox.tidy import one_line

_LINE_ACROSS = re.compile(r"[\s\-–—_=*•·~.⁂❦✦◆■#]{3,}|[⁂❦✦◆·•*—]")
_BULLET = re.compile(r"[•●▪◦‣∙▸►➤→✓✔✅☑–*-]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)]*$")
_LONGEST_URL = 2_000
_LONGEST_HEADING = 100


@dataclass(frozen=True, slots=True)
class Place:
    """What running text belongs to: its kind, a heading's level, its box and how it is printed."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    box: Box = PAGE
    small: bool = False
    big: bool = False
    bold: bool = False


@dataclass(slots=True)
class Page:
    """The drafts so far, and the text that is not closed yet."""

    drafts: list[Draft] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)
    _open: tuple[str, int] | None = None
    _place: Place | None = None
    _all_bold: bool = True
    _ruled: bool = False

    def say(self, text: str, place: Place) -> None:
        if self._place is None and text.strip():
            self._place = place
        if text.strip():
            self._all_bold = self._all_bold and (place.bold or place.big)
        self._pieces.append(text)

    def open_link(self, url: str) -> None:
        self._open = (url, len(self._pieces))

    def close_link(self) -> None:
        if self._open:
            url, start = self._open
            self._link("".join(self._pieces[start:]), url)
        self._open = None

    def rule(self) -> None:
        self._ruled = True

    def end(self) -> None:
        """Close the running text into blocks: one for each paragraph set apart by empty lines."""
        reopened = self._open
        self.close_link()
        text, self._pieces = "".join(self._pieces), []
        links, self._links = self._links, []
        for line in _paragraphs(text):
            self._close(line, tuple(link for link in links if link.text in line))
        self._place, self._all_bold = None, True
        if reopened:
            self.open_link(reopened[0])

    def add(self, draft: Draft) -> None:
        self.drafts.append(draft)
        self._ruled = False

    def take_rule(self) -> bool:
        ruled, self._ruled = self._ruled, False
        return ruled

    def _link(self, text: str, url: str) -> None:
        url, text = one_line(url), one_line(text)
        if text and url.lower().startswith(("http://", "https://")):
            self._links.append(Link(text, url[:_LONGEST_URL]))

    def _close(self, line: str, links: tuple[Link, ...]) -> None:
        if _LINE_ACROSS.fullmatch(line):
            self._ruled = True
            return
        place = self._place or Place()
        kind, level = self._kind(line, place, links)
        if bullet := _BULLET.match(line):
            line, kind, level = line[bullet.end() :], BlockKind.LIST_ITEM, 0
        self.add(Draft(kind, line, links, level, self.take_rule(), place.small, place.box))

    def _kind(self, line: str, place: Place, links: tuple[Link, ...]) -> tuple[BlockKind, int]:
        """A short line that is bold or big throughout heads what follows, tag or no tag."""
        button = links and len(links[0].text) >= len(line) - 2 and len(line.split()) <= 4
        plain = place.kind is BlockKind.PARAGRAPH and self._all_bold and not button
        if plain and len(line) <= _LONGEST_HEADING and not _SENTENCE_END.search(line):
            return BlockKind.HEADING, 2 if place.big else 4
        return place.kind, place.level


def _paragraphs(text: str) -> list[str]:
    """Split at empty lines and before bullets; other single line breaks are spaces."""
    text = re.sub(r"\n[^\S\n]*(?=[•●▪◦‣▸►➤✓✔✅]\s)", "\n\n", text)
    lines = (one_line(part) for part in re.split(r"\n[^\S\n]*\n", text))
    return [line for line in lines if line]
