"""Parts of a whole: two thirds, four out of ten, half an hour."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from audiobrew.lang.language import language_or_default
from audiobrew.script.gate.figures import Figure
from audiobrew.script.gate.numbers import ONE, number_at
from audiobrew.script.gate.rounding import rounding_before
from audiobrew.script.gate.units import SMALLER, convert, unit_at

# The largest whole of a share such as four out of ten.
MAX_WHOLE = 100


def part_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """The part that begins at a place. `words` are in lower case."""
    return (
        part_of_unit_at(words, place, language)
        or fraction_at(words, place, language)
        or share_at(words, place, language)
    )


def phrase_end(words: Sequence[str], place: int, phrases: Sequence[str]) -> int:
    """The place after the longest of some phrases that begins here; 0 if none does."""
    for length in (5, 4, 3, 2, 1):
        phrase = " ".join(words[place : place + length]).replace("' ", "'")
        if place + length <= len(words) and phrase in phrases:
            return place + length
    return 0


def part_of_unit_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A part of a unit in words, such as "half an hour", as a number of that unit."""
    meaning = language_or_default(language).meaning
    if words[place] == "" or words[place][0].isdigit():
        return None
    end, unit, part = phrase_end(words, place, tuple(meaning.unit_parts)), None, 0.0
    if end:
        part = meaning.unit_parts[" ".join(words[place:end]).replace("' ", "'")]
        unit, after = unit_at(words, phrase_end(words, end, meaning.unit_links) or end, language)
    elif meaning.compound_parts:
        beginnings = [one for one in meaning.unit_parts if words[place].startswith(one)]
        for beginning in sorted(beginnings, key=len, reverse=True):
            part = meaning.unit_parts[beginning]
            unit, after = unit_at([words[place].removeprefix(beginning)], 0, language)
            after += place
            if unit:
                break
    if not unit:
        return None
    number = Decimal(str(part))
    figure = Figure(
        *(f"{number.normalize():f}", None),
        unit=unit,
        rounding=rounding_before(words[:place], language),
        start=place,
        end=after,
    )
    smaller = {one: convert(number, unit, one) for one in SMALLER.get(unit, ())}
    others = (
        replace(figure, value=f"{value.normalize():f}", unit=one) for one, value in smaller.items()
    )
    return replace(figure, otherwise=tuple(others))


def fraction_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A part such as "two thirds" that begins at a place, as a percentage."""
    meaning = language_or_default(language).meaning
    end = phrase_end(words, place + 1, tuple(meaning.fractions))
    if not end or words[place].isdigit():
        return None
    number, _ = number_at(words, place, language, ordinals=False)
    parts = meaning.fractions[" ".join(words[place + 1 : end])]
    # "La tercera parte" is one third, but "the third" is none.
    is_one = words[place] in ONE or (end > place + 2 and words[place] in meaning.determiners)
    if not is_one and not (number and number.isdigit() and int(number) < parts):
        return None
    following = words[end] if end < len(words) else ""
    is_ordinal = is_one and end == place + 2
    if is_ordinal and meaning.fraction_of and following not in meaning.fraction_of:
        return None
    return percentage(1 if is_one else int(number or 1), parts, words, place, end, language)


def share_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A part such as "four out of ten" as a percentage; otherwise its two numbers."""
    number, end = number_at(words, place, language, ordinals=False)
    if words[place] in ONE:
        number, end = "1", place + 1
    whole_place = phrase_end(words, end, language_or_default(language).meaning.shares)
    if not number or not number.isdigit() or not whole_place or whole_place >= len(words):
        return None
    whole, after = number_at(words, whole_place, language, ordinals=False)
    if not whole or not whole.isdigit() or not 0 < int(number) < int(whole) <= MAX_WHOLE:
        return None
    share = percentage(int(number), int(whole), words, place, after, language)
    return replace(
        share,
        otherwise=(
            Figure(number, None, start=place, end=end),
            Figure(whole, None, start=whole_place, end=after),
        ),
    )


def percentage(
    number: int, whole: int, words: Sequence[str], start: int, end: int, language: str
) -> Figure:
    return Figure(
        *(f"{round(Decimal(100 * number) / whole, 1).normalize():f}%", None),
        rounding=rounding_before(words[:start], language),
        fraction=True,
        start=start,
        end=end,
    )
