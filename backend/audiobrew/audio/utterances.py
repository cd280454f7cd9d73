"""A segment as it is given to the voice: a few sentences of one speaker at a time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from audiobrew.audio.voice import MOST_CHARACTERS, Utterance
from audiobrew.script.partition import pack, partition
from audiobrew.script.script import Segment, Speaker
from audiobrew.script.speech_text import speech_text

MOST_SENTENCES = 8
ENDS = re.compile(r"(?<!\W)[^\w.!?…:;。！？।]*+[.!?…:;。！？।]\W*+$")


@dataclass(frozen=True, slots=True)
class SegmentUtterance:
    """An utterance and the numbers (from 0, in the segment) of the sentences it says, one each."""

    utterance: Utterance
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    speaker: Speaker


def utterances_of(segment: Segment) -> tuple[SegmentUtterance, ...]:
    """Every sentence once and in order, save those in which nothing can be spoken (an emoji alone).

    A sentence longer than MOST_CHARACTERS is an utterance of its own.
    """
    return tuple(
        SegmentUtterance(
            Utterance(tuple(line.text for line in lines), lines[0].speaker, segment.language),
            tuple(line.number for line in lines),
        )
        for lines in _grouped(_lines(segment))
    )


def _lines(segment: Segment) -> Iterator[_Line]:
    for number, sentence in enumerate(segment.sentences):
        text = " ".join(speech_text(sentence.text, segment.language).split())
        if any(character.isalnum() for character in text):
            # Without an end, a headline would run into the sentence after it.
            yield _Line(number, text if ENDS.search(text) else f"{text}.", sentence.speaker)


def _grouped(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """As few groups as can be, of about the same length: a rest of one short sentence sounds lost."""
    for _, one in groupby(lines, key=lambda line: line.speaker):
        said = list(one)
        lengths = [len(line.text) + 1 for line in said]
        fewest = len(pack(lengths, MOST_CHARACTERS + 1, MOST_SENTENCES))
        for numbers in partition(lengths, fewest, MOST_SENTENCES):
            yield [said[number] for number in numbers]
