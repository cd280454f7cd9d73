"""Times of day in words: twenty to nine, halb zehn, las nueve y cuarto."""

from collections.abc import Sequence

from audiobrew.lang.language import language_or_default
from audiobrew.script.gate.numbers import number_at
from audiobrew.script.gate.parts import phrase_end

HALF_DAY, MINUTES = 12, 60


def clock_at(words: Sequence[str], place: int, language: str) -> tuple[int, int, int] | None:
    """Hour and minute of a time in words that begins at a place, and the place after it.

    Times that are only an hour, or an hour and minutes side by side, are numbers anyway.
    """
    return minutes_first(words, place, language) or hour_first(words, place, language)


def minutes_first(words: Sequence[str], place: int, language: str) -> tuple[int, int, int] | None:
    """Half past nine, twenty to nine, halb zehn."""
    meaning = language_or_default(language).meaning
    if end := phrase_end(words, place, tuple(meaning.before_hours)):
        hour, after = small_number(words, end, language, HALF_DAY)
        return as_time(hour, meaning.before_hours[" ".join(words[place:end])], after)
    minutes, end = small_number(words, place, language, MINUTES - 1)
    if minutes is None:
        return None
    for sign, phrases in ((1, meaning.minutes_past), (-1, meaning.minutes_to)):
        if start := phrase_end(words, end, phrases):
            hour, after = small_number(words, start, language, HALF_DAY)
            if is_time(words, place, after, language):
                return as_time(hour, sign * minutes, after)
    return None


def hour_first(words: Sequence[str], place: int, language: str) -> tuple[int, int, int] | None:
    """Neuf heures moins vingt, las nueve y cuarto."""
    meaning = language_or_default(language).meaning
    hour, end = small_number(words, place, language, 2 * HALF_DAY)
    if hour is None:
        return None
    end = after_hour(words, end, language)
    if after := phrase_end(words, end, tuple(meaning.after_hours)):
        minutes = meaning.after_hours[" ".join(words[end:after]).replace("' ", "'")]
        return as_time(hour, minutes, after) if is_time(words, place, after, language) else None
    for sign, phrases in ((1, meaning.hours_past), (-1, meaning.hours_to)):
        if start := phrase_end(words, end, phrases):
            number, after = small_number(words, start, language, MINUTES - 1)
            if number and is_time(words, place, after, language):
                return as_time(hour, sign * number, after)
    return None


def as_time(hour: int | None, minutes: int, end: int) -> tuple[int, int, int] | None:
    """An hour and the minutes that are added to it as a time; None without an hour."""
    total = (hour or 0) * MINUTES + minutes
    return (total // MINUTES or HALF_DAY, total % MINUTES, end) if hour else None


def small_number(
    words: Sequence[str], place: int, language: str, most: int
) -> tuple[int | None, int]:
    """The whole number up to `most` in words at a place, and the place after it."""
    if place >= len(words) or not words[place][0].isalpha():
        return None, place
    value, end = number_at(words, place, language, ordinals=False)
    is_small = value is not None and value.isdigit() and int(value) <= most
    return (int(value), end) if value and is_small else (None, place)


def after_hour(words: Sequence[str], place: int, language: str) -> int:
    """The place after the word for hours, if there is one: neuf heures et quart."""
    hour = language_or_default(language).numbers.hour
    return place + 1 if place < len(words) and words[place] in (hour, hour.rstrip("s")) else place


def is_time(words: Sequence[str], start: int, end: int, language: str) -> bool:
    """Whether a word before or after it shows that something is a time."""
    phrases = language_or_default(language).meaning.clock_words
    before = (" ".join(words[max(0, start - length) : start]) for length in (1, 2))
    return any(phrase in phrases for phrase in before) or bool(phrase_end(words, end, phrases))
