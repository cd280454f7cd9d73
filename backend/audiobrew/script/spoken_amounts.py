"""Amounts as they are spoken: sums of money, percentages, and measures with their units."""

import re
from decimal import Decimal
from functools import cache

from audiobrew.lang.cldr import (
    MANY,
    currency_name,
    magnitude_forms,
    magnitude_words,
    plural_form,
    unit_pattern,
)
from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.script.notation import (
    FREE,
    HYPHENS,
    LETTER,
    NUMBER,
    POINT,
    RANGE,
    any_of,
    join_words,
    notation_of,
    value_of,
)

_NUMBER = re.compile(NUMBER)
# The currency before the second number of a range.
_SECOND_SYMBOL = re.compile(rf"({RANGE})[^\d]{{1,5}}")
VOWELS = frozenset("aeiouyàâéèêëîïôûh")


@cache
def money_pattern(language: str) -> re.Pattern[str]:
    """A currency's symbol before or after a number, with a magnitude or none: `$5bn`, `5 Mrd. €`."""
    notation = notation_of(language)
    symbol = any_of(notation.currencies)
    magnitude = (
        rf"\s?(?:{any_of(notation.pointed) or '(?!)'}){POINT}"
        rf"|\s?(?:{any_of({*notation.magnitudes, *all_magnitude_words(language)})})"
    )
    end = rf"(?!{LETTER})"
    sign = rf"(?P<minus>[{HYPHENS}])?"
    second = rf"(?:{RANGE}(?:{symbol})?\s?{NUMBER})?"
    return re.compile(
        rf"(?:(?<!{LETTER})(?<!\.){sign}(?P<before>{symbol})\s?(?P<minus_inside>[-−](?=\d))?"
        rf"(?P<price>{NUMBER}{second})(?!\d)(?:(?P<much>{magnitude}){end})?"
        rf"(?P<to>{RANGE}(?=(?:{symbol})\s?\d))?"
        rf"|{FREE}(?P<cost>{NUMBER}(?:{RANGE}{NUMBER})?)(?P<many>{magnitude})?"
        rf"\s?(?P<after>{symbol}){end}(?![\d$€£¥]))(?P<slash>/(?=[^\W\d_]))?"
    )


@cache
def all_magnitude_words(language: str) -> frozenset[str]:
    """Words for magnitudes from a thousand on, in any form."""
    powers = language_or_default(language).numbers.powers
    return magnitude_words(language) | {
        word for power, words in powers.items() if power >= 3 for word in words
    }


def speak_money(text: str, language: str) -> str:
    """`$5bn` as `5 billion US dollars`."""
    notation, pattern = notation_of(language), money_pattern(language)

    def replacement(match: re.Match[str]) -> str:
        symbol = match["before"] or match["after"]
        number = match["price"] or match["cost"]
        number = _SECOND_SYMBOL.sub(r"\1", number)
        magnitude = (match["much"] or match["many"] or "").strip()
        minus = "−" if match["minus"] or match["minus_inside"] else ""
        money = spoken_money(number, magnitude, notation.currencies[symbol], language)
        if match["to"]:
            return minus + join_range(money, "", language)
        if match["slash"]:
            is_unit = rate_pattern(language).match(match.string, match.end() - 1)
            per = symbols_of(language).per
            return minus + money + (f" {per} " if per and not is_unit else "/")
        return minus + money + final_point(match)

    return pattern.sub(replacement, text)


def final_point(match: re.Match[str]) -> str:
    """A point if the match ends with one that also ends the text."""
    ends = match[0].endswith(".") and not match.string[match.end() :].strip(" ”“\"'»)]")
    return "." if ends else ""


