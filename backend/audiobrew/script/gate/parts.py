"""Parts of a whole: two thirds, four out of ten, half an hour."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from audiobrew.lang.language import language_or_default
from audiobrew.lang.number_words import power_of_ten
from audiobrew.script.gate.figures import POINTS, Figure
from audiobrew.script.gate.numbers import ONE, magnitude_at, number_at, scientific
from audiobrew.script.gate.rounding import Rounding, rounding_before
from audiobrew.script.gate.tokens import compile_words
from audiobrew.script.gate.units import SMALLER, convert, unit_at

# The smallest power of ten of a magnitude with a part or "several".
MIN_POWER = 2
ADJECTIVE_ENDINGS = ("", "e", "en", "er", "es", "em")
# The largest whole of a share such as four out of ten.
MAX_WHOLE = 100


def part_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """The part or the other number in words that begins at a place. `words` are in lower case."""
    return (
        part_of_point_at(words, place, language)
        or half_at(words, place, language)
        or part_of_magnitude_at(words, place, language)
        or part_of_unit_at(words, place, language)
        or number_with_unit_at(words, place, language)
        or collective_at(words, place, language)
        or vague_number_at(words, place, language)
        or fraction_at(words, place, language)
        or share_at(words, place, language)
        or every_at(words, place, language)
    )


def phrase_end(words: Sequence[str], place: int, phrases: Sequence[str]) -> int:
    """The place after the longest of some phrases that begins here; 0 if none does."""
    for length in (5, 4, 3, 2, 1):
        phrase = " ".join(words[place : place + length]).replace("' ", "'")
        if place + length <= len(words) and phrase in phrases:
            return place + length
    return 0


def part_of_point_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A part of a percentage point, such as "half a point", or Viertelpunkt in one word."""
    meaning = language_or_default(language).meaning
    points = compile_words(meaning.points)
    if points is None:
        return None
    part, end = simple_part_at(words, place, language)
    if not part:
        beginnings = [
            one
            for one in (meaning.unit_parts if meaning.compound_parts else ())
            if words[place].startswith(one) and points.fullmatch(words[place].removeprefix(one))
        ]
        if not beginnings:
            return None
        part, end = Decimal(str(meaning.unit_parts[beginnings[0]])), place
    else:
        end = phrase_end(words, end, (*meaning.unit_links, *meaning.fraction_of)) or end
    for length in (2, 1) if end > place else (1,):
        phrase = " ".join(words[end : end + length])
        if end == place or (end + length <= len(words) and points.fullmatch(phrase)):
            value = f"{part.normalize():f}"
            figure = Figure(value, None, unit=POINTS, start=place, end=end + length)
            rounding = rounding_before(words[:place], language)
            plain = Figure(value, None, rounding=rounding, start=place, end=end + length)
            return replace(figure, rounding=rounding, otherwise=(plain,))
    return None


def half_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A half of something that has been named, as a percentage: half of the trains, la moitié."""
    meaning = language_or_default(language).meaning
    end = phrase_end(words, place, meaning.halves)
    if not end or (place and words[place - 1] in meaning.other_halves):
        return None
    if place and number_at(words, place - 1, language)[0]:
        return None
    half = percentage(1, 2, words, place, end, language)
    times = Figure("0.5", None, rounding=half.rounding, start=place, end=end)
    return replace(half, otherwise=(times,))


def part_of_magnitude_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A part of a magnitude, such as "half a million" or "three quarters of a million"."""
    meaning = language_or_default(language).meaning
    part, end = simple_part_at(words, place, language)
    if not part:
        return part_of_compound_magnitude(words, place, language)
    for link in (*meaning.unit_links, *meaning.fraction_of):
        if after := phrase_end(words, end, (link,)):
            end = after
            break
    if end < len(words) and words[end] in ONE:
        end += 1
    power = magnitude_at(words, end, language)
    if power < MIN_POWER:
        return None
    value = scientific(str(part), power)
    return Figure(
        value,
        None,
        rounding=rounding_before(words[:place], language),
        start=place,
        end=end + 1,
    )


def part_of_compound_magnitude(words: Sequence[str], place: int, language: str) -> Figure | None:
    """The same in one word: Viertelmillion."""
    meaning = language_or_default(language).meaning
    for beginning, part in meaning.unit_parts.items() if meaning.compound_parts else ():
        power = power_of_ten(words[place].removeprefix(beginning), language)
        if words[place].startswith(beginning) and power >= MIN_POWER:
            rounding = rounding_before(words[:place], language)
            value = scientific(str(part), power)
            return Figure(value, None, rounding=rounding, start=place, end=place + 1)
    return None


def simple_part_at(words: Sequence[str], place: int, language: str) -> tuple[Decimal, int]:
    """A part of one, and the place after its words; the part of a compound is before its magnitude."""
    meaning = language_or_default(language).meaning
    if words[place] in ONE and place + 1 < len(words) and words[place + 1] in meaning.unit_parts:
        place += 1
    if end := phrase_end(words, place, tuple(meaning.unit_parts)):
        return Decimal(str(meaning.unit_parts[phrase_of(words, place, end)])), end
    if fraction := fraction_at(words, place, language):
        return (fraction.number or Decimal(0)) / 100, fraction.end
    return Decimal(0), place


