"""The names of units, by their symbols."""

import re
import unicodedata
from decimal import Decimal

from audiobrew.lang.cldr import unit_pattern
from audiobrew.script.notation import notation_of


def with_binary_prefix(form: str, symbol: str, language: str) -> str:
    """The name of a multiple of 1000 as that of a multiple of 1024."""
    notation = notation_of(language)
    if symbol in notation.binary:
        for decimal, binary in notation.binary_prefixes.items():
            form = form.replace(decimal, binary).replace(decimal.title(), binary.title())
    return form


def unit_code(symbol: str, language: str) -> str:
    notation = notation_of(language)
    return notation.units.get(symbol) or notation.spaced_units.get(symbol) or symbol


def unit_form(symbol: str, value: Decimal, language: str) -> str:
    """The unit's name around `{}`; its symbol if the language forms no name with the prefix."""
    multiples = notation_of(language).multiples
    if symbol not in multiples:
        form = unit_pattern(unit_code(symbol, language), value, language)
        return with_binary_prefix(form, symbol, language)
    unit, base, multiple = multiples[symbol]
    old, new = (bare_unit(one, language) for one in (base, multiple))
    while old and new and plain_letter(old[-1]) == plain_letter(new[-1]):
        old, new = old[:-1], new[:-1]
    form = unit_form(unit, value, language)
    # The stress is on the unit then: `milímetro`, `milinewton`.
    new = new[:-1] + plain_letter(new[-1]) if new else new
    pattern = re.escape(old) if old else r"(?<=\{\}[\s\u00a0])(?:de\s)?\S|(?<=\{\})[^\s\u00a0]"
    if not new or not re.search(pattern, form, re.IGNORECASE):
        return f"{{}} {symbol}"
    return re.sub(
        pattern, lambda match: with_prefix(match[0], old, new), form, count=1, flags=re.IGNORECASE
    )


def with_prefix(start: str, old: str, new: str) -> str:
    """The start of a unit's name with another prefix, or with one if there was none."""
    before, letter = start[:-1], start[-1]
    prefix = new.title() if (start if old else letter)[0].isupper() else new.lower()
    return prefix if old else f"{before}{prefix}{letter.lower()}"


def plain_letter(letter: str) -> str:
    """A letter in lower case without an acute accent or a circumflex."""
    plain, *marks = list(unicodedata.normalize("NFD", letter.casefold()))
    return plain if marks in (["\u0301"], ["\u0302"]) else letter.casefold()


def bare_form(symbol: str, language: str) -> str:
    """The name of one of a unit, by its symbol."""
    return unit_form(symbol, Decimal(1), language).replace("{}", "").strip()


def bare_unit(unit: str, language: str) -> str:
    return unit_pattern(unit, Decimal(1), language).replace("{}", "").strip()
