"""The rundown and the segments of the writer that needs no model."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.differences import add_differences
from audiobrew.script.earlier_episodes import EarlierSentence
from audiobrew.script.extractive_plan import plan_show
from audiobrew.script.first_person import is_told_by_author
from audiobrew.script.framing import Form, forms_of, greeting, introduction, pick_form, signoff
from audiobrew.script.host_name import other_host
from audiobrew.script.items import Item, items_of
from audiobrew.script.line import Line, LineKind
from audiobrew.script.memory import without_background
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.nothing_to_tell import explain_nothing_to_tell
from audiobrew.script.planned_story import heading_before
from audiobrew.script.relative_days import name_days
from audiobrew.script.script import Kind, Segment, Sentence, Speaker
from audiobrew.script.story_lines import choose_round_up_lines, choose_story_lines
from audiobrew.script.suspects import add_suspects, without_suspects
from audiobrew.script.writer import Brief, NothingToTell, Rundown, Story

# Sentences that one host says before the other takes over.
SENTENCES_PER_TURN = 3
# Who asks in interviews. The other one answers, and speaks for an author.
INTERVIEWER = Speaker.FIRST


def build_rundown(newsletters: Sequence[Newsletter], brief: Brief) -> Rundown:
    """Choose the stories and give each its budget of characters. Raises NothingToTell."""
    rundown = plan_show(without_suspects(newsletters), brief)
    if not rundown.stories and not rundown.repeated:
        raise NothingToTell(explain_nothing_to_tell(newsletters))
    return add_suspects(rundown, newsletters)


def build_segment(
    rundown: Rundown, number: int, newsletters: Sequence[Newsletter], brief: Brief
) -> Segment:
    """Write story `number` (from 0) of the rundown: its framing and the lines of its newsletters."""
    story = rundown.stories[number]
    language = story.language
    newsletters = without_suspects(newsletters)
    items = story_items(story, newsletters)
    selection = (
        choose_round_up_lines(items, story.characters)
        if story.round_up
        else choose_story_lines(items, story.characters, story.differences)
    )
    parts = [(item, lines) for item, lines in selection if lines]
    hosts = HostTurns(brief, number)
    sentences: list[Sentence] = []
    if number == 0:
        sentences += opening(rundown, brief, hosts)
    handovers = list(story.handovers)
    if story.round_up:
        sentences += handover(handovers.pop(0), hosts)
    if len(handovers) != len(parts):
        # The newsletters were changed meanwhile.
        names = [spoken_name(item.newsletter) for item, _ in parts]
        handovers = [pick_form(language, Form.NEXT, 0).format(newsletter=name) for name in names]
    earlier = story.update
    for text, (item, lines) in zip(handovers, parts, strict=True):
        hosts.lead_over()
        sentences += handover(text, hosts, earlier)
        earlier = None
        hosts.switch()
        if is_interview(lines) or has_guest(item):
            hosts.give_to(hosts.interviewer)
        elif is_told_by_author(item):
            hosts.give_to(hosts.guest)
        if heading := heading_before(item, lines, text):
            sentences.append(Sentence(heading.text, hosts.current, cites=heading.blocks))
        sentences += assign_speakers(item, name_days_of(item, lines, brief), hosts)
    spoken_names = {newsletter.digest: spoken_name(newsletter) for newsletter in newsletters}
    sentences = add_differences(sentences, story, spoken_names)
    if number == len(rundown.stories) - 1:
        if not (parts and (is_interview(parts[-1][1]) or has_guest(parts[-1][0]))):
            hosts.switch()
        hosts.lead_over()
        sentences.append(signoff(brief.show, brief.day, language, hosts.current))
    return Segment(story.title, language, tuple(sentences))


def name_days_of(item: Item, lines: Sequence[Line], brief: Brief) -> list[Line]:
    """The lines with days that are still right when the episode is heard."""
    return [
        replace(
            line, text=name_days(line.text, item.newsletter.received_at, brief.day, item.language)
        )
        for line in lines
    ]


def handover(
    text: str, hosts: "HostTurns", earlier: EarlierSentence | None = None
) -> list[Sentence]:
    """The hand-over of the plan; none if it has no words. `earlier`: see `Sentence`."""
    return [Sentence(text, hosts.current, Kind.HANDOVER, earlier=earlier)] if text else []


def opening(rundown: Rundown, brief: Brief, hosts: "HostTurns") -> Iterator[Sentence]:
    """The greeting, and the headlines of the episode."""
    yield greeting(brief.show, brief.day, rundown.language, hosts.current)
    yield from introduction(brief.spoken_names, brief.day, rundown.language, hosts.current)
    if rundown.teaser:
        text = pick_form(rundown.language, Form.TEASER, brief.day.toordinal())
        yield Sentence(text, hosts.current, Kind.HANDOVER)
        hosts.switch()
        for point in rundown.teaser:
            yield Sentence(point.text, hosts.current, cites=point.blocks)
        hosts.switch()


def story_items(story: Story, newsletters: Sequence[Newsletter]) -> list[Item]:
    """The items that consist of the story's blocks, in the order of the story's newsletters.

    Of two items with the same text, it is the one that was planned.
    """
    blocks = set(story.blocks)
    by_digest = {newsletter.digest: newsletter for newsletter in newsletters}
    items = []
    for number, digest in enumerate(story.newsletters):
        new_items = (
            without_background(item, story.background) for item in items_of(by_digest[digest])
        )
        candidates = [
            item
            for item in new_items
            if item.lines and {block for line in item.lines for block in line.blocks} <= blocks
        ]
        as_planned = [
            item for item in candidates if (item.place,) == story.places[number : number + 1]
        ]
        items += as_planned or candidates
    return items


def assign_speakers(item: Item, lines: Sequence[Line], hosts: "HostTurns") -> Iterator[Sentence]:
    """Let the hosts take turns after a few sentences, if possible between paragraphs.

    In an interview, one host asks and the other answers. What an author tells as "I" stays with one host,
    who is the same in all parts of the newsletter.
    """
    if is_interview(lines):
        yield from assign_interview(item, lines, hosts)
        return
    if has_guest(item):
        hosts.give_to(hosts.interviewer)
    if is_told_by_author(item) or has_guest(item):
        for line in lines:
            speaker = hosts.current if has_guest(item) else hosts.speaker_of(line)
            yield from say(item, lines, line, speaker)
        return
    in_turn = 0
    previous: Line | None = None
    for _, group in groupby(lines, key=lambda line: line.block):
        paragraph = list(group)
        if in_turn and in_turn + len(paragraph) > SENTENCES_PER_TURN and stands_alone(paragraph[0]):
            hosts.take_turns()
            in_turn = 0
        for line in paragraph:
            if previous and is_turn(previous, line, in_turn):
                hosts.take_turns()
                in_turn = 0
            yield from say(item, lines, line, hosts.speaker_of(line))
            in_turn += 1
            previous = line


def is_interview(lines: Sequence[Line]) -> bool:
    return any(line.kind in (LineKind.QUESTION, LineKind.ANSWER) for line in lines)


@lru_cache(maxsize=256)
def has_guest(item: Item) -> bool:
    """Whether the newsletter of an item has an interview: the guest's voice tells nothing else in it."""
    return any(is_interview(one.lines) for one in items_of(item.newsletter))


