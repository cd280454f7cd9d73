"""Figures that no source has but that follow from its figures: a difference, a product, a part, the rest.

Whether such a figure is of the right thing, rules do not see. So a sentence with it is doubtful.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations, permutations

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default
from audiobrew.script.gate.dates import is_year
from audiobrew.script.gate.figures import POINTS, Figure, has_same_number, is_near_fraction
from audiobrew.script.gate.numbers import number_at
from audiobrew.script.gate.rounding import Rounding, is_rounded
from audiobrew.script.gate.tokens import Token
from audiobrew.script.gate.units import CALENDAR_UNITS, convert, is_convertible

YEAR, DECADE, MONTH = "duration-year", "duration-decade", "duration-month"
WEEK, DAY, MINUTE = "duration-week", "duration-day", "duration-minute"
WHOLE, HALF = 100, 50
YEARS_OF_DECADE = 10
# A third is 33.3 percent.
TOLERANCE = Decimal("0.002")
# Small numbers follow from any others by chance.
MIN_PLAIN = 10
# Twelve weeks are three months, nearly.
CALENDAR_TOLERANCE = Decimal("0.1")
# How often what is paid or done in one unit of time comes in a longer one.
PERIODS = {MONTH: (12,), WEEK: (52, 4), DAY: (365, 30, 7)}
# The minutes of a half, a match or with extra time, in sports in which the minute of a goal is reported.
MATCH_MINUTES = (40, 45, 60, 80, 90, 120)
# People are at most so old.
MAX_AGE = 120


@dataclass(frozen=True, slots=True)
class Mentions:
    """What sources name beside their figures.

    `units` are those without a number, `months` those of dates, `multiples` the numbers of words such as
    twice, and `years` those in which the sources were written.
    """

    units: frozenset[str]
    months: frozenset[int]
    multiples: frozenset[str]
    years: frozenset[int] = frozenset()


def follows_from(
    claim: Figure, sources: Sequence[Figure], mentions: Mentions, *, is_factor: bool = False
) -> bool:
    """Whether a figure follows from those of the sources by simple arithmetic.

    `is_factor`: a word such as "times" is behind it.
    """
    number = claim.number
    if number is None or not number:
        return False
    if is_factor and any(is_close(number, factor) for factor in factors(sources, mentions)):
        return True
    if claim.is_plain and number < MIN_PLAIN:
        return False
    if claim.fraction and number == HALF:
        return True  # "half the time" also follows from "twice as fast"
    if claim.fraction and any(
        is_equal(number, WHOLE / Decimal(multiple)) for multiple in mentions.multiples
    ):
        return True  # a third of what is three times as much
    # A figure of the sources with another sign or unit is none that follows from others.
    if any(abs(source.number or 0) == number for source in sources):
        return False
    if claim.unit == MONTH and int(number) in mentions.months and number == int(number):
        return True
    if any(has_same_number(claim, Figure("1", None, unit=unit)) for unit in mentions.units):
        return claim.unit not in mentions.units
    following = chain(
        results(claim, sources),
        changes(sources) if claim.is_percent else (),
        years_and_ages(claim, sources, mentions),
        remaining_minutes(claim, sources),
        products(claim, sources, mentions),
    )
    if any(is_close(number, result) for result in calendar_amounts(claim, sources)):
        return True
    return any(
        is_equal(number, abs(result)) or is_rounded(number, abs(result), claim.rounding)
        for result in following
    ) or (
        claim.fraction
        and any(is_near_fraction(claim, number, result) for result in results(claim, sources))
    )


def is_equal(number: Decimal, result: Decimal) -> bool:
    """Whether two numbers are equal, except for a third's endless decimals."""
    return abs(number - result) <= TOLERANCE * number


def is_close(number: Decimal, result: Decimal) -> bool:
    """Whether a number may stand for one that is no whole number: three months for twelve weeks."""
    return abs(number - result) <= CALENDAR_TOLERANCE * number


