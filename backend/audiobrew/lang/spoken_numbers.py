"""How a number that is written in digits may be said: amounts, years, ordinals, times and sums of money.

Only in languages whose number words hardly change with case and gender; in the others digits stand for
whatever words are said in their place.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from itertools import product

from audiobrew.lang.number_words import CURRENCIES

LANGUAGES_WITH_NUMBER_WORDS = {"en", "de", "fr", "es", "it", "pt", "nl", "zh"}
"""Languages whose number words are known here."""
DECIMAL_POINT_LANGUAGES = {
    "en",
    "zh",
    "ja",
    "ko",
    "he",
    "hi",
    "th",
    "ur",
    "ms",
    "sw",
    "tl",
    "cy",
    "mr",
    "ne",
    "kn",
    "ta",
}
"""Languages with a decimal point; the others have a comma."""
SPACE_GROUPING_LANGUAGES = {
    "fr",
    "ru",
    "uk",
    "pl",
    "cs",
    "sk",
    "sv",
    "no",
    "nb",
    "nn",
    "fi",
    "bg",
    "hu",
    "lv",
    "lt",
    "et",
}
"""Languages that may part thousands by a plain space."""
CURRENCY_SYMBOLS = {"$": "usd", "us$": "usd", "€": "eur", "£": "gbp", "¥": "jpy", "₹": "inr"}
MAGNITUDES = {
    "k": "thousand tausend mille mil", "m": "million millionen millions millones milioni milhões miljoen",
    "mn": "million", "b": "billion", "bn": "billion milliarden milliards miliardi", "tn": "trillion",
    "mio": "millionen million", "mrd": "milliarden milliarde", "md": "milliards",
}  # fmt: skip
ENDINGS = {
    "de": (("eins", ("ein", "eine", "einen", "einem", "einer", "eines")),),
    "fr": (("un", ("une",)), ("vingts", ("vingt",))),
    "es": (("uno", ("un", "una")), ("ún", ("una", "uno")), ("cientos", ("cientas",))),
    "it": (("uno", ("un", "una")),),
    "pt": (("um", ("uma",)), ("dois", ("duas",)), ("centos", ("centas",))),
    "nl": (("een", ("één",)),),
}
ORDINAL_ENDINGS = {
    "de": ("n", "r", "s", "m"),
    "fr": ("s",),
    "es": ("a",),
    "it": ("a",),
    "pt": ("a",),
}
ORDINALS = {
    "en": "st|nd|rd|th", "fr": "er|re|ère|e|ème|eme|nde?", "es": "[oa]", "it": "[oa]", "pt": "[oa]",
    "nl": "e|de|ste",
}  # fmt: skip
POINT_WORDS = {
    "en": ("point",), "de": ("komma",), "fr": ("virgule",), "es": ("coma", "punto"), "it": ("virgola",),
    "pt": ("vírgula", "ponto"), "nl": ("komma",), "zh": ("点",),
}  # fmt: skip
HOUR_WORDS = {
    "en": "oclock",
    "de": "uhr",
    "fr": "heures",
    "es": "horas",
    "nl": "uur",
    "pt": "horas",
}
CHINESE_DIGITS = "零一二三四五六七八九"
CHINESE_PLACES = ("", "十", "百", "千")
MAX_DAY = 31
"""Up to here a plain figure may be said as an ordinal: July 4."""
MAX_DIGITS = 15
"""Digits. What is longer is no amount."""


@cache
def number_pattern(language: str) -> re.Pattern[str]:
    """Finds what `spellings` spells, in text without capitals."""
    space = " " if language in SPACE_GROUPING_LANGUAGES else ""
    number = rf"\d{{1,3}}(?:[.,'\u00a0\u202f{space}]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+[.,]\d+|\d+"
    signs = r"us\$|[$€£¥₹]"
    long = "|".join(word for words in MAGNITUDES.values() for word in words.split())
    much = rf"\s?(?:{'|'.join(MAGNITUDES)})(?!\w)|\s(?:{long})(?!\w)"
    ordinal = rf"(?P<ordinal>{ORDINALS.get(language, 'th')})(?!\w)"
    return re.compile(
        rf"(?P<hour>\d{{1,2}})(?::|(?<=\d)h)(?P<minute>\d\d)(?!\d)(?:\s?(?:uhr|h|uur)(?!\w))?"
        rf"|(?P<before>{signs})\s?(?P<price>{number})(?P<much>{much})?"
        rf"|(?P<cost>{number})(?P<many>{much})?\s?(?P<after>{signs})"
        rf"|(?P<number>{number})(?:{ordinal}|(?P<decade>'?s)(?!\w))?"
    )


def spell_number(found: re.Match[str], language: str) -> Iterator[str]:
    """Without spaces; digits as `<26>`."""
    if found["hour"]:
        yield from _time(int(found["hour"]), int(found["minute"]), language)
    elif sign := found["before"] or found["after"]:
        much = found["much"] or found["many"] or ""
        yield from _money(
            found["price"] or found["cost"], much.strip(), CURRENCY_SYMBOLS[sign], language
        )
    else:
        yield from _plain(found, language)


def currency_code(word: str) -> str:
    """A currency's name as its code, whatever its form."""
    return CURRENCIES.get(word, word) if len(word) > 1 else word


