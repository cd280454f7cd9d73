"""When each sentence of a clip is heard: by the voice's word times, else by the pauses in its sound."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, combinations, pairwise

from audiobrew.audio.clip import Cue
from audiobrew.audio.pcm import Stretch
from audiobrew.audio.voice import Utterance, WordTime

SHORTEST_PAUSE = 0.06
"""Seconds. Below it, it is a consonant, not a pause."""
NEARLY = 0.05
"""Seconds by which a word time may miss the sound it means."""
MOST_PAUSES = 14
"""The longest are looked at; the others are inside of sentences."""
PAUSE_COUNTS = 4.0
"""How much the length of a pause counts against the length of a sentence. Fitted on English and German."""


def sentence_cues(
    utterance: Utterance, words: Sequence[WordTime] | None, heard: Sequence[Stretch]
) -> tuple[Cue, ...]:
    """One cue a sentence, in seconds of the sound. `heard`: where it sounds, at least one stretch."""
    starts = None if words is None else _starts_by_words(utterance, words)
    if starts is None:
        starts = _starts_by_pauses(utterance.sentences, heard)
    return tuple(_ended(starts, heard))


def _ended(starts: Sequence[float], heard: Sequence[Stretch]) -> Iterator[Cue]:
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


def _starts_by_pauses(sentences: Sequence[str], heard: Sequence[Stretch]) -> list[float]:
    shares = _shares(sentences)
    pauses = _pauses(heard)
    needed = len(sentences) - 1
    if len(pauses) < needed:
        return [_moment(share, heard) for share in [0.0, *shares[:-1]]]
    best = min(
        combinations(pauses, needed), key=lambda chosen: _misfit(chosen, shares, pauses, heard)
    )
    return [heard[0].start, *(pause.end for pause in best)]


def _pauses(heard: Sequence[Stretch]) -> list[Stretch]:
    between = [Stretch(one.end, other.start) for one, other in pairwise(heard)]
    long = [pause for pause in between if pause.seconds >= SHORTEST_PAUSE]
    longest = sorted(long, key=lambda pause: pause.seconds, reverse=True)[:MOST_PAUSES]
    return sorted(longest, key=lambda pause: pause.start)


def _shares(sentences: Sequence[str]) -> list[float]:
    """The share of the sound that is over when each sentence ends, judged by its letters."""
    weights = [sum(map(_weight, sentence)) or 1.0 for sentence in sentences]
    return [part / sum(weights) for part in accumulate(weights)]


def _weight(character: str) -> float:
    if character.isdigit():
        return 4.0
    return 1.0 if character.isalpha() else 0.2


def _moment(share: float, heard: Sequence[Stretch]) -> float:
    """When that share of what sounds has been heard."""
    left = share * sum(part.seconds for part in heard)
    for part in heard:
        if left < part.seconds:
            return part.start + left
        left -= part.seconds
    return heard[-1].end


def _misfit(
    chosen: Sequence[Stretch],
    shares: Sequence[float],
    pauses: Sequence[Stretch],
    heard: Sequence[Stretch],
) -> float:
    """How badly these pauses fit as the ends of the sentences: by place, and by being short."""
    longest = max((pause.seconds for pause in pauses), default=1.0)
    total = heard[-1].end - heard[0].start
    places = sum(
        ((_moment(share, heard) - (pause.start + pause.end) / 2) / total) ** 2
        for pause, share in zip(chosen, shares, strict=False)
    )
    short = sum((1 - pause.seconds / longest) ** 2 for pause in chosen)
    return places * 100 + PAUSE_COUNTS * short
