"""Which currency is beside a number: a symbol, an ISO 4217 code, or a name in one of several languages.

"Dollars" may mean those of any country, "Australian dollars" may not. A vague name is supported by every
currency that it may mean. An exact name is supported by itself, or by a vague name that usually means it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from audiobrew.lang.language import all_languages, complete_languages

# If several currencies have a name, it usually means the first one in this list.
PREFERENCE = (
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "CHF",
    "CNY",
    "INR",
    "SEK",
    "MXN",
    "TRY",
    "RUB",
    "BRL",
    "KRW",
)
# Currency codes that are words as well.
AMBIGUOUS_CODES = frozenset(("ALL", "BOB", "CUP", "MOP", "TOP"))
# Names that are words as well. They count as currencies only beside amounts of at least MIN_AMOUNT.
AMBIGUOUS_NAMES = frozenset(
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
MIN_AMOUNT = 100
SYMBOLS = "$£¤¥֏؋৳฿៛₡₢₣₤₦₧₩₪₫€₭₮₱₲₴₵₸₹₺₼₽₾₿"
# Symbols of several characters, as a regular expression.
COMPOUND_SYMBOL = r"(?:US|CA|AU|NZ|HK|NT|Mex|MX|RD|CN|JP|[ACRS])[$¥]"
# Symbols and names that mean one currency.
_EXACT = {
    "€": "EUR", "$": "USD", "us$": "USD", "£": "GBP", "¥": "JPY", "₩": "KRW", "₽": "RUB",
    "₺": "TRY", "₪": "ILS", "₫": "VND", "₴": "UAH", "₦": "NGN", "฿": "THB", "₱": "PHP", "₡": "CRC",
    "₲": "PYG", "₵": "GHS", "₸": "KZT", "₼": "AZN", "₾": "GEL", "₿": "BTC", "₭": "LAK", "₮": "MNT",
    "৳": "BDT", "៛": "KHR", "₹": "INR", "֏": "AMD", "؋": "AFN", "a$": "AUD", "au$": "AUD",
    "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "r$": "BRL", "nt$": "TWD",
    "mx$": "MXN", "mex$": "MXN", "rd$": "DOP", "cn¥": "CNY", "jp¥": "JPY", "zł": "PLN", "kč": "CZK",
    "rmb": "CNY", "renminbi": "CNY", "btc": "BTC", "bitcoin": "BTC", "bitcoins": "BTC",
    "eth": "ETH", "ether": "ETH", "fcfa": "XOF",
    **{
        name: code
        for language in all_languages()
        for code, names in language.currencies.exact.items()
        for name in names
    },
}  # fmt: skip
# All currencies that a vague name may mean, by the usual one.
_FAMILY = {"SEK": ("SEK", "NOK", "DKK", "ISK", "CZK"), "INR": ("INR", "PKR", "LKR", "NPR", "MUR")}


@dataclass(frozen=True, slots=True)
class Currency:
    """`code` is the currency that a name means, or usually means; `codes` are all that it may mean."""

    code: str
    codes: frozenset[str]

    def is_supported_by(self, other: "Currency") -> bool:
        """Whether a source that names `other` supports a sentence that names this currency."""
        if len(self.codes) > 1:
            return not self.codes.isdisjoint(other.codes)
        return self.code == other.code


@dataclass(frozen=True, slots=True)
class CurrencyNames:
    """Currencies by their noun and by their whole name, and all ISO 4217 codes in use."""

    nouns: dict[str, Currency]
    phrases: dict[tuple[str, ...], Currency]
    codes: frozenset[str]


def currency_before(tokens: Sequence[str], place: int) -> Currency | None:
    """The symbol or code directly before the number at `place`."""
    token = tokens[place - 1] if place else ""
    return currency_of_symbol(token) or currency_of_code(token)


def currency_after(
    tokens: Sequence[str], place: int, amount: float, language: str
) -> tuple[Currency | None, int]:
    """The currency that begins at `place`, directly after a number, and the place after its end.

    `amount` is the value of that number.
    """
    if tokens[place : place + 1] and tokens[place].casefold() in ("de", "di", "d'"):
        place += 1  # 15 milhões de reais
    names = currency_names()
    for length in (3, 2):
        phrase = tuple(map(stem, tokens[place : place + length]))
        if len(phrase) == length and (currency := names.phrases.get(phrase)):
            return currency, place + length
    if place >= len(tokens):
        return None, place
    token = tokens[place]
    if currency := currency_of_symbol(token) or currency_of_code(token):
        return currency, place + 1
    if token.casefold() in AMBIGUOUS_NAMES and amount < MIN_AMOUNT:
        return None, place
    # An unknown name with a capital may be between: "412 million US dollars", but not "500 new dollars".
    for position in (place, place + 1):
        noun = tokens[position].casefold() if position < len(tokens) else ""
        noun_currency = names.nouns.get(noun)
        if noun_currency and (position == place or tokens[place][:1].isupper()):
            return noun_currency, position + 1
    return None, place


def currency_of_symbol(token: str) -> Currency | None:
    """The currency of a symbol, or of a name that has only one meaning."""
    code = _EXACT.get(token.casefold())
    return Currency(code, frozenset((code,))) if code else None


def currency_of_code(token: str) -> Currency | None:
    """The currency of an ISO 4217 code in capitals, unless the code is a word as well."""
    is_code = token in currency_names().codes and token not in AMBIGUOUS_CODES
    return Currency(token, frozenset((token,))) if is_code else None


def stem(word: str) -> str:
    """The beginning of a word: adjectives have endings, as in `australische`, `australischen`."""
    return word.casefold()[:6]


@cache
def currency_names() -> CurrencyNames:
    """The names in CLDR of every currency that is legal tender somewhere today."""
    from babel.core import get_global
    from babel.numbers import get_currency_name, get_territory_currencies

    codes = {
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory)
    }
    nouns: dict[str, set[str]] = {}
    phrases: dict[tuple[str, ...], set[str]] = {}
    for language, code, count in product(complete_languages(), sorted(codes), (1, 5)):
        name = get_currency_name(code, count=count, locale=language.code)
        words = name.partition("(")[0].replace("-", " ").casefold().split()
        if not words or name == code:
            continue
        noun = words[0] if language.currencies.noun_first else words[-1]
        nouns.setdefault(noun, set()).add(code)
        if len(words) > 1:
            phrases.setdefault(tuple(map(stem, words)), set()).add(code)
    for entry in all_languages():
        for code, vague_names in entry.currencies.vague.items():
            for name in vague_names:
                nouns.setdefault(name, set()).update(_FAMILY.get(code, (code,)))

    def meaning(codes: set[str]) -> Currency:
        usual = next((code for code in PREFERENCE if code in codes), min(codes))
        return Currency(usual, frozenset(codes))

    return CurrencyNames(
        {noun: meaning(possible) for noun, possible in nouns.items()},
        {phrase: meaning(possible) for phrase, possible in phrases.items() if len(possible) == 1},
        frozenset(codes),
    )
