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
from audiobrew.lang.function_words import FUNCTION_WORDS
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
from audiobrew.script.unit_forms import bare_form, unit_code, unit_form, with_binary_prefix

_NUMBER = re.compile(NUMBER)
# The currency before the second number of a range.
_SECOND_SYMBOL = re.compile(rf"({RANGE})[^\d]{{1,5}}")
# The words around an amount.
_TWO_WORDS_BEFORE = re.compile(
    r"(?:(?<!\w)(?P<first>\w{1,20})\s)?(?<!\w)(?P<last>[\w-]{1,30})\s[$€£]?$"
)
# Not a participle, as in "the 5 dollars raised".
_WORD_AFTER = re.compile(r"\s(?![a-z]{1,28}(?:ed|en|nt|ld|rn|wn|ing)\b)([a-z]{2,30})(?!\w)")
_TWO_WORDS_AFTER = re.compile(r"\s([A-Z]?[a-z-]{2,30})\b(?:\s([A-Z]?[a-z]{2,30})\b)?")
# A product's name and what is counted: `17.2m Switch 2 consoles`.
_PRODUCT_AFTER = re.compile(r"(?:\s[A-Z][\w-]{1,20}|\s\d{1,4}){1,3}\s([a-z]{2,30})\b")
_NEXT_SENTENCE = re.compile(r"\s[A-ZÀ-Þ][a-zß-ÿ]")
_FEET_AND_INCHES = re.compile(
    r"(?<![\w.,'’])(?P<feet>\d{1,2})['’′]\s?(?P<inches>\d|1[01])(?:[\"”″]|['’]{2})"
)
_LONE_UNIT = re.compile(r"(?<![\w/²³])(?<!\d\s)[kc]?m[²³](?![\w/])")
# How far before and after `5m` the words are that say what it means.
NEAR = 60
# Distances of races on a track.
RACES = frozenset(["50", "60", "100", "110", "200", "400", "800", "1500", "3000", "5000", "10000"])
# So many `pp` are pages of a book and no percentage points.
PAGES = 40
# Lines of a picture: `1080p` is no price.
RESOLUTIONS = frozenset(["144", "240", "360", "480", "576", "720", "1080", "1440", "2160", "4320"])
# Units by which devices are called: "the 16 gigabyte model".
DEVICE_UNITS = ("digital", "power", "electric", "frequency")
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


@cache
def repeated_magnitude_pattern(language: str) -> re.Pattern[str]:
    """The first of two equal magnitudes: `5bn–6bn`"""
    magnitude = any_of(notation_of(language).magnitudes)
    return re.compile(
        rf"(?<=\d)\s?(?P<magnitude>{magnitude})(?={RANGE}\d{{1,9}}(?:[.,]\d{{1,9}})?\s?(?P=magnitude)(?!{LETTER}))"
    )


def speak_money(text: str, language: str) -> str:
    """`$5bn` as `5 billion dollars`."""
    pattern = money_pattern(language)
    text = repeated_magnitude_pattern(language).sub("", text)

    def replacement(match: re.Match[str]) -> str:
        symbol = match["before"] or match["after"]
        number = match["price"] or match["cost"]
        number = _SECOND_SYMBOL.sub(r"\1", number)
        magnitude = (match["much"] or match["many"] or "").strip()
        minus = "−" if match["minus"] or match["minus_inside"] else ""
        is_adjective = is_attributive(match, language, is_definite=True)
        money = spoken_money(number, magnitude, symbol, language, is_adjective)
        if match["to"]:
            return minus + join_range(money, "", language)
        if match["slash"]:
            per = symbols_of(language).per
            return minus + money + (f" {per} " if per else "/")
        return minus + money + final_point(match)

    return pattern.sub(replacement, text)


def final_point(match: re.Match[str]) -> str:
    """A point if the match ends with one that also ends the text."""
    ends = match[0].endswith(".") and not match.string[match.end() :].strip(" ”“\"'»)]")
    return "." if ends else ""


def sentence_point(match: re.Match[str], language: str) -> str:
    """The same if another sentence begins after it: where nouns have no capitals, a capital shows it."""
    has_capitals = language_or_default(language).meaning.capitalized_nouns
    is_next = not has_capitals and _NEXT_SENTENCE.match(match.string, match.end())
    return "." if match[0].endswith(".") and is_next else final_point(match)


def spoken_money(
    number: str, magnitude: str, symbol: str, language: str, is_adjective: bool = False
) -> str:
    """A sum of money in words, except for its number; as in "a 5 dollar note" if it is an adjective."""
    symbols, value = symbols_of(language), value_of(number, language)
    code = notation_of(language).currencies[symbol]
    many = Decimal(1) if is_adjective else MANY
    if not magnitude:
        cents = spoken_cents(number, symbol, language)
        name = currency_name(code, Decimal(1) if is_adjective else value, language, symbol)
        return cents or join_words(language, number, name)
    power = notation_of(language).magnitudes.get(magnitude.removesuffix("."))
    if power:
        amount = with_magnitude(number, power, language)
    else:
        power = power_of_word(magnitude, language)
        amount = join_words(language, number, magnitude)
    currency = currency_name(code, many, language, symbol)
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


