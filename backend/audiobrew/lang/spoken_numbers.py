"""Spell numbers that are written in digits: amounts, years, ordinals, times and sums of money.

Only for languages whose number words hardly change with case and gender. In other languages, digits
stand for whatever words are spoken in their place.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from itertools import product
from typing import Literal

from audiobrew.lang.language import all_languages, language_or_default
from audiobrew.lang.number_spelling import spell_cardinals, spell_digit, spell_ordinals, spell_years
from audiobrew.lang.number_words import CURRENCIES

CURRENCY_SYMBOLS = {"$": "usd", "us$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "₹": "inr"}


def _magnitudes() -> dict[str, tuple[str, ...]]:
    words: dict[str, dict[str, None]] = {}
    for language in all_languages():
        for abbreviation, long_forms in language.numbers.magnitudes.items():
            words.setdefault(abbreviation, {}).update(dict.fromkeys(long_forms))
    return {abbreviation: tuple(long_forms) for abbreviation, long_forms in words.items()}


# The words that an abbreviated magnitude stands for, in any language.
MAGNITUDES = _magnitudes()
# What may be between an amount and its cents, and after the cents, in any language.
CONJUNCTIONS = frozenset([""]).union(*(one.currencies.conjunctions for one in all_languages()))
CENTS = frozenset([""]).union(*(one.currencies.cents for one in all_languages()))
# A number up to this may be spoken as an ordinal: July 4.
MAX_DAY = 31
# Letters that count as one, as in `spellings.normalize`, and an apostrophe that is left out.
LOOKALIKES = {"ʼ": "", "〇": "零", "ş": "ș", "ţ": "ț", "ı": "i"}
# A number with more digits is no amount.
MAX_DIGITS = 15


@cache
def number_pattern(language: str) -> re.Pattern[str]:
    """Matches what `spell_number` spells, in lower-case text."""
    rules = language_or_default(language).numbers
    space = " " if rules.space_grouping else ""
    number = rf"\d{{1,3}}(?:[.,'\u00a0\u202f{space}]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+[.,]\d+|\d+"
    symbols = r"us\$|[$€£¥₹]"
    magnitude_words = "|".join(word for words in MAGNITUDES.values() for word in words)
    magnitude = rf"\s?(?:{'|'.join(MAGNITUDES)})(?!\w)|\s(?:{magnitude_words})(?!\w)"
    ordinal = rf"(?P<ordinal>{rules.ordinal_suffix})(?!\w)"
    return re.compile(
        rf"(?P<hour>\d{{1,2}})(?::|(?<=\d)h)(?P<minute>\d\d)(?!\d)(?:\s?(?:uhr|h|uur)(?!\w))?"
        rf"|(?P<before>{symbols})\s?(?P<price>{number})(?P<much>{magnitude})?"
        rf"|(?P<cost>{number})(?P<many>{magnitude})?\s?(?P<after>{symbols})"
        rf"|(?P<number>{number})(?:{ordinal}|(?P<decade>'?s)(?!\w))?"
    )


def spell_number(match: re.Match[str], language: str) -> Iterator[str]:
    """Yield the spellings of a match of `number_pattern`, without spaces; digits as `<26>`."""
    if match["hour"]:
        yield from spell_time(int(match["hour"]), int(match["minute"]), language)
    elif symbol := match["before"] or match["after"]:
        magnitude = (match["much"] or match["many"] or "").strip()
        number = match["price"] or match["cost"]
        yield from spell_money(number, magnitude, CURRENCY_SYMBOLS[symbol], language)
    else:
        yield from spell_plain_number(match, language)


def currency_code(word: str) -> str:
    """The code of a currency's name in any form; other words stay."""
    return CURRENCIES.get(word, word) if len(word) > 1 else word


def spell_plain_number(match: re.Match[str], language: str) -> Iterator[str]:
    number = match["number"]
    value = parse_number(number, language)
    is_integer = value == int(value) and len(number) <= MAX_DIGITS
    if match["decade"]:
        yield f"<{value}>s"
        for words in _number_words(int(value), "year", language) if is_integer else ():
            yield words[:-1] + "ies" if words.endswith("y") else words + "s"
    elif match["ordinal"]:
        yield f"<{value}>{match['ordinal']}"
        yield f"<{value}>"
        yield from spell_ordinal(int(value), language) if is_integer else ()
    else:
        yield from spell_amount(number, language)
        is_day = is_integer and 0 < value <= MAX_DAY
        yield from spell_ordinal(int(value), language) if is_day else ()
        yield from spell_digits(number, language) if number.isdecimal() else ()


def spell_amount(number: str, language: str) -> Iterator[str]:
    value = parse_number(number, language)
    yield f"<{value}>"
    if not language_or_default(language).numbers.spelled_out or len(number) > MAX_DIGITS:
        return
    if value == int(value):
        yield from _number_words(int(value), "cardinal", language)
        is_year = 1000 <= value < 2100
        yield from _number_words(int(value), "year", language) if is_year else ()
    else:
        yield from spell_decimal(number, value, language)


def spell_decimal(number: str, value: Decimal, language: str) -> Iterator[str]:
    decimals = re.split(r"[.,]", number)[-1]
    wholes = list(_number_words(int(value), "cardinal", language))
    rules = language_or_default(language).numbers
    fractions = {
        *spell_digits(decimals, language),
        *_number_words(int(decimals), "cardinal", language),
    }
    tails = {1: rules.tenths, 2: rules.hundredths}.get(len(decimals), ())
    fractions |= {fraction + tail for fraction, tail in product(fractions, tails)}
    point_words = rules.point
    for whole, point, fraction in product(wholes, point_words, sorted(fractions)):
        yield whole + point + fraction
    if decimals.rstrip("0") == "5" and language == "en":
        yield from (f"{whole}andahalf" for whole in wholes)


