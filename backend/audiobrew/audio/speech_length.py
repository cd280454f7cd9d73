"""How long an utterance will be, before it is spoken.

Characters say little about it: "$4.1bn" is short to read and long to say, and ten short sentences have ten
pauses. So figures count as they are spelled out, and pauses and the letters of abbreviations have lengths of
their own.
"""

import re
from dataclasses import dataclass

from audiobrew.audio.voice import Utterance
from audiobrew.lang.number_spelling import spell_cardinals

# Seconds of silence and of margins in each clip, of the pause between two sentences, of a comma's, and what
# each letter of an abbreviation takes beyond that of a word.
CLIP_SECONDS, SENTENCE_SECONDS, COMMA_SECONDS, LETTER_SECONDS = 0.35, 0.3, 0.25, 0.15
# Characters of a digit where the language has no rules to spell numbers.
DIGIT_LENGTH = 6
# What "point" and its like have beyond the one character that is written.
POINT_LENGTH = 6
# Digits of a number that is said as one. Longer ones are said digit by digit.
MAX_DIGITS = 9
_SEPARATOR = re.compile(r"(?<=\d)[.,'’\u00a0\u202f ](?=\d{3}(?!\d))")
_POINT = re.compile(r"(?<=\d)[.,](?=\d)")
_NUMBER = re.compile(r"\d+")
_COMMA = re.compile(r"[,;:–—()،、，；：]")
_ABBREVIATION = re.compile(r"(?<!\w)[A-ZÀ-ÞΑ-ΩА-Я]{2,}(?!\w)")


@dataclass(frozen=True, slots=True)
class SpeechLength:
    """Characters that are said, and seconds of pauses. Lengths can be added."""

    characters: int
    pauses: float

    def __add__(self, other: "SpeechLength") -> "SpeechLength":
        return SpeechLength(self.characters + other.characters, self.pauses + other.pauses)

    def seconds(self, pace: float) -> float:
        """`pace`: characters per second of speech, without pauses."""
        return self.characters / pace + self.pauses


def speech_length(utterance: Utterance) -> SpeechLength:
    """The length of a clip of this utterance."""
    text = utterance.text
    letters = sum(len(match) for match in _ABBREVIATION.findall(text))
    pauses = (
        CLIP_SECONDS
        + SENTENCE_SECONDS * len(utterance.sentences)
        + COMMA_SECONDS * len(_COMMA.findall(text))
        + LETTER_SECONDS * letters
    )
    figures = _SEPARATOR.sub("", text)
    spelled = sum(
        spelled_length(match[0], utterance.language) - len(match[0])
        for match in _NUMBER.finditer(figures)
    )
    points = POINT_LENGTH * len(_POINT.findall(figures))
    return SpeechLength(len(text) + spelled + points, pauses)


def spelled_length(digits: str, language: str) -> int:
    """The characters of a number in words."""
    words = spell_cardinals(int(digits), language) if len(digits) <= MAX_DIGITS else ()
    return len(words[0]) if words else DIGIT_LENGTH * len(digits)
