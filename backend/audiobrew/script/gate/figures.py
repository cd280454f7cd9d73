"""Figures: numbers with their sign, magnitude, unit or currency, and whether a source states them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default
from audiobrew.lang.number_words import CURRENCIES, PERCENT, PERCENT_PHRASES, power_of_ten
from audiobrew.script.gate.currencies import (
    Currency,
    currency_after,
    currency_before,
    currency_of_symbol,
)
from audiobrew.script.gate.numbers import ONE, number_at
from audiobrew.script.gate.tokens import Token
from audiobrew.script.gate.units import unit_at

POINTS = "points"
HALF, HALF_DAY = 5, 12
# Words before a number that may belong to it, at most.
MAX_WORDS_BEFORE = 4
# "A third" may stand for a percentage that differs by this much, or more if a word says that it is rounded.
FRACTION_TOLERANCE, ROUNDED_FRACTION_TOLERANCE = 1, Decimal("3.5")
# How far from a number one may be that ends in 5 and is said to be rounded.
ROUND_TOLERANCE = Decimal("0.025")
_MINUS_SIGNS = "-−–‐‑"
# What may be between a number and its unit: 15 milhões de quilômetros.
_OF = frozenset(("de", "d'", "di"))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its currency, or a currency that is mentioned without a number.

    `value` includes magnitude and percent sign, as in `12e6` and `4.5%`. `standalone`: the number is not
    followed by a noun that it could count. `unit` is a unit of measurement, or POINTS for percentage points.
    `approximate`: a word says that the number is rounded. `fraction`: it is a part such as a third, as
    percentage. `afternoon`: it is an hour after noon. `start` and `end` are places of tokens.
    """

    value: str | None
    currency: Currency | None
    standalone: bool = True
    unit: str | None = None
    negative: bool = False
    approximate: bool = False
    fraction: bool = False
    afternoon: bool = False
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


def find_amounts(
    tokens: Sequence[Token], text: str, language: str
) -> tuple[list[Figure], set[int]]:
    """Every figure of a normalized text, and the places of its currencies, units and magnitudes."""
    texts = [token.text for token in tokens]
    words = [word.casefold() for word in texts]
    figures: list[Figure] = []
    unit_places: set[int] = set()
    place = 0
    while place < len(texts):
        if fraction := fraction_at(words, place, language):
            figures.append(fraction)
            unit_places |= set(range(place, fraction.end))
            place = fraction.end
            continue
        value, after = number_at(texts, place, language)
        if value is None:
            place = after
            continue
        start, exponent = place, 0
        while after < len(words) and (more := power_of_ten(words[after], language)):
            unit_places.add(after)
            exponent, after = exponent + more, after + 1
        unit_places |= set(range(place, after)) if texts[place][0].isalpha() else set()
        value, after = with_half(value, words, after, language)
        points_end = end_of_points(words, after, language)
        percent = not points_end and is_percent(words[after : after + 2])
        currency, unit, end = currency_before(texts, place), None, after
        if currency:
            unit_places.add(place - 1)
            start = place - 1
        elif points_end:
            unit, end = POINTS, points_end
        elif percent:
            unit_places |= {after} if words[after] in PERCENT else {after, after + 1}
        else:
            currency, end = currency_after(texts, after, as_float(value, exponent), language)
            if not currency:
                unit, end = find_unit(words, after, language)
        if end > after:
            value, end = with_half(value, words, end, language)
        unit_places |= set(range(after, end))
        end = max(end, end_of_below_zero(words, end, language))
        following = words[end] if end < len(words) else ""
        standalone = not following or following[0].isdigit() or is_little_word(following, language)
        number = scientific(value, exponent) + ("%" if percent else "")
        figures.append(
            Figure(
                *(number, currency, standalone, unit),
                negative=is_negative(tokens, text, start, end, language),
                approximate=is_approximate(words[:start], language),
                afternoon=bool(phrase_end(words, end, language, "afternoons")),
                start=start,
                end=max(after, end),
            )
        )
        place = max(after, end)
    return [*figures, *currency_mentions(words, unit_places)], unit_places


def currency_mentions(words: Sequence[str], unit_places: set[int]) -> Iterator[Figure]:
    """The currencies without a number."""
    for place, word in enumerate(words):
        code = CURRENCIES.get(word)
        mention = currency_of_symbol(word) or (Currency(code, frozenset((code,))) if code else None)
        if mention and place not in unit_places:
            yield Figure(None, mention, start=place, end=place + 1)