def spoken_money(number: str, magnitude: str, code: str, language: str) -> str:
    """A sum of money in words, except for its number."""
    symbols, value = symbols_of(language), value_of(number, language)
    if not magnitude:
        return spoken_cents(number, code, value, language) or join_words(
            language, number, currency_name(code, value, language)
        )
    power = notation_of(language).magnitudes.get(magnitude.removesuffix("."))
    if power:
        amount = with_magnitude(number, power, language)
    else:
        power = power_of_word(magnitude, language)
        amount = join_words(language, number, magnitude)
    currency = currency_name(code, MANY, language)
    if not symbols.magnitude_of or power < symbols.magnitude_of_from:
        return join_words(language, amount, currency)
    of = symbols.magnitude_of[-1 if currency[0].casefold() in VOWELS else 0]
    return f"{amount} {of}{currency}" if of.endswith("'") else f"{amount} {of} {currency}"


def power_of_word(word: str, language: str) -> int:
    """The power of ten of a magnitude's word."""
    for powers in (
        magnitude_forms(language).items(),
        language_or_default(language).numbers.powers.items(),
    ):
        for power, forms in powers:
            if word in (forms.values() if isinstance(forms, dict) else forms):
                return power
    return 0


def with_magnitude(number: str, power: int, language: str) -> str:
    """A number of millions or the like, in the language's own magnitudes: 30.1 billion are 301 億."""
    forms = magnitude_forms(language)
    if power not in forms:
        nearest = max((one for one in forms if one <= power), default=0)
        factor = Decimal(10) ** (power - nearest)
        number = _NUMBER.sub(lambda match: plain(value_of(match[0], language) * factor), number)
        power = nearest
    if power == 0:
        return number
    word = plural_form(forms[power], value_of(number, language), language)
    return f"{number}{word}" if word in UNSPACED_MAGNITUDES else f"{number} {word}"


UNSPACED_MAGNITUDES = frozenset("万億亿兆천만억조") | {"万亿"}


def join_range(low: str, high: str, language: str) -> str:
    """Two amounts with the word between them."""
    word = symbols_of(language).dash
    if "{}" in word:
        return f"{word.replace('{}', low)} {high}"
    gap = " " if symbols_of(language).spaces else ""
    return f"{low}{gap}{word}{gap}{high}" if word else f"{low}–{high}"


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spoken_cents(number: str, code: str, value: Decimal, language: str) -> str:
    """`3.50` as `3 dollars and 50 cents`; nothing if the number has no cents."""
    cents_forms = symbols_of(language).cents
    form = cents_forms.get(code) or cents_forms.get("other")
    match = re.fullmatch(r"([1-9]\d{0,9})[.,](\d\d)", number)
    if not form or not match or match[2] in ("00", "01"):
        return ""
    currency = currency_name(code, Decimal(match[1]), language)
    return form.format(whole=match[1], currency=currency, cents=match[2].removeprefix("0"))


@cache
def magnitude_pattern(language: str) -> re.Pattern[str]:
    """A number and an abbreviated magnitude of this language, without a currency: `3 Mio.`"""
    symbols = symbols_of(language)
    own = [
        one
        for one in symbols.magnitudes
        if len(one) > 1 and f"{one}." not in symbols.units and one not in symbols.units
    ]
    # `M` alone may be anything, but not before "d’euros".
    letters = any_of(symbols.magnitudes.keys() - own) or "(?!)"
    of = any_of(symbols.magnitude_of).replace("'", "['’]") or "(?!)"
    return re.compile(
        rf"{FREE}(?P<number>{NUMBER})\s?(?:(?P<magnitude>{any_of(own) or '(?!)'})(?!{LETTER}){POINT}"
        rf"|(?P<letter>{letters})(?=\s(?:{of})(?:\s|(?<=['’]))))"
    )


def speak_magnitudes(text: str, language: str) -> str:
    magnitudes = symbols_of(language).magnitudes
    return magnitude_pattern(language).sub(
        lambda match: with_magnitude(
            match["number"], magnitudes[match["magnitude"] or match["letter"]], language
        ),
        text,
    )


_PERCENT = re.compile(
    rf"(?P<sign>(?<!\d)(?<!\d\s)[{HYPHENS}])?(?P<number>{NUMBER}(?:{RANGE}{NUMBER})?)\s?%"
)
_FIRST_PERCENT = re.compile(rf"(?<=\d)\s?%({RANGE}\d)")
_PERCENT_BEFORE = re.compile(rf"(?P<sign>[{HYPHENS}])?%\s?(?P<number>{NUMBER}(?:{RANGE}{NUMBER})?)")


