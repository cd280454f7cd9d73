"""A newsletter taken apart into items, and an item into sentences that can be told."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from audiobrew.inbox.newsletter import Block, BlockKind, Newsletter
from audiobrew.script.sentences import sentences
from audiobrew.script.worth import commands_a_machine, starts_unresolved, worth_telling

LEAST_CHARACTERS = 70
"""An item with less to tell is none."""
LONGEST_TITLE = 90
_NUMBER = re.compile(r"^\s*(?:\d{1,2}|[ivxIVX]{1,4})[.):]\s+")
_DECORATION = re.compile(r"^[^\w<\"“„«¿¡(\[]+|[\s–—:|•·→»]+$|\s>+$")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence and the blocks it is from, as it is told. `needs` the line before it, to be understood."""

    text: str
    blocks: tuple[str, ...]
    place: int
    needs: bool

    @property
    def block(self) -> str:
        """The first of them; a sentence of the mail itself has no other."""
        return self.blocks[0]


@dataclass(frozen=True, slots=True)
class Item:
    """What a newsletter tells under one heading."""

    title: str
    newsletter: Newsletter
    place: int
    lines: tuple[Line, ...]
    language: str

    @property
    def characters(self) -> int:
        return sum(len(line.text) + 1 for line in self.lines)


@lru_cache(maxsize=256)
def items_of(newsletter: Newsletter) -> tuple[Item, ...]:
    """In the newsletter's order; what has nothing to tell is left out."""
    found = []
    for place, (heading, blocks) in enumerate(_sections(newsletter.told)):
        lines = tuple(_lines(blocks, newsletter.language))
        if sum(len(line.text) for line in lines) >= LEAST_CHARACTERS:
            title = _title(heading.text if heading else "", newsletter, lines)
            found.append(Item(title, newsletter, place, lines, newsletter.language))
    return tuple(found)


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[Block | None, list[Block]]]:
    heading: Block | None = None
    body: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            yield heading, body
            heading, body = block, []
        else:
            body.append(block)
    yield heading, body


def _lines(blocks: Sequence[Block], language: str) -> Iterator[Line]:
    place = 0
    for block in blocks:
        if block.kind is BlockKind.TABLE_ROW:
            continue
        for text in sentences(block.text):
            if commands_a_machine(text):
                break  # what follows an order belongs to it
            told = worth_telling(text)
            if told:
                yield Line(told, (block.id,), place, starts_unresolved(told, language))
                place += 1


def _title(heading: str, newsletter: Newsletter, lines: Sequence[Line]) -> str:
    for text in (heading, newsletter.subject, lines[0].text):
        title = " ".join(_DECORATION.sub("", _NUMBER.sub("", text)).split())
        if len(title) >= 3:
            return shortened(_calm(title))
    return newsletter.sender


def _calm(title: str) -> str:
    """Headings in capitals are shouting to a reader's eye; a title is not."""
    return title.capitalize() if title.isupper() and len(title.split()) > 1 else title


def shortened(title: str) -> str:
    """At a word's end."""
    if len(title) <= LONGEST_TITLE:
        return title
    return title[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"
