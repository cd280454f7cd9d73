"""Points that a model found and that its script does not tell: what fills an episode that is too short.

They are plain sentences of the story, so they can be told without another call.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from audiobrew.script.gate.overlap import overlap
from audiobrew.script.script import Kind, Script, Segment, Sentence
from audiobrew.script.sentence_filter import depends_on_previous
from audiobrew.script.writer import Point, Story

# A point is told if sentences with its sources have this share of its words.
MIN_TOLD = 0.5
# A sentence is not added if the episode would then be too long by more than this share of what it lacks.
MAX_EXCESS = 0.5

# The seconds that a sentence takes in a language.
SecondsOf = Callable[[Sentence, str], float]


@dataclass(frozen=True, slots=True)
class Addition:
    """A sentence that tells a point, and the place in its segment before which it belongs."""

    sentence: Sentence
    place: int


def add_untold_points(
    script: Script, stories: Sequence[Story], seconds: float, seconds_of: SecondsOf
) -> Script:
    """The script with untold points that take about as many seconds.

    They are added to as few stories as possible, because the clips of these are recorded anew. `stories` are
    those of the rundown, one for each segment.
    """
    segments = list(script.segments)
    lengths = {
        number: sum(seconds_of(one.sentence, segment.language) for one in additions(segment, story))
        for number, (segment, story) in enumerate(zip(segments, stories, strict=True))
    }
    for number in sorted(lengths, key=lambda number: -lengths[number]):
        texts = set[str]()
        while addition := next(
            (
                one
                for one in additions(segments[number], stories[number])
                if one.sentence.text not in texts
            ),
            None,
        ):
            texts.add(addition.sentence.text)
            length = seconds_of(addition.sentence, segments[number].language)
            if length * (1 - MAX_EXCESS) <= seconds:
                sentences = list(segments[number].sentences)
                sentences.insert(addition.place, addition.sentence)
                segments[number] = replace(segments[number], sentences=tuple(sentences))
                seconds -= length
    return replace(script, segments=tuple(segments))


def additions(segment: Segment, story: Story) -> Iterator[Addition]:
    """The untold points of a story that can be understood where they belong, in order."""
    for place, point in enumerate(story.points):
        is_dependent = depends_on_previous(point.text, segment.language)
        if is_dependent or is_told(point, segment.sentences):
            continue
        earlier = [one for one in story.points[:place] if one.newsletter == point.newsletter]
        if (before := place_after(segment, earlier)) is not None:
            speaker = segment.sentences[before - 1].speaker
            yield Addition(Sentence(point.text, speaker, cites=point.blocks), before)


def is_told(point: Point, sentences: Sequence[Sentence]) -> bool:
    texts = [one.text for one in sentences if not set(one.cites).isdisjoint(point.blocks)]
    return overlap(point.text, texts) >= MIN_TOLD


def place_after(segment: Segment, points: Sequence[Point]) -> int | None:
    """The place after the sentences that tell these points.

    None if nothing tells them, or if a sentence follows that depends on the one before it.
    """
    blocks = {block for point in points for block in point.blocks}
    places = [
        place
        for place, sentence in enumerate(segment.sentences)
        if sentence.kind is Kind.SOURCED and not blocks.isdisjoint(sentence.cites)
    ]
    if not places:
        return None
    place = places[-1] + 1
    following = segment.sentences[place] if place < len(segment.sentences) else None
    if following and following.cites and depends_on_previous(following.text, segment.language):
        return None
    return place
