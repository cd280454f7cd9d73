"""Which letters can be a word: with a vowel, and with an ending that words of the language have.

What we know of a language holds a thousand and more of its words. A short form that is cut off in the middle
of a word (`elev.`, `loc.`, `insc.`) mostly ends as none of them does.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import (
    CompleteLanguage,
    complete_languages,
    language_or_default,
    load_language,
)

# Languages with words without vowels.
SYLLABIC = frozenset(["cs", "sk", "hr", "sl", "sr", "bs", "mk", "bg", "cy"])
# Languages of which we know so many words know all common endings.
MIN_WORDS = 1000
# Letters of words whose ending says much: longer words are hardly cut off.
MIN_LETTERS, MAX_LETTERS = 2, 6
# The share of function words in a text of a language.
MIN_SHARE = 0.2
_VOWELS = frozenset("aeiouyæøœıəɛ")
_LATIN = re.compile(r"[a-zß-ɏ]+")
# A word in a text of a language's file, but no part of a regular expression.
_WORD = re.compile(r"(?<![\w.\\])[^\W\d_]{2,40}(?![\w.*+?\\\[(|])")


@lru_cache(maxsize=8192)
def has_vowel(word: str) -> bool:
    plain = unicodedata.normalize("NFD", word.casefold())
    return not _VOWELS.isdisjoint(plain)


@lru_cache(maxsize=8192)
def is_word_shape(word: str, language: str) -> bool:
    """Whether lower-case letters can be a word of the language, as far as we know."""
    if not _LATIN.fullmatch(word) or word in FUNCTION_WORDS or language in SYLLABIC:
        return True
    if not has_vowel(word):
        return False
    endings = word_endings(language)
    is_cut = not has_vowel(word[-1]) and word[-1] != "ß" and MIN_LETTERS <= len(word) <= MAX_LETTERS
    return not (endings and is_cut) or word in known_words(language) or word[-2:] in endings


@cache
def word_endings(language: str) -> frozenset[str]:
    """The last two letters of the words that we know; none of a language of which we know few.

    Those of its `short_words` say nothing, because hardly another word ends so.
    """
    rules = language_or_default(language)
    if not isinstance(rules, CompleteLanguage):
        return frozenset()
    words = known_words(language) - rules.sentences.short_words
    return frozenset(word[-2:] for word in words if len(word) > 2)


@cache
def known_words(language: str) -> frozenset[str]:
    """The words in a language's file; none of a language of which we know few."""
    if language not in {one.code for one in complete_languages()}:
        return frozenset()
    content = load_language(language).model_dump(exclude={"symbols", "voices", "structure"})
    symbols = load_language(language).symbols
    full_forms = (symbols.abbreviations, symbols.nouns, symbols.labels)
    words = {
        word.casefold() for text in texts_of([content, *full_forms]) for word in _WORD.findall(text)
    }
    return frozenset(words) if len(words) >= MIN_WORDS else frozenset()


def texts_of(content: Any) -> Iterator[str]:
    """All texts in nested lists and tables, without the keys of tables."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from texts_of(value)
    elif isinstance(content, list | tuple | set | frozenset):
        for value in content:
            yield from texts_of(value)


@lru_cache(maxsize=512)
def language_of_words(text: str) -> str:
    """The language of most function words in a short text; empty if it is not clear."""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", text[:600])]
    votes = sorted(
        (sum(word in one.sentences.function_words for word in words), one.code)
        for one in complete_languages()
    )
    (second, _), (most, code) = votes[-2:]
    is_clear = most > max(second, 1) and most >= MIN_SHARE * len(words)
    return code if is_clear else ""
