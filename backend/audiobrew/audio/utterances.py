"""Divides a segment into utterances: a few sentences of one speaker each."""

import re
from dataclasses import dataclass
from itertools import groupby

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


def utterances_of(segment: Segment) -> tuple[SegmentUtterance, ...]:
    """The segment's utterances in order.

    Every sentence is in one of them, except those in which nothing can be spoken (only emoji, for example). A
    sentence longer than MAX_CHARACTERS is an utterance of its own. There are as few utterances as possible,
    and they have similar lengths, because a single short sentence at the end sounds lost.
    """
    speakable: list[tuple[int, str]] = []
    for number, sentence in enumerate(segment.sentences):
        text = " ".join(speech_text(sentence.text, segment.language).split())
        if any(character.isalnum() for character in text):
            # Without a full stop, a headline would run into the sentence after it.
            speakable.append((number, text if ENDS.search(text) else f"{text}."))
    utterances = []
    for speaker, group in groupby(speakable, key=lambda line: segment.sentences[line[0]].speaker):
        lines = list(group)
        lengths = [len(text) + 1 for _, text in lines]
        count = len(pack(lengths, MAX_CHARACTERS + 1, MAX_SENTENCES))
        for places in partition(lengths, count, MAX_SENTENCES):
            texts = tuple(lines[place][1] for place in places)
            numbers = tuple(lines[place][0] for place in places)
            utterance = Utterance(texts, speaker, segment.language)
            utterances.append(SegmentUtterance(utterance, numbers))
    return tuple(utterances)