def _plain(found: re.Match[str], language: str) -> Iterator[str]:
    number = found["number"]
    value = _value(number, language)
    whole = value == int(value) and len(number) <= MAX_DIGITS
    if found["decade"]:
        yield f"<{value}>s"
        for said in _words(int(value), "year", language) if whole else ():
            yield said[:-1] + "ies" if said.endswith("y") else said + "s"
    elif found["ordinal"]:
        yield f"<{value}>{found['ordinal']}"
        yield f"<{value}>"
        yield from _ordinals(int(value), language) if whole else ()
    else:
        yield from _amount(number, language)
        yield from _ordinals(int(value), language) if whole and 0 < value <= MAX_DAY else ()
        yield from _one_by_one(number, language) if number.isdecimal() else ()


def _amount(number: str, language: str) -> Iterator[str]:
    value = _value(number, language)
    yield f"<{value}>"
    if language not in LANGUAGES_WITH_NUMBER_WORDS or len(number) > MAX_DIGITS:
        return
    if value == int(value):
        yield from _words(int(value), "cardinal", language)
        yield from _words(int(value), "year", language) if 1000 <= value < 2100 else ()
    else:
        yield from _decimal(number, value, language)


def _decimal(number: str, value: Decimal, language: str) -> Iterator[str]:
    after = re.split(r"[.,]", number)[-1]
    wholes = list(_words(int(value), "cardinal", language))
    ends = {*_one_by_one(after, language), *_words(int(after), "cardinal", language)}
    for whole, point, end in product(wholes, POINT_WORDS[language], sorted(ends)):
        yield whole + point + end
    if after.rstrip("0") == "5" and language == "en":
        yield from (f"{whole}andahalf" for whole in wholes)


def _money(number: str, much: str, code: str, language: str) -> Iterator[str]:
    names = _names(code, language)
    words = MAGNITUDES.get(much, much).split() or [""]
    for amount, word, name in product(list(_amount(number, language)), words, names):
        yield amount + word + name
        yield name + amount + word
    whole, parted, cents = number.rpartition("." if language in DECIMAL_POINT_LANGUAGES else ",")
    if parted and len(cents) == 2 and not much:
        ends = [""] if cents == "00" else [*_amount(cents, language)]
        for first, name, end in product([*_amount(whole, language)], names, ends):
            for link, last in product(
                ("", "and", "und", "et", "con", "e", "y"), ("", "cents", "cent", "pence", "p")
            ):
                yield first + name + (link + end + last if end else "")


@cache
def _names(code: str, language: str) -> tuple[str, ...]:
    """The code, and its full name: British pounds, dollars des États-Unis."""
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_currency_name

    found = {code, "us" + code} if code == "usd" else {code}
    try:
        told = [get_currency_name(code.upper(), n, Locale.parse(language)) for n in (1, 2)]
    except (UnknownLocaleError, ValueError):
        told = []
    for name in told:
        words = re.findall(r"[^\W\d_]+", name.casefold())
        found.add("".join(currency_code(word).casefold() for word in words))
    return tuple(sorted(found))


