"""Which lines of an item name what another line refers to: `the paper`, `Tobias`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default
from audiobrew.script.content_words import stem_of
from audiobrew.script.items import Item
from audiobrew.script.line import Line

_WORD = re.compile(r"[^\W_]+")
# Words after an indefinite article that it may introduce.
MAX_INTRODUCTION = 4
# Letters of a noun that a definite article may refer to.
MIN_NOUN = 4
# After a noun, these words say which one is meant.
_EXPLANATIONS = frozenset(
    (
        "of",
        "that",
        "who",
        "which",
        "whose",
        "von",
        "des",
        "der",
        "de",
        "du",
        "del",
        "di",
        "da",
        "do",
        "van",
    )
)


@lru_cache(maxsize=1024)
def references_of(item: Item) -> tuple[tuple[int, ...], ...]:
    """For each line, the places of earlier lines that introduce what it refers to."""
    structure = language_or_default(item.language).structure
    introductions: dict[str, int] = {}
    names: dict[str, int] = {}
    result = []
    for line in item.lines:
        words = _WORD.findall(line.text)
        full_names = list(names_in(words))
        own = {part for name in full_names for part in name}
        needs = {names[word] for word in words[1:] if word in names and word not in own}
        needs |= {names[word] for word in words[:1] if word in names and not own}
        for noun in definite_nouns(words, structure.definite_articles, item.language):
            if (place := place_of(noun, introductions, item.language)) is not None:
                needs.add(place)
        result.append(tuple(sorted(needs - {line.place})))
        if is_told_alone(line, item.lines):
            for noun in new_nouns(words, structure.indefinite_articles):
                introductions.setdefault(noun, line.place)
            for name in full_names:
                for part in name:
                    names.setdefault(part, line.place)
    return tuple(result)


def place_of(noun: str, introductions: Mapping[str, int], language: str) -> int | None:
    """Where a noun was introduced, perhaps as the end of a longer one: `die Halle` of `eine Lokhalle`."""
    if noun in introductions or not language_or_default(language).meaning.capitalized_nouns:
        return introductions.get(noun)
    compounds = (one for one in introductions if len(noun) >= MIN_NOUN and one.endswith(noun))
    return next((introductions[one] for one in compounds), None)


def is_told_alone(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line may introduce something: a heading and an entry of a list do not."""
    return line.series is None and not (line.place == 0 and lines[0].awaits_next)


def names_in(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Names of two words and more: words with capitals that follow each other."""
    name: list[str] = []
    for number, word in enumerate([*words, ""]):
        if word[:1].isupper() and len(word) > 1 and word.casefold() not in FUNCTION_WORDS:
            name.append(word)
            continue
        # Of a title, in which all words have capitals, none is a name.
        if 1 < len(name) <= 4 and len(name) < len(words) - 1 and number:
            yield tuple(name)
        name = []


def new_nouns(words: Sequence[str], articles: frozenset[str]) -> Iterator[str]:
    """The words that an indefinite article may introduce: `paper` in `a folded slip of paper`."""
    for number, word in enumerate(words):
        if word.casefold() in articles:
            yield from map(stem_of, words[number + 1 : number + 1 + MAX_INTRODUCTION])


def definite_nouns(words: Sequence[str], articles: frozenset[str], language: str) -> Iterator[str]:
    """The nouns after a definite article, unless something after them says which one is meant."""
    capitals = language_or_default(language).meaning.capitalized_nouns
    for number, word in enumerate(words[:-1]):
        if word.casefold() not in articles:
            continue
        for place in (number + 1, number + 2):
            noun = words[place] if place < len(words) else ""
            after = words[place + 1] if place + 1 < len(words) else ""
            is_noun = len(noun) >= MIN_NOUN and noun[0].isupper() == capitals
            if is_noun and after not in _EXPLANATIONS and noun.casefold() not in FUNCTION_WORDS:
                yield stem_of(noun)


def has_references_between(items: Sequence[Item]) -> bool:
    """Whether an item calls somebody by one name who has two names in an earlier one: the text goes on."""
    last_names: set[str] = set()
    for item in sorted(items, key=lambda one: one.place):
        words = [_WORD.findall(line.text) for line in item.lines]
        names = [name for line in words for name in names_in(line)]
        own = {part for name in names for part in name}
        if any(word in last_names - own for line in words for word in line[1:]):
            return True
        last_names |= {name[-1] for name in names if len(name[-1]) >= MIN_NOUN}
    return False
