"""Units of measurement beside numbers: their names in every language, from CLDR."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import product

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default

# The units of CLDR that occur in newsletters. Others, such as points, stones and cups, are words of other
# meanings as well.
_UNIT_LIST = """
duration-century duration-decade duration-year duration-month duration-week duration-day
duration-hour duration-minute duration-second duration-millisecond length-kilometer length-meter
length-centimeter length-millimeter length-mile length-yard length-foot length-inch
area-square-kilometer area-hectare area-square-meter area-acre area-square-mile area-square-foot
mass-tonne mass-ton mass-kilogram mass-gram mass-milligram mass-ounce volume-liter
volume-deciliter volume-centiliter volume-milliliter volume-hectoliter volume-gallon volume-barrel
volume-cubic-meter temperature-generic temperature-celsius temperature-fahrenheit
speed-kilometer-per-hour speed-meter-per-second speed-mile-per-hour speed-knot
energy-kilowatt-hour energy-kilocalorie energy-calorie energy-joule power-gigawatt power-megawatt
power-kilowatt power-watt digital-petabyte digital-terabyte digital-gigabyte digital-megabyte
digital-kilobyte digital-byte frequency-gigahertz frequency-megahertz frequency-kilohertz
frequency-hertz electric-volt electric-ampere pressure-bar pressure-hectopascal
"""
UNITS = tuple(_UNIT_LIST.split())
# Units whose names are used for one another.
SAME = {
    "mass-ton": "mass-tonne",
    "temperature-celsius": "temperature-generic",
    "energy-calorie": "energy-kilocalorie",
}
# Symbols that are other words as well: decades, inches.
_OTHER_MEANINGS = {("s",), ("in",), ("c",), ("j",), ("k",)}
# A longer name may have an ending: Jahren, hours, kilometrů.
MIN_INFLECTED_LENGTH, MAX_ENDING_LENGTH = 3, 3
_WORD = re.compile(r"[^\W\d_]+|°")
_KILOMETERS_PER_HOUR = "length-kilometer per duration-hour"
# Other English spellings, and names that CLDR lacks.
_MORE_LOCALES = {"en": ("en", "en_GB")}
_MORE_NAMES: dict[str, dict[tuple[str, ...], str]] = {
    "en": {
        ("degrees",): "temperature-generic",
        ("degree",): "temperature-generic",
        ("kph",): _KILOMETERS_PER_HOUR,
        ("kmh",): _KILOMETERS_PER_HOUR,
        ("mph",): "length-mile per duration-hour",
    },
    "de": {("stundenkilometer",): _KILOMETERS_PER_HOUR},
    "it": {("chilometri", "orari"): _KILOMETERS_PER_HOUR},
    "pt": {("quilômetros", "horários"): _KILOMETERS_PER_HOUR},
}
# Speeds are lengths per time, so that every name of such a rate is the same unit.
_RATES = {
    "speed-kilometer-per-hour": _KILOMETERS_PER_HOUR,
    "speed-mile-per-hour": "length-mile per duration-hour",
    "speed-meter-per-second": "length-meter per duration-second",
}
# How many of the smallest unit each unit is. A month is a twelfth of a year, which has 365.25 days.
_SIZES: dict[str, tuple[str, Decimal]] = {
    f"{kind}-{name}": (kind, Decimal(size))
    for kind, sizes in {
        "duration": {
            "millisecond": "0.001", "second": "1", "minute": "60", "hour": "3600", "day": "86400",
            "week": "604800", "month": "2629800", "year": "31557600", "decade": "315576000",
            "century": "3155760000",
        },
        "length": {"millimeter": "1", "centimeter": "10", "meter": "1000", "kilometer": "1000000"},
        "mass": {"milligram": "1", "gram": "1000", "kilogram": "1000000", "tonne": "1000000000"},
        "volume": {
            "milliliter": "1", "centiliter": "10", "deciliter": "100", "liter": "1000",
            "hectoliter": "100000", "cubic-meter": "1000000",
        },
        "power": {"watt": "1", "kilowatt": "1000", "megawatt": "1000000", "gigawatt": "1000000000"},
        "area": {"square-meter": "1", "hectare": "10000", "square-kilometer": "1000000"},
    }.items()
    for name, size in sizes.items()
}  # fmt: skip
# What may be between a number and its unit: 15 milhões de quilômetros.
_OF = frozenset(("de", "d'", "di"))
# A year has no whole number of weeks, and a month no whole number of days.
CALENDAR_UNITS = frozenset(f"duration-{name}" for name in ("month", "year", "decade", "century"))
# In which smaller units parts of a unit are said: a quarter of an hour is fifteen minutes.
SMALLER = {
    "duration-hour": ("duration-minute",),
    "duration-minute": ("duration-second",),
    "duration-day": ("duration-hour",),
    "duration-year": ("duration-month",),
    "duration-century": ("duration-year",),
    "length-kilometer": ("length-meter",),
    "length-meter": ("length-centimeter",),
    "mass-kilogram": ("mass-gram",),
    "volume-liter": ("volume-centiliter", "volume-milliliter"),
}


def is_convertible(unit: str | None, other: str | None) -> bool:
    """Whether a number of one unit can be said as a number of the other."""
    sizes = (_SIZES.get(unit or ""), _SIZES.get(other or ""))
    return unit == other or bool(sizes[0] and sizes[1] and sizes[0][0] == sizes[1][0])


def is_exact(unit: str | None, other: str | None) -> bool:
    """Whether the conversion has a whole number, as from weeks to days, but not from weeks to months."""
    return (unit in CALENDAR_UNITS) == (other in CALENDAR_UNITS)


def convert(number: Decimal, unit: str, other: str) -> Decimal:
    """The number of the other unit: 2 for 48 hours in days. The units must be convertible."""
    return number if unit == other else number * _SIZES[unit][1] / _SIZES[other][1]


@cache
def unit_names(language: str) -> Mapping[tuple[str, ...], str]:
    """Units by the words of their names: both `kilometres per hour` and `km/h`."""
    from babel import Locale, UnknownLocaleError

    names = dict(_MORE_NAMES.get(language, {}))
    for locale in _MORE_LOCALES.get(language, (language,)):
        try:
            patterns = Locale.parse(locale)._data["unit_patterns"]
        except (UnknownLocaleError, ValueError):
            continue
        for unit, width in product(UNITS, ("short", "long")):
            for words in pattern_words(patterns.get(unit, {}).get(width, {})):
                if words not in _OTHER_MEANINGS and words[0] not in FUNCTION_WORDS:
                    names[words] = _RATES.get(unit, SAME.get(unit, unit))
    return names


def pattern_words(patterns: Mapping[str, object]) -> Iterator[tuple[str, ...]]:
    """The words of CLDR's patterns, such as `{0} hours`, by plural form; some forms have cases as well."""
    for pattern in patterns.values():
        if isinstance(pattern, Mapping):
            yield from pattern_words(pattern)
        elif isinstance(pattern, str) and (words := tuple(_WORD.findall(pattern.casefold()))):
            yield words