def phrase_of(words: Sequence[str], start: int, end: int) -> str:
    return " ".join(words[start:end]).replace("' ", "'")


def number_with_unit_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A number in an adjective with its unit, such as "neunmonatig", or the two side by side: 18-jährig."""
    endings = language_or_default(language).meaning.unit_endings
    if not endings:
        return None
    word, start = words[place], place
    value: str | None = None
    if word[0].isdigit() and place + 1 < len(words):
        value, _ = number_at(words, place, language)
        word, place = words[place + 1], place + 1
    for ending, unit in endings.items():
        stem, separator, rest = word.partition(ending)
        if not separator or rest not in ADJECTIVE_ENDINGS or bool(stem) == bool(value):
            continue
        number = value or number_at([stem], 0, language, ordinals=False)[0]
        if stem in ONE:
            number = "1"
        if number:
            value = f"{number}%" if unit == "%" else number
            unit_name = None if unit in ("", "%") else unit
            rounding = rounding_before(words[:start], language)
            return Figure(
                value, None, unit=unit_name, rounding=rounding, start=start, end=place + 1
            )
    return None


def collective_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A number such as "a dozen" or "two dozen": of a noun that means a number."""
    collectives = language_or_default(language).meaning.collectives
    if not collectives:
        return None
    part, end = simple_part_at(words, place, language)
    if end < len(words) and words[end] in ONE and part:
        end += 1
    if not part:
        number, end = number_at(words, place, language, ordinals=False)
        if words[place] in ONE:
            number, end = "1", place + 1
        if words[place] in collectives and rounding_before(words[:place], language):
            number, end = "1", place  # a good dozen
        if number is None or not number.isdigit():
            return None
        part = Decimal(number)
    noun = words[end] if end < len(words) else ""
    size = collectives.get(noun) or (collectives.get(noun.removesuffix("s")) if part > 1 else None)
    if not size:
        return None
    rounding = rounding_before(words[:place], language) or Rounding.LOOSE
    return Figure(
        f"{(part * size).normalize():f}", None, rounding=rounding, start=place, end=end + 1
    )


def vague_number_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A magnitude of which there are a few: several hundred thousand. Any such number may be meant."""
    phrases = language_or_default(language).meaning.vague_numbers
    start = phrase_end(words, place, phrases)
    end, power = start, 0
    while start and (more := magnitude_at(words, end, language)):
        end, power = end + 1, power + more
    if power < MIN_POWER:
        return None
    return Figure(f"1e{power}", None, rounding=Rounding.SEVERAL, start=place, end=end)


def every_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A share such as "every fifth" as a percentage; otherwise the ordinal."""
    if words[place] not in language_or_default(language).meaning.every or place + 1 >= len(words):
        return None
    if not words[place + 1][0].isalpha():
        return None
    number, end = number_at(words, place + 1, language)
    if not number or not number.isdigit() or not 1 < int(number) <= MAX_WHOLE:
        return None
    share = percentage(1, int(number), words, place, end, language)
    return replace(share, otherwise=(Figure(number, None, start=place, end=end),))


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
    is_definite = words[place] in meaning.determiners and (
        end > place + 2 or (words[end : end + 1] or [""])[0] in meaning.definite_fraction_of
    )
    is_one = words[place] in ONE or is_definite
    if not is_one and not (number and number.isdigit() and int(number) < parts):
        return None
    following = words[end] if end < len(words) else ""
    is_ordinal = is_one and end == place + 2
    share = percentage(1 if is_one else int(number or 1), parts, words, place, end, language)
    if is_ordinal and meaning.fraction_of and following not in ("", *meaning.fraction_of):
        # By a third in two weeks, but the third man; "won a third in May" may be either.
        ordinal = Figure(str(parts), None, start=place, end=end)
        is_adverbial = following in meaning.places and words[place] in ONE
        return replace(share, otherwise=(ordinal,)) if is_adverbial else None
    return share


def share_at(words: Sequence[str], place: int, language: str) -> Figure | None:
    """A part such as "four out of ten" as a percentage; otherwise its two numbers."""
    number, end = number_at(words, place, language, ordinals=False)
    if words[place] in ONE:
        number, end = "1", place + 1
    meaning = language_or_default(language).meaning
    whole_place = phrase_end(words, end, meaning.shares)
    has_noun = not whole_place and number and end < len(words) and words[end][0].isalpha()
    if has_noun and not unit_at(words, end, language)[0]:
        whole_place = phrase_end(words, end + 1, meaning.noun_shares)
    if not number or not number.isdigit() or not whole_place or whole_place >= len(words):
        return None
    whole, after = number_at(words, whole_place, language, ordinals=False)
    # Two people in five minutes, one of 12 million.
    if unit_at(words, after, language)[0] or magnitude_at(words, after, language):
        return None
    if not whole or not whole.isdigit() or not 0 < int(number) < int(whole) <= MAX_WHOLE:
        return None
    share = percentage(int(number), int(whole), words, place, after, language)
    numbers = (
        Figure(number, None, start=place, end=end),
        Figure(whole, None, start=whole_place, end=after),
    )
    # In "a debate on three subjects", only the second one is a number.
    return replace(share, otherwise=numbers[1:] if has_noun and words[place] in ONE else numbers)


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