def spell_money(number: str, magnitude: str, code: str, language: str) -> Iterator[str]:
    names = currency_names(code, language)
    magnitude_words = MAGNITUDES.get(magnitude, (magnitude,))
    amounts = list(spell_amount(number, language))
    for amount, word, name in product(amounts, magnitude_words, names):
        yield amount + word + name
        yield name + amount + word
    point = "." if language_or_default(language).numbers.decimal_point else ","
    whole, separator, cents = number.rpartition(point)
    if separator and len(cents) == 2 and not magnitude:
        cent_spellings = [""] if cents == "00" else [*spell_amount(cents, language)]
        for amount, name, cent in product([*spell_amount(whole, language)], names, cent_spellings):
            for conjunction, unit in product(CONJUNCTIONS, CENTS):
                yield amount + name + (conjunction + cent + unit if cent else "")


@cache
def currency_names(code: str, language: str) -> tuple[str, ...]:
    """The code and the full names in the language: British pounds, dollars des États-Unis."""
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_currency_name

    names = {code, "us" + code} if code == "usd" else {code}
    try:
        full_names = [get_currency_name(code.upper(), n, Locale.parse(language)) for n in (1, 2)]
    except (UnknownLocaleError, ValueError):
        full_names = []
    for name in full_names:
        words = re.findall(r"[^\W\d_]+", name.casefold())
        names.add("".join(currency_code(word).casefold() for word in words))
    return tuple(sorted(names))


def spell_time(hour: int, minute: int, language: str) -> Iterator[str]:
    word = language_or_default(language).numbers.hour
    hours = [f"<{hour}>", *_number_words(hour, "cardinal", language)]
    minutes = [f"<{minute}>", *_number_words(minute, "cardinal", language)] if minute else [""]
    for first, second in product(hours, minutes):
        yield from (first + second, first + word + second, first + second + word)
    yield f"<{hour}><{minute}>"
    if language == "en" and minute:
        if minute < 10:
            yield from (f"{first}oh{second}" for first, second in product(hours, minutes))
        if minute == 30:
            yield from (f"halfpast{first}" for first in hours)
        if minute == 15:
            yield from (f"quarterpast{first}" for first in hours)


SPELLERS = {"cardinal": spell_cardinals, "ordinal": spell_ordinals, "year": spell_years}


@lru_cache(4096)
def _number_words(
    value: int, kind: Literal["cardinal", "ordinal", "year"], language: str
) -> tuple[str, ...]:
    """The words for a number, without spaces."""
    if not language_or_default(language).numbers.spelled_out:
        return ()
    variants = (
        variant
        for words in SPELLERS[kind](value, language)
        for variant in number_word_variants(words, language)
    )
    return tuple(sorted(set(variants)))


def number_word_variants(words: str, language: str) -> set[str]:
    """Variants of number words: without "and", with "a" for "one", and other grammatical endings."""
    variants = {_letters(words)}
    if (shorter := re.sub(r"\band\b|\bet\b", "", words)) != words:
        variants.add(_letters(shorter))
    if language == "zh":
        variants |= {form.replace("二", "两") for form in variants}
    if language == "en":
        variants |= {"a" + form[3:] for form in variants if re.match(r"one[htmb]", form)}
    variants |= {
        form[one.end() :]
        for form in variants
        if (one := re.match(r"(?:one|ein|een|un|um)(?=hund|taus|thou|hond)", form))
    }
    for ending, others in language_or_default(language).numbers.endings.items():
        variants |= {
            form.removesuffix(ending) + other
            for form in variants
            if form.endswith(ending)
            for other in others
        }
    return variants


def spell_ordinal(value: int, language: str) -> Iterator[str]:
    endings = language_or_default(language).numbers.ordinal_endings
    for words in _number_words(value, "ordinal", language):
        yield words
        stem = words[:-1] if language in ("es", "it", "pt") else words
        yield from (stem + ending for ending in endings)
    if value == 1 and language == "fr":
        yield from ("premier", "première")


def spell_digits(digits: str, language: str) -> Iterator[str]:
    """The digits one by one, as in telephone numbers and after a decimal point."""
    if language_or_default(language).numbers.spelled_out and 1 < len(digits) <= MAX_DIGITS:
        words = _letters("".join(spell_digit(digit, language) for digit in digits))
        yield words
        if language == "en":
            yield words.replace("zero", "oh")


def parse_number(number: str, language: str) -> Decimal:
    """The value of a number, whose separators are the language's or, where unambiguous, others."""
    bare = re.sub(r"['\u00a0\u202f ]", "", number)
    point = "." if language_or_default(language).numbers.decimal_point else ","
    other = "," if point == "." else "."
    if (
        not re.fullmatch(rf"\d{{1,3}}(?:\{other}\d{{3}})+(?:\{point}\d+)?", bare)
        and bare.count(other) == 1
    ):
        bare = bare.replace(point, "").replace(other, point)
    ungrouped = bare.replace(other, "")
    has_point = ungrouped.count(point) == 1
    value = Decimal(ungrouped.replace(point, "." if has_point else ""))
    if value == int(value) and value < 10**20:
        return value.quantize(Decimal(1))
    return value.normalize()


def _letters(words: str) -> str:
    """The letters in lower case, with the marks that some scripts put on them."""
    words = "".join(LOOKALIKES.get(one, one) for one in words.casefold())
    return "".join(one for one in words if unicodedata.category(one)[0] in "LM")
