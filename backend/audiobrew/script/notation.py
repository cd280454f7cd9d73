"""How figures, units and currencies are written: the symbols of all languages and of one."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from audiobrew.lang.language import symbols_of
from audiobrew.lang.sections import Symbols
from audiobrew.lang.spoken_numbers import parse_number

# A number in digits. Repeats are bounded, far above what texts contain, so that searches take linear time.
NUMBER = r"(?:\d{1,3}(?:[.,']\d{3}){1,9}(?!\d)(?:[.,]\d{1,15})?|\d{1,30}+(?:[.,]\d{1,15})?)"
# A character of a word, as a regular expression. Scripts without spaces have no boundaries between words.
LETTER = r"[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# Nothing of a word, a number or an identifier before a number.
FREE = rf"(?<!{LETTER})(?<![/])(?<!\d[.,:])"
# The point of an abbreviation, unless it also ends the text.
POINT = r"(?:\.(?![\s”“\"'»)\]]{0,5}$))?"
HYPHENS = "-–—−‐‑"
_HYPHEN = re.compile(rf"[{HYPHENS}]")
# Between the two numbers of a range. With a space only before it, the dash is a minus.
RANGE = rf"(?:\s[{HYPHENS}]\s|[{HYPHENS}]\s?)"


@dataclass(frozen=True)
class Notation:
    """`multiples` are explained in notation.toml."""

    domains: frozenset[str]
    spoken_words: frozenset[str]
    magnitudes: dict[str, int]
    # Those magnitudes that are written with a point: `Mrd.`, but not `bn`.
    pointed: frozenset[str]
    currencies: dict[str, str]
    units: dict[str, str]
    spaced_units: dict[str, str]
    multiples: dict[str, list[str]]
    fractions: dict[str, str]
    binary: dict[str, str]
    binary_prefixes: dict[str, str]


@cache
def notation_of(language: str) -> Notation:
    """The symbols that a language has, with those of all."""
    text = files(__package__).joinpath("notation.toml").read_text(encoding="utf-8")
    shared, own = tomllib.loads(text), symbols_of(language)
    return Notation(
        domains=frozenset(shared["domains"].split()),
        spoken_words=frozenset(shared["spoken_words"].split()),
        magnitudes=shared["magnitudes"] | own.magnitudes,
        pointed=frozenset(own.magnitudes.keys() - shared["magnitudes"].keys()),
        currencies=shared["currencies"] | own.currencies,
        units={
            symbol: unit
            for symbol, unit in (shared["units"] | shared["binary"] | own.units).items()
            if symbol not in own.word_units
        },
        spaced_units={
            symbol: unit
            for symbol, unit in shared["spaced_units"].items()
            if symbol not in own.word_units and (symbol == "m" or symbol not in own.magnitudes)
        },
        multiples=shared["multiples"] | prefixed_units(shared, own),
        fractions=shared["fractions"],
        binary=shared["binary"],
        binary_prefixes=shared["binary_prefixes"],
    )


def prefixed_units(shared: dict[str, Any], own: Symbols) -> dict[str, list[str]]:
    """Units with a prefix of the metric system that have no name of their own: `40 mN`, `3 GeV`."""
    names = {*shared["units"], *own.units, *shared["multiples"]}
    return {
        symbol: [unit, *shared["prefixes"][symbol[0]]]
        for unit, symbols in shared["prefixed_units"].items()
        for symbol in symbols.split()
        if symbol not in names and symbol not in own.word_units
    }


def join_words(language: str, *words: str) -> str:
    """The words with spaces between them, if the language has spaces."""
    return (" " if symbols_of(language).spaces else "").join(filter(None, words))


def any_of(symbols: Iterable[str]) -> str:
    """A regular expression for any of the symbols, longest first."""
    return "|".join(
        re.escape(symbol) for symbol in sorted(symbols, key=lambda one: (-len(one), one))
    )


def value_of(number: str, language: str) -> Decimal:
    """The value of a number in digits, of the last one of a range."""
    return parse_number(_HYPHEN.split(number)[-1].strip(), language)