def unit_at(words: Sequence[str], place: int, language: str) -> tuple[str | None, int]:
    """The unit whose name begins at a place, and the place after it. `words` are in lower case."""
    unit, end = _simple_unit_at(words, place, language)
    if unit and unit.startswith("length-") and " per " not in unit:
        time, after = _simple_unit_at(words, end, language)
        if time == "duration-hour":  # kilomètres-heure
            return f"{unit} per {time}", after
        rates = language_or_default(language).meaning.rates
        for length in (1, 2):
            rate = " ".join(words[end : end + length]).replace("' ", "'")
            if any(re.fullmatch(pattern, rate) for pattern in rates):
                time, after = _simple_unit_at(words, end + length, language)
                if time and time.startswith("duration-"):
                    return f"{unit} per {time}", after
    return unit, end


def _simple_unit_at(words: Sequence[str], place: int, language: str) -> tuple[str | None, int]:
    names = unit_names(language)
    for length in (5, 4, 3, 2, 1):
        phrase = tuple(words[place : place + length])
        if len(phrase) == length and phrase in names:
            return names[phrase], place + length
    word = words[place] if place < len(words) else ""
    for ending in range(1, MAX_ENDING_LENGTH + 1):
        base = word[:-ending]
        if len(base) >= MIN_INFLECTED_LENGTH and (base,) in names:
            return names[(base,)], place + 1
    return None, place


def is_adjective(word: str, language: str) -> bool:
    """Whether a word may be between a number and its unit."""
    return word in language_or_default(language).meaning.words and word not in FUNCTION_WORDS


def find_unit(
    words: Sequence[str], number: int, place: int, language: str
) -> tuple[str | None, int]:
    """The unit after a number that begins at `number` and ends before `place`, and the place after it."""
    start = place + 1 if words[place : place + 1] and words[place] in _OF else place
    unit, end = unit_at(words, start, language)
    has_article = (
        number > 0
        and words[number - 1] in language_or_default(language).meaning.determiners
        and words[number - 1] not in language_or_default(language).meaning.fraction_of
    )
    if unit is None and has_article and place < len(words) and is_adjective(words[place], language):
        # Los nueve primeros meses; but "300 last year" are no years.
        unit, end = unit_at(words, place + 1, language)
        unit = unit if unit and unit.startswith("duration-") else None
    return (unit, end) if unit else (None, place)
