"""Which items of different newsletters tell the same story.

Shared words propose, shared names and figures decide: two items about one company share its name and
little else, two that tell one story share most of who, where and how much.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from audiobrew.script.anchors import anchors
from audiobrew.script.function_words import FUNCTION_WORDS
from audiobrew.script.items import Item

ALIKE = 0.16
"""Cosine of tf-idf weighted words."""
SHARED_ANCHORS = 4
"""Names and figures in common, at least; and so many of the poorer item's."""
SHARED_PART = 0.25
_WORD = re.compile(r"[^\W\d_]{3,}")


def grouped(items: Sequence[Item]) -> list[list[Item]]:
    """Items of one story together, in the order given; never two of one newsletter."""
    rarity = _rarity(items)
    groups: list[list[Item]] = []
    for item in items:
        home = next((group for group in groups if _belongs(item, group, rarity)), None)
        if home is None:
            groups.append([item])
        else:
            home.append(item)
    return groups


def _belongs(item: Item, group: list[Item], rarity: dict[str, float]) -> bool:
    if any(other.newsletter.key == item.newsletter.key for other in group):
        return False
    return all(_same(item, other, rarity) for other in group)


def _same(one: Item, other: Item, rarity: dict[str, float]) -> bool:
    if one.language != other.language:
        return False
    mine, theirs = _anchors(one), _anchors(other)
    shared = mine & theirs
    poorer = min(len(mine), len(theirs)) or 1
    enough = len(shared) >= SHARED_ANCHORS and len(shared) / poorer >= SHARED_PART
    return enough and _cosine(_words(one), _words(other), rarity) >= ALIKE


@lru_cache(maxsize=1024)
def _words(item: Item) -> Counter[str]:
    text = f"{item.title} " + " ".join(line.text for line in item.lines)
    found = (word.casefold() for word in _WORD.findall(text))
    return Counter(word for word in found if word not in FUNCTION_WORDS)


@lru_cache(maxsize=1024)
def _anchors(item: Item) -> frozenset[str]:
    """Names and figures; a sentence's first word counts only if another place shows it as a name."""
    found: set[str] = set()
    for line in item.lines:
        stated = anchors(line.text, item.language)
        first = _WORD.search(line.text)
        found |= stated.figures | (stated.names - ({first[0].casefold()} if first else set()))
    return frozenset(found)


def _rarity(items: Sequence[Item]) -> dict[str, float]:
    seen = Counter(word for item in items for word in set(_words(item)))
    return {word: math.log(1 + len(items) / count) for word, count in seen.items()}


def _cosine(one: Counter[str], other: Counter[str], rarity: dict[str, float]) -> float:
    shared = sum(one[word] * other[word] * rarity[word] ** 2 for word in one.keys() & other.keys())
    return shared / ((_length(one, rarity) * _length(other, rarity)) or 1.0)


def _length(words: Counter[str], rarity: dict[str, float]) -> float:
    return math.sqrt(sum((count * rarity[word]) ** 2 for word, count in words.items()))
