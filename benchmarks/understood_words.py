"""Which words of a text a recognizer understood, by their sound: it spells in its own way.

"Audio Brew" is AudioBrew, "40%" is 40 percent, "November 30th" is November 30, and "color" is colour.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiobrew.audio.espeak import find_voice, phonemes_of
from audiobrew.audio.hearing.clarity import fold, simplify
from audiobrew.audio.hearing.respelling import DIGITS, spell_digits
from audiobrew.audio.utterances import spoken_sentence

# Recognizers do not write hyphens, apostrophes and the colons of times as voices read them.
WORD_BREAK = re.compile(r"[\s\-‐‑–—/'’]+|(?<=\d):(?=\d)")
ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
# What is one word here may be so many words there.
MAX_JOINED = 3


@dataclass(frozen=True, slots=True)
class SpokenWord:
    letters: str
    phonemes: str


def words_of(text: str, language: str) -> list[str]:
    """The words, without case and accents, and whole numbers in words."""
    parts = WORD_BREAK.split(text)
    spelled = (DIGITS.sub(lambda match: spell_digits(match[0], language), part) for part in parts)
    return [word for part in spelled for one in WORD_BREAK.split(part) if (word := fold(one))]


def spoken_words(text: str, language: str) -> list[SpokenWord]:
    """The words as a voice would read them."""
    plain = ORDINAL.sub("", text) if language == "en" else text
    voice = find_voice(language)
    assert voice, "the recognizer's languages have voices"
    words = words_of(spoken_sentence(plain, language), language)
    return [SpokenWord(word, simplify(phonemes_of(word, voice.voice))) for word in words]


def count_written(expected: Sequence[str], heard: Sequence[str]) -> int:
    """How many words differ as they are written."""
    costs = list(range(len(heard) + 1))
    for row, word in enumerate(expected, 1):
        before, costs[0] = costs[0], row
        for place, another in enumerate(heard, 1):
            change = before + (word != another)
            before, costs[place] = costs[place], min(change, costs[place] + 1, costs[place - 1] + 1)
    return costs[-1]


def count_misheard(expected: Sequence[SpokenWord], heard: Sequence[SpokenWord]) -> int:
    """How many words sound different. Words that sound alike when they are joined are the same."""
    costs = [list(range(len(heard) + 1))]
    for row in range(1, len(expected) + 1):
        costs.append([row])
        for place in range(1, len(heard) + 1):
            changes = [costs[row - 1][place] + 1, costs[row][place - 1] + 1]
            changes.append(costs[row - 1][place - 1] + 1)
            for count, other_count in joins(row, place):
                if is_same(expected[row - count : row], heard[place - other_count : place]):
                    changes.append(costs[row - count][place - other_count])
            costs[row].append(min(changes))
    return costs[-1][-1]


def joins(row: int, place: int) -> Iterator[tuple[int, int]]:
    """How many words of each side may be the same."""
    for count in range(1, MAX_JOINED + 1):
        for pair in {(count, 1), (1, count)}:
            if pair[0] <= row and pair[1] <= place:
                yield pair


def is_same(words: Sequence[SpokenWord], others: Sequence[SpokenWord]) -> bool:
    letters, phonemes = joined(words)
    other_letters, other_phonemes = joined(others)
    return letters == other_letters or phonemes == other_phonemes


def joined(words: Sequence[SpokenWord]) -> tuple[str, str]:
    return "".join(one.letters for one in words), "".join(one.phonemes for one in words)
