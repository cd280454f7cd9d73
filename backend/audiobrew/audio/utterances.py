"""Divides a segment into utterances: a few sentences of one speaker each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from audiobrew.audio.pronunciation import Pronunciation, pronounce
from audiobrew.audio.voice import MAX_CHARACTERS, Utterance
from audiobrew.script.partition import pack, partition
from audiobrew.script.script import Segment
from audiobrew.script.speech_text import speech_text

MAX_SENTENCES = 8
ENDS = re.compile(r"(?<!\W)[^\w.!?…:;。！？।]*+[.!?…:;。！？।]\W*+$")


@dataclass(frozen=True, slots=True)
class SegmentUtterance:
    """An utterance and the numbers of its sentences, from 0 in the segment."""

    utterance: Utterance
    numbers: tuple[int, ...]


def utterances_of(
    segment: Segment, pronunciations: Sequence[Pronunciation]
) -> tuple[SegmentUtterance, ...]:
    """The segment's utterances in order.

    Every sentence is in one of them, except those in which nothing can be spoken (only emoji, for example). A
    sentence longer than MAX_CHARACTERS is an utterance of its own. There are as few utterances as possible,
    and they have similar lengths, because a single short sentence at the end sounds lost.
    Pronunciations change the text of utterances, but not which sentences they have: a brew counts its
    utterances once, and the listener may change a pronunciation after that.
    """
    speakable: list[tuple[int, str]] = []
    for number, sentence in enumerate(segment.sentences):
        text = spoken_sentence(sentence.text, segment.language)
        if any(character.isalnum() for character in text):
            speakable.append((number, text))
    utterances = []
    for speaker, group in groupby(speakable, key=lambda line: segment.sentences[line[0]].speaker):
        lines = list(group)
        lengths = [len(text) + 1 for _, text in lines]
        count = len(pack(lengths, MAX_CHARACTERS + 1, MAX_SENTENCES))
        for places in partition(lengths, count, MAX_SENTENCES):
            numbers = tuple(lines[place][0] for place in places)
            texts = tuple(
                spoken_sentence(
                    pronounce(segment.sentences[number].text, pronunciations), segment.language
                )
                for number in numbers
            )
            utterance = Utterance(texts, speaker, segment.language, tuple(pronunciations))
            utterances.append(SegmentUtterance(utterance, numbers))
    return tuple(utterances)


def spoken_sentence(text: str, language: str) -> str:
    """A sentence as a voice should read it, with a full stop: a headline would run into what follows it."""
    text = " ".join(speech_text(text, language).split())
    return text if ENDS.search(text) else f"{text}."