def score(first: str, second: str, language: str) -> str:
    word = symbols_of(language).score
    return join_words(language, first, word, second) if word else f"{first} {second}"


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spoken_cents(number: str, symbol: str, language: str) -> str:
    """`3.50` as `3 dollars and 50 cents`, and `0.50` as `50 cents`; nothing if the number has no cents."""
    code, cents_forms = notation_of(language).currencies[symbol], symbols_of(language).cents
    form = cents_forms.get(code) or cents_forms.get("other")
    small = re.fullmatch(r"0[.,](?P<cents>[1-9]\d|0[2-9])", number)
    if form and small and (unit := form.partition("{cents}")[2].strip()):
        return join_words(language, small["cents"].removeprefix("0"), unit)
    match = re.fullmatch(r"([1-9]\d{0,9}|[1-9]\d{0,2}(?:[.,'’]\d{3}){1,4})[.,](\d\d)", number)
    if not form or not match or match[2] == "01":
        return ""
    currency = currency_name(code, value_of(match[1], language), language, symbol)
    if match[2] == "00":
        return join_words(language, match[1], currency)
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
_PERCENT_BEFORE = re.compile(
    rf"(?P<sign>[{HYPHENS}])?%\s?(?P<number>{NUMBER}(?:{RANGE}{NUMBER})?)(?!\d|{LETTER})"
)


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
    if "m" not in symbols_of(language).magnitudes:
        names.add("m")
    point = r"(?:\.(?=\s?[,;:)]|\s[a-zß-ÿ]|\s\([a-zß-ÿ\d]))?"
    end = rf"(?!{LETTER}|[²³]|/(?!\d)|[’'-]{LETTER}|\.[^\W\d_]\.){point}"
    hyphenated = any_of(name for name in names if len(name) > 1 and name.isalpha())
    return re.compile(
        rf"{number}(?:\s?(?P<unit>{any_of(names)}){end}|\s(?P<spaced>{spaced}){end}"
        rf"|\s?(?P<numerator>{any_of(names)}|(?<=\s)(?:{spaced}))/(?P<denominator>{unit}){end}"
        rf"|\s?(?P<rated>{any_of(names)})/(?P<word>[^\W\d_]{{3,15}})(?!{LETTER}|/)"
        rf"|-(?P<hyphenated>{hyphenated})\.?(?=[\s-][^\W\d_]))(?P<slash>/(?=\d))?"
    )


def speak_measures(text: str, language: str) -> str:
    """`3 km` as `3 kilometers`."""
    names = symbols_of(language).unit_names

    def replacement(match: re.Match[str]) -> str:
        number = match["number"]
        symbol = match["unit"] or match["spaced"] or match["numerator"] or match["rated"]
        symbol = symbol or match["hyphenated"]
        if symbol == "p" and number in RESOLUTIONS:
            return match[0]
        if symbol == "pp" and number.isdecimal() and int(number) >= PAGES and "page" in names:
            symbol = "page"
        if symbol == "pp." and not number.isdecimal():
            symbol = "pp"
        is_device = unit_code(symbol, language).startswith(DEVICE_UNITS)
        is_adjective = is_attributive(match, language, is_definite=is_device)
        if match["hyphenated"] and symbols_of(language).articles:
            is_adjective = True
        value = Decimal(1) if is_adjective else value_of(number, language)
        if match["numerator"]:
            numerator = unit_code(match["numerator"], language)
            has_prefix = match["numerator"] in notation_of(language).multiples
            if has_prefix and not symbols_of(language).per:
                return match[0]
            if (has_prefix or numerator in names) and symbols_of(language).per:
                form = unit_form(match["numerator"], value, language)
                denominator = bare_form(match["denominator"], language)
                words = [*form.replace("{}", number).split(), symbols_of(language).per, denominator]
                return join_words(language, *words) + sentence_point(match, language)
            denominator = unit_code(match["denominator"], language)
            form = unit_pattern(f"{numerator} / {denominator}", value, language)
            form = with_binary_prefix(form, match["numerator"], language)
        else:
            form = unit_form(symbol, value, language)
        per = symbols_of(language).per
        if match["word"] and not per:
            return match[0]
        rate = [per, match["word"]] if match["word"] else []
        words = [*form.replace("{}", number).split(), *rate]
        return join_words(language, *words) + (
            ", " if match["slash"] else sentence_point(match, language)
        )

    text = _FEET_AND_INCHES.sub(lambda match: feet_and_inches(match, language), text)
    text = temperature_pattern(language).sub(r"\g<first>°\g<letter>", text)
    text = measure_pattern(language).sub(replacement, text)
    return _LONE_UNIT.sub(lambda match: lone_unit(match, language), text)


def lone_unit(match: re.Match[str], language: str) -> str:
    """A unit with no number before it: "per m²", "the m² that remain"."""
    is_one = match.string[: match.start()].endswith(f"{symbols_of(language).per} ")
    form = unit_form(match[0], Decimal(1) if is_one else MANY, language)
    return form.replace("{}", "").strip()


