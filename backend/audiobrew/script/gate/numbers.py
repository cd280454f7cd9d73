"""Numbers at a place in a text, in digits or in words: 31, thirty-one, dreiundzwanzigtausend, fourth."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from audiobrew.lang.language import language_or_default
from audiobrew.lang.number_spelling import spell_cardinals
from audiobrew.lang.number_words import PERCENT_PHRASES, number_words, power_of_ten
from audiobrew.lang.spoken_numbers import number_word_variants, spell_ordinal

# Digits in groups of three: 1,200 or 1.200.
_GROUPED_DIGITS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
# Words of one number, at most: four hundred and twenty-one, quatre-vingt-dix-sept.
MAX_WORDS = 7
# Smaller numbers that are one word come from the languages' files, which leave out ambiguous ones.
FIRST_PHRASE, FIRST_WORD = 17, 21
MAX_ORDINAL = 100
# Before a quarter of an hour: una hora y cuarto.
_CLOCK_WORDS = frozenset(("y", "menos"))
# Words that may stand before a magnitude in place of 1.
ONE = frozenset(
    ("one", "a", "eine", "ein", "einer", "einen", "un", "une", "uno", "una", "um", "uma", "een")
)


def number_at(
    tokens: Sequence[str], place: int, language: str, *, ordinals: bool = True
) -> tuple[str | None, int]:
    """The number that begins at a place, or None, and the place after it."""
    token = tokens[place]
    if token[0].isdigit():
        return normalize_number(token), place + 1
    if not token[0].isalpha():
        return None, place + 1
    words = [word.casefold() for word in tokens[place : place + MAX_WORDS]]
    before = tokens[place - 1].casefold() if place else ""
    phrases = {} if before in PERCENT_PHRASES else number_phrases(language)
    for length in range(len(words), 1, -1):
        phrase = phrases.get("".join(words[:length]))
        if phrase is not None and all(map(str.isalpha, words[:length])):
            return str(phrase), place + length
    word = words[0]
    if small := number_words(language).get(word):
        return small, place + 1
    if (value := phrases.get(word, 0)) >= FIRST_WORD:
        return str(value), place + 1
    if (compound := thousands(word, language)) is not None:
        return str(compound), place + 1
    if word in ONE and len(words) > 1 and power_of_ten(words[1], language) >= 6:
        return "1", place + 1
    if ordinals and before not in _CLOCK_WORDS and (ordinal := ordinal_words(language).get(word)):
        return str(ordinal), place + 1
    return None, place + 1


def normalize_number(token: str) -> str:
    """1,200 and 1.200 are 1200; 3,5 and 3.5 are 3.5."""
    if _GROUPED_DIGITS.fullmatch(token):
        token = token.replace(",", "").replace(".", "")
    return token.replace(",", ".").lstrip("0") or "0"


def thousands(word: str, language: str) -> int | None:
    """The value of a compound such as `dreiundzwanzigtausend`."""
    for thousand in language_or_default(language).numbers.powers.get(3, ()):
        first, separator, rest = word.partition(thousand)
        if not separator or len(thousand) < 4 or not first:
            continue
        value = _below_thousand(first, language)
        remainder = _below_thousand(rest.removeprefix("und"), language) if rest else 0
        if value is not None and remainder is not None:
            return value * 1000 + remainder
    return None


def _below_thousand(word: str, language: str) -> int | None:
    small = number_words(language).get(word)
    return int(small) if small else number_phrases(language).get(word)


@cache
def number_phrases(language: str) -> Mapping[str, int]:
    """The numbers from 17 to 999 by their words without spaces and hyphens."""
    phrases: dict[str, int] = {}
    for value in range(FIRST_PHRASE, 1000):
        for spelling in spell_cardinals(value, language):
            for words in number_word_variants(spelling, language):
                phrases.setdefault(words, value)
    return phrases


@cache
def ordinal_words(language: str) -> Mapping[str, int]:
    """The ordinals from the second on by their words, those of several words left out."""
    rules = language_or_default(language)
    if not rules.numbers.spelled_out:
        return {}
    words = {
        word: value
        for value in range(2, MAX_ORDINAL + 1)
        for word in spell_ordinal(value, language)
        if word.isalpha()
    }
    return {**words, **rules.meaning.ordinals}