def is_factor_at(claim: Figure, tokens: Sequence[Token], language: str) -> bool:
    """Whether a word such as "times" is behind a number."""
    following = tokens[claim.end : claim.end + 1]
    factor_words = language_or_default(language).meaning.factor_words
    return claim.is_plain and any(one.text.casefold() in factor_words for one in following)


def factors(sources: Sequence[Figure], mentions: Mentions) -> Iterator[Decimal]:
    """How many times as much one figure is as another one of its kind."""
    yield from (Decimal(multiple) for multiple in mentions.multiples)
    amounts = [one for one in sources if one.number and not is_year(one.value or "")]
    for one, other in permutations(dict.fromkeys(amounts), 2):
        is_alike = (one.is_percent and other.is_percent) or can_be_compared(one, other)
        if one.number and other.number and is_alike:
            yield one.number / other.number


def years_and_ages(
    claim: Figure, sources: Sequence[Figure], mentions: Mentions
) -> Iterator[Decimal]:
    """How many years are between two years, or after how many years of an age or a duration it is."""
    years = {signed_number(one) for one in sources if is_plain_year(one)}
    dates = {Decimal(year) for year in mentions.years}
    if claim.is_plain and is_year(claim.value or ""):
        spans = {
            one.number * (YEARS_OF_DECADE if one.unit == DECADE else 1)
            for one in sources
            if one.number
            and one.number <= MAX_AGE
            and (one.unit in (YEAR, DECADE) or (one.is_plain and one.number >= MIN_PLAIN))
        }
        for span in spans:
            yield from (year - span for year in (*years, *dates))
            yield from (year + span for year in years)
    elif claim.is_plain or claim.unit in (YEAR, DECADE):
        size = YEARS_OF_DECADE if claim.unit == DECADE else 1
        for year in years:
            yield from ((one - year) / size for one in (*years, *dates) if one > year)


def is_plain_year(figure: Figure) -> bool:
    return figure.is_plain and is_year(figure.value or "")


def remaining_minutes(claim: Figure, sources: Sequence[Figure]) -> Iterator[Decimal]:
    """How many minutes of a match are left: ten minutes from time in the 80th minute."""
    if claim.unit != MINUTE:
        return
    for one in sources:
        if one.number and (one.unit == MINUTE or one.is_plain):
            yield from (minutes - one.number for minutes in MATCH_MINUTES if minutes > one.number)


def calendar_amounts(claim: Figure, sources: Sequence[Figure]) -> Iterator[Decimal]:
    """Durations of the sources in a unit of which they are no whole number: weeks in months."""
    for one in sources:
        if one.number and one.unit and claim.unit and one.unit != claim.unit:
            is_calendar = claim.unit in CALENDAR_UNITS or one.unit in CALENDAR_UNITS
            if is_calendar and is_convertible(claim.unit, one.unit):
                yield convert(one.number, one.unit, claim.unit)


def products(claim: Figure, sources: Sequence[Figure], mentions: Mentions) -> Iterator[Decimal]:
    """A figure as often as another one says, or a part of it; or a percentage more or less.

    Twelve times a month's rent, what each of sixteen shops has, ten percent more than 2,500 euros.
    """
    counts = {one.number for one in sources if one.number and one.is_plain and one.number > 1}
    units = mentions.units | {one.unit for one in sources if one.unit}
    counts |= {Decimal(size) for unit in units for size in PERIODS.get(unit, ())}
    percentages = {one.number for one in sources if one.number and one.is_percent}
    for one in sources:
        number = one.number or Decimal(0)
        if one.unit and claim.unit and is_convertible(claim.unit, one.unit):
            number = convert(number, one.unit, claim.unit)
        elif not is_same_kind(claim, one) or is_plain_year(one):
            continue
        if not claim.is_percent:
            for percentage in percentages:
                yield number * (WHOLE + percentage) / WHOLE
                yield number * (WHOLE - percentage) / WHOLE
        for count in counts:
            for result in (number * count, number / count):
                # Not ten or a hundred times as much, which is more often a slip.
                if digits_of(result) not in (digits_of(number), digits_of(count)):
                    yield result


def digits_of(number: Decimal) -> tuple[int, ...]:
    return number.normalize().as_tuple().digits