def is_attributive(match: re.Match[str], language: str, is_definite: bool = False) -> bool:
    """Whether an amount describes the noun after it: "a 5 kilometer run". After another word than an
    article, a noun must follow. After "the", only sums and amounts of devices are taken for
    descriptions: "the 5 kilometers" are five."""
    symbols = symbols_of(language)
    before = _TWO_WORDS_BEFORE.search(match.string[: match.start()])
    if not symbols.articles or not before:
        return False
    first, last = (before["first"] or "").casefold(), before["last"]
    if last.casefold() in symbols.articles:
        return True
    is_multiplied = last in ("x", "×") and first.isdecimal()
    definite = symbols.definite_articles if is_definite else ()
    if (
        not is_multiplied
        and last.casefold() not in definite
        and (not last.islower() or first not in (*symbols.articles, *definite))
    ):
        return False
    after = _WORD_AFTER.match(match.string, match.end())
    return after is not None and not is_particle(after[1], language)


def feet_and_inches(match: re.Match[str], language: str) -> str:
    parts = (("foot", match["feet"]), ("inch", match["inches"]))
    return " ".join(
        unit_pattern(f"length-{unit}", Decimal(number), language).replace("{}", number)
        for unit, number in parts
    )


@cache
def temperature_pattern(language: str) -> re.Pattern[str]:
    """`at 350F`"""
    before = any_of(symbols_of(language).before_temperatures) or "(?!)"
    return re.compile(
        rf"(?P<first>(?<=°[CF]/)\d{{2,3}}|(?<=\d[CF]/)\d{{2,3}}|(?<!\w)(?:{before})\s(?:[−-]\d{{1,2}}|\d{{2,3}})(?:{RANGE}\d{{2,3}})?)\s?(?P<letter>[CF])(?![\w°-])"
    )


def is_particle(word: str, language: str) -> bool:
    return word in FUNCTION_WORDS or word in symbols_of(language).not_nouns


def speak_counts(text: str, language: str) -> str:
    """`3m people` as `3 million people`, and `3m high` as `3 m high`."""
    symbols = symbols_of(language)
    if not symbols.plurals:
        return text

    def replacement(match: re.Match[str]) -> str:
        number, letter = match["number"], match["letter"]
        is_decimal = "." in number
        if letter == "B" and not is_decimal and len(number) < 2 and not is_counted(match, language):
            return match[0]
        if (letter == "K" and number in ("2", "4", "8")) or match[0] in ("401k", "401K"):
            return match[0]
        if is_counted(match, language):
            return with_magnitude(number, symbols.magnitudes[letter], language)
        if letter == "m" and is_length(match, language):
            return f"{number} m"
        before = set(match.string[max(0, match.start() - NEAR) : match.start()].casefold().split())
        if before.intersection(symbols.plurals) and not match["space"]:
            return with_magnitude(number, symbols.magnitudes[letter], language)
        return match[0]

    return count_pattern(language).sub(replacement, text)


@cache
def count_pattern(language: str) -> re.Pattern[str]:
    """A number and a letter that may be a magnitude."""
    letters = any_of({"k", "K", "m", "M", "B"} & symbols_of(language).magnitudes.keys()) or "(?!)"
    return re.compile(
        rf"{FREE}(?P<number>{NUMBER})(?P<space>\s)?(?P<letter>{letters})(?![\w²³/’'-])"
    )


def is_counted(match: re.Match[str], language: str) -> bool:
    """Whether a plural follows, with a word between them or none."""
    symbols = symbols_of(language)
    words = _TWO_WORDS_AFTER.match(match.string, match.end())
    product = _PRODUCT_AFTER.match(match.string, match.end())
    if product and "." in match["number"] and is_plural(product[1], language):
        return True
    if not words or is_particle(words[1], language) or words[1] in symbols.length_words:
        return False
    return is_plural(words[1], language) or bool(words[2] and is_plural(words[2], language))


def is_plural(word: str, language: str) -> bool:
    symbols = symbols_of(language)
    if is_particle(word, language) or word in symbols.length_words:
        return False
    return word in symbols.plurals or (
        word.endswith("s") and not word.endswith("ss") and len(word) > 3
    )


def is_length(match: re.Match[str], language: str) -> bool:
    """Whether words nearby, an article or the number say that `m` means meters."""
    symbols = symbols_of(language)
    start, end = max(0, match.start() - NEAR), match.end() + NEAR
    near = re.findall(r"[^\W\d_]+", match.string[start : match.start()].casefold())
    following = re.findall(r"[^\W\d_]+", match.string[match.end() : end].casefold())[:2]
    nouns = [word for word in near if not is_particle(word, language)]
    if {*nouns, *following}.intersection(symbols.length_words):
        return True
    last = near[-1] if near else ""
    is_race = match["number"].replace(",", "") in RACES and last not in ("", "to", "of")
    return last in symbols.articles or is_race
