"""The writer that needs no model: newsletters told in their own sentences."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import anyio.to_thread

from audiobrew.mail.mail import MailSize
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.usage import Once, Use
from audiobrew.script.framing import greeting, handover, signoff, spoken_date
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.running_order import Slot, pace, running_order
from audiobrew.script.salience import choose_lines
from audiobrew.script.script import Rejection, Segment, Sentence, Speaker
from audiobrew.script.story import Item, Line, items_of
from audiobrew.script.writer import Brief, NothingToTell, Rundown, Story

SENTENCES_A_TURN = 3
MORE_FROM_OTHERS = 0.35
"""The part of a story's time that goes to newsletters which tell the same."""
ONE_SENTENCE = 140
"""Characters: the room that each telling of a story gets at least."""


class ExtractiveWriter:
    """Chooses stories and sentences by rules, and adds nothing but framing."""

    name = "extractive-1"
    translates = False

    def forecast(self, mails: Sequence[MailSize], brief: Brief) -> list[Use]:
        """See `Writer.forecast`."""
        return []

    async def plan(self, newsletters: Sequence[Newsletter], brief: Brief, once: Once) -> Rundown:
        """See `Writer.plan`."""
        return await anyio.to_thread.run_sync(_planned, tuple(newsletters), brief)

    async def write(
        self,
        rundown: Rundown,
        numbers: Sequence[int],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: Once,
    ) -> list[Segment]:
        """See `Writer.write`."""
        told = tuple(newsletters)
        return [
            await anyio.to_thread.run_sync(_written, rundown, number, told, brief)
            for number in numbers
        ]

    async def mend(
        self,
        segment: Segment,
        wrong: Sequence[Rejection],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: Once,
    ) -> Segment:
        """See `Writer.mend`. Its sentences are the mails' own, so there is nothing to say better."""
        return segment


def _planned(newsletters: Sequence[Newsletter], brief: Brief) -> Rundown:
    slots = running_order(newsletters, brief)
    if not slots:
        raise NothingToTell
    language = slots[0].language
    title = f"{brief.show}, {spoken_date(brief.day, language)}"
    empty = tuple(one.digest for one in newsletters if not items_of(one))
    return Rundown(title, language, tuple(_budgeted(slots, brief)), empty)


def _budgeted(slots: Sequence[Slot], brief: Brief) -> Iterator[Story]:
    """What whole sentences leave over, or take too much, goes to the next story."""
    over = 0.0
    for slot in slots:
        speed = pace(slot.language, brief)
        room = round((slot.seconds + over) * speed)
        told = [line for _, lines in _told(slot.items, room) for line in lines]
        over += slot.seconds - sum(len(line.text) + 1 for line in told) / speed
        if told:
            yield Story(
                id=hashlib.sha256("".join(line.block for line in told).encode()).hexdigest()[:16],
                title=max(slot.items, key=lambda item: item.characters).title,
                language=slot.language,
                newsletters=tuple(item.newsletter.digest for item in slot.items),
                blocks=tuple(
                    dict.fromkeys(line.block for item in slot.items for line in item.lines)
                ),
                characters=room,
            )


def _told(items: Sequence[Item], room: int) -> Iterator[tuple[Item, list[Line]]]:
    """The lines of the fullest telling, then what the others have that it has not."""
    first, *others = sorted(items, key=lambda item: -item.characters)
    share = max(round(room * MORE_FROM_OTHERS / len(others)), ONE_SENTENCE) if others else 0
    main = choose_lines(first, max(room - share * len(others), ONE_SENTENCE))
    yield first, main
    said = list(main)
    for other in others:
        more = choose_lines(other, share, said)
        said += more
        yield other, more


def _written(
    rundown: Rundown, number: int, newsletters: Sequence[Newsletter], brief: Brief
) -> Segment:
    story = rundown.stories[number]
    parts = [part for part in _told(_items(story, newsletters), story.characters) if part[1]]
    hosts = _Hosts(brief.hosts, number)
    said: list[Sentence] = []
    if number == 0:
        said.append(greeting(brief.show, brief.day, story.language, hosts.now))
    for place, (item, lines) in enumerate(parts):
        form = "too" if place else "next"
        said.append(
            handover(spoken_name(item.newsletter), story.language, hosts.now, number + place, form)
        )
        hosts.change()
        said += _spoken(lines, hosts)
    if number == len(rundown.stories) - 1:
        hosts.change()
        said.append(signoff(brief.show, brief.day, story.language, hosts.now))
    return Segment(story.title, story.language, tuple(said))


def _items(story: Story, newsletters: Sequence[Newsletter]) -> list[Item]:
    """The items that hold the story's blocks, one of each newsletter."""
    wanted = set(story.blocks)
    known = {newsletter.digest: newsletter for newsletter in newsletters}
    return [
        item
        for digest in story.newsletters
        for item in items_of(known[digest])
        if {line.block for line in item.lines} <= wanted
    ]


def _spoken(lines: Sequence[Line], hosts: "_Hosts") -> Iterator[Sentence]:
    """A host says a few sentences; a paragraph is not torn apart for less."""
    in_turn = 0
    for _, paragraph in groupby(lines, key=lambda line: line.block):
        together = list(paragraph)
        if in_turn and in_turn + len(together) > SENTENCES_A_TURN:
            hosts.change()
            in_turn = 0
        for line in together:
            if in_turn >= SENTENCES_A_TURN and not line.depends_on_previous:
                hosts.change()
                in_turn = 0
            yield Sentence(line.text, hosts.now, cites=(line.block,))
            in_turn += 1


@dataclass(slots=True)
class _Hosts:
    """Who speaks; with one host it is always the first."""

    count: int
    turns: int

    @property
    def now(self) -> Speaker:
        return Speaker.SECOND if self.count == 2 and self.turns % 2 else Speaker.FIRST

    def change(self) -> None:
        self.turns += 1
