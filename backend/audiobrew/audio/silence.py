"""Which pauses of a sound end which sentences, where a voice does not say when it spoke which word.

The text is cut into clauses, at every mark where a speaker may pause. Clauses are laid along the sound so
that each lasts about as long as its letters say, every sentence ends at a pause, and few long pauses are
left without a mark: the cheapest such way is found step by step, from each pause to the next.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from audiobrew.audio.pcm import Interval

CLAUSE = re.compile(r"[^,;:.!?…–—、，；：。！？।]+[^\w]*|[^\w]+")
SHORTEST_PAUSE = 0.05
"""Seconds. Below it, it is a consonant, not a pause."""
MOST_PAUSES = 40
"""The longest are looked at: more than the clauses of an utterance."""
UNEVEN = 0.2
"""How far, in seconds, a clause of one second strays from what its letters say."""
NO_PAUSE_AT_COMMA = 2.0
PAUSE_WITHOUT_MARK = 30.0  # for every second of it
SENTENCE_LIKES_LONG = 5.0
"""Costs, fitted on English and German sentences full of commas."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """The end of a clause: letters up to here, and whether a sentence ends as well."""

    letters: float
    ends_sentence: bool


@dataclass(frozen=True, slots=True)
class _Pause:
    """`voiced`: seconds of sound before it; `after`: when the sound goes on."""

    voiced: float
    seconds: float
    after: float


def starts_by_pauses(sentences: Sequence[str], heard: Sequence[Interval]) -> list[float]:
    """When each sentence begins, in seconds of the sound. `heard`: at least one stretch."""
    if len(sentences) == 1:
        return [heard[0].start]
    marks, pauses = _marks(sentences), _pauses(heard)
    voiced = sum(part.seconds for part in heard)
    rate = voiced / max(marks[-1].letters, 1.0)
    begin, end = _Pause(0, 0, heard[0].start), _Pause(voiced, 0, heard[-1].end)
    chosen = _cheapest([_Mark(0, True), *marks], [begin, *pauses, end], rate)
    if chosen is not None:
        return [begin.after, *(pause.after for pause in chosen)]
    ends = [mark.letters * rate for mark in marks if mark.ends_sentence]
    return [begin.after, *(_moment(end, heard) for end in ends[:-1])]


def _marks(sentences: Sequence[str]) -> list[_Mark]:
    clauses = [
        (sum(map(_weight, clause)), number == len(parts) - 1)
        for parts in (CLAUSE.findall(sentence) or [sentence] for sentence in sentences)
        for number, clause in enumerate(parts)
    ]
    letters = accumulate(max(weight, 0.5) for weight, _ in clauses)
    return [_Mark(sum_, ends) for sum_, (_, ends) in zip(letters, clauses, strict=True)]


def _weight(character: str) -> float:
    """A digit is said in about four letters."""
    if character.isdigit():
        return 4.0
    return 1.0 if character.isalpha() else 0.2


def _pauses(heard: Sequence[Interval]) -> list[_Pause]:
    found, voiced = [], 0.0
    for one, other in pairwise(heard):
        voiced += one.seconds
        found.append(_Pause(voiced, other.start - one.end, other.start))
    long = [pause for pause in found if pause.seconds >= SHORTEST_PAUSE]
    longest = sorted(long, key=lambda pause: pause.seconds, reverse=True)[:MOST_PAUSES]
    return sorted(longest, key=lambda pause: pause.after)


_Place = tuple[int, int]  # a mark and the pause it is put at, by their numbers
_Best = dict[_Place, tuple[float, _Place]]  # what it costs to get there, and from where


def _cheapest(marks: Sequence[_Mark], pauses: Sequence[_Pause], rate: float) -> list[_Pause] | None:
    """The pauses that end the sentences, save the last; None when there are too few.

    Both lists begin with the beginning and end with the end, which belong together.
    """
    best: _Best = {(0, 0): (0.0, (0, 0))}
    last = (len(marks) - 1, len(pauses) - 1)
    longest = max(pause.seconds for pause in pauses) or 1.0
    for mark in range(1, len(marks)):
        for pause in _allowed(mark, last):
            if ways := list(_ways(best, marks, pauses, (mark, pause), rate)):
                cost, before = min(ways)
                short = 1 - pauses[pause].seconds / longest
                dear = SENTENCE_LIKES_LONG * short**2 if marks[mark].ends_sentence else 0.0
                best[mark, pause] = (cost + dear, before)
    return _followed(best, last, marks, pauses)


def _ways(
    best: _Best, marks: Sequence[_Mark], pauses: Sequence[_Pause], to: _Place, rate: float
) -> Iterator[tuple[float, _Place]]:
    """Every way to a place: from an earlier mark at an earlier pause, past those between."""
    mark, pause = to
    passed = 0.0
    for earlier in range(pause - 1, -1, -1):
        for before in _before(marks, mark):
            if known := best.get((before, earlier)):
                stray = _stray(marks[before], marks[mark], pauses[earlier], pauses[pause], rate)
                skipped = PAUSE_WITHOUT_MARK * passed + NO_PAUSE_AT_COMMA * (mark - before - 1)
                yield known[0] + stray + skipped, (before, earlier)
        passed += pauses[earlier].seconds


def _allowed(mark: int, last: _Place) -> range:
    """The last mark is at the end of the sound, the others before it."""
    return range(last[1], last[1] + 1) if mark == last[0] else range(1, last[1])


def _before(marks: Sequence[_Mark], mark: int) -> Iterator[int]:
    """Marks that may be the one before, back to the last end of a sentence: that has a pause."""
    for before in range(mark - 1, -1, -1):
        yield before
        if marks[before].ends_sentence:
            return


def _stray(one: _Mark, other: _Mark, start: _Pause, end: _Pause, rate: float) -> float:
    expected = (other.letters - one.letters) * rate
    return (end.voiced - start.voiced - expected) ** 2 / (2 * UNEVEN**2 * expected)


def _followed(
    best: _Best, last: _Place, marks: Sequence[_Mark], pauses: Sequence[_Pause]
) -> list[_Pause] | None:
    if last not in best:
        return None
    place, chosen = best[last][1], []
    while place != (0, 0):
        if marks[place[0]].ends_sentence:
            chosen.append(pauses[place[1]])
        place = best[place][1]
    return chosen[::-1]


def _moment(voiced: float, heard: Sequence[Interval]) -> float:
    """When so many seconds of sound have been heard."""
    for part in heard:
        if voiced < part.seconds:
            return part.start + voiced
        voiced -= part.seconds
    return heard[-1].end
