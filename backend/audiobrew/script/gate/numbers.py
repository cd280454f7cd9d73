"""Numbers at a place in a text, in digits or in words: 31, thirty-one, dreiundzwanzigtausend, fourth."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from audiobrew.lang.language import language_or_default
from audiobrew.lang.number_spelling import spell_cardinals, spell_ordinals
from audiobrew.lang.number_words import PERCENT_PHRASES, number_words, power_of_ten
from audiobrew.lang.spoken_numbers import number_word_variants, spell_ordinal

# Digits in groups of three: 1,200 or 1.200.
_GROUPED_DIGITS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_NO_LETTER = re.compile(r"[^\w]+")
# Words of one number, at most: four hundred and twenty-one, quatre-vingt-dix-sept.
MAX_WORDS = 7
# Smaller numbers that are one word come from the languages' files, which leave out ambiguous ones.
FIRST_TEEN, FIRST_PHRASE, FIRST_WORD = 11, 17, 21
MAX_ORDINAL = 100
# Years in two parts: nineteen thirty-two, twenty twenty-two.
CENTURIES, YEARS_OF_CENTURY = range(11, 21), range(10, 100)
# Words that mean something else more often: in the month, manner.
AMBIGUOUS = {"et": frozenset(("kuus", "viis"))}
# Powers of ten, and the largest number that follows "and".
HUNDRED, THOUSAND, MILLION, MAX_AFTER_AND = 2, 3, 6, 99
# Before a quarter of an hour: una hora y cuarto.
_CLOCK_WORDS = frozenset(("y", "menos"))
# Words that may stand before a magnitude in place of 1.
ONE = frozenset(
    (
        "one",
        "a",
        "ein",
        "eins",
        "eine",
        "einen",
        "einem",
        "einer",
        "eines",
        "un",
        "une",
        "uno",
        "una",
        "um",
    )
    + ("uma", "een")
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
    words = [as_number_word(word) for word in tokens[place : place + MAX_WORDS]]
    before = tokens[place - 1].casefold() if place else ""
    # "Pour cent" is no number, but "pour cent mille" has one.
    is_percent = words[0] in PERCENT_PHRASES.get(before, ()) and not magnitude_at(
        tokens, place + 1, language
    )
    phrases = {} if is_percent else number_phrases(language)
    for length in range(len(words), 1, -1):
        phrase = phrases.get("".join(words[:length]))
        if phrase is None or not all(map(str.isalpha, words[:length])):
            continue
        # Of "nine hundred and sixteen hundred", sixteen belongs to the second number.
        following = words[length] if length < len(words) else ""
        if phrase < 100 or power_of_ten(following, language) != 2:
            return str(phrase), place + length
    if ordinals and (ordinal_phrase := ordinal_phrase_at(words, language)):
        return ordinal_phrase[0], place + ordinal_phrase[1]
    word = words[0]
    if (number := number_of_word(word, phrases, language)) is not None:
        return number, place + 1
    if word in ONE and len(words) > 1 and power_of_ten(words[1], language) >= THOUSAND:
        return "1", place + 1
    if ordinals and before not in _CLOCK_WORDS and (ordinal := ordinal_words(language).get(word)):
        return str(ordinal), place + 1
    return None, place + 1


def as_number_word(word: str) -> str:
    """A word in lower case, with one kind of i for the two of Turkish, as number words have it."""
    return word.casefold().replace("ı", "i").replace("i\u0307", "i")


def ordinal_phrase_at(words: Sequence[str], language: str) -> tuple[str, int] | None:
    """The ordinal of several words that these begin with, and how many: forty-first."""
    phrases = ordinal_phrases(language)
    for length in range(len(words), 1, -1):
        if (value := phrases.get("".join(words[:length]))) and all(
            map(str.isalpha, words[:length])
        ):
            return str(value), length
    return None


def number_of_word(word: str, phrases: Mapping[str, int], language: str) -> str | None:
    """The number that is one word. `phrases` are those of larger numbers that count here."""
    if small := (number_words(language) or small_numbers(language)).get(word):
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
    value, after = number_or_one_at(texts, place, language)
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
    if spelled and number.isdigit() and (whole := whole_number_at(texts, place, language)):
        return scientific(str(whole[0]), 0), whole[1], whole[2]
    while more := magnitude_at(texts, end, language):
        if not millions and texts[end] == "m":
            break
        exponent, end = exponent + more, end + 1
    return scientific(number, exponent), end, exponent


def number_or_one_at(texts: Sequence[str], place: int, language: str) -> tuple[str | None, int]:
    """Like `number_at`, also for one where what follows shows that it is a number: one point two, mil."""
    value, after = number_at(texts, place, language)
    if value is not None:
        return value, after
    word = texts[place].casefold()
    if magnitude_at(texts, place, language) and word in thousand_words(language):
        return "1", place
    if word in digit_words(language) and decimals_at(texts, place + 1, language):
        return digit_words(language)[word], place + 1
    if word in ONE and added_part(texts, place + 1, language)[0]:
        return "1", place + 1
    return None, after


def whole_number_at(
    texts: Sequence[str], place: int, language: str
) -> tuple[Decimal, int, int] | None:
    """The whole number in words at a place, the place after it, and the power of its largest magnitude."""
    total, end, power, least = Decimal(0), place, 0, 0
    while part := below_million_at(
        texts, start := start_of_rest(texts, end, total, language), language
    ):
        value, after, thousand = part
        magnitude = magnitude_at(texts, after, language)
        is_large = magnitude >= MILLION
        if total and not is_rest(texts, start, end, value, language, is_large=is_large):
            break
        if is_large and (not least or magnitude < least):
            total, end, least = total + value.scaleb(magnitude), after + 1, magnitude
            power = power or magnitude
            continue
        if not is_large and (not least or value < Decimal(1).scaleb(least)):
            total, end, power = total + value, after, power or thousand
        break
    return (total, end, power) if total else None


def start_of_rest(texts: Sequence[str], place: int, total: Decimal, language: str) -> int:
    """Where the rest of a number begins: behind "and", if there is one."""
    conjunctions = language_or_default(language).currencies.conjunctions
    has_and = total and place + 1 < len(texts) and texts[place].casefold() in conjunctions
    return place + 1 if has_and else place


def is_rest(
    texts: Sequence[str], start: int, end: int, value: Decimal, language: str, *, is_large: bool
) -> bool:
    """Whether a number goes on with another one. `end` is before "and", and `start` behind it."""
    is_one = texts[start].casefold() in ONE
    if is_one and not is_large and value == 1:
        return False
    return start == end or is_large or value <= MAX_AFTER_AND


def below_million_at(
    texts: Sequence[str], place: int, language: str
) -> tuple[Decimal, int, int] | None:
    """The number below a million in words at a place, the place after it, and 3 if it has thousands."""
    if place >= len(texts) or not texts[place][0].isalpha():
        return None
    value, end = number_at(texts, place, language)
    if value is None and texts[place].casefold() in thousand_words(language):
        value, end = "1", place
    if value is None or not value.isdigit():
        return None
    number = Decimal(value)
    if magnitude_at(texts, end, language) == HUNDRED and number < MAX_AFTER_AND + 1:
        number, end = with_rest(texts, number * 100, end + 1, language, most=MAX_AFTER_AND)
    if magnitude_at(texts, end, language) == THOUSAND and number < 1000:
        number, end = with_rest(texts, number * 1000, end + 1, language, most=999)
        return number, end, THOUSAND
    return number, end, 0


def with_rest(
    texts: Sequence[str], number: Decimal, place: int, language: str, *, most: int
) -> tuple[Decimal, int]:
    """A number with the smaller one that follows it in words, and the place after both."""
    start = start_of_rest(texts, place, number, language)
    if start >= len(texts) or not texts[start][0].isalpha():
        return number, place
    value, end = number_at(texts, start, language)
    if value is None or not value.isdigit() or not 0 < int(value) <= most:
        return number, place
    if magnitude_at(texts, end, language) == HUNDRED:
        value, end = str(int(value) * 100), end + 1
    if int(value) > most or magnitude_at(texts, end, language) == THOUSAND:
        return number, place
    is_part = is_rest(texts, start, place, Decimal(value), language, is_large=False)
    return (number + int(value), end) if is_part else (number, place)


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
    rules = language_or_default(language)
    return frozenset((*rules.numbers.point, *rules.meaning.decimal_words))


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
    words = frozenset(
        variant
        for spelling in spell_cardinals(1000, language)
        for variant in number_word_variants(spelling, language)
        if " " not in spelling
    )
    # Where there is no article, the word stands alone in each of its cases.
    has_cases = bool(small_numbers(language)) and not number_words(language)
    return words | frozenset(language_or_default(language).numbers.powers.get(3, ()) * has_cases)


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
    small = "1" if word in ONE else number_words(language).get(word)
    return int(small) if small else number_phrases(language).get(word)


@cache
def small_numbers(language: str) -> Mapping[str, str]:
    """The numbers from 2 to 20 by CLDR's words, where the language's file has none."""
    if not language_or_default(language).meaning.name_paradigms:
        return {}
    return {
        word: str(value)
        for value in range(2, FIRST_WORD)
        for spelling in spell_cardinals(value, language)
        for word in number_word_variants(spelling, language)
        if " " not in spelling and word not in AMBIGUOUS.get(language, ())
    }


@cache
def number_phrases(language: str) -> Mapping[str, int]:
    """The numbers from 17 to 999 by their words without spaces and hyphens, and those of several words."""
    phrases: dict[str, int] = {}
    for value in range(FIRST_TEEN, 1000):
        for spelling in spell_cardinals(value, language):
            if value < FIRST_PHRASE and " " not in spelling:
                continue
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


@cache
def ordinal_phrases(language: str) -> Mapping[str, int]:
    """The ordinals of several words, by these without spaces and hyphens."""
    if not language_or_default(language).numbers.spelled_out:
        return {}
    return {
        _NO_LETTER.sub("", spelling): value
        for value in range(FIRST_WORD, MAX_ORDINAL + 1)
        for spelling in spell_ordinals(value, language)
        if not spelling.isalpha()
    }
