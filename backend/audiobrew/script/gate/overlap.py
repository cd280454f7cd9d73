"""How much of a sentence is made of a text's words: told from it, in other words even, or from elsewhere."""

import re
from collections.abc import Iterable
from functools import lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS

_WORD = re.compile(r"[^\W\d_]{3,}")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
"""Thai, Japanese and Chinese put no spaces between words: two letters in a row stand for one there."""
BEGINNING = 5
"""Letters that a word keeps when its ending changes."""
FEW = 4
"""A sentence with fewer words may be told in other ones altogether."""
LEAST = 0.2


def borrowed(said: str, texts: Iterable[str]) -> float:
    """The part of its words, 0 to 1, that stand in the texts; 1 when it has none."""
    own = _words(said)
    if not own:
        return 1.0
    held = frozenset[str]().union(*map(_words, texts))
    return len(own & held) / len(own)


def unrelated(said: str, texts: Iterable[str]) -> bool:
    """Whether hardly a word of it stands in the texts, which are in its language."""
    return len(_words(said)) >= FEW and borrowed(said, texts) < LEAST


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if _UNSPACED.search(word):
            found |= {word[at : at + 2] for at in range(len(word) - 1)}
        elif word not in FUNCTION_WORDS:
            found.add(word[:BEGINNING])
    return frozenset(found)
