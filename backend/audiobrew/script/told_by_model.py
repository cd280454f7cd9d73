"""A model's sentences as a segment: each cites its points' blocks, and framing of ours stands between."""

from collections.abc import Iterator, Mapping, Sequence

from audiobrew.inbox.newsletter import Newsletter
from audiobrew.script.asking import SaidSentence
from audiobrew.script.framing import greeting, handover, signoff
from audiobrew.script.likeness import slipped_in
from audiobrew.script.script import Kind, Segment, Sentence, Speaker
from audiobrew.script.sentences import sentences
from audiobrew.script.writer import Brief, Point, Rundown, Story, Style

ROOM = 1.1
"""A segment may be so much longer than its budget; what comes after is not told."""


def segment_of(
    rundown: Rundown,
    number: int,
    said: Sequence[SaidSentence],
    newsletters: Sequence[Newsletter],
    brief: Brief,
    beside: Sequence[Story] = (),
) -> Segment:
    """Story `number` as a segment: opened, handed over to, told, and at the end of the show closed.

    `beside` are the other stories of the same call.
    """
    story = rundown.stories[number]
    names = {one.digest: one.sender for one in newsletters}
    turns = _Turns(brief, number)
    own = _own(story, said, beside) or _as_found(story)
    told = list(_within(_sourced(story, own, turns), story.characters * ROOM))
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


def _own(story: Story, said: Sequence[SaidSentence], beside: Sequence[Story]) -> list[SaidSentence]:
    """Without what is rather of another story: a mail may have ordered it to be said everywhere."""
    others = [point.text for one in beside for point in one.points]

    def slipped(one: SaidSentence) -> bool:
        own = [point.text for point in _points(story, one)]
        return bool(own and others) and slipped_in(one.text, own, others)

    return [one for one in said if not slipped(one)]


def _as_found(story: Story) -> list[SaidSentence]:
    """A story that the model left out is told by its points: they are plain sentences, and checked."""
    return [
        SaidSentence(host=1, points=[number], text=point.text)
        for number, point in enumerate(story.points)
    ]


def _points(story: Story, said: SaidSentence) -> list[Point]:
    return [story.points[n] for n in said.points if 0 <= n < len(story.points)]


def _sourced(story: Story, said: Sequence[SaidSentence], turns: _Turns) -> Iterator[Sentence]:
    """Two sentences in one text are two, so that each is shown and checked alone."""
    for sentence in said:
        points = _points(story, sentence)
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
