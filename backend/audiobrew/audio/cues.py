"""When each sentence of a clip is heard, by the voice's word times or else by the pauses in the sound."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from audiobrew.audio.clip import Cue
from audiobrew.audio.pcm import Interval
from audiobrew.audio.silence import starts_by_pauses
from audiobrew.audio.voice import Utterance, WordTime

# Seconds by which a word time may be earlier than the sound of the word.
WORD_TIME_TOLERANCE = 0.05


def sentence_cues(
    utterance: Utterance, words: Sequence[WordTime] | None, audible: Sequence[Interval]
) -> tuple[Cue, ...]:
    """One cue per sentence, in seconds of the sound.

    `audible` holds the intervals that are not silent, at least one. A sentence ends with the last sound
    before the next sentence begins.
    """
    starts = None if words is None else starts_by_words(utterance, words)
    if starts is None:
        starts = starts_by_pauses(utterance.sentences, audible)
    cues = []
    for start, following in pairwise([*starts, audible[-1].end]):
        ends = [
            min(interval.end, following)
            for interval in audible
            if interval.start < following - WORD_TIME_TOLERANCE
        ]
        cues.append(Cue(start, max(start, ends[-1] if ends else following)))
    return tuple(cues)


def starts_by_words(utterance: Utterance, words: Sequence[WordTime]) -> list[float] | None:
    """The start of each sentence's first word, or None if a sentence has no word time."""
    lengths = [len(sentence) + 1 for sentence in utterance.sentences]
    starts = []
    for begin, end in pairwise([0, *accumulate(lengths)]):
        times = [word.start for word in words if begin <= word.position < end]
        if not times:
            return None
        starts.append(min(times))
    return starts
