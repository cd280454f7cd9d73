"""How a listener wants words to be said: "Nguyen" like "Win"."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """`word` may be several words. `say` is what a voice reads in their place."""

    word: str
    say: str


def word_key(word: str) -> str:
    """Equal for words that are the same, whatever their case, spaces and accents' encoding."""
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())


def pronounce(text: str, pronunciations: Sequence[Pronunciation]) -> str:
    """The text with what is said in place of each word. A part of a longer word is not one."""
    if not pronunciations:
        return text
    says = {word_key(one.word): one.say for one in pronunciations}
    pattern = word_pattern(tuple(says))
    return pattern.sub(
        lambda match: says.get(word_key(match[0]), match[0]), unicodedata.normalize("NFC", text)
    )


def word_pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the words. In scripts without spaces, it may be anywhere in a text."""
    from audiobrew.script.notation import LETTER, any_of  # reads the files of all languages

    alternatives = any_of(words).replace(r"\ ", r"\s+")
    return re.compile(rf"(?<!{LETTER})(?:{alternatives})(?!{LETTER})", re.IGNORECASE)