def assign_interview(item: Item, lines: Sequence[Line], hosts: "HostTurns") -> Iterator[Sentence]:
    """Let one host ask and tell what surrounds the interview, and the other one answer.

    They are the same in every interview and in every part of one.
    """
    for line in lines:
        hosts.give_to(hosts.guest if line.kind is LineKind.ANSWER else hosts.interviewer)
        yield from say(item, lines, line, hosts.current)
    hosts.give_to(hosts.interviewer)


def say(item: Item, lines: Sequence[Line], line: Line, speaker: Speaker) -> Iterator[Sentence]:
    """A line as a sentence, and after the end of a list that is not told to its end, how much is left."""
    if line.kind is LineKind.CODE:
        yield Sentence(line.text, speaker, Kind.HANDOVER)
    else:
        yield Sentence(line.text, speaker, cites=line.blocks)
    if count := remaining_entries(item, lines, line):
        forms = forms_of(item.language, Form.REMAINDER)
        if forms:
            text = forms[line.place % len(forms)].format(count=count)
            yield Sentence(text, speaker, Kind.HANDOVER)


def stands_alone(line: Line) -> bool:
    """Whether another host may begin with a line."""
    return not line.depends_on_previous and line.kind is LineKind.SENTENCE


def is_turn(previous: Line, line: Line, in_turn: int) -> bool:
    """Whether the other host says this line."""
    return in_turn >= SENTENCES_PER_TURN and stands_alone(line) and not previous.awaits_next


def remaining_entries(item: Item, lines: Sequence[Line], line: Line) -> int:
    """After the last chosen line of a list: how many of its entries are not told.

    Of a table, some never are.
    """
    series = line.series
    if series is None or series.is_table:
        return 0
    selection = [one for one in lines if one.series == series]
    return series.entries - sum(one.entries for one in selection) if line is selection[-1] else 0


class HostTurns:
    """Who speaks now. With one host it is always the first.

    Hosts take turns, unless their roles say who leads through the show and who tells the stories.
    """

    def __init__(self, brief: Brief, turn: int) -> None:
        self.asker = brief.asker
        self.interviewer = brief.asker or INTERVIEWER
        self.guest = other_host(self.interviewer)
        self._is_alone = brief.hosts == 1
        self._turn = turn
        self.lead_over()

    @property
    def current(self) -> Speaker:
        return Speaker.SECOND if self._turn % 2 and not self._is_alone else Speaker.FIRST

    def speaker_of(self, line: Line) -> Speaker:
        """Who says a line: what a reader writes is read by the host who does not reply."""
        if line.kind is LineKind.LETTER and not self._is_alone:
            return other_host(self.current)
        return self.current

    def switch(self) -> None:
        self._turn += 1

    def take_turns(self) -> None:
        """Let the other host go on within a story, if both tell it."""
        if self.asker is None:
            self.switch()

    def lead_over(self) -> None:
        """Let the host speak next who leads through the show, if one does."""
        if self.asker:
            self.give_to(self.asker)

    def give_to(self, speaker: Speaker) -> None:
        """Let this host speak next."""
        self._turn = int(speaker is Speaker.SECOND)
