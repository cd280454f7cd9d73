"""What a listener wrote about their interests, as words that stories may have.

The text is free: topics, a level, and what the listener does not want to hear. Words that only say how
(`explain`, `beginner`) are left to a model. What follows `no` or `less` is unwanted.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from audiobrew.lang.language import (
    CompleteLanguage,
    complete_language,
    complete_languages,
    language_or_default,
)
from audiobrew.script.items import Item
from audiobrew.script.writer import Brief

# The score of a story with one word of the interests, and of each further word.
MATCH_SCORE, MORE_SCORE = 1.0, 0.25
MAX_WORDS_IN_SCORE = 3
# Sentences at the start of a story. A word there is what it is about; elsewhere, it must come twice.
START = 2
# Letters that a compound shares with a word, at least.
MIN_COMPOUND_LENGTH = 5
# Two forms of a word of this length may have different endings of as many letters. Shorter words may have
# only endings that are frequent: wind and winds, but not wind and window.
MIN_LONG_WORD, MAX_ENDING_LENGTH = 6, 3
SHORT_ENDINGS = ("", "s", "es", "n", "en", "e", "er", "ern", "x")
VOWELS = frozenset("aeio")
_CLAUSE_END = re.compile(r"[\n.,;:!?()…、。，；]+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# Thai, Japanese and Chinese put no spaces between words.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Interests:
    """Words as the listener wrote them."""

    topics: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def read_interests(text: str) -> Interests:
    """The topics that a text names."""
    language = guess_language(_WORD.findall(text.casefold()))
    topics: dict[str, str] = {}
    unwanted: dict[str, str] = {}
    for clause in _CLAUSE_END.split(text):
        words = _WORD.findall(clause)
        folded = [word.casefold() for word in words]
        denials = [number for number, word in enumerate(folded) if word in language.interests.less]
        denial = denials[0] if denials else len(words)
        before = topics_in(words[:denial], language)
        after = topics_in(words[denial + 1 :], language)
        # "No football", but "Fußball bitte nicht".
        if denials and not after:
            before, after = after, before
        topics |= {word.casefold(): word for word in before}
        unwanted |= {word.casefold(): word for word in after}
    return Interests(
        tuple(word for key, word in topics.items() if key not in unwanted),
        tuple(unwanted.values()),
    )


def guess_language(words: Sequence[str]) -> CompleteLanguage:
    """The complete language that has most of these words in its lists, English first.

    The detector for mails needs longer texts.
    """
    complete = sorted(complete_languages(), key=lambda one: one.code != "en")
    return max(complete, key=lambda one: sum(word in unspecific_words(one.code) for word in words))


@cache
def unspecific_words(code: str) -> frozenset[str]:
    """The words of a complete language that name no topic, and those after which unwanted topics follow."""
    language = complete_language(code)
    words = language.sentences.function_words | language.links.words
    return words | language.interests.level | language.interests.less


def topics_in(words: Iterable[str], language: CompleteLanguage) -> list[str]:
    """The words that name a topic. Of two letters, only initials do: AI, EU."""
    return [
        word
        for word in words
        if (len(word) > 2 or (len(word) == 2 and word.isupper()) or _UNSPACED.search(word))
        and not word.isdecimal()
        and (word.casefold() not in unspecific_words(language.code) or word.isupper())
    ]


def matched_interests(items: Sequence[Item], brief: Brief) -> tuple[str, ...]:
    """The words of the interests that a story is about, in the listener's order and spelling."""
    topics = read_interests(brief.interests).topics
    return tuple(word for word in topics if any(is_about(word, item) for item in items))


def interest_score(items: Sequence[Item], brief: Brief) -> float:
    """How well a story fits the interests: above 0 if it is wanted, below 0 if it is unwanted."""
    if count := len(matched_interests(items, brief)):
        return MATCH_SCORE + MORE_SCORE * (min(count, MAX_WORDS_IN_SCORE) - 1)
    unwanted = read_interests(brief.interests).unwanted
    is_unwanted = any(is_about(word, item) for word in unwanted for item in items)
    return -MATCH_SCORE if is_unwanted else 0.0


def is_about(word: str, item: Item) -> bool:
    """Whether the word is in the title, in one of the first sentences, or in two others."""
    texts = [line.text for line in item.lines]
    if any(has_word(text, word, item.language) for text in (item.title, *texts[:START])):
        return True
    return sum(has_word(text, word, item.language) for text in texts[START:]) > 1


def has_word(text: str, word: str, language: str) -> bool:
    if _UNSPACED.search(word):
        return word in text
    compounds = language_or_default(language).interests.compounds
    return any(is_same_word(word, other, compounds=compounds) for other in words_in(text))


@lru_cache(maxsize=4096)
def words_in(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


def is_same_word(word: str, other: str, *, compounds: bool) -> bool:
    """Whether both are forms of one word, such as river and rivers, or economy and economic.

    With `compounds`, the other one may also contain the word at its start or its end.
    """
    if len(word) == 2:
        return word == other
    word, other = word.casefold(), other.casefold()
    if compounds and len(word) >= MIN_COMPOUND_LENGTH and other.startswith(word):
        return True
    if compounds and len(word) >= MIN_COMPOUND_LENGTH and other.endswith(word):
        return True
    short, long = sorted((word, other), key=len)
    stem, ending = short, long[len(short) :]
    if not long.startswith(short):
        # The vowel at the end may change: city, cities; político, política.
        stem, ending = short[:-1], long[len(short) - 1 :]
        change = short[-1] + ending[:1]
        if not long.startswith(stem) or not (change == "yi" or set(change) <= VOWELS):
            return False
        ending = ending[1:]
    if len(short) < MIN_LONG_WORD:
        return ending in SHORT_ENDINGS
    return len(ending) <= MAX_ENDING_LENGTH
