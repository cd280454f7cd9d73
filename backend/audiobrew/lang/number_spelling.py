"""Numbers in words, by Unicode CLDR's rules, in every form that a language has for them."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

# Where CLDR has the rules: those of both Norwegian written languages, and those of regions.
_LOCALES = {"nb": ("no",), "pt": ("pt", "pt_PT"), "fr": ("fr", "fr_BE", "fr_CH")}
_CARDINALS = re.compile(r"spellout-(?:numbering(?!-year)|cardinal(?!-financial))")
_ORDINALS = re.compile(r"spellout-ordinal")
_NUMBERING = re.compile(r"spellout-numbering$")
_YEARS = re.compile(r"spellout-numbering-year")
# The rules end there, and no amount is larger.
MAX_VALUE = 10**15


@cache
def _engines(language: str) -> "tuple[RbnfEngine, ...]":
    from unicode_rbnf import RbnfEngine

    locales = _LOCALES.get(language, (language,))
    supported = RbnfEngine.get_supported_languages()
    return tuple(RbnfEngine.for_language(locale) for locale in locales if locale in supported)


def spell_cardinals(value: int, language: str) -> tuple[str, ...]:
    """The number in every gender and case; nothing if the language has no rules."""
    return _spell(value, language, _CARDINALS)


def spell_ordinals(value: int, language: str) -> tuple[str, ...]:
    return _spell(value, language, _ORDINALS)


def spell_years(value: int, language: str) -> tuple[str, ...]:
    return _spell(value, language, _YEARS)


def spell_digit(digit: str, language: str) -> str:
    """A digit as it is said in a row of digits."""
    return _spell(int(digit), language, _NUMBERING)[0]


def spell_count(value: int, language: str) -> str:
    """The number as it is counted; in digits if the language has no rules."""
    words = (*_spell(value, language, _NUMBERING), str(value))[0]
    return words.replace("\u00ad", "")


def spell_ordinal(value: int, language: str, gender: str = "") -> str:
    """The ordinal of a gender; in digits if the language has no rules for it."""
    pattern = re.compile(rf"spellout-ordinal-{gender}$" if gender else "spellout-ordinal$")
    return (*_spell(value, language, pattern), str(value))[0]


@lru_cache(4096)
def _spell(value: int, language: str, rulesets: re.Pattern[str]) -> tuple[str, ...]:
    if value >= MAX_VALUE:
        return ()
    words: dict[str, None] = {}
    for engine in _engines(language):
        names = sorted(
            name
            for name, ruleset in engine.rulesets.items()
            if rulesets.match(name) and not ruleset.is_private
        )
        if names:
            texts = engine.format_number(value, ruleset_names=names).text_by_ruleset
            words.update(dict.fromkeys(texts.values()))
    return tuple(words)
