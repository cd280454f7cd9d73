"""How many of a sentence's words its sources contain."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from audiobrew.script.content_words import content_words
from audiobrew.script.gate.tokens import words_of
from audiobrew.script.sentences import sentences

# Thai, Japanese and Chinese put no spaces between words. There every pair of characters counts as a word.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
# Words are compared by their first letters only, because their endings vary.
STEM_LENGTH = 5
# A sentence with fewer words may be a paraphrase without any word of its source.
MIN_WORDS = 4
MIN_OVERLAP = 0.2
# A sentence with this share of its words in the order of its source is the source's with a change.
MIN_IN_ORDER = 0.66
# The words of a sentence of which one may be another figure.
MIN_COPY = 8


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


def keeps_words(sentence: str, texts: Sequence[str]) -> bool:
    """Whether a sentence has most words of two neighbouring sentences of a source, in their order.

    Such a sentence is its source's with a change. Others are in the writer's own words.
    """
    words = words_of(sentence)
    return any(
        in_order(words, [*first, *second]) >= MIN_IN_ORDER * len(words)
        for text in texts
        for parts in [[words_of(part) for part in sentences(text)]]
        for first, second in zip(parts, [*parts[1:], []], strict=True)
    )


def is_near_copy(sentence: str, texts: Sequence[str]) -> bool:
    """Whether a sentence is its source's with another figure. A short one has too few other words to tell."""
    return len(words_of(sentence)) >= MIN_COPY and keeps_words(sentence, texts)


def in_order(first: Sequence[str], second: Sequence[str]) -> int:
    """How many items two sequences have in the same order."""
    counts = [0] * (len(second) + 1)
    for item in first:
        diagonal = 0
        for place, other in enumerate(second, start=1):
            above = counts[place]
            counts[place] = diagonal + 1 if item == other else max(above, counts[place - 1])
            diagonal = above
    return counts[-1]
