"""Which sentences a script that is too long can do without."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from audiobrew.episode.script_store import StoredScript, StoredSegment
from audiobrew.script.script import Kind
from audiobrew.script.sentence_filter import depends_on_previous

QUESTION_MARKS = ("?", "？", "؟")


def choose_spare_sentences(
    script: StoredScript, lengths: Mapping[int, float], excess: float, tolerance: float
) -> list[int]:
    """The numbers of sentences to leave out, so that what is left is `excess` seconds shorter.

    Both more and less by `tolerance` is fine. Sentences come from the longest story, each time the last one
    that the others can do without; if all are too long, the shortest, if it helps. `lengths`: seconds, by the
    number of the sentence.
    """
    segments = list(script.segments)
    left_out: list[int] = []
    while excess > tolerance:
        segments.sort(key=lambda segment: -_seconds(segment, lengths))
        spare = [
            (place, number)
            for place, segment in enumerate(segments)
            for number in reversed(list(_spare_numbers(segment)))
            if lengths.get(number, 0.0) > 0
        ]
        fitting = [one for one in spare if lengths[one[1]] <= excess + tolerance]
        closest = min(spare, key=lambda one: lengths[one[1]], default=None)
        choice = fitting[0] if fitting else closest
        if choice is None or lengths[choice[1]] >= 2 * excess:
            break
        place, number = choice
        segments[place] = _without(segments[place], number)
        excess -= lengths[number]
        left_out.append(number)
    return left_out


def _seconds(segment: StoredSegment, lengths: Mapping[int, float]) -> float:
    return sum(lengths.get(stored.number, 0.0) for stored in segment.sentences)


def _spare_numbers(segment: StoredSegment) -> Iterator[int]:
    """The sentences after the first sourced one whose neighbours can be understood without them.

    What the listener wrote or restored is not spare.
    """
    sentences = segment.sentences
    sourced = [place for place, one in enumerate(sentences) if one.sentence.kind is Kind.SOURCED]
    for place in sourced[1:]:
        before = sentences[place - 1].sentence
        after = sentences[place + 1].sentence if place + 1 < len(sentences) else None
        is_needed = (
            sentences[place].is_kept
            or before.text.endswith(QUESTION_MARKS)
            or (before.kind is not Kind.SOURCED)
            or (after and after.kind in (Kind.LINK, Kind.DIFFERENCE))
            or (
                after
                and after.kind is Kind.SOURCED
                and depends_on_previous(after.text, segment.language)
            )
        )
        if not is_needed:
            yield sentences[place].number


def _without(segment: StoredSegment, number: int) -> StoredSegment:
    sentences = tuple(stored for stored in segment.sentences if stored.number != number)
    return replace(segment, sentences=sentences)
