"""What is shown, as it is said: no markup, no addresses, words for signs and units."""

import re
import unicodedata
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from audiobrew.lang.symbols import (
    ABBREVIATIONS,
    AND,
    AT,
    DOT,
    MAGNITUDES,
    NUMBER_SIGN,
    PERCENT,
    TO,
    UNITS,
)

CURRENCIES = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "US$": "USD",
    "CHF": "CHF",
}
# Every repeat that a search may begin anywhere is bounded, far beyond what is written: time stays linear.
NUMBER = r"\d{1,30}+(?:[.,\u00a0\u202f' ]\d{3}){0,10}(?:[.,]\d{1,30})?"
_IMAGE = re.compile(r"!\[([^\]]{0,500}+)\]\([^)]{0,2000}+\)")
_LINK = re.compile(r"\[([^\]]{1,500}+)\]\([^)]{0,2000}+\)")
_CODE = re.compile(r"`+([^`]*)`+")
_LINE_MARK = re.compile(r"(?m)^(?:\s{0,3}(?:#{1,6}|>|[-*+•])\s+)+")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)(.{1,1000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<!\w)([*_])(?=\S)(.{1,1000}?)(?<=\S)\1(?!\w)")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>()]+", re.IGNORECASE)
_MAIL = re.compile(r"\b([\w.+-]{1,64}+)@([\w-]++(?:\.[\w-]++)+)")
_BEFORE = re.compile(rf"(US\$|[€$£¥₹])\s?({NUMBER})(?:\s?(bn|tn|[mkMB])(?!\w))?")
_AFTER = re.compile(rf"({NUMBER})\s?((?:Mio|Mrd)\.?|bn|[mkMB](?=\s?[€$£]))?\s?([€£₹¥]|\$(?!\d))")
_PERCENT = re.compile(rf"({NUMBER})\s?%")
_RANGE = re.compile(r"(?<=\d)\s?[–—-]\s?(?=\d)(?![\d.,]*[–—-])")
_NUMBERED = re.compile(r"#(?=\d)")
_SPACES = re.compile(r"\s+")
MOST_ROUNDS = 9
"""Signs heaped on signs (`$$0`) need another round for each layer."""
SILENT = {"So", "Sk", "Cs", "Co", "Cf", "Cc", "Cn"}
KEPT = {"°"}


def speech_text(text: str, language: str) -> str:
    """Text for a voice of that language (ISO 639-1). Doing it again changes nothing."""
    for _ in range(MOST_ROUNDS):
        said = _said(text, language)
        if said == text:
            break
        text = said
    return text


def _said(text: str, language: str) -> str:
    text = _without_markup(unicodedata.normalize("NFC", text))
    text = _ADDRESS.sub(lambda found: _site(found[0], language), text)
    text = _MAIL.sub(lambda found: _mail(found, language), text)
    text = _money(text, language)
    text = _PERCENT.sub(rf"\1 {_in(PERCENT, language)}", text)
    text = _units(text, language)
    text = _RANGE.sub(f" {_in(TO, language)} ", text)
    text = _NUMBERED.sub(f"{_in(NUMBER_SIGN, language)} ", text)
    text = _abbreviations(text, language)
    text = text.replace("&", f" {_in(AND, language)} ")
    return _plain(text)


def _without_markup(text: str) -> str:
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _LINE_MARK.sub("", _CODE.sub(r"\1", text))
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))


def _site(address: str, language: str) -> str:
    """An address is told by its site: nobody can type what they hear."""
    bare = address.rstrip(".,;:!?")
    full = bare if "://" in bare else f"https://{bare}"
    try:
        host = urlsplit(full).hostname or ""
    except ValueError:
        host = ""
    return _dotted(host.removeprefix("www."), language) + address[len(bare) :]


def _mail(found: re.Match[str], language: str) -> str:
    return f"{_dotted(found[1], language)} {_in(AT, language)} {_dotted(found[2], language)}"


def _dotted(name: str, language: str) -> str:
    return name.replace(".", f" {_in(DOT, language)} ")


def _money(text: str, language: str) -> str:
    text = _BEFORE.sub(lambda found: _amount(found[2], found[3], found[1], language), text)
    return _AFTER.sub(lambda found: _amount(found[1], found[2], found[3], language), text)


def _amount(number: str, magnitude: str | None, sign: str, language: str) -> str:
    big = _in(MAGNITUDES, language).get((magnitude or "").rstrip("."), "")
    name = _currency(CURRENCIES[sign], language, one=number == "1" and not big)
    return " ".join(filter(None, [number, big, name]))


@cache
def _currency(code: str, language: str, *, one: bool) -> str:
    from babel.core import UnknownLocaleError
    from babel.numbers import get_currency_name

    try:
        return str(get_currency_name(code, count=1 if one else 5, locale=language))
    except (UnknownLocaleError, ValueError):
        return code


def _units(text: str, language: str) -> str:
    return _unit_pattern().sub(lambda found: f"{found[1]} {_unit(found, language)}", text)


@cache
def _unit_pattern() -> re.Pattern[str]:
    signs = "|".join(re.escape(sign) for sign in sorted(UNITS, key=len, reverse=True))
    return re.compile(rf"({NUMBER})\s?({signs})(?![\w/²³])")


def _unit(found: re.Match[str], language: str) -> str:
    return _unit_name(UNITS[found[2]], language, one=found[1] == "1")


@cache
def _unit_name(unit: str, language: str, *, one: bool) -> str:
    from babel.core import UnknownLocaleError
    from babel.units import UnknownUnitError, format_unit

    count = 1 if one else 5
    try:
        said: Any = format_unit(count, unit, locale=language, numbering_system="latn")
    except (UnknownLocaleError, UnknownUnitError, ValueError):
        said = format_unit(count, unit, locale="en")
    return str(said).replace(str(count), "").strip()


def _abbreviations(text: str, language: str) -> str:
    for short, said in (ABBREVIATIONS.get(language, {}) | ABBREVIATIONS["*"]).items():
        text = re.sub(rf"(?<![\w.]){re.escape(short)}(?!\w)", said, text)
    return text


def _plain(text: str) -> str:
    kept = (
        character
        if character in KEPT or unicodedata.category(character) not in SILENT
        else (" " if character.isspace() else "")
        for character in text
    )
    return _LINE_MARK.sub("", _SPACES.sub(" ", "".join(kept)).strip())


def _in(words: dict[str, Any], language: str) -> Any:
    return words.get(language, words["en"])
