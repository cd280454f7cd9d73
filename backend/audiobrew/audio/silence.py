"""Finds the pauses at which sentences end, for voices that do not report the times of words.

The text is divided into clauses, at every mark where a speaker may pause. Clauses are assigned to stretches
of sound so that each lasts about as long as its letters suggest, every sentence ends at a pause, and few long
pauses have no mark. The assignment with the lowest cost is found by dynamic programming.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from audiobrew.audio.pcm import Interval

CLAUSE = re.compile(r"[^,;:.!?…–—、，；：。！？।]+[^\w]*|[^\w]+")
# Seconds. A shorter silence is a consonant, not a pause.
MIN_PAUSE = 0.05
# Only the longest pauses are considered: more than an utterance has clauses.
MAX_PAUSES = 40
# Letters that a digit counts as, and other characters that are not letters.
DIGIT_WEIGHT, SYMBOL_WEIGHT = 4.0, 0.2
MIN_CLAUSE_WEIGHT = 0.5
# The costs below are fitted on English and German sentences with many commas.
# Standard deviation, in seconds, of the length of a clause of one second from what its letters suggest.
LENGTH_DEVIATION = 0.2
# Cost of a clause that ends without a pause.
NO_PAUSE_COST = 2.0
# Cost of each second of a pause within a clause.
PAUSE_COST = 30.0
# Cost of a sentence that ends at a very short pause.
SHORT_PAUSE_COST = 5.0


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of a clause: the weight of all letters up to it, and whether it ends a sentence."""

    letters: float
    ends_sentence: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence: the seconds of sound before it, its length, and the time at which the sound continues."""

    sound_before: float
    seconds: float
    end: float


# The numbers of a mark and of the pause that it is assigned to.
Assignment = tuple[int, int]


def starts_by_pauses(sentences: Sequence[str], audible: Sequence[Interval]) -> list[float]:
    """When each sentence begins, in seconds of the sound.

    `audible` holds the intervals that are not silent, at least one. With too few pauses, the sound is divided
    by the sentences' letters alone.
    """
    if len(sentences) == 1:
        return [audible[0].start]
    marks = marks_of(sentences)
    sound_seconds = sum(interval.seconds for interval in audible)
    rate = sound_seconds / max(marks[-1].letters, 1.0)
    begin, end = Pause(0, 0, audible[0].start), Pause(sound_seconds, 0, audible[-1].end)
    pauses = [begin, *pauses_of(audible), end]
    sentence_pauses = assign_pauses([Mark(0, True), *marks], pauses, rate)
    if sentence_pauses is not None:
        return [begin.end, *(pause.end for pause in sentence_pauses)]
    ends = [mark.letters * rate for mark in marks if mark.ends_sentence]
    return [begin.end, *(time_after(seconds, audible) for seconds in ends[:-1])]


def marks_of(sentences: Sequence[str]) -> list[Mark]:
    """The ends of all clauses, in order."""

    def weight(character: str) -> float:
        if character.isdigit():
            return DIGIT_WEIGHT
        return 1.0 if character.isalpha() else SYMBOL_WEIGHT

    clauses = [
        (sum(map(weight, clause)), number == len(parts) - 1)
        for parts in (CLAUSE.findall(sentence) or [sentence] for sentence in sentences)
        for number, clause in enumerate(parts)
    ]
    letters = accumulate(max(weight, MIN_CLAUSE_WEIGHT) for weight, _ in clauses)
    return [Mark(total, ends) for total, (_, ends) in zip(letters, clauses, strict=True)]


def pauses_of(audible: Sequence[Interval]) -> list[Pause]:
    """The longest pauses between the intervals, in order."""
    pauses, sound_before = [], 0.0
    for interval, following in pairwise(audible):
        sound_before += interval.seconds
        pauses.append(Pause(sound_before, following.start - interval.end, following.start))
    long = [pause for pause in pauses if pause.seconds >= MIN_PAUSE]
    longest = sorted(long, key=lambda pause: pause.seconds, reverse=True)[:MAX_PAUSES]
    return sorted(longest, key=lambda pause: pause.end)


def assign_pauses(
    marks: Sequence[Mark], pauses: Sequence[Pause], rate: float
) -> list[Pause] | None:
    """The pauses that end the sentences, except the last one; None if there are too few pauses.

    The first mark and the first pause are the beginning of the sound, the last ones its end; they belong
    together. `rate` is seconds of sound per letter.
    """
    first, last = (0, 0), (len(marks) - 1, len(pauses) - 1)
    # The lowest cost of each assignment, and the assignment before it on the way from the beginning.
    best: dict[Assignment, tuple[float, Assignment]] = {first: (0.0, first)}
    longest = max(pause.seconds for pause in pauses) or 1.0
    for mark in range(1, last[0] + 1):
        # Only the last mark is at the end of the sound.
        for pause in [last[1]] if mark == last[0] else range(1, last[1]):
            if ways := list(ways_to(mark, pause, best, marks, pauses, rate)):
                cost, previous = min(ways)
                shortness = 1 - pauses[pause].seconds / longest
                extra = SHORT_PAUSE_COST * shortness**2 if marks[mark].ends_sentence else 0.0
                best[mark, pause] = (cost + extra, previous)
    if last not in best:
        return None
    assignment, sentence_pauses = best[last][1], []
    while assignment != first:
        mark, pause = assignment
        if marks[mark].ends_sentence:
            sentence_pauses.append(pauses[pause])
        assignment = best[assignment][1]
    return sentence_pauses[::-1]


def ways_to(
    mark: int,
    pause: int,
    best: dict[Assignment, tuple[float, Assignment]],
    marks: Sequence[Mark],
    pauses: Sequence[Pause],
    rate: float,
) -> Iterator[tuple[float, Assignment]]:
    """The cost of assigning a mark to a pause, for each assignment that may precede it."""
    skipped_pauses = 0.0
    for earlier_pause in range(pause - 1, -1, -1):
        for earlier_mark in range(mark - 1, -1, -1):
            if way := best.get((earlier_mark, earlier_pause)):
                expected = (marks[mark].letters - marks[earlier_mark].letters) * rate
                actual = pauses[pause].sound_before - pauses[earlier_pause].sound_before
                deviation = (actual - expected) ** 2 / (2 * LENGTH_DEVIATION**2 * expected)
                skipped_marks = mark - earlier_mark - 1
                skipped = PAUSE_COST * skipped_pauses + NO_PAUSE_COST * skipped_marks
                yield way[0] + deviation + skipped, (earlier_mark, earlier_pause)
            if marks[earlier_mark].ends_sentence:
                break  # the end of a sentence cannot be skipped: it has a pause
        skipped_pauses += pauses[earlier_pause].seconds


def time_after(seconds: float, audible: Sequence[Interval]) -> float:
    """The time at which this many seconds of sound have been heard, pauses not counted."""
    for interval in audible:
        if seconds < interval.seconds:
            return interval.start + seconds
        seconds -= interval.seconds
    return audible[-1].end
