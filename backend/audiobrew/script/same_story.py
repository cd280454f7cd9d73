"""Which items of different newsletters tell the same story.

Items are compared by their names and figures and by their words. Two items about one company share its name
and little else; two that tell one story share most of who, where and how much.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from audiobrew.script.content_words import WORD, content_words
from audiobrew.script.gate.claims import claims_in
from audiobrew.script.items import Item

# The minimum similarity: the cosine of the words' tf-idf vectors.
MIN_SIMILARITY = 0.16
# The minimum number of names and figures in common, and their minimum share in the item that has fewer.
MIN_SHARED_FACTS = 4
MIN_SHARED_PART = 0.25
# The most items of a group that a new item is compared with.
MAX_COMPARED_ITEMS = 20
# The most groups that are looked up by one name: otherwise the time would grow with the square of the items.
MAX_GROUPS_PER_FACT = 200


@dataclass(frozen=True, slots=True)
class Profile:
    """What an item is compared by. `facts` are its names and figures."""

    item: Item
    words: Counter[str]
    facts: frozenset[str]


def group_by_story(items: Sequence[Item]) -> list[list[Item]]:
    """Put items of one story together, in order. A group has one item of each newsletter at most."""
    profiles = [profile_of(item) for item in items]
    weights = weigh_words([profile.words for profile in profiles])
    groups: list[list[Profile]] = []
    groups_by_fact: dict[str, list[int]] = defaultdict(list)
    for profile in profiles:
        shared = Counter(
            number for fact in profile.facts for number in groups_by_fact.get(fact, ())
        )
        candidates = sorted(number for number, count in shared.items() if count >= MIN_SHARED_FACTS)
        matches = (
            groups[number] for number in candidates if belongs(profile, groups[number], weights)
        )
        group = next(matches, None)
        if group is not None:
            group.append(profile)
            continue
        for fact in profile.facts:
            if len(groups_by_fact[fact]) < MAX_GROUPS_PER_FACT:
                groups_by_fact[fact].append(len(groups))
        groups.append([profile])
    return [[profile.item for profile in group] for group in groups]


def weigh_words(counts: Sequence[Counter[str]]) -> dict[str, float]:
    """The weight of each word: the fewer texts have it, the more."""
    frequencies = Counter(word for words in counts for word in words)
    return {word: math.log(1 + len(counts) / count) for word, count in frequencies.items()}


def profile_of(item: Item) -> Profile:
    """Count the item's words and collect its facts. Lines that were heard before belong to its story, too."""
    texts = [line.text for line in (*item.lines, *item.background)]
    words = Counter(word for text in (item.title, *texts) for word in content_words(text))
    facts = frozenset[str]().union(*(facts_of(text, item.language) for text in texts))
    return Profile(item, words, facts)


@lru_cache(maxsize=8192)
def facts_of(sentence: str, language: str) -> frozenset[str]:
    """The figures and names of a sentence.

    Its first word has a capital anyway. It is a name only if another sentence shows it as one.
    """
    claims = claims_in(sentence, language)
    first = WORD.search(sentence)
    return claims.figures | (claims.names - ({first[0].casefold()} if first else set()))


def belongs(profile: Profile, group: list[Profile], weights: dict[str, float]) -> bool:
    """Whether an item tells the group's story and its newsletter has no item in the group yet."""
    if any(other.item.newsletter.key == profile.item.newsletter.key for other in group):
        return False
    return all(tell_same_story(profile, other, weights) for other in group[:MAX_COMPARED_ITEMS])


def tell_same_story(one: Profile, other: Profile, weights: dict[str, float]) -> bool:
    """Whether two items of one language share enough facts and words."""
    if one.item.language != other.item.language:
        return False
    shared = len(one.facts & other.facts)
    fewer = min(len(one.facts), len(other.facts)) or 1
    enough = shared >= MIN_SHARED_FACTS and shared / fewer >= MIN_SHARED_PART
    return enough and cosine(one.words, other.words, weights) >= MIN_SIMILARITY


def cosine(one: Counter[str], other: Counter[str], weights: dict[str, float]) -> float:
    """The cosine of two word counts, each word multiplied by its weight."""

    def norm(words: Counter[str]) -> float:
        return math.sqrt(sum((count * weights[word]) ** 2 for word, count in words.items()))

    product = sum(
        one[word] * other[word] * weights[word] ** 2 for word in one.keys() & other.keys()
    )
    return product / ((norm(one) * norm(other)) or 1.0)
