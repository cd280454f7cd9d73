"""When each sentence of a clip is heard: by the voice's word times, else by the pauses in its sound."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from audiobrew.audio.clip import Cue
from audiobrew.audio.pcm import Interval
from audiobrew.audio.silence import starts_by_pauses
from audiobrew.audio.voice import Utterance, WordTime

NEARLY = 0.05
"""Seconds by which a word time may miss the sound it means."""


def sentence_cues(
    utterance: Utterance, words: Sequence[WordTime] | None, heard: Sequence[Interval]
) -> tuple[Cue, ...]:
    """One cue a sentence, in seconds of the sound. `heard`: where it sounds, at least one stretch."""
    starts = None if words is None else _starts_by_words(utterance, words)
    if starts is None:
        starts = starts_by_pauses(utterance.sentences, heard)
    return tuple(_ended(starts, heard))


def _ended(starts: Sequence[float], heard: Sequence[Interval]) -> Iterator[Cue]:
    """A sentence ends with the last sound before the next one begins."""
    for start, following in pairwise([*starts, heard[-1].end]):
        before = following - NEARLY
        sounding = [min(part.end, following) for part in heard if part.start < before]
        yield Cue(start, max(start, sounding[-1] if sounding else following))


def _starts_by_words(utterance: Utterance, words: Sequence[WordTime]) -> list[float] | None:
    """The first word of each sentence; None when one of them has no word time."""
    lengths = [len(sentence) + 1 for sentence in utterance.sentences]
    starts = []
    for begin, end in pairwise([0, *accumulate(lengths)]):
        times = [word.start for word in words if begin <= word.position < end]
        if not times:
            return None
        starts.append(min(times))
    return starts
