"""Builds a segment from a model's sentences: adds citations, speakers and framing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.framing import greeting, handover, signoff
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.openai.prompts import SaidSentence
from audiobrew.script.script import Kind, Segment, Sentence, Speaker
from audiobrew.script.sentences import sentences
from audiobrew.script.writer import Brief, Point, Rundown, Story, Style

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
    hosts = StoryHosts(brief, number)
    sourced: list[Sentence] = []
    for share in shares_of(rundown, number):
        answer = answers.get(share) or [
            SaidSentence(host=1, points=[place], text=point.text)
            for place, point in enumerate(share.points)
        ]
        limit = share.characters * BUDGET_TOLERANCE
        sourced += trim(sentences_with_sources(share, answer, hosts), limit)
    result = list(add_handovers(story, sourced, names, number, hosts))
    if number == 0:
        result.insert(0, greeting(brief.show, brief.day, story.language, hosts.first))
    if number == len(rundown.stories) - 1:
        result.append(signoff(brief.show, brief.day, story.language, hosts.other))
    return Segment(story.title, story.language, tuple(result))


class StoryHosts:
    """Who speaks in a story. In a briefing one host tells the whole story, and the hosts take turns."""

    def __init__(self, brief: Brief, number: int) -> None:
        both = [Speaker.FIRST, Speaker.SECOND if brief.hosts == 2 else Speaker.FIRST]
        self.first, self.other = both if number % 2 == 0 else both[::-1]
        self._conversation = brief.style is Style.CONVERSATION

    def speaker(self, host: int) -> Speaker:
        """The speaker for the number (1 or 2) that the model gives a host."""
        return self.other if self._conversation and host == 2 else self.first


def sentences_with_sources(
    share: Share, answer: Sequence[SaidSentence], hosts: StoryHosts
) -> Iterator[Sentence]:
    """The answer's sentences with the blocks of their points.

    A text of two sentences becomes two, so that each is shown and checked by itself.
    """
    for item in answer:
        points = [share.points[n] for n in item.points if 0 <= n < len(share.points)]
        cites = tuple(dict.fromkeys(block for point in points for block in point.blocks))
        for text in sentences(item.text):
            yield Sentence(text, hosts.speaker(item.host), Kind.SOURCED, cites)


def trim(candidates: Iterator[Sentence], limit: float) -> Iterator[Sentence]:
    """Sentences up to `limit` characters, but at least one."""
    used = 0
    for sentence in candidates:
        if used and used + len(sentence.text) > limit:
            return
        used += len(sentence.text) + 1
        yield sentence


def add_handovers(
    story: Story,
    sourced: Sequence[Sentence],
    names: Mapping[str, str],
    number: int,
    hosts: StoryHosts,
) -> Iterator[Sentence]:
    """Put a hand-over before the first sentence of each newsletter."""
    newsletters = {block: point.newsletter for point in story.points for block in point.blocks}
    introduced: list[str] = []
    for sentence in sourced:
        cited = [newsletters[block] for block in sentence.cites if block in newsletters]
        for digest in dict.fromkeys(cited):
            if digest not in introduced:
                form = "too" if introduced else "next"
                speaker = sentence.speaker if introduced else hosts.first
                turn = number + len(introduced)
                yield handover(names[digest], story.language, speaker, turn, form)
                introduced.append(digest)
        yield sentence
