"""A model's sentences as a segment: each cites its points' blocks, and framing of ours stands between."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.framing import greeting, handover, signoff
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.openai.prompts import SaidSentence
from audiobrew.script.script import Kind, Segment, Sentence, Speaker
from audiobrew.script.sentences import sentences
from audiobrew.script.writer import Brief, Point, Rundown, Story, Style

ROOM = 1.1
"""A segment may be so much longer than its budget; what comes after is not told."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one newsletter has of a story, and its room there in characters. Nothing else is in its call."""

    story: int
    newsletter: str  # digest
    points: tuple[Point, ...]
    characters: int


def shares_of(rundown: Rundown, number: int) -> list[Share]:
    """A story's points by their newsletters, each with room by its length."""
    story = rundown.stories[number]
    whole = sum(len(point.text) for point in story.points) or 1
    shares = []
    for digest in dict.fromkeys(point.newsletter for point in story.points):
        own = tuple(point for point in story.points if point.newsletter == digest)
        part = sum(len(point.text) for point in own) / whole
        shares.append(Share(number, digest, own, round(story.characters * part)))
    return shares


def segment_of(
    rundown: Rundown,
    number: int,
    said: Mapping[Share, Sequence[SaidSentence]],
    newsletters: Sequence[Newsletter],
    brief: Brief,
) -> Segment:
    """Story `number` as a segment: opened, handed over to, told, and at the end of the show closed."""
    story = rundown.stories[number]
    names = {one.digest: spoken_name(one) for one in newsletters}
    turns = _Turns(brief, number)
    told = [
        sentence
        for share in shares_of(rundown, number)
        for sentence in _within(
            _sourced(share, said.get(share) or _as_found(share), turns), share.characters * ROOM
        )
    ]
    framed = [*_handed_over(story, told, names, number, turns)]
    if number == 0:
        framed.insert(0, greeting(brief.show, brief.day, story.language, turns.first))
    if number == len(rundown.stories) - 1:
        framed.append(signoff(brief.show, brief.day, story.language, turns.other))
    return Segment(story.title, story.language, tuple(framed))


class _Turns:
    """Who speaks. In a briefing a story is one host's, and the hosts take stories in turn."""

    def __init__(self, brief: Brief, number: int) -> None:
        both = [Speaker.FIRST, Speaker.SECOND if brief.hosts == 2 else Speaker.FIRST]
        self.first, self.other = both if number % 2 == 0 else both[::-1]
        self._talk = brief.style is Style.CONVERSATION

    def speaker(self, host: int) -> Speaker:
        return self.other if self._talk and host == 2 else self.first


def _as_found(share: Share) -> list[SaidSentence]:
    """What the model left out is told by its points: they are plain sentences, and checked."""
    return [
        SaidSentence(host=1, points=[number], text=point.text)
        for number, point in enumerate(share.points)
    ]


def _points(share: Share, said: SaidSentence) -> list[Point]:
    return [share.points[n] for n in said.points if 0 <= n < len(share.points)]


def _sourced(share: Share, said: Sequence[SaidSentence], turns: _Turns) -> Iterator[Sentence]:
    """Two sentences in one text are two, so that each is shown and checked alone."""
    for sentence in said:
        points = _points(share, sentence)
        cites = tuple(dict.fromkeys(block for point in points for block in point.blocks))
        for text in sentences(sentence.text):
            yield Sentence(text, turns.speaker(sentence.host), Kind.SOURCED, cites)


def _within(told: Iterator[Sentence], room: float) -> Iterator[Sentence]:
    used = 0
    for sentence in told:
        if used and used + len(sentence.text) > room:
            return
        used += len(sentence.text) + 1
        yield sentence


def _handed_over(
    story: Story, told: Sequence[Sentence], names: Mapping[str, str], number: int, turns: _Turns
) -> Iterator[Sentence]:
    """Each newsletter is named where it is first told from."""
    homes = {block: point.newsletter for point in story.points for block in point.blocks}
    named: list[str] = []
    for sentence in told:
        for digest in dict.fromkeys(homes[block] for block in sentence.cites if block in homes):
            if digest not in named:
                form = "too" if named else "next"
                speaker = sentence.speaker if named else turns.first
                yield handover(names[digest], story.language, speaker, number + len(named), form)
                named.append(digest)
        yield sentence
