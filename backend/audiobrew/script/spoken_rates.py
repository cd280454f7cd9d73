"""Rates and units without a number, as they are spoken: `5 euros/kWh`, `per MWh`, `€/m²`."""

import re
from decimal import Decimal
from functools import cache

from audiobrew.lang.cldr import MANY, currency_name, unit_pattern
from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import symbols_of
from audiobrew.script.notation import LETTER, any_of, notation_of
from audiobrew.script.spoken_amounts import final_point
from audiobrew.script.unit_forms import unit_form

# Tonnes after a magnitude: `58 milioni di t`.
_TONNES = re.compile(
    r"(?P<of>\b(?:mi[lł]\w{2,8}|mld\w{0,6}|bi\w{3,8}) (?:di|de|d['’]) ?)t(?![\w’'.-])"
)
# A length before the slash of a speed, without a number: `in km/h`.
_LONE_LENGTH = re.compile(rf"(?<!{LETTER})(?<![\d/.,])(?<!\d\s)(?P<unit>k?m)(?=/[hs](?!{LETTER}))")
# Other words for "per" before a unit: `140 € je kWh`.
OTHER_PER = {"de": ("je",)}
# What happens in a time: `21,000 cars/day`.
_TIMES = ("second", "minute", "hour", "day", "week", "month", "year")
# Characters of a unit's symbol that may stand alone after "per".
MIN_LONE_UNIT = 2
LETTERS = frozenset("tlhg")


@cache
def unit_symbols(language: str) -> frozenset[str]:
    notation = notation_of(language)
    return frozenset({*notation.units, *notation.multiples, *notation.spaced_units} - {"°"})


@cache
def rate_pattern(language: str) -> re.Pattern[str]:
    """A unit after a slash: `/kWh`."""
    return re.compile(
        rf"\s?/\s?(?P<unit>{any_of(unit_symbols(language))})(?!{LETTER}|[²³/])(?:\.(?=\s[a-zß-ÿ–—-]|[,;)]))?"
    )


@cache
def lone_unit_pattern(language: str) -> re.Pattern[str]:
    """A unit after the word for "per", and a currency before the slash of a rate: `per MWh`, `€/MWh`."""
    per = any_of([symbols_of(language).per, *OTHER_PER.get(language, ())])
    lone = (
        one
        for one in unit_symbols(language)
        if (len(one.rstrip(".")) >= MIN_LONE_UNIT or one in LETTERS)
        and one.casefold() not in FUNCTION_WORDS
    )
    return re.compile(
        rf"(?<!{LETTER})(?:(?P<per>(?:{per})\s)(?P<unit>{any_of(lone)})(?!{LETTER}|[²³/’'-])"
        rf"(?:(?<!\.)\.(?=\s[a-zß-ÿ–—-]|[,;)]))?"
        rf"|(?<!\d\s)(?<!\d)(?P<currency>{any_of(notation_of(language).currencies)})(?=\s?/\s?[^\W\d_]))"
    )


def speak_rates(text: str, language: str) -> str:
    """`5 euros/kWh` as `5 euros per kilowatt-hour`, and likewise without the number."""
    per = symbols_of(language).per
    if not per:
        return text

    def rate(match: re.Match[str]) -> str:
        if not match.string[: match.start()][-2:].isalpha() or match.start() < 2:
            return match[0]
        return f" {per} {name_of(match['unit'], language)}"

    def lone(match: re.Match[str]) -> str:
        if match["currency"]:
            symbol = match["currency"]
            return currency_name(notation_of(language).currencies[symbol], MANY, language, symbol)
        return match["per"] + name_of(match["unit"], language) + final_point(match)

    text = per_time_pattern(language).sub(rf" {per} \g<time>", text)
    if score := symbols_of(language).score:
        text = ratio_pattern(language).sub(rf"\1 {score} \2", text)
    text = _LONE_LENGTH.sub(lambda match: name_of_many(match["unit"], language), text)
    text = _TONNES.sub(
        lambda match: match["of"] + unit_form("t", MANY, language).replace("{}", "").strip(), text
    )
    return rate_pattern(language).sub(rate, lone_unit_pattern(language).sub(lone, text))


@cache
def per_time_pattern(language: str) -> re.Pattern[str]:
    """The slash and the noun of `cars/day`, unless the first noun is a time as well."""
    times = any_of(
        unit_pattern(f"duration-{one}", Decimal(1), language).replace("{}", "").strip()
        for one in _TIMES
    )
    return re.compile(
        rf"(?<=[^\W\d_]{{3}})(?<!{LETTER}day)(?<!{LETTER}night)\s?/\s?(?P<time>{times})(?![\w/])"
    )


@cache
def ratio_pattern(language: str) -> re.Pattern[str]:
    """`debt/GDP`"""
    terms = any_of(symbols_of(language).ratio_terms) or "(?!)"
    return re.compile(rf"(?<![\w/])({terms})/({terms})(?![\w/])", re.IGNORECASE)


def name_of_many(unit: str, language: str) -> str:
    return unit_form(unit, MANY, language).replace("{}", "").strip()


def name_of(unit: str, language: str) -> str:
    """The name of one of a unit."""
    return unit_form(unit, Decimal(1), language).replace("{}", "").strip()
