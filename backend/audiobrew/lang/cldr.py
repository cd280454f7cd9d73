"""Names from Unicode CLDR, in the form that a number requires: `3 dollars`, `5 долларов`."""

import re
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from audiobrew.lang.language import symbols_of

if TYPE_CHECKING:
    from babel import Locale

# A number that has the plural form of a noun after "millions".
MANY = Decimal(5)


def import_babel() -> None:
    """Import what we use of Babel, which takes a sixtieth of a second.

    Call this before several threads use the functions that import it: Babel's modules import each other, and
    Python fails with a deadlock if threads begin with different ones.
    """
    import babel.core
    import babel.dates
    import babel.numbers
    import babel.units  # noqa: F401


@cache
def locale_of(language: str) -> "Locale":
    """The language's locale; that of English if CLDR does not know the language."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def plural_form(forms: dict[str, str], number: Decimal, language: str) -> str:
    """The form for a number, of forms by plural category."""
    category = locale_of(language).plural_form(abs(number))
    return forms.get(category) or forms["other"]


@lru_cache(4096)
def currency_name(code: str, number: Decimal, language: str, symbol: str = "") -> str:
    """The currency's name after a number, without its country if `symbol` names none."""
    from babel.numbers import get_currency_name

    if forms := symbols_of(language).plain_currencies.get(symbol):
        return plural_form(forms, number, language)
    if forms := symbols_of(language).currency_names.get(code):
        return plural_form(forms, number, language)
    return str(get_currency_name(code, count=float(number), locale=locale_of(language)))


@lru_cache(4096)
def unit_pattern(unit: str, number: Decimal, language: str) -> str:
    """The unit's name around `{}`, which stands for the number.

    `unit` is CLDR's name, or two of them with ` / ` between.
    """
    from babel.numbers import format_decimal
    from babel.units import UnknownUnitError, format_compound_unit, format_unit

    if forms := symbols_of(language).unit_names.get(unit):
        form = plural_form(forms, number, language)
        return form if "{}" in form else f"{{}} {form}"
    locale = locale_of(language)
    numerator, _, denominator = unit.partition(" / ")
    try:
        if denominator:
            text = format_compound_unit(
                number, numerator, denominator_unit=denominator, locale=locale
            )
        else:
            text = format_unit(number, numerator, locale=locale)
    except UnknownUnitError:
        return f"{{}} {numerator}"
    digits = format_decimal(number, locale=locale)
    per = symbols_of(language).per
    return str(text).replace(digits, "{}", 1).replace("/", f" {per} " if per else "/")


@cache
def magnitude_forms(language: str) -> dict[int, dict[str, str]]:
    """The words for powers of ten from a thousand on, by plural category."""
    magnitudes: dict[int, dict[str, str]] = {}
    for category, patterns in locale_of(language).compact_decimal_formats["long"].items():
        for key, pattern in patterns.items():
            zeros = pattern.pattern.split(";")[0].count("0")
            word = pattern.pattern.split(";")[0].replace("0", "").replace("'", "").strip()
            if zeros and word:
                power = len(key) - zeros
                magnitudes.setdefault(power, {}).setdefault(category, word)
    return magnitudes


@cache
def magnitude_words(language: str) -> frozenset[str]:
    """Every form of every magnitude."""
    return frozenset(
        word for forms in magnitude_forms(language).values() for word in forms.values()
    )


@lru_cache(1024)
def long_date(day: date, language: str) -> str:
    from babel.dates import format_date

    return format_date(day, symbols_of(language).date or "long", locale=locale_of(language))


@lru_cache(1024)
def day_and_month(day: date, language: str) -> str:
    """A date without its year."""
    from babel.dates import format_skeleton

    return format_skeleton("MMMMd", day, locale=locale_of(language))


@lru_cache(1024)
def day_before_month(day: date, language: str, *, with_year: bool = False) -> str:
    """A date with its day first, in a language that usually has the month first: `28 November`."""
    from babel.dates import format_date

    return format_date(day, "d MMMM y" if with_year else "d MMMM", locale=locale_of(language))


@cache
def has_dotted_dates(language: str) -> bool:
    """Whether the parts of a date in digits have points between them."""
    return "." in locale_of(language).date_formats["short"].pattern


@cache
def month_names(language: str) -> dict[str, str]:
    """The full name of each month by its abbreviation, in the form beside a day."""
    from babel.dates import get_month_names

    locale = locale_of(language)
    abbreviations = get_month_names("abbreviated", "format", locale)
    full = get_month_names("wide", "format", locale)
    return {
        short.rstrip("."): full[month]
        for month, short in abbreviations.items()
        if re.fullmatch(r"[^\W\d_]+\.?", short) and short != full[month]
    } | symbols_of(language).months


@cache
def full_month_names(language: str) -> frozenset[str]:
    from babel.dates import get_month_names

    return frozenset(get_month_names("wide", "format", locale_of(language)).values())


@cache
def full_weekday_names(language: str) -> tuple[str, ...]:
    """The names of the weekdays from Monday on."""
    from babel.dates import get_day_names

    return tuple(get_day_names("wide", "format", locale_of(language))[day] for day in range(7))


@cache
def weekday_names(language: str) -> dict[str, str]:
    """The full name of each weekday by its abbreviation."""
    from babel.dates import get_day_names

    locale = locale_of(language)
    abbreviations = get_day_names("abbreviated", "format", locale)
    full = get_day_names("wide", "format", locale)
    return {
        short.rstrip("."): full[day]
        for day, short in abbreviations.items()
        if re.fullmatch(r"[^\W\d_]+\.?", short) and short != full[day]
    } | symbols_of(language).weekdays
