"""The words of a text that say what it is about."""

import re

from audiobrew.lang.function_words import FUNCTION_WORDS

# Words of three letters and more.
WORD = re.compile(r"[^\W\d_]{3,}")
_ENDING = re.compile(r"(?<=[^\W\d_]{4})(?:es|en|s|n|e)$")


def content_words(text: str) -> list[str]:
    """The words that are not function words, in lower case."""
    words = (word.casefold() for word in WORD.findall(text))
    return [word for word in words if word not in FUNCTION_WORDS]


def stem_of(word: str) -> str:
    """A word without the ending of its case or its number."""
    return _ENDING.sub("", word.casefold())
