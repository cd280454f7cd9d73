"""Numbers at a place in a text, in digits or in words: 31, thirty-one, dreiundzwanzigtausend, fourth."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

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
# Years in two parts: nineteen thirty-two, twenty twenty-two.
CENTURIES, YEARS_OF_CENTURY = range(11, 21), range(10, 100)
# The power of ten from which on smaller numbers follow, and what follows "and".
THOUSAND, MAX_AFTER_AND = 3, 99
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
    # "Pour cent" is no number, but "pour cent mille" has one.
    is_percent = before in PERCENT_PHRASES and not magnitude_at(tokens, place + 1, language)
    phrases = {} if is_percent else number_phrases(language)
    for length in range(len(words), 1, -1):
        phrase = phrases.get("".join(words[:length]))
        if phrase is None or not all(map(str.isalpha, words[:length])):
            continue
        # Of "nine hundred and sixteen hundred", sixteen belongs to the second number.
        following = words[length] if length < len(words) else ""
        if phrase < 100 or power_of_ten(following, language) != 2:
            return str(phrase), place + length
    word = words[0]
    if (number := number_of_word(word, phrases, language)) is not None:
        return number, place + 1
    if word in ONE and len(words) > 1 and power_of_ten(words[1], language) >= THOUSAND:
        return "1", place + 1
    if ordinals and before not in _CLOCK_WORDS and (ordinal := ordinal_words(language).get(word)):
        return str(ordinal), place + 1
    return None, place + 1


def number_of_word(word: str, phrases: Mapping[str, int], language: str) -> str | None:
    """The number that is one word. `phrases` are those of larger numbers that count here."""
    if small := number_words(language).get(word):
        return small
    if (value := phrases.get(word, 0)) >= FIRST_WORD:
        return str(value)
    compound = compound_number(word, language)
    return None if compound is None else str(compound)


def normalize_number(token: str) -> str:
    """1,200 and 1.200 are 1200; 3,5 and 3.5 are 3.5."""
    if _GROUPED_DIGITS.fullmatch(token):
        token = token.replace(",", "").replace(".", "")
    return token.replace(",", ".").lstrip("0") or "0"


def quantity_at(
    texts: Sequence[str], place: int, language: str, *, millions: bool = True
) -> tuple[str | None, int, int]:
    """The number that begins at a place, with its magnitude and the rest that follows it in words.

    Returns the number in `scientific` form or None, the place after it, and the power of ten of its last
    magnitude. "Once mil trescientos" is 11,300. Unless `millions`, "m" is not one: 900 m.
    """
    words = [text.casefold() for text in texts[place : place + 3 * MAX_WORDS]]
    spelled = words[:1] and words[0][0].isalpha()
    value, after = number_at(texts, place, language)
    is_magnitude = magnitude_at(texts, place, language) > 0
    if value is None and is_magnitude and words[0] in thousand_words(language):
        value, after = "1", place
    if (
        value is None
        and words[0] in digit_words(language)
        and decimals_at(texts, place + 1, language)
    ):
        value, after = digit_words(language)[words[0]], place + 1
    if value is None:
        return None, after, 0
    if value.isdigit() and (decimals := decimals_at(texts, after, language)):
        value, after = f"{value}.{decimals[0]}", decimals[1]
    if spelled and (year := year_of_pair(texts, value, place, after, language)):
        return (*year, 0)
    added, end = added_part(texts, after, language)
    if not magnitude_at(texts, end, language):
        added, end = Decimal(0), after
    number, exponent = add(value, added) if added else value, 0
    while more := magnitude_at(texts, end, language):
        if not millions and texts[end] == "m":
            break
        exponent, end = exponent + more, end + 1
    if exponent and spelled and (rest := rest_of_number(texts, end, exponent, language)):
        return scientific(str(as_decimal(number, exponent) + rest[0]), 0), rest[1], exponent
    return scientific(number, exponent), end, exponent


def decimals_at(texts: Sequence[str], place: int, language: str) -> tuple[str, int] | None:
    """The decimals behind a decimal point in words, and the place after them: the 31 of "point three one".

    They are said digit by digit, or as one number: "virgule vingt-cinq".
    """
    if place >= len(texts) or texts[place].casefold() not in point_words(language):
        return None
    decimals, end = "", place + 1
    while end < len(texts) and (digit := digit_words(language).get(texts[end].casefold())):
        decimals, end = decimals + digit, end + 1
    if not decimals and end < len(texts) and texts[end][0].isalpha():
        value, after = number_at(texts, end, language, ordinals=False)
        if value and value.isdigit():
            decimals, end = value, after
    return (decimals, end) if decimals else None


@cache
def point_words(language: str) -> frozenset[str]:
    return frozenset(language_or_default(language).numbers.point)


@cache
def digit_words(language: str) -> Mapping[str, str]:
    """The digits by their words, one and zero in every form."""
    words = {
        variant: str(value)
        for value in range(10)
        for spelling in spell_cardinals(value, language)
        for variant in number_word_variants(spelling, language)
    }
    return words | {word: "1" for word in ONE if word not in words}


def year_of_pair(
    texts: Sequence[str], century: str, place: int, after: int, language: str
) -> tuple[str, int] | None:
    """The year in two numbers at a place, and the place after it: nineteen thirty-two."""
    rules = language_or_default(language).meaning
    is_century = after == place + 1 and century.isdigit() and int(century) in CENTURIES
    if not is_century or not rules.year_pairs or after >= len(texts):
        return None
    word = texts[after].casefold()
    if decade := rules.decades.get(word):
        return f"{int(century) * 100 + decade}", after + 1
    if not word[0].isalpha():
        return None
    value, end = number_at(texts, after, language, ordinals=False)
    is_year = value and value.isdigit() and int(value) in YEARS_OF_CENTURY
    if is_year and not magnitude_at(texts, end, language):
        return f"{int(century) * 100 + int(value or 0)}", end
    return None


def rest_of_number(
    texts: Sequence[str], place: int, exponent: int, language: str
) -> tuple[Decimal, int] | None:
    """What a number in words adds to its magnitude, and the place after it: the 300 of two thousand 300."""
    conjunctions = language_or_default(language).currencies.conjunctions
    has_and = place + 1 < len(texts) and texts[place].casefold() in conjunctions
    start = place + 1 if has_and else place
    if start >= len(texts) or not texts[start][0].isalpha() or exponent < 2:
        return None
    if texts[start].casefold() in ONE and not magnitude_at(texts, start + 1, language):
        return None
    rest, end, _ = quantity_at(texts, start, language)
    number = as_decimal(rest or "", 0)
    is_smaller = (
        0 < number < min(Decimal(1).scaleb(exponent), MAX_AFTER_AND + 1 if has_and else number + 1)
    )
    return (number, end) if is_smaller and number == int(number) else None


def magnitude_at(texts: Sequence[str], place: int, language: str) -> int:
    """The power of ten of the word at a place, or 0. "Cent" is a hundred in French, but not in German."""
    word = texts[place].casefold() if place < len(texts) else ""
    rules = language_or_default(language)
    if word in rules.currencies.cents and word not in rules.numbers.powers.get(2, ()):
        return 0
    return power_of_ten(word, language)


def added_part(texts: Sequence[str], place: int, language: str) -> tuple[Decimal, int]:
    """The part of one that is added at a place, and the place after it: "and a half"."""
    parts = language_or_default(language).meaning.added_parts
    for length in (4, 3, 2, 1):
        phrase = " ".join(texts[place : place + length]).casefold()
        if place + length <= len(texts) and phrase in parts:
            return Decimal(str(parts[phrase])), place + length
    return Decimal(0), place


def add(value: str, part: Decimal) -> str:
    return str(Decimal(value) + part) if value.isdigit() else value


@cache
def thousand_words(language: str) -> frozenset[str]:
    """The words that mean a thousand without a number before them: mil, mille, tausend."""
    return frozenset(
        variant
        for spelling in spell_cardinals(1000, language)
        for variant in number_word_variants(spelling, language)
        if " " not in spelling
    )


def as_decimal(value: str, exponent: int) -> Decimal:
    """A number; 0 when it cannot be read, such as a version."""
    try:
        return Decimal(value.replace("e", "E")).scaleb(exponent)
    except ArithmeticError:
        return Decimal(0)


def scientific(value: str, exponent: int) -> str:
    """One form for every notation of a number: 0.4 billion and 400,000,000 are both 400e6."""
    try:
        number = Decimal(value).scaleb(exponent)
    except ArithmeticError:
        return value
    for power in (12, 9, 6):
        if number >= Decimal(1).scaleb(power):
            return f"{number.scaleb(-power).normalize():f}e{power}"
    return f"{number.normalize():f}"


@lru_cache(maxsize=4096)
def compound_number(word: str, language: str) -> Decimal | int | None:
    """The value of a compound: dreiundzwanzigtausend, neunzehnhundertfünfzig, zweieinhalb."""
    meaning = language_or_default(language).meaning
    if word in meaning.mixed_numbers:
        return Decimal(str(meaning.mixed_numbers[word]))
    for ending, part in meaning.added_parts.items():
        base = word.removesuffix(ending)
        if meaning.compound_parts and base not in ("", word):
            value = 1 if base in ONE else _below_thousand(base, language)
            if value is not None:
                return value + Decimal(str(part))
    powers = language_or_default(language).numbers.powers
    for exponent in (3, 2):
        for power in powers.get(exponent, ()):
            first, separator, rest = word.partition(power)
            if not separator or len(power) < 4 or not (first or rest):
                continue
            value = _below_thousand(first, language) if first else 1
            remainder = _below_thousand(rest.removeprefix("und"), language) if rest else 0
            if value is not None and remainder is not None and remainder < 10**exponent:
                return int(value * 10**exponent + remainder)
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
