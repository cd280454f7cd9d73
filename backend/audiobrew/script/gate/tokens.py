"""The tokens of a text: words, numbers and symbols, in one form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from audiobrew.script.gate.currencies import COMPOUND_SYMBOL, SYMBOLS
from audiobrew.script.gate.lookalikes import as_seen
from audiobrew.script.gate.numbers import normalize_number

# An article or pronoun without its vowel is a token of its own: l'heure, d'euros, n'est.
_ELISION = (
    r"(?<![^\W\d_])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu|un|all|dall|dell|nell|sull|quest)"
    r"['’](?=[^\W\d_]{2}|[àaéèê])"
)
_TOKEN = re.compile(
    rf"{COMPOUND_SYMBOL}|\d+(?:[.,]\d+)*|(?i:{_ELISION})|[^\W\d_]+(?:['’][^\W\d_]+)*|[%€°{SYMBOLS}]"
)
# Spaces and apostrophes between groups of three digits.
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[\u00a0\u202f\u2009' ]\d{3})+(?!\d)")
_GROUP_SPACE = re.compile(r"[\u00a0\u202f\u2009' ]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a symbol, and its place in the normalized text."""

    text: str
    start: int
    end: int


def normalize(text: str) -> str:
    """The visible text, without spaces in numbers and with straight apostrophes."""
    seen = as_seen(text)
    return _GROUPED.sub(lambda match: _GROUP_SPACE.sub("", match[0]), seen).replace("’", "'")


def tokenize(text: str) -> list[Token]:
    """The tokens of the normalized text. Digits and letters are separate: 2FA, 50k, 2026-11-23."""
    return [Token(match[0], *match.span()) for match in _TOKEN.finditer(normalize(text))]


def words_of(text: str) -> list[str]:
    """The text's tokens, normalized."""
    return [normalize_word(token.text) for token in tokenize(text)]


def places_of(words: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every place in a normalized text where these words follow each other."""
    tokens = tokenize(text)
    text_words = [normalize_word(token.text) for token in tokens]
    for place in range(len(text_words) - len(words) + 1):
        if words and text_words[place : place + len(words)] == list(words):
            yield tokens[place].start, tokens[place + len(words) - 1].end


def normalize_word(token: str) -> str:
    """A number in one form, or a word in lower case without a possessive `'s`."""
    if token[0].isdigit():
        return normalize_number(token)
    return token.casefold().removesuffix("'s")


STEM_LENGTH = 5
MIN_STEM_LENGTH = 3
# Vowels at the end of a stem differ with number and gender.
_VOWELS = "aeiouyáéíóúàèìòùâêîôûäöüãõ"


def stem_of(word: str) -> str:
    """The beginning of a word without vowels at its end, which is alike in related words."""
    stem = word.casefold().removesuffix("'s")[:STEM_LENGTH].rstrip("s")
    short = stem.rstrip(_VOWELS)
    return short if len(short) >= MIN_STEM_LENGTH else stem


@cache
def compile_words(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    """A pattern for any of these phrases as whole words; None if there are none."""
    if not patterns:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def is_inside(text: str, start: int) -> bool:
    """Whether a word is not the first one of a sentence or a quotation."""
    before = text[:start].rstrip()
    return bool(before) and before[-1] not in ".!?…:\"“”„«»‹›'‘‚(—–-•¿¡"
