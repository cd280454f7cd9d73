"""Text for a voice: without markup and web addresses, with words for symbols and units."""

import re
import unicodedata
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from audiobrew.lang.language import CompleteLanguage, complete_language, language_or_default

# Unit symbols that follow a number, and their CLDR names.
UNITS = {
    "km/h": "speed-kilometer-per-hour",
    "mph": "speed-mile-per-hour",
    "km²": "area-square-kilometer",
    "m²": "area-square-meter",
    "km": "length-kilometer",
    "cm": "length-centimeter",
    "mm": "length-millimeter",
    "kg": "mass-kilogram",
    "°C": "temperature-celsius",
    "°F": "temperature-fahrenheit",
    "GB": "digital-gigabyte",
    "MB": "digital-megabyte",
    "TB": "digital-terabyte",
    "kWh": "energy-kilowatt-hour",
    "MW": "power-megawatt",
    "GW": "power-gigawatt",
    "kW": "power-kilowatt",
    "GHz": "frequency-gigahertz",
}
# Abbreviations of every language.
ABBREVIATIONS = {"24/7": "24 7"}
CURRENCY_CODES = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "US$": "USD",
    "CHF": "CHF",
}
# Repeats are bounded, far above what texts contain, so that searches take linear time.
NUMBER = r"\d{1,30}+(?:[.,\u00a0\u202f' ]\d{3}){0,10}(?:[.,]\d{1,30})?"
_IMAGE = re.compile(r"!\[([^\]]{0,500}+)\]\([^)]{0,2000}+\)")
_LINK = re.compile(r"\[([^\]]{1,500}+)\]\([^)]{0,2000}+\)")
_CODE = re.compile(r"`+([^`]*)`+")
_LINE_MARKER = re.compile(r"(?m)^(?:\s{0,3}(?:#{1,6}|>|[-*+•])\s+)+")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)(.{1,1000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<!\w)([*_])(?=\S)(.{1,1000}?)(?<=\S)\1(?!\w)")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>()]+", re.IGNORECASE)
_EMAIL = re.compile(r"\b([\w.+-]{1,64}+)@([\w-]++(?:\.[\w-]++)+)")
# A currency symbol before its number: `$5 bn`.
_SYMBOL_FIRST = re.compile(rf"(US\$|[€$£¥₹])\s?({NUMBER})(?:\s?(bn|tn|[mkMB])(?!\w))?")
# A number before its currency symbol: `5 Mio. €`.
_NUMBER_FIRST = re.compile(
    rf"({NUMBER})\s?((?:Mio|Mrd)\.?|bn|[mkMB](?=\s?[€$£]))?\s?([€£₹¥]|\$(?!\d))"
)
_PERCENT = re.compile(rf"({NUMBER})\s?%")
_RANGE = re.compile(r"(?<=\d)\s?[–—-]\s?(?=\d)(?![\d.,]*[–—-])")
_NUMBERED = re.compile(r"#(?=\d)")
_SPACES = re.compile(r"\s+")
# Nested symbols such as `$$0` need one pass for each layer.
MAX_PASSES = 9
# Unicode categories of characters that are not spoken, and the exceptions.
SILENT_CATEGORIES = {"So", "Sk", "Cs", "Co", "Cf", "Cc", "Cn"}
SPOKEN_SYMBOLS = {"°"}


def speech_text(text: str, language: str) -> str:
    """The text as a voice of the language (ISO 639-1) should read it. Repeating the call changes nothing."""
    for _ in range(MAX_PASSES):
        result = convert_once(text, language)
        if result == text:
            break
        text = result
    return text


