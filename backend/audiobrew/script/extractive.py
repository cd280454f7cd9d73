"""The writer that needs no model: it reads out the newsletters' own sentences."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import anyio.to_thread

from audiobrew.mail.mail import MailSize
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.usage import CallOnce, Usage
from audiobrew.script.framing import greeting, handover, signoff, spoken_date
from audiobrew.script.items import Item, Line, items_of
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.nothing_to_tell import explain_nothing_to_tell
from audiobrew.script.running_order import pace, running_order
from audiobrew.script.salience import choose_lines
from audiobrew.script.script import Rejection, Segment, Sentence, Speaker
from audiobrew.script.writer import Brief, NothingToTell, Rundown, Story

# Sentences that one host says before the other takes over.
SENTENCES_PER_TURN = 3
# The share of a story's characters for the newsletters that tell the same story as the main one.
OTHERS_SHARE = 0.35
# Characters that every newsletter gets at least in a story: room for one sentence.
MIN_CHARACTERS = 140


class ExtractiveWriter:
    """Chooses stories and sentences by rules, and adds only framing."""

    name = "extractive-1"
    translates = False

    def forecast(self, mails: Sequence[MailSize], brief: Brief) -> list[Usage]:
        """See `Writer.forecast`."""
        return []

    async def plan(
        self, newsletters: Sequence[Newsletter], brief: Brief, once: CallOnce
    ) -> Rundown:
        """See `Writer.plan`."""
        return await anyio.to_thread.run_sync(build_rundown, tuple(newsletters), brief)

    async def write(
        self,
        rundown: Rundown,
        numbers: Sequence[int],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> list[Segment]:
        """See `Writer.write`."""
        return [
            await anyio.to_thread.run_sync(
                build_segment, rundown, number, tuple(newsletters), brief
            )
            for number in numbers
        ]

    async def reword(
        self,
        segment: Segment,
        rejections: Sequence[Rejection],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> Segment:
        """Return the segment unchanged: its sentences are the mails' own and cannot be improved."""
        return segment


def build_rundown(newsletters: Sequence[Newsletter], brief: Brief) -> Rundown:
    """Choose the stories and give each its budget of characters.

    Only whole sentences are chosen, so a story rarely uses its time exactly. The difference goes to the next
    story. Raises NothingToTell.
    """
    slots = running_order(newsletters, brief)
    if not slots:
        raise NothingToTell(explain_nothing_to_tell(newsletters))
    stories = []
    unused_seconds = 0.0
    for slot in slots:
        speed = pace(slot.language, brief)
        budget = round((slot.seconds + unused_seconds) * speed)
        lines = [
            line for _, item_lines in choose_story_lines(slot.items, budget) for line in item_lines
        ]
        unused_seconds += slot.seconds - sum(len(line.text) + 1 for line in lines) / speed
        if lines:
            blocks = (line.block for item in slot.items for line in item.lines)
            story = Story(
                id=hashlib.sha256("".join(line.block for line in lines).encode()).hexdigest()[:16],
                title=max(slot.items, key=lambda item: item.characters).title,
                language=slot.language,
                newsletters=tuple(item.newsletter.digest for item in slot.items),
                blocks=tuple(dict.fromkeys(blocks)),
                characters=budget,
            )
            stories.append(story)
    language = slots[0].language
    title = f"{brief.show}, {spoken_date(brief.day, language)}"
    empty = tuple(newsletter.digest for newsletter in newsletters if not items_of(newsletter))
    return Rundown(title, language, tuple(stories), empty)


def build_segment(
    rundown: Rundown, number: int, newsletters: Sequence[Newsletter], brief: Brief
) -> Segment:
    """Write story `number` (from 0) of the rundown: its framing and the lines of its newsletters."""
    story = rundown.stories[number]
    language = story.language
    parts = choose_story_lines(story_items(story, newsletters), story.characters)
    hosts = HostTurns(brief.hosts, number)
    sentences: list[Sentence] = []
    if number == 0:
        sentences.append(greeting(brief.show, brief.day, language, hosts.current))
    for position, (item, lines) in enumerate(part for part in parts if part[1]):
        form = "too" if position else "next"
        name = spoken_name(item.newsletter)
        sentences.append(handover(name, language, hosts.current, number + position, form))
        hosts.switch()
        sentences += assign_speakers(lines, hosts)
    if number == len(rundown.stories) - 1:
        hosts.switch()
        sentences.append(signoff(brief.show, brief.day, language, hosts.current))
    return Segment(story.title, language, tuple(sentences))


def choose_story_lines(items: Sequence[Item], budget: int) -> Iterator[tuple[Item, list[Line]]]:
    """Choose lines of the longest item, then lines of the others that add something new.

    `budget` is the number of characters for all items together.
    """
    main, *others = sorted(items, key=lambda item: -item.characters)
    share = max(round(budget * OTHERS_SHARE / len(others)), MIN_CHARACTERS) if others else 0
    main_lines = choose_lines(main, max(budget - share * len(others), MIN_CHARACTERS))
    yield main, main_lines
    previous_lines = list(main_lines)
    for other in others:
        lines = choose_lines(other, share, previous_lines)
        previous_lines += lines
        yield other, lines


def story_items(story: Story, newsletters: Sequence[Newsletter]) -> list[Item]:
    """The items that consist of the story's blocks, in the order of the story's newsletters."""
    blocks = set(story.blocks)
    by_digest = {newsletter.digest: newsletter for newsletter in newsletters}
    return [
        item
        for digest in story.newsletters
        for item in items_of(by_digest[digest])
        if {line.block for line in item.lines} <= blocks
    ]


def assign_speakers(lines: Sequence[Line], hosts: "HostTurns") -> Iterator[Sentence]:
    """Let the hosts take turns after a few sentences, if possible between paragraphs."""
    spoken_in_turn = 0
    for _, group in groupby(lines, key=lambda line: line.block):
        paragraph = list(group)
        if spoken_in_turn and spoken_in_turn + len(paragraph) > SENTENCES_PER_TURN:
            hosts.switch()
            spoken_in_turn = 0
        for line in paragraph:
            if spoken_in_turn >= SENTENCES_PER_TURN and not line.depends_on_previous:
                hosts.switch()
                spoken_in_turn = 0
            yield Sentence(line.text, hosts.current, cites=(line.block,))
            spoken_in_turn += 1


@dataclass(slots=True)
class HostTurns:
    """Who speaks now. With one host it is always the first."""

    count: int
    turn: int

    @property
    def current(self) -> Speaker:
        return Speaker.SECOND if self.count == 2 and self.turn % 2 else Speaker.FIRST

    def switch(self) -> None:
        self.turn += 1
