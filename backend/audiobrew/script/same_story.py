"""Which items of different newsletters tell the same story.

Shared words propose, shared names and figures decide: two items about one company share its name and
little else, two that tell one story share most of who, where and how much.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.script.gate.claims import claims_in
from audiobrew.script.story import Item

ALIKE = 0.16
"""Cosine of tf-idf weighted words."""
SHARED_ANCHORS = 4
"""Names and figures in common, at least; and so many of the poorer item's."""
SHARED_PART = 0.25
MOST_TOGETHER = 20
"""An item that is like so many of a group belongs to it, however many there are."""
MOST_COMPARED = 200
"""Groups that share one name: of thousands, so many are compared, or time would grow with the square."""
_WORD = re.compile(r"[^\W\d_]{3,}")


def group_by_story(items: Sequence[Item]) -> list[list[Item]]:
    """Items of one story together, in the order given; never two of one newsletter."""
    told = [_Told(item, _words(item), _anchors(item)) for item in items]
    rarity = _rarity([one.words for one in told])
    groups: list[list[_Told]] = []
    naming: dict[str, list[int]] = defaultdict(list)
    for one in told:
        near = (groups[number] for number in _near(one, naming))
        home = next((group for group in near if _belongs(one, group, rarity)), None)
        if home is not None:
            home.append(one)
            continue
        for anchor in one.anchors:
            if len(naming[anchor]) < MOST_COMPARED:
                naming[anchor].append(len(groups))
        groups.append([one])
    return [[one.item for one in group] for group in groups]


@dataclass(frozen=True, slots=True)
class _Told:
    """An item with what it is compared by."""

    item: Item
    words: Counter[str]
    anchors: frozenset[str]


def _near(one: _Told, naming: Mapping[str, Sequence[int]]) -> list[int]:
    """The groups, by number, whose first item shares enough names and figures with this one."""
    shared = Counter(number for anchor in one.anchors for number in naming.get(anchor, ()))
    return sorted(number for number, count in shared.items() if count >= SHARED_ANCHORS)


def _belongs(one: _Told, group: list[_Told], rarity: dict[str, float]) -> bool:
    if any(other.item.newsletter.key == one.item.newsletter.key for other in group):
        return False
    return all(_same(one, other, rarity) for other in group[:MOST_TOGETHER])


def _same(one: _Told, other: _Told, rarity: dict[str, float]) -> bool:
    if one.item.language != other.item.language:
        return False
    shared = one.anchors & other.anchors
    poorer = min(len(one.anchors), len(other.anchors)) or 1
    enough = len(shared) >= SHARED_ANCHORS and len(shared) / poorer >= SHARED_PART
    return enough and _cosine(one.words, other.words, rarity) >= ALIKE


def _words(item: Item) -> Counter[str]:
    text = f"{item.title} " + " ".join(line.text for line in item.lines)
    found = (word.casefold() for word in _WORD.findall(text))
    return Counter(word for word in found if word not in FUNCTION_WORDS)


def _anchors(item: Item) -> frozenset[str]:
    """Names and figures; a sentence's first word counts only if another place shows it as a name."""
    found: set[str] = set()
    for line in item.lines:
        stated = claims_in(line.text, item.language)
        first = _WORD.search(line.text)
        found |= stated.figures | (stated.names - ({first[0].casefold()} if first else set()))
    return frozenset(found)


def _rarity(items: Sequence[Counter[str]]) -> dict[str, float]:
    seen = Counter(word for words in items for word in words)
    return {word: math.log(1 + len(items) / count) for word, count in seen.items()}


def _cosine(one: Counter[str], other: Counter[str], rarity: dict[str, float]) -> float:
    shared = sum(one[word] * other[word] * rarity[word] ** 2 for word in one.keys() & other.keys())
    return shared / ((_length(one, rarity) * _length(other, rarity)) or 1.0)


def _length(words: Counter[str], rarity: dict[str, float]) -> float:
    return math.sqrt(sum((count * rarity[word]) ** 2 for word, count in words.items()))
