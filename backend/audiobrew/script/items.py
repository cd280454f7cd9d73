"""A newsletter taken apart into items, and an item into sentences that can be told."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from audiobrew.inbox.newsletter import Block, BlockKind, Newsletter
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.sentences import sentences
from audiobrew.script.worth import commands_a_machine, points_back, worth_telling

# Of one newsletter's text that is considered: several times what the longest episode can tell. Considering
# all of a hostile one took a minute, and a server that was asked to stop waited for it.
MOST_CHARACTERS = 300_000
LEAST_CHARACTERS = 70
"""An item with less to tell is none."""
LONGEST_TITLE = 90
LEAST_TITLE_WORDS = 3
"""A heading of fewer («And finally») says nothing to who hears it."""
_NUMBER = re.compile(r"^\s*(?:\d{1,2}|[ivxIVX]{1,4})[.):]\s+")
_DECORATION = re.compile(r"^[^\w<\"“„«¿¡(\[]+|(?<![\s–—:|•·→»])[\s–—:|•·→»]++$|\s>++$")


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
    for place, (heading, blocks) in enumerate(_sections(_beginning(newsletter.told))):
        lines = _with_heading(heading, tuple(_lines(blocks, newsletter.language)))
        if sum(len(line.text) for line in lines) >= LEAST_CHARACTERS:
            title = _title(heading.text if heading else "", newsletter, lines)
            found.append(Item(title, newsletter, place, lines, newsletter.language))
    return tuple(found)


def _beginning(blocks: Iterable[Block]) -> Iterator[Block]:
    room = MOST_CHARACTERS
    for block in blocks:
        if room <= 0:
            return
        yield block
        room -= len(block.text)


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[Block | None, list[Block]]]:
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
                yield Line(told, (block.id,), place, points_back(told, language))
                place += 1


def _with_heading(heading: Block | None, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """«It is called Lantern»: what begins by pointing at its heading is told with it."""
    if heading is None or not lines or not lines[0].needs or commands_a_machine(heading.text):
        return lines
    title = _plain(heading.text)
    if len(title.split()) < LEAST_TITLE_WORDS or len(title) > LONGEST_TITLE:
        return lines
    said = title if title[-1] in ".!?…" else f"{title}."
    moved = (replace(line, place=line.place + 1) for line in lines)
    return (Line(said, (heading.id,), 0, needs=False), *moved)


def _title(heading: str, newsletter: Newsletter, lines: Sequence[Line]) -> str:
    for text in (heading, newsletter.subject, lines[0].text):
        title = _plain(text)
        if len(title) >= 3:
            return shortened(title)
    return spoken_name(newsletter)


def _plain(title: str) -> str:
    return _calm(" ".join(_DECORATION.sub("", _NUMBER.sub("", title)).split()))


def _calm(title: str) -> str:
    """Headings in capitals are shouting to a reader's eye; a title is not."""
    return title.capitalize() if title.isupper() and len(title.split()) > 1 else title


def shortened(title: str) -> str:
    """At a word's end."""
    if len(title) <= LONGEST_TITLE:
        return title
    return title[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"
