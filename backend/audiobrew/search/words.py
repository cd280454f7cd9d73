"""Splits text into words, and folds them: words that differ in case or accents only become equal.

Both databases index these words, so that both find the same. In scripts that write no spaces between words,
and in Korean, whose words end in particles, each character is a word, and a query is a phrase of characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import category, decimal, normalize

# Postgres and SQLite index no longer ones well.
MAX_WORD = 64
# Ranges of code points: accents of European letters, points of Hebrew and Arabic. Marks of other scripts are
# vowels.
ACCENTS = ((0x300, 0x36F), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670))
# Kana, Han and Hangul; Thai, Lao, Burmese and Khmer.
WITHOUT_SPACES = (
    *((0xE00, 0xEFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x3005, 0x3007)),
    *((0x3040, 0x30FF), (0x3130, 0x318F), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF)),
    *((0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x20000, 0x3FFFF)),
)
# Most words are ASCII, and need no look at each character.
CHUNK = re.compile(r"[0-9A-Za-z\x80-\U0010ffff]+")
# Letters that no normalization splits. The Arabic tatweel only lengthens a word.
LETTERS = str.maketrans("øđðłħıŧςيىك", "oddlhitσییک", "ـ") | {
    ord(letter): letters for letter, letters in (("æ", "ae"), ("œ", "oe"), ("þ", "th"))
}


@dataclass(frozen=True, slots=True)
class Word:
    """`text` is folded; `start` and `end` are its place in the original."""

    text: str
    start: int
    end: int


def find_words(text: str) -> Iterator[Word]:
    """The words of a text in NFC."""
    for chunk in CHUNK.finditer(text):
        if chunk[0].isascii():
            yield Word(fold(chunk[0]), *chunk.span())
            continue
        for start, end in split_chunk(chunk[0]):
            if folded := fold(chunk[0][start:end]):
                yield Word(folded, chunk.start() + start, chunk.start() + end)


def split_chunk(chunk: str) -> Iterator[tuple[int, int]]:
    """Where the words of this text without ASCII punctuation begin and end. A mark belongs to the letter
    before it."""
    start = 0
    for position, character in enumerate(f"{chunk} "):
        kind = category(character)[0]
        if kind == "M" and start < position:
            continue
        goes_on = (
            kind in "LN"
            and start < position
            and not stands_alone(character)
            and not stands_alone(chunk[start])
        )
        if not goes_on:
            if start < position:
                yield start, position
            start = position if kind in "LN" else position + 1


def fold(word: str) -> str:
    if word.isascii():
        return word.lower()[:MAX_WORD]
    letters = [
        str(decimal(character, character))
        for character in normalize("NFKD", word.casefold())
        if category(character)[0] in "LMN" and not is_in(ACCENTS, character)
    ]
    return normalize("NFC", "".join(letters).translate(LETTERS))[:MAX_WORD]


def stands_alone(character: str) -> bool:
    return character > "\u0dff" and is_in(WITHOUT_SPACES, character)


def is_in(ranges: tuple[tuple[int, int], ...], character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in ranges)


def folded_words(text: str, limit: int) -> str:
    """The first words of a text, separated by spaces, as the index has them."""
    words = (word.text for word in find_words(normalize("NFC", text)))
    return " ".join(word for word, _ in zip(words, range(limit), strict=False))
