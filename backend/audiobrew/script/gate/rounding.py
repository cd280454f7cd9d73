"""Numbers that are said to be rounded: about 40, over 40, nearly 40."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from enum import StrEnum
from functools import cache

from audiobrew.lang.language import language_or_default
from audiobrew.script.gate.numbers import ONE

# Words of a phrase before a number, at most, and articles between them.
MAX_WORDS, MAX_ARTICLES = 5, 2
# How far the exact number may be from the one that is said, as a share of the exact one.
CLOSE, NEAR, FAR = Decimal("0.05"), Decimal("0.1"), Decimal("0.13")
# Nobody says "over a hundred" for more than this many times as much.
MOST_ABOVE = Decimal("1.5")
HALF, TEN = 5, 10


class Rounding(StrEnum):
    """What a word says about the exact number. `MORE` and `LESS`: it is more or less than what is said.

    `LOOSE`: a noun such as "dozen" says it, which counts more roughly than a number. `SEVERAL`: it is between
    this magnitude and the next. `DECADE`: it is one of the ten years from this one on.
    """

    NONE = ""
    NEAR = "near"
    MORE = "more"
    LESS = "less"
    LOOSE = "loose"
    SEVERAL = "several"
    DECADE = "decade"


def rounding_before(words: Sequence[str], language: str) -> Rounding:
    """What the last words before a number say about it. `words` are in lower case."""
    phrases = _phrases(language)
    determiners = language_or_default(language).meaning.determiners | ONE
    last = ["de" if word == "d'" else word for word in words[-MAX_WORDS - MAX_ARTICLES :]]
    for _ in range(MAX_ARTICLES + 1):
        for length in range(min(MAX_WORDS, len(last)), 0, -1):
            phrase = " ".join(last[-length:]).replace("' ", "'")
            if phrase in phrases:
                return phrases[phrase]
        if not last or last.pop() not in determiners:
            break
    return Rounding.NONE


@cache
def _phrases(language: str) -> Mapping[str, Rounding]:
    meaning = language_or_default(language).meaning
    return {
        **dict.fromkeys(meaning.below, Rounding.LESS),
        **dict.fromkeys(meaning.above, Rounding.MORE),
        **dict.fromkeys(meaning.approximations, Rounding.NEAR),
    }


def is_rounded(number: Decimal, exact: Decimal, rounding: Rounding) -> bool:
    """Whether a number is a true and sensible rounding of the exact one."""
    if not rounding or not exact or not number or (number < 0) != (exact < 0):
        return False
    if rounding is Rounding.SEVERAL:
        return MOST_ABOVE <= abs(exact / number) < TEN
    if rounding is Rounding.DECADE:
        return number <= exact < number + TEN
    digits = number.normalize().as_tuple().digits
    context = len(digits)
    distance = abs(number - exact) / abs(exact)
    if rounding is Rounding.MORE:
        is_floor = Context(prec=context, rounding=ROUND_DOWN).plus(exact) == number
        return number < exact and (distance <= NEAR or (is_floor and exact <= MOST_ABOVE * number))
    if rounding is Rounding.LESS:
        is_ceiling = Context(prec=context, rounding=ROUND_UP).plus(exact) == number
        return number > exact and (
            distance <= NEAR or (is_ceiling and number <= MOST_ABOVE * exact)
        )
    if rounding is Rounding.LOOSE and distance <= FAR:
        return True
    if len(digits) > 1 and digits[-1] == HALF and distance <= CLOSE:
        return True
    roundings = (ROUND_HALF_UP, ROUND_DOWN)
    return number in {Context(prec=context, rounding=way).plus(exact) for way in roundings}
