"""Which currency stands beside a number: a sign, a code of ISO 4217, or a name in the languages told.

«Dollars» may be any country's, «Australian dollars» may not. A vague name is founded by every currency that
it may mean; an exact one by itself, or by a vague one that usually means it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
NOUN_FIRST = {"fr", "es", "it", "pt"}
USUAL = ("USD", "EUR", "GBP", "JPY", "CHF", "CNY", "INR", "SEK", "MXN", "TRY", "RUB", "BRL", "KRW")
"""Of several currencies with one name, what the bare name means, in this order."""
NO_CODES = frozenset(("ALL", "BOB", "CUP", "MOP", "TOP"))
"""They are words as well."""
DOUBTFUL = frozenset(
    (
        "won",
        "real",
        "sol",
        "soles",
        "som",
        "rand",
        "peso",
        "pesos",
        "mark",
        "lev",
        "corona",
        "livre",
        "kip",
    )
)
"""Currencies of large amounts only, because they are words as well."""
LARGE = 100
SIGNS = "$£¤¥֏؋৳฿៛₡₢₣₤₦₧₩₪₫€₭₮₱₲₴₵₸₹₺₼₽₾₿"
COMPOUND = r"(?:US|CA|AU|NZ|HK|NT|Mex|MX|RD|CN|JP|[ACRS])[$¥]"
_EXACT = {
    "€": "EUR", "$": "USD", "us$": "USD", "£": "GBP", "¥": "JPY", "₩": "KRW", "₽": "RUB",
    "₺": "TRY", "₪": "ILS", "₫": "VND", "₴": "UAH", "₦": "NGN", "฿": "THB", "₱": "PHP", "₡": "CRC",
    "₲": "PYG", "₵": "GHS", "₸": "KZT", "₼": "AZN", "₾": "GEL", "₿": "BTC", "₭": "LAK", "₮": "MNT",
    "৳": "BDT", "៛": "KHR", "₹": "INR", "֏": "AMD", "؋": "AFN", "a$": "AUD", "au$": "AUD",
    "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "r$": "BRL", "nt$": "TWD",
    "mx$": "MXN", "mex$": "MXN", "rd$": "DOP", "cn¥": "CNY", "jp¥": "JPY", "zł": "PLN", "kč": "CZK",
    "rmb": "CNY", "renminbi": "CNY", "btc": "BTC", "bitcoin": "BTC", "bitcoins": "BTC",
    "eth": "ETH", "ether": "ETH", "quid": "GBP", "fcfa": "XOF", "евро": "EUR", "zloty": "PLN",
    "złotych": "PLN", "korun": "CZK",
}  # fmt: skip
_VAGUE = {
    "bucks": "USD", "долларов": "USD", "доллара": "USD", "dolar": "USD", "dolarów": "USD",
    "kr": "SEK", "kronor": "SEK", "kroner": "SEK", "crowns": "SEK", "rs": "INR", "рублей": "RUB",
    "sterline": "GBP", "franchi": "CHF", "pfund": "GBP",
}  # fmt: skip
_FAMILY = {"SEK": ("SEK", "NOK", "DKK", "ISK", "CZK"), "INR": ("INR", "PKR", "LKR", "NPR", "MUR")}


@dataclass(frozen=True, slots=True)
class Currency:
    """`code` is what it means, or usually means; `codes` all that it may mean."""

    code: str
    codes: frozenset[str]

    def is_founded_by(self, other: "Currency") -> bool:
        if len(self.codes) > 1:
            return not self.codes.isdisjoint(other.codes)
        return self.code == other.code


@dataclass(frozen=True, slots=True)
class _Names:
    nouns: dict[str, Currency]
    phrases: dict[tuple[str, ...], Currency]
    codes: frozenset[str]


def currency_before(tokens: Sequence[str], place: int) -> Currency | None:
    """Of a number at `place`: a sign or a code in front of it."""
    token = tokens[place - 1] if place else ""
    return _sign(token) or _code(token)


def currency_after(
    tokens: Sequence[str], place: int, size: float, language: str
) -> tuple[Currency | None, int]:
    """What begins at `place`, behind a number of that size, and where it ends."""
    if tokens[place : place + 1] and tokens[place].casefold() in ("de", "di", "d'"):
        place += 1  # 15 milhões de reais
    names = _names()
    for length in (3, 2):
        phrase = tuple(_stem(token) for token in tokens[place : place + length])
        if len(phrase) == length and (found := names.phrases.get(phrase)):
            return found, place + length
    if place >= len(tokens):
        return None, place
    token = tokens[place]
    if found := _sign(token) or _code(token):
        return found, place + 1
    word = token.casefold()
    if word in DOUBTFUL and size < LARGE:
        return None, place
    # A name may stand between that no list knows: «412 million US dollars», but not «500 new dollars».
    for at in (place, place + 1):
        noun = tokens[at].casefold() if at < len(tokens) else ""
        known = names.nouns.get(noun)
        if known and (at == place or tokens[place][:1].isupper()):
            return known, at + 1
    return None, place


def currency_named(token: str) -> Currency | None:
    """A sign, wherever it stands."""
    return _sign(token)


def _sign(token: str) -> Currency | None:
    code = _EXACT.get(token.casefold())
    return Currency(code, frozenset((code,))) if code else None


def _code(token: str) -> Currency | None:
    known = token in _names().codes and token not in NO_CODES
    return Currency(token, frozenset((token,))) if known else None


def _stem(word: str) -> str:
    """Adjectives are declined: australische, australischen."""
    return word.casefold()[:6]


@cache
def _names() -> _Names:
    """By CLDR, for every currency that is legal tender somewhere today."""
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    codes = {
        code
        for place in get_global("territory_currencies")
        for code in get_territory_currencies(place)
    }
    nouns: dict[str, set[str]] = {}
    phrases: dict[tuple[str, ...], set[str]] = {}
    for noun, phrase, code in _named(sorted(codes)):
        nouns.setdefault(noun, set()).add(code)
        if len(phrase) > 1:
            phrases.setdefault(tuple(map(_stem, phrase)), set()).add(code)
    for noun, code in _VAGUE.items():
        nouns.setdefault(noun, set()).update(_FAMILY.get(code, (code,)))
    return _Names(
        {noun: _meaning(found) for noun, found in nouns.items()},
        {phrase: _meaning(found) for phrase, found in phrases.items() if len(found) == 1},
        frozenset(codes),
    )


def _named(codes: Sequence[str]) -> Iterator[tuple[str, list[str], str]]:
    """The noun and the whole name of every currency."""
    from babel.numbers import get_currency_name

    for language in LANGUAGES:
        for code in codes:
            for count in (1, 5):
                name = get_currency_name(code, count=count, locale=language)
                words = name.partition("(")[0].replace("-", " ").casefold().split()
                if words and name != code:
                    yield words[0] if language in NOUN_FIRST else words[-1], words, code


def _meaning(codes: set[str]) -> Currency:
    usual = next((code for code in USUAL if code in codes), min(codes))
    return Currency(usual, frozenset(codes))
