"""How many of a sentence's words its sources contain."""

import re
from collections.abc import Iterable
from functools import lru_cache

from audiobrew.script.content_words import content_words

# Thai, Japanese and Chinese put no spaces between words. There every pair of characters counts as a word.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
# Words are compared by their first letters only, because their endings vary.
STEM_LENGTH = 5
# A sentence with fewer words may be a paraphrase without any word of its source.
MIN_WORDS = 4
MIN_OVERLAP = 0.2


def overlap(sentence: str, texts: Iterable[str]) -> float:
    """The share of the sentence's words, 0 to 1, that the texts contain; 1 if it has no words."""
    words = word_stems(sentence)
    if not words:
        return 1.0
    source_words = frozenset[str]().union(*map(word_stems, texts))
    return len(words & source_words) / len(words)


def is_unrelated(sentence: str, texts: Iterable[str]) -> bool:
    """Whether the texts, which must be in the sentence's language, contain hardly any of its words."""
    return len(word_stems(sentence)) >= MIN_WORDS and overlap(sentence, texts) < MIN_OVERLAP


@lru_cache(maxsize=4096)
def word_stems(text: str) -> frozenset[str]:
    """The beginnings of all words that are not function words."""
    stems: set[str] = set()
    for word in content_words(text):
        if _UNSPACED.search(word):
            stems |= {word[start : start + 2] for start in range(len(word) - 1)}
        else:
            stems.add(word[:STEM_LENGTH])
    return frozenset(stems)