def speak_percent(text: str, language: str) -> str:
    word = symbols_of(language).percent
    if not word:
        return text
    symbols = symbols_of(language)

    def replacement(match: re.Match[str]) -> str:
        sign = match["sign"] or ""
        if "{}" not in word:
            return f"{sign}{match['number']} {word}"
        amount = word.replace("{}", match["number"])
        return join_words(language, symbols.signs.get("−", sign), amount) if sign else amount

    # In a range, the first sign is not spoken: `5%–6%`.
    text = _FIRST_PERCENT.sub(r"\1", text)
    return _PERCENT_BEFORE.sub(replacement, _PERCENT.sub(replacement, text))


@cache
def measure_pattern(language: str) -> re.Pattern[str]:
    """A number and the symbol of its unit, or two with a slash between: `3 km`, `3 mg/l`."""
    notation = notation_of(language)
    names = {*notation.units, *notation.multiples}
    unit = any_of({*names, *notation.spaced_units})
    spaced = any_of(notation.spaced_units) or "(?!)"
    number = rf"{FREE}(?P<number>{NUMBER}(?:{RANGE}{NUMBER})?)"
    end = rf"(?!{LETTER}|[²³/]|[’'-]{LETTER})"
    return re.compile(
        rf"{number}(?:\s?(?P<unit>{any_of(names)}){end}|\s(?P<spaced>{spaced}){end}"
        rf"|\s?(?P<numerator>{any_of(names)}|(?<=\s)(?:{spaced}))/(?P<denominator>{unit}){end})"
    )


def speak_measures(text: str, language: str) -> str:
    """`3 km` as `3 kilometers`."""

    def replacement(match: re.Match[str]) -> str:
        number = match["number"]
        value = value_of(number, language)
        if match["numerator"]:
            numerator = unit_code(match["numerator"], language)
            denominator = unit_code(match["denominator"], language)
            form = unit_pattern(f"{numerator} / {denominator}", value, language)
        else:
            form = unit_form(match["unit"] or match["spaced"], value, language)
        words = form.replace("{}", number).split()
        return join_words(language, *words) + final_point(match)

    return measure_pattern(language).sub(replacement, text)


def unit_code(symbol: str, language: str) -> str:
    notation = notation_of(language)
    return notation.units.get(symbol) or notation.spaced_units.get(symbol) or symbol


def unit_form(symbol: str, value: Decimal, language: str) -> str:
    """The unit's name around `{}`."""
    multiples = notation_of(language).multiples
    if symbol not in multiples:
        return unit_pattern(unit_code(symbol, language), value, language)
    unit, base, multiple = multiples[symbol]
    old, new = (bare_unit(one, language) for one in (base, multiple))
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return re.sub(
        re.escape(old),
        lambda match: new.title() if match[0][0].isupper() else new.lower(),
        unit_form(unit, value, language),
        count=1,
        flags=re.IGNORECASE,
    )


def bare_unit(unit: str, language: str) -> str:
    return unit_pattern(unit, Decimal(1), language).replace("{}", "").strip()


@cache
def rate_pattern(language: str) -> re.Pattern[str]:
    """A unit after a slash: `/kWh`."""
    notation = notation_of(language)
    unit = any_of({*notation.units, *notation.multiples, *notation.spaced_units} - {"°"})
    return re.compile(rf"\s?/\s?(?P<unit>{unit})(?!{LETTER}|[²³/])")


def speak_rates(text: str, language: str) -> str:
    """`5 euros/kWh` as `5 euros per kilowatt-hour`."""
    per = symbols_of(language).per
    if not per:
        return text

    def replacement(match: re.Match[str]) -> str:
        if not match.string[: match.start()][-1:].isalpha():
            return match[0]
        unit = unit_form(match["unit"], Decimal(1), language).replace("{}", "").strip()
        return f" {per} {unit}"

    return rate_pattern(language).sub(replacement, text)