def convert_once(text: str, language: str) -> str:
    """One pass of all replacements."""
    symbols = complete_language(language).symbols
    text = strip_markup(unicodedata.normalize("NFC", text))
    text = _ADDRESS.sub(lambda match: spoken_site(match[0], language), text)
    text = _EMAIL.sub(
        lambda match: (
            f"{spoken_dots(match[1], language)} {symbols.at} {spoken_dots(match[2], language)}"
        ),
        text,
    )
    text = _SYMBOL_FIRST.sub(lambda match: amount(match[2], match[3], match[1], language), text)
    text = _NUMBER_FIRST.sub(lambda match: amount(match[1], match[2], match[3], language), text)
    text = _PERCENT.sub(rf"\1 {symbols.percent}", text)
    text = unit_pattern().sub(
        lambda match: f"{match[1]} {unit_name(UNITS[match[2]], language, one=match[1] == '1')}",
        text,
    )
    text = _RANGE.sub(f" {symbols.dash} ", text)
    text = _NUMBERED.sub(f"{symbols.number_sign} ", text)
    text = expand_abbreviations(text, language)
    text = text.replace("&", f" {symbols.ampersand} ")
    return remove_silent_characters(text)


def strip_markup(text: str) -> str:
    """Markdown's text without its marks, images and link targets."""
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _LINE_MARKER.sub("", _CODE.sub(r"\1", text))
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))


def spoken_site(address: str, language: str) -> str:
    """Only the host of a web address: nobody can type a path that they hear."""
    bare = address.rstrip(".,;:!?")
    url = bare if "://" in bare else f"https://{bare}"
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return spoken_dots(host.removeprefix("www."), language) + address[len(bare) :]


def spoken_dots(name: str, language: str) -> str:
    """A host name with the word for each dot."""
    return name.replace(".", f" {complete_language(language).symbols.dot} ")


def amount(number: str, magnitude: str | None, symbol: str, language: str) -> str:
    """A sum of money in words, except for its number: `5 billion dollars`."""
    magnitude_word = complete_language(language).symbols.magnitudes.get(
        (magnitude or "").rstrip("."), ""
    )
    one = number == "1" and not magnitude_word
    currency = currency_name(CURRENCY_CODES[symbol], language, one=one)
    return " ".join(filter(None, [number, magnitude_word, currency]))


@cache
def currency_name(code: str, language: str, *, one: bool) -> str:
    """The currency's name, singular for `one`; the code when the language is unknown."""
    from babel.core import UnknownLocaleError
    from babel.numbers import get_currency_name

    try:
        return str(get_currency_name(code, count=1 if one else 5, locale=language))
    except (UnknownLocaleError, ValueError):
        return code


@cache
def unit_pattern() -> re.Pattern[str]:
    """A number and the symbol of its unit."""
    symbols = "|".join(re.escape(symbol) for symbol in sorted(UNITS, key=len, reverse=True))
    return re.compile(rf"({NUMBER})\s?({symbols})(?![\w/²³])")


@cache
def unit_name(unit: str, language: str, *, one: bool) -> str:
    """The unit's name, singular for `one`; in English when the language is unknown."""
    from babel.core import UnknownLocaleError
    from babel.units import UnknownUnitError, format_unit

    count = 1 if one else 5
    try:
        text: Any = format_unit(count, unit, locale=language, numbering_system="latn")
    except (UnknownLocaleError, UnknownUnitError, ValueError):
        text = format_unit(count, unit, locale="en")
    return str(text).replace(str(count), "").strip()


def expand_abbreviations(text: str, language: str) -> str:
    """Replace abbreviations such as `e.g.` by their words."""
    rules = language_or_default(language)
    own = rules.symbols.abbreviations if isinstance(rules, CompleteLanguage) else {}
    for short, words in (own | ABBREVIATIONS).items():
        text = re.sub(rf"(?<![\w.]){re.escape(short)}(?!\w)", words, text)
    return text


def remove_silent_characters(text: str) -> str:
    """Remove symbols and control characters, and collapse white space."""
    characters = (
        character
        if character in SPOKEN_SYMBOLS or unicodedata.category(character) not in SILENT_CATEGORIES
        else (" " if character.isspace() else "")
        for character in text
    )
    return _LINE_MARKER.sub("", _SPACES.sub(" ", "".join(characters)).strip())
