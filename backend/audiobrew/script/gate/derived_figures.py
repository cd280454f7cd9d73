"""Figures that no source has but that follow from its figures: a difference, a sum, a part, the rest.

Whether such a figure is of the right thing, rules do not see. So a sentence with it is doubtful.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, permutations

from audiobrew.script.gate.dates import is_year
from audiobrew.script.gate.figures import POINTS, Figure, has_same_number, is_near_fraction
from audiobrew.script.gate.rounding import Rounding, is_rounded
from audiobrew.script.gate.units import is_convertible

YEAR, DECADE, MONTH = "duration-year", "duration-decade", "duration-month"
WHOLE, HALF = 100, 50
YEARS_OF_DECADE = 10
# A third is 33.3 percent.
TOLERANCE = Decimal("0.002")
# Small numbers follow from any others by chance.
MIN_PLAIN = 10


def follows_from(
    claim: Figure, sources: Sequence[Figure], units: frozenset[str], months: frozenset[int]
) -> bool:
    """Whether a figure follows from those of the sources by simple arithmetic.

    `units` are those that the sources name without a number, and `months` the months that they name.
    """
    number = claim.number
    if number is None or not number or (claim.is_plain and number < MIN_PLAIN):
        return False
    if claim.fraction and number == HALF:
        return True  # "half the time" also follows from "twice as fast"
    # A figure of the sources with another sign or unit is none that follows from others.
    if any(abs(source.number or 0) == number for source in sources):
        return False
    if claim.unit == MONTH and int(number) in months and number == int(number):
        return True
    if any(has_same_number(claim, Figure("1", None, unit=unit)) for unit in units):
        return claim.unit not in units
    return any(
        is_equal(number, abs(result))
        or is_rounded(number, abs(result), claim.rounding)
        or (claim.fraction and is_near_fraction(claim, number, result))
        for result in results(claim, sources)
    )


def is_equal(number: Decimal, result: Decimal) -> bool:
    """Whether two numbers are equal, except for a third's endless decimals."""
    return abs(number - result) <= TOLERANCE * number


def results(claim: Figure, sources: Sequence[Figure]) -> Iterator[Decimal]:
    """What follows from the sources' figures of the claim's kind."""
    years = [one for one in sources if is_year(one.value or "") and one.is_plain]
    if claim.unit in (YEAR, DECADE):
        size = YEARS_OF_DECADE if claim.unit == DECADE else 1
        for one, other in combinations(years, 2):
            yield (signed_number(one) - signed_number(other)) / size
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
    if claim.is_percent or claim.unit == POINTS:
        return source.is_percent
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
