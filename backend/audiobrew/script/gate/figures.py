"""Figures: numbers with their sign, magnitude, unit or currency, and whether a source states them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from audiobrew.script.gate.currencies import Currency
from audiobrew.script.gate.rounding import Rounding, is_rounded
from audiobrew.script.gate.units import convert, is_convertible, is_exact

POINTS = "points"
# Cents of some currency. Their figure is a number of the currency: 0.3 for thirty cents.
CENTS = "cents"
HALF_DAY = 12
# "A third" may stand for a percentage that differs by this much, or more if a word says that it is rounded.
FRACTION_TOLERANCE, ROUNDED_FRACTION_TOLERANCE = 1, Decimal("3.5")
# Two numbers of different units are equal if they differ by this share; a month has no whole number of weeks.
UNIT_TOLERANCE = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its currency, or a currency that is mentioned without a number.

    `value` includes magnitude and percent sign, as in `12e6` and `4.5%`. `standalone`: the number is not
    followed by a noun that it could count. `unit` is a unit of measurement, POINTS for percentage points, or
    CENTS. `rounding`: a word says that the number is rounded. `fraction`: it is a part such as a third, as
    percentage. `afternoon`: it is an hour after noon. `otherwise` is what else the words may mean. `start`
    and `end` are places of tokens.
    """

    value: str | None
    currency: Currency | None
    standalone: bool = True
    unit: str | None = None
    negative: bool = False
    rounding: Rounding = Rounding.NONE
    fraction: bool = False
    afternoon: bool = False
    otherwise: tuple["Figure", ...] = ()
    start: int = 0
    end: int = 0

    @property
    def is_percent(self) -> bool:
        return bool(self.value and self.value.endswith("%"))

    @property
    def is_plain(self) -> bool:
        """Whether the number has neither currency nor unit."""
        return not (self.currency or self.unit or self.is_percent)

    @property
    def number(self) -> Decimal | None:
        """The number without percent sign; None when it cannot be read, such as a version."""
        try:
            return Decimal((self.value or "").rstrip("%"))
        except ArithmeticError:
            return None


def every_reading(figures: Iterable[Figure]) -> Iterator[Figure]:
    """The figures, and what else their words may mean."""
    for figure in figures:
        yield replace(figure, otherwise=()) if figure.otherwise else figure
        yield from figure.otherwise


def figures_of(amounts: Iterable[Figure]) -> frozenset[str]:
    """The values and the currency codes of figures."""
    figures = list(amounts)
    values = {figure.value for figure in figures if figure.value}
    return frozenset(values | {figure.currency.code for figure in figures if figure.currency})


def has_same_number(claim: Figure, source: Figure) -> bool:
    """Whether the numbers are equal, or the claim says that it rounds the other one."""
    if claim.value is None or source.value is None:
        return False
    number, exact = claim.number, source.number
    if number is None or exact is None:
        return claim.value == source.value
    if claim.unit != source.unit and is_convertible(claim.unit, source.unit):
        return has_same_amount(claim, number, source, exact)
    if number == exact:
        return True
    if claim.afternoon != source.afternoon and not (claim.is_percent or source.is_percent):
        early, late = (number, exact) if claim.afternoon else (exact, number)
        if early < HALF_DAY and late == early + HALF_DAY:
            return True
    if claim.fraction or source.fraction:
        return claim.is_percent and source.is_percent and is_near_fraction(claim, number, exact)
    return is_rounded(number, exact, claim.rounding)


def has_same_amount(claim: Figure, number: Decimal, source: Figure, exact: Decimal) -> bool:
    """The same for numbers of different units: two days are 48 hours."""
    converted = convert(exact, str(source.unit), str(claim.unit))
    if abs(converted - number) <= UNIT_TOLERANCE * converted:
        return is_exact(claim.unit, source.unit)
    return is_rounded(number, converted, claim.rounding)


def is_near_fraction(claim: Figure, number: Decimal, exact: Decimal) -> bool:
    """Whether a fraction and a percentage mean the same, and the claim's rounding is true."""
    if claim.rounding is Rounding.MORE:
        return -FRACTION_TOLERANCE <= exact - number <= ROUNDED_FRACTION_TOLERANCE
    if claim.rounding is Rounding.LESS:
        return -FRACTION_TOLERANCE <= number - exact <= ROUNDED_FRACTION_TOLERANCE
    tolerance = ROUNDED_FRACTION_TOLERANCE if claim.rounding else FRACTION_TOLERANCE
    return abs(number - exact) <= tolerance


def agrees_in_unit(claim: Figure, source: Figure) -> bool:
    """Whether two figures with the same number may have the same unit.

    A unit that is missing on one side may be said elsewhere, unless the number counts something there.
    """
    if CENTS in (claim.unit, source.unit):
        return bool(claim.unit == source.unit or claim.currency or source.currency)
    if claim.currency:
        if source.currency:
            return claim.currency.is_supported_by(source.currency)
        return source.is_plain and source.standalone
    if claim.is_percent:
        return source.is_percent or (source.is_plain and source.standalone)
    if claim.unit:
        return is_convertible(claim.unit, source.unit) or (source.is_plain and source.standalone)
    return claim.standalone or source.is_plain


def missing_figures(
    claims: Sequence[Figure], sources: Sequence[Figure], *, falls: bool
) -> Iterator[tuple[Figure, str]]:
    """Figures that no source contains, or that have another unit or sign there, each with what is missing.

    `falls`: the sentence says that something fell. "Fell 3 percent" may stand for "−3 %".
    """
    for claim in claims:
        missing = missing_figure(claim, sources, falls=falls)
        other = [missing_figure(one, sources, falls=falls) for one in claim.otherwise]
        if missing and (not other or any(other)):
            yield claim, missing


def missing_figure(claim: Figure, sources: Sequence[Figure], *, falls: bool) -> str:
    """What the sources lack of a figure; empty if they have all of it."""
    currency = claim.currency
    same = [source for source in sources if has_same_number(claim, source)]
    if currency and not any(
        source.currency and currency.is_supported_by(source.currency) for source in sources
    ):
        in_cents = any(source.unit == CENTS for source in same)
        is_known = claim.value is None or bool(same)
        if not in_cents:
            return currency.code if is_known else claim.value or currency.code
    if claim.value is None:
        return ""
    if not same:
        return claim.value
    if not (agreeing := [one for one in same if agrees_in_unit(claim, one)]):
        return f"{claim.value} {describe_unit(claim)}".strip()
    if not any(agrees_in_sign(claim, source, falls=falls) for source in agreeing):
        return f"-{claim.value}" if claim.negative else claim.value
    return ""


def agrees_in_sign(claim: Figure, source: Figure, *, falls: bool) -> bool:
    if claim.negative == source.negative:
        return True
    is_change = source.is_percent or source.unit == POINTS or source.currency is not None
    return source.negative and falls and is_change


def describe_unit(figure: Figure) -> str:
    if figure.currency:
        return figure.currency.code
    return (figure.unit or "").rpartition("-")[2]
