"""Find the figures of a text: in digits and in words, with what is around them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.lang.meaning_section import Meaning
from audiobrew.lang.number_words import CURRENCIES, PERCENT, PERCENT_PHRASES
from audiobrew.script.gate.clock import clock_at
from audiobrew.script.gate.currencies import (
    Currency,
    currency_after,
    currency_before,
    currency_of_symbol,
)
from audiobrew.script.gate.dates import is_year
from audiobrew.script.gate.figures import CENTS, POINTS, Figure
from audiobrew.script.gate.names import is_frequent
from audiobrew.script.gate.numbers import (
    ONE,
    add,
    added_part,
    as_decimal,
    magnitude_at,
    quantity_at,
    scientific,
    whole_number_at,
)
from audiobrew.script.gate.parts import part_at, phrase_end
from audiobrew.script.gate.rounding import Rounding, rounding_before
from audiobrew.script.gate.tokens import Token, compile_words
from audiobrew.script.gate.units import SMALLER, find_unit, unit_at

# Between numbers that are apart.
_BREAK = frozenset(",;:.!?()[]—–/\n")
_SENTENCE_END = frozenset(".!?\n")
_MINUS_SIGNS = "-−–‐‑"
# Between two numbers that share a magnitude, at most: from 1.9 to 3.1 million.
MAX_BETWEEN = 4
# And after the one with the magnitude: two million, after nearly eight a year ago.
MAX_AFTER = 10
MAX_CENTS = 100
# What is between a currency and cents that have no name of their own: un euro con diecisiete.
WITH = frozenset(("con",))
THOUSAND, MILLION = 3, 6
# What is between two figures that are compared, at most so many words.
VERSUS = frozenset(("versus", "vs", "against", "to", "contre", "frente", "contra"))
VERSUS |= frozenset(("gegenüber", "gegen", "tegen", "tegenover"))
PERCENT_WORDS = frozenset(("per", "pour", "por", "cent", "ciento", "cento"))
MAX_VERSUS = 2
# What a decade may be called by: the eighties.
DECADES = range(30, 100, 10)
CENTURY = 1900
# The endings of words before a noun that begins with a capital: drei neue Züge, but "wird für 3 saniert".
ENDINGS_OF_ATTRIBUTES = ("e", "en", "er", "es", "em")
# What shows that a number with two digits after its point is a time: 9.30 Uhr.
CLOCK_MARKS = frozenset(("uhr", "h", "am", "pm", "a", "p", "hrs", "uur"))


def find_amounts(
    tokens: Sequence[Token], text: str, language: str
) -> tuple[list[Figure], set[int]]:
    """Every figure of a normalized text, and the places of its currencies, units and magnitudes."""
    parser = FigureParser(tokens, text, language)
    parser.parse()
    figures = share_magnitudes(parser)
    return [*figures, *currency_mentions(parser.words, parser.unit_places)], parser.unit_places


class FigureParser:
    """Reads the figures of a text from left to right.

    `unit_places` are the places of currencies, units and magnitudes, `powers` the magnitude of each figure.
    """

    def __init__(self, tokens: Sequence[Token], text: str, language: str) -> None:
        self.tokens, self.text, self.language = tokens, text, language
        self.texts = [token.text for token in tokens]
        self.words = [text.casefold() for text in self.texts]
        # Places of tokens after a punctuation mark, and the end. No number goes on there.
        self.breaks = [
            place
            for place, (one, other) in enumerate(pairwise(tokens), 1)
            if not _BREAK.isdisjoint(text[one.end : other.start])
        ]
        self.breaks.append(len(tokens))
        self.figures: list[Figure] = []
        self.powers: list[int] = []
        self.unit_places: set[int] = set()

    def parse(self) -> None:
        place = 0
        while place < len(self.texts):
            if time := clock_at(self.words, place, self.language):
                place = self.add_time(place, *time)
            elif part := part_at(self.words[: self.end_of_part(place)], place, self.language):
                if part.is_plain:
                    part = self.with_unit(part)
                    part = replace(part, standalone=self.is_standalone(part.end))
                self.add(part)
                self.unit_places |= set(range(place, part.end))
                place = part.end
            else:
                place = max(self.read_number(place), place + 1)

    def add(self, figure: Figure, power: int = 0) -> None:
        self.figures.append(figure)
        self.powers.append(power)

    def add_time(self, place: int, hour: int, minute: int, end: int) -> int:
        afternoon = bool(phrase_end(self.words, end, self.meaning.afternoons))
        self.add(Figure(str(hour), None, afternoon=afternoon, start=place, end=end))
        if minute:
            self.add(Figure(str(minute), None, start=place, end=end))
        self.unit_places |= set(range(place, end))
        return end

    @property
    def meaning(self) -> Meaning:
        return language_or_default(self.language).meaning

    def read_number(self, place: int) -> int:
        """Add the figure that begins at a place, if there is one. Returns the place after what was read."""
        texts, words, language = self.texts, self.words, self.language
        if self.is_rate(place):
            return place + 1
        value, after, power = quantity_at(
            texts[: self.end_of_part(place)], place, language, millions=not self.is_length(place)
        )
        if value is None and (end := self.read_single(place)):
            return end
        if value is None:
            if (decade := self.meaning.decades.get(words[place], 0)) in DECADES:
                self.add(decade_figure(decade, place))
                self.unit_places.add(place)
            return after
        after = self.end_of_ordinal(after)
        self.unit_places |= set(range(place if texts[place][0].isalpha() else place + 1, after))
        value, after = with_part(value, texts, after, language)
        if power and (longer := self.behind_comma(place, after)):
            value, after, parts = longer
            self.unit_places |= set(range(place, after))
        else:
            parts = ()
        figure = self.with_unit(Figure(value, None, otherwise=parts, start=place, end=after))
        value, end = str(figure.value), figure.end
        if end > after and not figure.is_percent:
            value, end = with_part(value, texts, end, language)
        self.unit_places |= set(range(after, end))
        end = max(end, end_of_below_zero(words, end, language))
        figure = replace(
            figure,
            value=value,
            standalone=self.is_standalone(end) or (power >= MILLION and self.lacks_of(end)),
            negative=is_negative(self.tokens, self.text, figure.start, end, language),
            rounding=rounding_before(words[: figure.start], language),
            afternoon=bool(phrase_end(words, end, self.meaning.afternoons)),
            otherwise=figure.otherwise or self.hour_and_minute(place, end),
            end=end,
        )
        if figure.is_plain and self.is_decade(value, place, end):
            year = str(CENTURY + int(value))
            figure = replace(figure, value=year, rounding=Rounding.DECADE)
        self.add(self.behind_colon(figure), power)
        return end

    def is_rate(self, place: int) -> bool:
        """Whether a word that may be an ordinal is a unit after "per": 142 frames per second."""
        rates = compile_words(self.meaning.rates)
        is_unit = unit_at(self.words, place, self.language) == ("duration-second", place + 1)
        if not is_unit or not place or not rates or not rates.fullmatch(self.words[place - 1]):
            return False
        following = self.words[place + 1 : place + 2]
        return place + 1 in self.breaks or following[0] in FUNCTION_WORDS

    def behind_colon(self, figure: Figure) -> Figure:
        """The second number of a duration such as 2:31 hours, in its smaller unit; the first has the unit."""
        before = self.figures[-1] if self.figures else None
        smaller = SMALLER.get(figure.unit or "")
        if not smaller or before is None or not before.is_plain or before.end != figure.start:
            return figure
        if self.text[self.tokens[before.end - 1].end : self.tokens[figure.start].start] != ":":
            return figure
        self.figures[-1] = replace(before, unit=figure.unit, standalone=True)
        return replace(figure, unit=smaller[0])

    def behind_comma(self, place: int, end: int) -> tuple[str, int, tuple[Figure, ...]] | None:
        """A number in words that goes on behind a comma or "and", and the place after it.

        One million, two hundred thousand. It may also be two numbers, which are returned as well.
        """
        if end >= len(self.texts):
            return None
        is_comma = end in self.breaks and self.text[self.tokens[end - 1].end] == ","
        is_and = end not in self.breaks and self.words[end] in self.conjunctions
        start = end + is_and
        words = self.texts[place : start + 1]
        if not (is_comma or is_and) or start in self.breaks[-1:]:
            return None
        if not all(word[0].isalpha() for word in words):
            return None
        texts = self.texts[: self.end_of_part(start)]
        first = whole_number_at(self.texts[:end], place, self.language)
        rest = whole_number_at(texts, start, self.language)
        if not first or not rest or first[1] != end or rest[0] < MAX_CENTS:
            return None
        if rest[0] >= Decimal(1).scaleb(last_power(self.texts[:end], self.language)):
            return None
        numbers = (
            Figure(scientific(str(one), 0), None, start=start, end=after)
            for one, start, after in ((first[0], place, end), (rest[0], start, rest[1]))
        )
        return scientific(str(first[0] + rest[0]), 0), rest[1], tuple(numbers)

    def end_of_ordinal(self, place: int) -> int:
        """The place after the ending of an ordinal in digits that ends at a place: the 2nd century."""
        suffix = language_or_default(self.language).numbers.ordinal_suffix
        ending = compile_words((suffix,)) if suffix else None
        if not ending or place >= len(self.words) or not self.texts[place - 1].isdigit():
            return place
        is_joined = self.tokens[place].start == self.tokens[place - 1].end
        return place + 1 if is_joined and ending.fullmatch(self.words[place]) else place

    def with_unit(self, figure: Figure) -> Figure:
        """A number with the currency, percent sign or unit beside it."""
        start, after, value = figure.start, figure.end, str(figure.value)
        if currency := currency_before(self.texts, start):
            self.unit_places.add(start - 1)
            return replace(figure, currency=currency, start=start - 1)
        if end := end_of_points(self.words, after, self.language):
            return replace(figure, unit=POINTS, end=end)
        if is_percent(self.words[after : after + 2]):
            length = 1 if self.words[after] in PERCENT else 2
            self.unit_places |= set(range(after, after + length))
            return replace(figure, value=f"{value}%", end=after)
        points = compile_words(self.meaning.points)
        if points and "." in value and points.fullmatch(" ".join(self.words[after : after + 1])):
            plain = replace(figure, standalone=False)
            return replace(figure, unit=POINTS, end=after + 1, otherwise=(plain,))
        amount = float(as_decimal(value, 0))
        currency, end = currency_after(self.texts, after, amount, self.language)
        if currency:
            return self.with_cents(replace(figure, currency=currency, end=end))
        unit, end = find_unit(self.words, start, after, self.language)
        if unit:
            return replace(figure, unit=unit, end=end)
        if after < len(self.words) and self.words[after] in self.cent_words and value.isdigit():
            number = replace(figure, standalone=False)
            value = scientific(value, -2)
            return replace(figure, value=value, unit=CENTS, otherwise=(number,), end=after + 1)
        return figure

    def with_cents(self, figure: Figure) -> Figure:
        """A price with the cents that follow it; otherwise the two numbers."""
        value = str(figure.value)
        cents = self.cents_after(figure.end, value)
        if not cents:
            return figure
        number = Figure(str(cents[0]), None, start=figure.end, end=cents[1])
        whole = as_decimal(value, 0) + as_decimal(str(cents[0]), -2)
        return replace(figure, value=str(whole), otherwise=(figure, number), end=cents[1])

    def end_of_part(self, place: int) -> int:
        """The place of the first token after a punctuation mark that follows a place."""
        return self.breaks[bisect_right(self.breaks, place)]

    def read_single(self, place: int) -> int:
        """Add a price of one and cents, such as "un euro cinquante". Returns the place after it."""
        if self.words[place] not in ONE:
            return 0
        currency, end = currency_after(self.texts, place + 1, MAX_CENTS, self.language)
        cents = self.cents_after(end, "1") if currency else None
        if not cents:
            return 0
        value = str(1 + as_decimal(str(cents[0]), -2))
        self.add(Figure(value, currency, start=place, end=cents[1]))
        self.unit_places |= set(range(place, cents[1]))
        return cents[1]

    def is_elliptic(self, figure: Figure, other: Figure) -> bool:
        """Whether a figure may lack the magnitude of another one, because they are in one sentence."""
        if figure.start < other.start:
            between = self.words[figure.end : other.start]
            is_near = len(between) <= MAX_BETWEEN and other.start < self.end_of_part(figure.start)
            return is_near and all(is_frequent(word, self.language) for word in between)
        start, end = self.tokens[other.end - 1].end, self.tokens[figure.start].start
        return figure.start - other.end <= MAX_AFTER and _SENTENCE_END.isdisjoint(
            self.text[start:end]
        )

    def is_length(self, place: int) -> bool:
        """Whether "m" after a number is metres: after a space, and without a currency beside it."""
        if place + 1 >= len(self.texts) or self.texts[place + 1] != "m":
            return False
        if currency_before(self.texts, place):
            return False
        currency, _ = currency_after(self.texts, place + 2, MAX_CENTS, self.language)
        return self.tokens[place].end < self.tokens[place + 1].start and not currency

    def is_standalone(self, end: int) -> bool:
        """Whether the word at a place is none that a number before it could count."""
        following = self.words[end] if end < len(self.words) else ""
        if not following or following[0].isdigit() or is_frequent(following, self.language):
            return True
        if end in self.breaks:
            return True
        after = self.tokens[end].end
        is_last = self.text[after : after + 1] in ("", ".", ",", ";") or (
            end + 1 < len(self.words) and self.words[end + 1] in self.meaning.than
        )
        is_lower = self.meaning.capitalized_nouns and self.texts[end].islower()
        if is_lower and (is_last or not following.endswith(ENDINGS_OF_ATTRIBUTES)):
            return True
        is_comparative = following.endswith("er") and self.texts[end].islower()
        return is_last and is_comparative and bool(self.meaning.than)

    def lacks_of(self, end: int) -> bool:
        """Whether "de" is missing where a noun that millions count needs it: 8 milioni guadagnati."""
        return bool(self.magnitude_links) and self.words[end : end + 1] not in self.magnitude_links

    @property
    def magnitude_links(self) -> list[list[str]]:
        return [[word] for word in symbols_of(self.language).magnitude_of]

    @property
    def conjunctions(self) -> tuple[str, ...]:
        return language_or_default(self.language).currencies.conjunctions

    @property
    def cent_words(self) -> tuple[str, ...]:
        return language_or_default(self.language).currencies.cents

    def cents_after(self, place: int, value: str) -> tuple[int, int] | None:
        """The cents after an amount and its currency, and the place after them: 1 dollar and 7 cents."""
        if not value.isdigit() or place >= len(self.texts):
            return None
        start = place + 1 if self.words[place] in self.conjunctions else place
        if start >= len(self.texts):
            return None
        number, end, power = quantity_at(self.texts, start, self.language)
        if power or not number or not number.isdigit() or not 0 < int(number) < MAX_CENTS:
            return None
        if end < len(self.words) and self.words[end] in self.cent_words:
            return int(number), end + 1
        after = self.tokens[end - 1].end
        ends = self.text[after : after + 1] in ("", ".", ",", ";", ":", "!", "?")
        if start > place and self.words[place] in WITH and int(number) >= 10:
            return int(number), end
        is_close = start == place and self.text[self.tokens[start].start - 1] == " "
        return (int(number), end) if ends and is_close and int(number) >= 10 else None

    def is_decade(self, value: str, place: int, end: int) -> bool:
        """Whether a number such as 80 names a decade: the 80s, les années 80."""
        if not value.isdigit() or int(value) not in DECADES:
            return False
        before = " ".join(self.words[max(0, place - 3) : place])
        is_plural = end < len(self.words) and self.words[end] in ("s", "er", "ern")
        return any(before.endswith(word) for word in self.meaning.decade_words) or (
            is_plural and self.tokens[end].start == self.tokens[end - 1].end
        )

    def hour_and_minute(self, place: int, end: int) -> tuple[Figure, ...]:
        """The parts of a time with a point: 9.30 Uhr."""
        following = self.words[end] if end < len(self.words) else ""
        hour, _, minute = self.texts[place].partition(".")
        if len(minute) != 2 or not (hour + minute).isdigit() or following not in CLOCK_MARKS:
            return ()
        return tuple(
            Figure(str(int(part)), None, start=place, end=place + 1) for part in (hour, minute)
        )


def decade_figure(decade: int, place: int) -> Figure:
    """The first year of a decade that the word at a place names: the eighties."""
    value = str(CENTURY + decade)
    return Figure(value, None, rounding=Rounding.DECADE, start=place, end=place + 1)


def share_magnitudes(parser: FigureParser) -> Iterator[Figure]:
    """The figures, of which one without a magnitude may have that of another one in its sentence.

    From 1.9 to 3.1 million euros; two million, after nearly eight a year ago.
    """
    parser.figures = figures = [
        share_percent(parser, place) for place in range(len(parser.figures))
    ]
    for place, (figure, power) in enumerate(zip(figures, parser.powers, strict=True)):
        is_small = figure.number is not None and figure.number < Decimal(10) ** THOUSAND
        is_open = figure.is_plain and figure.standalone and not (power or figure.otherwise)
        before = [one for one in range(place) if not is_plain_year(figures[one])][-1:]
        beside = [*range(place + 1, len(figures))[:1], *before]
        for one in beside if is_open and is_small else ():
            if parser.powers[one] >= THOUSAND and parser.is_elliptic(figure, figures[one]):
                other = replace(
                    figure,
                    value=scientific(figure.value or "", parser.powers[one]),
                    currency=figures[one].currency,
                    unit=figures[one].unit,
                )
                figure = replace(figure, otherwise=(other,))
                break
        yield figure


def share_percent(parser: FigureParser, place: int) -> Figure:
    """A figure that may be a percentage as well, because the one that it is compared with is one.

    6.2 versus 4.8 percent; 5,9 % frente a 8,4.
    """
    figure = parser.figures[place]
    if not figure.is_plain or figure.otherwise or figure.value is None:
        return figure
    for one in (place - 1, place + 1):
        if not 0 <= one < len(parser.figures) or not parser.figures[one].is_percent:
            continue
        first, second = sorted((figure, parser.figures[one]), key=lambda part: part.start)
        between = [word for word in parser.words[first.end : second.start] if word not in PERCENT]
        between = [word for word in between if word not in PERCENT_WORDS]
        if between and len(between) <= MAX_VERSUS and between[0] in VERSUS:
            other = replace(figure, value=f"{figure.value}%")
            return replace(figure, otherwise=(other,))
    return figure


def last_power(texts: Sequence[str], language: str) -> int:
    """The power of ten of the last word, if it is a magnitude; nothing follows another number."""
    return magnitude_at(texts, len(texts) - 1, language) or -1


def is_plain_year(figure: Figure) -> bool:
    return figure.is_plain and is_year(figure.value or "")


def currency_mentions(words: Sequence[str], unit_places: set[int]) -> Iterator[Figure]:
    """The currencies without a number."""
    for place, word in enumerate(words):
        code = CURRENCIES.get(word)
        mention = currency_of_symbol(word) or (Currency(code, frozenset((code,))) if code else None)
        if mention and place not in unit_places:
            yield Figure(None, mention, start=place, end=place + 1)


def with_part(value: str, texts: Sequence[str], place: int, language: str) -> tuple[str, int]:
    """A number with the part that follows it or its unit, and the place after it: two years and a half."""
    part, end = added_part(texts, place, language)
    if not part or "." in value:
        return value, end
    mantissa, exponential, power = value.partition("e")
    return f"{add(mantissa, part)}{exponential}{power}", end


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
    words = [token.text.casefold() for token in tokens[:end]]
    is_minus = start and words[start - 1] in language_or_default(language).meaning.minus
    # "Au moins 3" is at least three.
    if is_minus and not rounding_before(words[:start], language):
        return True
    return any(end_of_below_zero(words, place, language) == end for place in range(start, end))


def end_of_below_zero(words: Sequence[str], place: int, language: str) -> int:
    """The place after "below zero" in some form; 0 if it does not begin at `place`."""
    phrases = language_or_default(language).meaning.below_zero
    for length in (4, 3, 2, 1):
        if " ".join(words[place : place + length]) in phrases and place + length <= len(words):
            return place + length
    return 0