def phrase_end(words: Sequence[str], place: int, language: str, field: str) -> int:
    """The place after one of the phrases of a field of the language's file; 0 if none begins here."""
    phrases: tuple[str, ...] = getattr(language_or_default(language).meaning, field)
    for length in (4, 3, 2, 1):
        phrase = " ".join(words[place : place + length]).replace("' ", "'")
        if phrase in phrases and place + length <= len(words):
            return place + length
    return 0


def with_half(value: str, words: Sequence[str], place: int, language: str) -> tuple[str, int]:
    """A number with the half that follows it or its unit, and the place after it: two years and a half."""
    end = phrase_end(words, place, language, "halves")
    return (f"{value}.5", end) if end and value.isdigit() else (value, end or place)


def fraction_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A part such as "two thirds" that begins at a place, as a percentage."""
    meaning = language_or_default(language).meaning
    if place + 1 >= len(words) or words[place + 1] not in meaning.fractions:
        return None
    if words[place].isdigit():
        return None
    number, _ = number_at(words, place, language, ordinals=False)
    parts = meaning.fractions[words[place + 1]]
    is_one = words[place] in ONE
    if not is_one and not (number and number.isdigit() and int(number) < parts):
        return None
    following = words[place + 2] if place + 2 < len(words) else ""
    if is_one and meaning.fraction_of and following not in meaning.fraction_of:
        return None
    share = Decimal(100 * (1 if is_one else int(number or 1))) / parts
    return Figure(
        *(f"{round(share, 1)}%", None),
        approximate=is_approximate(words[:place], language),
        fraction=True,
        start=place,
        end=place + 2,
    )


def is_little_word(word: str, language: str) -> bool:
    return word in FUNCTION_WORDS or word in language_or_default(language).meaning.words


def find_unit(words: Sequence[str], place: int, language: str) -> tuple[str | None, int]:
    """The unit after a number that ends before `place`, and the place after it."""
    start = place + 1 if words[place : place + 1] and words[place] in _OF else place
    unit, end = unit_at(words, start, language)
    return (unit, end) if unit else (None, place)


def end_of_points(words: Sequence[str], place: int, language: str) -> int:
    """The place after "percentage points" in some form; 0 if they do not begin at `place`."""
    patterns = language_or_default(language).meaning.percentage_points
    for length in (3, 2, 1):
        phrase = " ".join(words[place : place + length])
        if any(re.fullmatch(pattern, phrase) for pattern in patterns):
            return place + length
    return 0


def is_percent(words: Sequence[str]) -> bool:
    """Whether the words after a number begin with `%`, `percent` or `of a hundred` in some language."""
    if not words:
        return False
    return words[0] in PERCENT or words[-1] in PERCENT_PHRASES.get(words[0], ())


def is_negative(tokens: Sequence[Token], text: str, start: int, end: int, language: str) -> bool:
    """Whether a minus sign or a word for it is directly before the number, or "below zero" after it."""
    place = tokens[start].start
    sign = text[place - 1 : place] if place else ""
    before = text[place - 2 : place - 1] if place > 1 else ""
    if sign and sign in _MINUS_SIGNS and not before.strip("([{ \t\n\u00a0\u202f"):
        return True
    meaning = language_or_default(language).meaning
    if start and tokens[start - 1].text.casefold() in meaning.minus:
        return True
    words = [token.text.casefold() for token in tokens[:end]]
    return any(end_of_below_zero(words, place, language) == end for place in range(start, end))


def end_of_below_zero(words: Sequence[str], place: int, language: str) -> int:
    """The place after "below zero" in some form; 0 if it does not begin at `place`."""
    phrases = language_or_default(language).meaning.below_zero
    for length in (4, 3, 2, 1):
        if " ".join(words[place : place + length]) in phrases and place + length <= len(words):
            return place + length
    return 0


@cache
def _approximations(language: str) -> re.Pattern[str] | None:
    phrases = language_or_default(language).meaning.approximations
    # An article may follow: cerca de un nueve por ciento.
    return (
        re.compile(rf"(?:^|\s)(?:{'|'.join(phrases)})(?: une?| an?| eine)?$") if phrases else None
    )


def is_approximate(words_before: Sequence[str], language: str) -> bool:
    """Whether the last words before a number say that it is rounded."""
    pattern = _approximations(language)
    return bool(pattern and pattern.search(" ".join(words_before[-MAX_WORDS_BEFORE:])))


def as_float(value: str, exponent: int) -> float:
    """The size of a number; 0 when it cannot be read."""
    try:
        return float(Decimal(value).scaleb(exponent))
    except (ArithmeticError, ValueError):
        return 0.0


def scientific(value: str, exponent: int) -> str:
    """One form for every notation of a number: 0.4 billion and 400,000,000 are both 400e6."""
    try:
        number = Decimal(value).scaleb(exponent)
    except ArithmeticError:
        return value
    for power in (12, 9, 6):
        if number >= Decimal(1).scaleb(power):
            return f"{number.scaleb(-power).normalize():f}e{power}"
    return f"{number.normalize():f}"


def figures_of(amounts: Iterable[Figure]) -> frozenset[str]:
    """The values and the currency codes of figures."""
    figures = list(amounts)
    values = {figure.value for figure in figures if figure.value}
    return frozenset(values | {figure.currency.code for figure in figures if figure.currency})


def has_same_number(claim: Figure, source: Figure) -> bool:
    """Whether the numbers are equal, or the claim says that it rounds the other one."""
    if claim.value is None or source.value is None:
        return False
    if claim.value.rstrip("%") == source.value.rstrip("%"):
        return True
    number, exact = claim.number, source.number
    if number is None or exact is None:
        return False
    if claim.afternoon != source.afternoon and not (claim.is_percent or source.is_percent):
        early, late = (number, exact) if claim.afternoon else (exact, number)
        if early < HALF_DAY and late == early + HALF_DAY:
            return True
    if claim.fraction:
        tolerance = ROUNDED_FRACTION_TOLERANCE if claim.approximate else FRACTION_TOLERANCE
        return source.is_percent and abs(number - exact) <= tolerance
    if not claim.approximate or not exact:
        return False
    digits = number.normalize().as_tuple().digits
    if len(digits) > 1 and digits[-1] == HALF and abs(number - exact) <= ROUND_TOLERANCE * exact:
        return True
    roundings = (ROUND_HALF_UP, ROUND_DOWN)
    return number in {Context(prec=len(digits), rounding=way).plus(exact) for way in roundings}


def agrees_in_unit(claim: Figure, source: Figure) -> bool:
    """Whether two figures with the same number may have the same unit.

    A unit that is missing on one side may be said elsewhere, unless the number counts something there.
    """
    if claim.currency:
        if source.currency:
            return claim.currency.is_supported_by(source.currency)
        return source.is_plain and source.standalone
    if claim.is_percent:
        return source.is_percent or (source.is_plain and source.standalone)
    if claim.unit:
        return claim.unit == source.unit or (source.is_plain and source.standalone)
    return claim.standalone or source.is_plain


def missing_figures(
    claims: Sequence[Figure], sources: Sequence[Figure], *, falls: bool
) -> Iterator[str]:
    """Numbers and currencies that no source contains, or that have another unit or sign there.

    `falls`: the sentence says that something fell. "Fell 3 percent" may stand for "−3 %".
    """
    for claim in claims:
        currency = claim.currency
        if currency and not any(
            source.currency and currency.is_supported_by(source.currency) for source in sources
        ):
            is_known = claim.value is None or any(has_same_number(claim, one) for one in sources)
            yield currency.code if is_known else claim.value or currency.code
            continue
        if claim.value is None:
            continue
        same = [source for source in sources if has_same_number(claim, source)]
        if not same:
            yield claim.value
        elif not (agreeing := [one for one in same if agrees_in_unit(claim, one)]):
            yield f"{claim.value} {describe_unit(claim)}".strip()
        elif not any(agrees_in_sign(claim, source, falls=falls) for source in agreeing):
            yield f"-{claim.value}" if claim.negative else claim.value


def agrees_in_sign(claim: Figure, source: Figure, *, falls: bool) -> bool:
    if claim.negative == source.negative:
        return True
    is_change = source.is_percent or source.unit == POINTS or source.currency is not None
    return source.negative and falls and is_change


def describe_unit(figure: Figure) -> str:
    if figure.currency:
        return figure.currency.code
    return (figure.unit or "").rpartition("-")[2]