def _time(hour: int, minute: int, language: str) -> Iterator[str]:
    word = HOUR_WORDS.get(language, "")
    first = [f"<{hour}>", *_words(hour, "cardinal", language)]
    last = [f"<{minute}>", *_words(minute, "cardinal", language)] if minute else [""]
    for one, two in product(first, last):
        yield from (one + two, one + word + two, one + two + word)
    yield f"<{hour}><{minute}>"
    if language == "en" and minute:
        yield from (f"{one}oh{two}" for one, two in product(first, last) if minute < 10)
        yield from (f"halfpast{one}" for one in first if minute == 30)
        yield from (f"quarterpast{one}" for one in first if minute == 15)


@lru_cache(4096)
def _words(value: int, kind: str, language: str) -> tuple[str, ...]:
    if language == "zh":
        return (_chinese(value), _chinese(value).replace("二", "两"))
    if language not in LANGUAGES_WITH_NUMBER_WORDS:
        return ()
    from num2words import num2words  # type: ignore[import-untyped]

    return tuple(sorted(_variants(num2words(value, lang=language, to=kind), language)))


def _variants(said: str, language: str) -> Iterator[str]:
    """As it is said in a hurry, and before a feminine."""
    whole = _squeezed(said)
    forms = {whole, _squeezed(re.sub(r"\band\b|\bet\b", "", said))}
    if language == "en":
        forms |= {"a" + form[3:] for form in forms if re.match(r"one[htmb]", form)}
    for first in ("one", "ein", "een", "un", "um"):
        forms |= {
            form[len(first) :] for form in forms if re.match(rf"{first}(hund|taus|thou|hond)", form)
        }
    for ending, others in ENDINGS.get(language, ()):
        forms |= {f.removesuffix(ending) + o for f in forms if f.endswith(ending) for o in others}
    yield from forms


def _ordinals(value: int, language: str) -> Iterator[str]:
    for said in _words(value, "ordinal", language) if language != "zh" else ():
        yield said
        stem = said[:-1] if language in ("es", "it", "pt") else said
        yield from (stem + ending for ending in ORDINAL_ENDINGS.get(language, ()))
    if value == 1 and language == "fr":
        yield from ("premier", "première")


def _one_by_one(digits: str, language: str) -> Iterator[str]:
    """As telephone numbers are read, and the places after a point."""
    if language in LANGUAGES_WITH_NUMBER_WORDS and 1 < len(digits) <= MAX_DIGITS:
        said = "".join(_words(int(digit), "cardinal", language)[0] for digit in digits)
        yield said
        yield said.replace("zero", "oh") if language == "en" else said.replace("零", "〇")


def _chinese(value: int) -> str:
    if value < 10_000:
        return _below_ten_thousand(value) or CHINESE_DIGITS[0]
    unit, name = (100_000_000, "亿") if value >= 100_000_000 else (10_000, "万")
    high, low = divmod(value, unit)
    gap = CHINESE_DIGITS[0] if 0 < low < unit // 10 else ""
    return _chinese(high) + name + gap + (_chinese(low) if low else "")


def _below_ten_thousand(value: int) -> str:
    said = ""
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        said += CHINESE_DIGITS[digit] + (CHINESE_PLACES[place] if digit else "")
    said = re.sub("零+", "零", said).strip("零")
    return said.removeprefix("一") if said.startswith("一十") else said


def _value(number: str, language: str) -> Decimal:
    bare = re.sub(r"['\u00a0\u202f ]", "", number)
    point = "." if language in DECIMAL_POINT_LANGUAGES else ","
    other = "," if point == "." else "."
    if (
        not re.fullmatch(rf"\d{{1,3}}(?:\{other}\d{{3}})+(?:\{point}\d+)?", bare)
        and bare.count(other) == 1
    ):
        bare = bare.replace(point, "").replace(other, point)
    plain = bare.replace(other, "")
    value = Decimal(
        plain.replace(point, ".", 1) if plain.count(point) == 1 else plain.replace(point, "")
    )
    return (
        value.quantize(Decimal(1)) if value == int(value) and value < 10**20 else value.normalize()
    )


def _squeezed(said: str) -> str:
    return "".join(letter for letter in said.casefold() if letter.isalpha())