def results(claim: Figure, sources: Sequence[Figure]) -> Iterator[Decimal]:
    """What follows from the sources' figures of the claim's kind."""
    years = [one for one in sources if is_plain_year(one)]
    parts = [one for one in sources if one.fraction and one.number]
    alike = [one for one in sources if is_same_kind(claim, one) and one not in years]
    for one, other in combinations(dict.fromkeys(alike), 2):
        if can_be_compared(one, other):
            yield signed_number(one) - signed_number(other)
            if not one.is_percent:
                yield signed_number(one) + signed_number(other)
    for one in alike:
        for part in parts:
            yield signed_number(one) * (part.number or 0) / WHOLE
        if claim.is_percent and not one.negative:
            yield WHOLE - signed_number(one)
    if claim.is_percent:
        yield from (WHOLE - signed_number(part) for part in parts)
        yield from ratios([one for one in sources if one.is_plain and one not in years])


def ratios(figures: Sequence[Figure]) -> Iterator[Decimal]:
    """How many percent of another figure each figure is."""
    for one, other in permutations(figures, 2):
        if one.number and other.number and MIN_PLAIN <= one.number < other.number:
            yield round(WHOLE * one.number / other.number, 1)


def changes(figures: Sequence[Figure]) -> Iterator[Decimal]:
    """By how many percent of each figure another one of its kind is larger or smaller."""
    amounts = dict.fromkeys(
        one for one in figures if not (one.is_percent or one.fraction or is_year(one.value or ""))
    )
    for one, other in permutations(amounts, 2):
        if one.number and other.number and can_be_compared(one, other):
            yield round(WHOLE * (other.number - one.number) / one.number, 1)


def is_second(claim: Figure, tokens: Sequence[Token], language: str) -> bool:
    """Whether a figure is the ordinal "second" without a noun, which may follow from a result: whoever loses
    to one other is second. The second of several things is not meant."""
    words = [token.text for token in tokens[claim.start : claim.end]]
    if not claim.is_plain or claim.value != "2" or len(words) != 1 or not words[0].isalpha():
        return False
    end = tokens[claim.end - 1].end
    following = [one for one in tokens[claim.end : claim.end + 1] if one.start <= end + 1]
    return number_at(words, 0, language, ordinals=False)[0] is None and all(
        token.text.casefold() in FUNCTION_WORDS for token in following
    )


def is_count(claim: Figure, tokens: Sequence[Token]) -> bool:
    """Whether a figure is a small number in words, which may count what the sources list: both, the three."""
    words = [token.text for token in tokens[claim.start : claim.end]]
    is_small = claim.number is not None and 1 < claim.number < MIN_PLAIN
    return claim.is_plain and is_small and all(word.isalpha() for word in words)


def signed_number(figure: Figure) -> Decimal:
    number = figure.number or Decimal(0)
    return -number if figure.negative else number


def is_same_kind(claim: Figure, source: Figure) -> bool:
    """Whether a figure of the source has the unit of the claim. A plain one may have left it out."""
    if source.number is None or source.fraction or source.rounding is Rounding.LOOSE:
        return False
    if claim.currency:
        is_currency = source.currency and claim.currency.is_supported_by(source.currency)
        return bool(is_currency) or (source.is_plain and source.standalone)
    if claim.is_percent:
        return source.is_percent
    if claim.unit == POINTS:
        return source.is_percent or source.unit == POINTS or (source.is_plain and source.standalone)
    if claim.unit:
        is_large = (source.number or 0) >= MIN_PLAIN
        return source.unit == claim.unit or (source.is_plain and source.standalone and is_large)
    return True


def can_be_compared(one: Figure, other: Figure) -> bool:
    """Whether two figures can be added, because they have one unit, which one of them may leave out."""
    if one.is_plain or other.is_plain:
        return not (one.is_percent or other.is_percent)
    if one.currency and other.currency:
        return one.currency.is_supported_by(other.currency)
    same_unit = one.unit == other.unit and is_convertible(one.unit, other.unit)
    return (
        one.is_percent == other.is_percent
        and bool(one.currency) == bool(other.currency)
        and same_unit
    )
