"""Finds the names and figures of an utterance that are missing in what a recognizer heard.

A recognizer spells names in its own way, so they are compared by their sound: the phonemes of a name with
the part of what was heard that is most like it. Figures are compared by their value.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiobrew.audio.espeak import find_voice, phonemes_of
from audiobrew.script.gate.claims import Claims, claims_in
from audiobrew.script.gate.figures import Figure, every_reading, has_same_number

# The share of a name, and of a figure, that may sound different. Of 89 names in news of seven languages, said
# by the fast voices, 11 differ by more, misheard or spelled in another way; of 255 names of other
# texts 17 differ by less.
NAME_TOLERANCE, FIGURE_TOLERANCE = 0.28, 0.12
# A shorter name must be a word of its own in what was heard.
MIN_LETTERS = 4
# How far from its place in the text a word may be heard: a share of the text, and characters at least.
REACH, MIN_REACH = 0.12, 50
# If a smaller share of the words was understood, nothing is said of single ones.
MIN_WORDS = 0.5
# A number may be written in so many parts.
MAX_PARTS = 4
WORD = re.compile(r"\w+(?:[.,:'’]\w+)*")
# What replacing a phoneme by a similar one costs, and what a vowel counts beside a consonant.
SIMILAR, VOWEL = 0.4, 0.6
# Phonemes that recognizers and voices of a language confuse, in one group.
GROUPS = ("pb", "td", "kgɡcɟqx", "fv", "szʃʒɕʑ", "θðsz", "mnŋɲɱ", "ɹrɾʁʀlʎɫ", "hɦxç", "vwβʋ", "jʎ")
IPA_VOWELS = frozenset("aeiouyøœɶɐɑɒæɛɜəɘɵɤɨɪʉʊɯɔʌᵻɚɝ")
LETTER = re.compile(r"[^\W\d_]")
# Letters that say how another one is spoken.
MODIFIERS = frozenset("ʲʰˠˤː")


@dataclass(frozen=True, slots=True)
class KeyWord:
    """A name or a figure of a sentence, as it is written. `figure` is None for a name.

    `place` is where it is in the utterance: 0 at its start, 1 at its end.
    """

    text: str
    place: float
    figure: Figure | None = None


class HeardText:
    """What a recognizer heard, in this language."""

    def __init__(self, text: str, language: str) -> None:
        self.language = language
        self.amounts = tuple(every_reading(claims_in(text, language).amounts))
        self.words = list[HeardWord]()
        for match in WORD.finditer(text):
            place = (match.start() + match.end()) / 2 / len(text)
            self.words.append(HeardWord(place, fold(match[0]), self.phonemes_of(match[0])))
        self.reach = max(REACH, MIN_REACH / max(1, len(text)))

    def has(self, word: KeyWord) -> bool:
        near = [one for one in self.words if abs(one.place - word.place) <= self.reach]
        if word.figure:
            return self._has_amount(word.figure, near) or (
                self.difference(word.text, near) <= FIGURE_TOLERANCE
            )
        return has_letters(word.text, near) or self.difference(word.text, near) <= NAME_TOLERANCE

    def _has_amount(self, figure: Figure, near: Sequence["HeardWord"]) -> bool:
        readings = every_reading([figure])
        if any(has_same_number(one, other) for one in readings for other in self.amounts):
            return True
        # Recognizers write a long number in parts: 61.5 00.
        parts = [one.letters for one in near]
        digits = str(figure.value)
        return digits.isdigit() and any(
            "".join(parts[start : start + length]) == digits
            for start in range(len(parts))
            for length in range(2, MAX_PARTS + 1)
        )

    def difference(self, word: str, near: Sequence["HeardWord"]) -> float:
        """The share of a word's sound that the most similar part of these words lacks, from 0 to 1."""
        phonemes = self.phonemes_of(word)
        whole = sum(map(weight, phonemes))
        text = "".join(one.phonemes for one in near)
        return least_changes(phonemes, text) / whole if whole else 0.0

    def phonemes_of(self, text: str) -> str:
        voice = find_voice(self.language)
        assert voice, "the recognizer's languages have voices"
        return simplify(phonemes_of(text, voice.voice))


@dataclass(frozen=True, slots=True)
class HeardWord:
    """`place` is as in `KeyWord`."""

    place: float
    letters: str
    phonemes: str


def find_unclear(
    sentences: Sequence[str], heard_text: str, language: str
) -> tuple[tuple[str, ...], ...]:
    """For each sentence its names and figures that were not understood, as they are written.

    Nothing if less than half of all words were understood: then a voice or the recognizer is bad at the
    language, and names say nothing.
    """
    text = HeardText(heard_text, language)
    if share_of_words(sentences, text) < MIN_WORDS:
        return ()
    return tuple(
        tuple(dict.fromkeys(word.text for word in words if not text.has(word)))
        for words in key_words(sentences, language)
    )


def share_of_words(sentences: Sequence[str], text: HeardText) -> float:
    """The share of all words that were understood as they are written."""
    words = [fold(word) for sentence in sentences for word in WORD.findall(sentence)]
    letters = {word.letters for word in text.words}
    return sum(word in letters for word in words) / max(1, len(words))


def key_words(sentences: Sequence[str], language: str) -> Iterator[list[KeyWord]]:
    """The names and figures of each sentence."""
    whole, before = sum(map(len, sentences)), 0
    for sentence in sentences:
        claims = claims_in(sentence, language)
        words = []
        for place, token in enumerate(claims.tokens):
            if place in claims.name_places or token.text in claims.capitals:
                words.append(KeyWord(token.text, (before + token.start) / whole))
        for figure in claims.amounts:
            if figure.value is not None:
                start = before + claims.tokens[figure.start].start
                words.append(KeyWord(figure_text(claims, figure), start / whole, figure))
        yield words
        before += len(sentence)


def has_letters(name: str, near: Sequence[HeardWord]) -> bool:
    letters = fold(name)
    if len(letters) < MIN_LETTERS:
        return letters in {one.letters for one in near}
    return letters in "".join(one.letters for one in near)


def figure_text(claims: Claims, figure: Figure) -> str:
    first, last = claims.tokens[figure.start], claims.tokens[max(figure.start, figure.end - 1)]
    return claims.text[first.start : last.end]


def fold(text: str) -> str:
    """Letters and digits without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(str.isalnum, decomposed))


def simplify(phonemes: str) -> str:
    """Phonemes without stress, length and pauses, one character each."""
    decomposed = unicodedata.normalize("NFD", phonemes)
    return "".join(one for one in decomposed if LETTER.match(one) and one not in MODIFIERS)


def weight(phoneme: str) -> float:
    return VOWEL if phoneme in IPA_VOWELS else 1.0


def replacement(one: str, other: str) -> float:
    """What it costs to hear one phoneme as the other."""
    if one == other:
        return 0.0
    vowels = (one in IPA_VOWELS) + (other in IPA_VOWELS)
    if vowels == 2:
        return SIMILAR * VOWEL
    if not vowels and any(one in group and other in group for group in GROUPS):
        return SIMILAR
    return 1.0


def least_changes(word: str, text: str) -> float:
    """The cost of the cheapest changes that turn some part of the text into the word."""
    costs = [0.0] * (len(text) + 1)
    for phoneme in word:
        left_out = weight(phoneme)
        row = [costs[0] + left_out]
        for place, other in enumerate(text):
            row.append(
                min(
                    costs[place] + replacement(phoneme, other),
                    costs[place + 1] + left_out,
                    row[place] + weight(other),
                )
            )
        costs = row
    return min(costs)
