"""Builds a segment from a model's sentences: adds citations, speakers and framing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.differences import add_differences
from audiobrew.script.framing import greeting, handover, introduction, signoff
from audiobrew.script.gate.claims import claims_in
from audiobrew.script.gate.gate import Sources
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.openai.prompts import SaidSentence
from audiobrew.script.script import Kind, Segment, Sentence, Speaker
from audiobrew.script.sentences import sentences
from audiobrew.script.updates import introduce_update
from audiobrew.script.writer import Brief, Point, Rundown, ShowStyle

# A newsletter's part may exceed its budget by this factor; the sentences after that are dropped.
BUDGET_TOLERANCE = 1.1


@dataclass(frozen=True, slots=True)
class Share:
    """The points of one newsletter in a story, and their budget in characters."""

    story: int
    newsletter: str  # digest
    points: tuple[Point, ...]
    characters: int


def shares_of(rundown: Rundown, number: int) -> list[Share]:
    """Divide story `number` by newsletter. The budget is divided by the length of the points."""
    story = rundown.stories[number]
    total = sum(len(point.text) for point in story.points) or 1
    shares = []
    for digest in dict.fromkeys(point.newsletter for point in story.points):
        points = tuple(point for point in story.points if point.newsletter == digest)
        part = sum(len(point.text) for point in points) / total
        shares.append(Share(number, digest, points, round(story.characters * part)))
    return shares


def build_segment(
    rundown: Rundown,
    number: int,
    answers: Mapping[Share, Sequence[SaidSentence]],
    newsletters: Sequence[Newsletter],
    brief: Brief,
) -> Segment:
    """Story `number` as a segment, with the greeting or the sign-off if it is the first or the last.

    If the model left out a share, its points are used instead: they are plain sentences that passed the gate.
    """
    story = rundown.stories[number]
    names = {newsletter.digest: spoken_name(newsletter) for newsletter in newsletters}
    hosts = StoryHosts(brief, brief.teller or story.lead or Speaker.FIRST)
    result: list[Sentence] = []
    shares = shares_of(rundown, number)
    handovers = list(story.handovers)
    if len(handovers) != len(shares):
        # The rundown is from before the plan worded the hand-overs.
        handovers = [
            handover(names[share.newsletter], story.language, hosts.leading, number + place).text
            for place, share in enumerate(shares)
        ]
    for place, share in enumerate(shares):
        answer = answers.get(share) or [
            SaidSentence(host=hosts.lead_number, points=[point], text=one.text, spare=False)
            for point, one in enumerate(share.points)
        ]
        if handovers[place]:
            result.append(Sentence(handovers[place], hosts.leading, Kind.HANDOVER))
        lines = list(sentences_with_sources(share, answer, hosts))
        result += trim(lines, share.characters * BUDGET_TOLERANCE, story.language)
    if shares and story.update:
        name, sources = names[shares[0].newsletter], Sources.of(newsletters, brief)
        result[0] = introduce_update(result[0], result, story, name, number, sources)
    result = add_differences(result, story, names)
    if story.bridge:
        result.insert(0, Sentence(story.bridge, hosts.other, Kind.LINK))
    if story.call_back:
        result.append(Sentence(story.call_back, hosts.other, Kind.LINK))
    if number == 0:
        result = [*opening(rundown, brief, hosts), *result]
    if number == len(rundown.stories) - 1:
        result.append(signoff(brief.show, brief.day, story.language, hosts.other))
    return Segment(story.title, story.language, tuple(result))


def opening(rundown: Rundown, brief: Brief, hosts: "StoryHosts") -> Iterator[Sentence]:
    """The cold open, the greeting and the teaser."""
    if point := rundown.cold_open:
        yield Sentence(point.text, hosts.first, cites=point.blocks)
    yield greeting(brief.show, brief.day, rundown.language, hosts.leading)
    yield from introduction(brief.spoken_names, brief.day, rundown.language, hosts.leading)
    for place, point in enumerate(rundown.teaser):
        speaker = hosts.other if place % 2 == 0 and not brief.teller else hosts.first
        yield Sentence(point.text, speaker, cites=point.blocks)


class StoryHosts:
    """Who speaks in a story: the host who tells it, and the other one, who is the same with one host.

    In a briefing, and if the hosts have roles, the first of them says all sourced sentences. `leading` is
    who leads over to the story.
    """

    def __init__(self, brief: Brief, lead: Speaker) -> None:
        self.first = self.other = lead
        if brief.hosts == 2:
            self.other = Speaker.FIRST if lead is Speaker.SECOND else Speaker.SECOND
        self.leading = brief.asker or lead
        self._tells_alone = brief.style is ShowStyle.BRIEFING or brief.teller is not None

    @property
    def lead_number(self) -> Literal[1, 2]:
        return 2 if self.first is Speaker.SECOND else 1

    def speaker(self, host: int, *, link: bool) -> Speaker:
        """The speaker for the number (1 or 2) that the model gives a host."""
        if self._tells_alone and not link:
            return self.first
        return self.first if host == self.lead_number else self.other


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A sentence of the model, and whether it can be left out."""

    sentence: Sentence
    spare: bool

    def is_empty(self, language: str) -> bool:
        """Whether it has a source and states no fact of it. A link never states one."""
        return bool(self.sentence.cites) and not claims_in(self.sentence.text, language).has_facts


def sentences_with_sources(
    share: Share, answer: Sequence[SaidSentence], hosts: StoryHosts
) -> Iterator[SaidLine]:
    """The answer's sentences with the blocks of their points; those without points are links.

    A text of two sentences becomes two, so that each is shown and checked by itself.
    """
    for item in answer:
        points = [share.points[n] for n in item.points if 0 <= n < len(share.points)]
        cites = tuple(dict.fromkeys(block for point in points for block in point.blocks))
        link = not item.points
        for text in sentences(item.text):
            speaker = hosts.speaker(item.host, link=link)
            kind = Kind.LINK if link else Kind.SOURCED
            yield SaidLine(Sentence(text, speaker, kind, cites), item.spare)


def trim(lines: Sequence[SaidLine], limit: float, language: str) -> list[Sentence]:
    """The sentences without as many as exceed `limit` characters.

    Those without a fact are left out first, then those marked as spare, then others before the end. The first
    sentence and the last one stay; so a story ends as it was written.
    """
    rest = list(lines)
    used = sum(len(line.sentence.text) + 1 for line in rest)
    while used > limit and len(rest) > 2:
        middle = rest[1:-1]
        without_facts = [line for line in middle if line.is_empty(language)]
        spare = [line for line in without_facts or middle if line.spare] or without_facts or middle
        rest.remove(spare[-1])
        used -= len(spare[-1].sentence.text) + 1
    return [line.sentence for line in rest]
