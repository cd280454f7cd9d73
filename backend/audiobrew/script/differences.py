"""Figures in which newsletters that tell one story differ.

Two figures are of the same thing if they count the same noun, or have the same unit, in sentences that say
much the same. A figure that the other newsletter has as well, one that is only rounded, and one that the text
calls approximate, are no difference.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache
from itertools import combinations

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.number_words import PERCENT
from audiobrew.script import framing
from audiobrew.script.gate.dates import date_name
from audiobrew.script.gate.figure_context import kind_of
from audiobrew.script.gate.figure_parsing import find_amounts
from audiobrew.script.gate.figures import Figure
from audiobrew.script.gate.overlap import STEM_LENGTH, word_stems
from audiobrew.script.gate.tokens import Token, normalize, tokenize
from audiobrew.script.items import Item
from audiobrew.script.line import Line
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.script import Count, Difference, Kind, Sentence
from audiobrew.script.writer import Story

# Differences that are said in one story.
MAX_DIFFERENCES = 2
# Words after a number among which is the noun that it counts.
MAX_WORDS_TO_NOUN = 3
# The share of the shorter sentence's words that both sentences have. Percentages and amounts of money say
# less about what they measure than a noun does.
MIN_OVERLAP, MIN_OVERLAP_WITHOUT_NOUN = 0.5, 0.6
MIN_SHARED_STEMS = 2
# Numbers from here on are often rounded, and those of years are no counts.
MIN_ROUNDED = 1000
YEARS = range(1900, 2101)
# Characters that join a number to what is beside it: 7:30, 2026-11-23.
_JOINED, _JOINS = re.compile(r"[-−–/:.]$"), re.compile(r"[-−–/:.]\d")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of a line as it is written, and the stems of what it counts, if it has no unit."""

    figure: Figure
    nouns: frozenset[str]
    text: str

    @property
    def kind(self) -> str:
        """A currency, `%`, a unit, or empty; negative figures are of another kind."""
        sign = "-" if self.figure.negative else ""
        return (
            f"{sign}{self.figure.currency.code if self.figure.currency else kind_of(self.figure)}"
        )

    @property
    def value(self) -> tuple[str, str]:
        return str(self.figure.value), self.kind


def find_differences(items: Sequence[Item]) -> tuple[Difference, ...]:
    """The differences between the newsletters of a story, at most one for each line."""
    differences: list[Difference] = []
    blocks: set[str] = set()
    for one, other in combinations(items, 2):
        if spoken_name(one.newsletter) == spoken_name(other.newsletter):
            continue
        for difference in differences_between(one, other):
            own = {difference.one.block, difference.other.block}
            if blocks.isdisjoint(own) and len(differences) < MAX_DIFFERENCES:
                differences.append(difference)
                blocks |= own
    return tuple(differences)


def differences_between(one: Item, other: Item) -> Iterator[Difference]:
    one_values, other_values = values_of(one), values_of(other)
    for line in one.lines:
        for quantity in single_quantities(line, one.language):
            if quantity.value in other_values:
                continue
            for other_line in other.lines:
                match = find_counterpart(quantity, line, other_line, other.language)
                if match and match.value not in one_values:
                    yield Difference(
                        Count(one.newsletter.digest, line.block, quantity.text),
                        Count(other.newsletter.digest, other_line.block, match.text),
                    )
                    break


def find_counterpart(quantity: Quantity, line: Line, other: Line, language: str) -> Quantity | None:
    """The figure of another line that says the same thing with another value."""
    stems = word_stems(line.text) - quantity.nouns
    other_stems = word_stems(other.text) - quantity.nouns
    shared = len(stems & other_stems)
    least = MIN_OVERLAP_WITHOUT_NOUN if quantity.kind else MIN_OVERLAP
    if shared < MIN_SHARED_STEMS or shared < least * min(len(stems), len(other_stems)):
        return None
    matches = [
        candidate
        for candidate in single_quantities(other, language)
        if are_of_same_thing(quantity, candidate)
        and candidate.value != quantity.value
        and not is_rounded(candidate, quantity)
    ]
    return matches[0] if len(matches) == 1 else None


def are_of_same_thing(one: Quantity, other: Quantity) -> bool:
    return one.kind == other.kind and bool(one.kind or one.nouns & other.nouns)


def single_quantities(line: Line, language: str) -> list[Quantity]:
    """The figures of a line that are exact, and the only ones of their kind."""
    quantities = quantities_of(line.text, language)
    return [
        one
        for one in quantities
        if not one.figure.rounding
        and not any(other is not one and are_of_same_thing(one, other) for other in quantities)
    ]


@lru_cache(maxsize=4096)
def quantities_of(sentence: str, language: str) -> tuple[Quantity, ...]:
    """The figures that have a unit or count something."""
    text, tokens = normalize(sentence), tokenize(sentence)
    quantities = []
    for figure in find_amounts(tokens, text, language)[0]:
        if figure.number is None or figure.value is None:
            continue
        start, end = tokens[figure.start].start, end_of_figure(tokens, figure)
        is_part = _JOINED.search(text[max(0, start - 1) : start]) or _JOINS.match(
            text[end : end + 2]
        )
        nouns = nouns_after(text[end:], language) if figure.is_plain else frozenset[str]()
        is_year = figure.value.isdigit() and int(figure.value) in YEARS
        if not is_part and (not figure.is_plain or (nouns and not is_year)):
            quantities.append(Quantity(figure, nouns, text[start:end]))
    return tuple(quantities)


def end_of_figure(tokens: Sequence[Token], figure: Figure) -> int:
    """The place in the text after a figure with its unit; a word for percent belongs to it."""
    end = figure.end
    if figure.is_percent:
        end += 1 if tokens[end].text.casefold() in PERCENT else 2
    return tokens[end - 1].end


def nouns_after(text: str, language: str) -> frozenset[str]:
    """The stems of the words after a number, up to the end of the clause; empty for a date."""
    stems: set[str] = set()
    clause = re.split(r"[.,;:!?()–—]", text, maxsplit=1)[0]
    for word in _WORD.findall(clause)[: MAX_WORDS_TO_NOUN + 1]:
        folded = word.casefold()
        if date_name(folded, language) or word[0].isdigit():
            break
        if folded in FUNCTION_WORDS:
            if stems:
                break
            continue
        stems.add(folded[:STEM_LENGTH])
    return frozenset(stems)


def values_of(item: Item) -> set[tuple[str, str]]:
    """All values of an item, with their kinds."""
    return {one.value for line in item.lines for one in quantities_of(line.text, item.language)}


def is_rounded(one: Quantity, other: Quantity) -> bool:
    """Whether one number is the other with fewer digits."""
    numbers = [one.figure.number or Decimal(0), other.figure.number or Decimal(0)]
    if min(map(abs, numbers)) < MIN_ROUNDED:
        return False
    digits = min(len(number.normalize().as_tuple().digits) for number in numbers)
    rounded = {Context(prec=digits).plus(number) for number in numbers}
    return len(rounded) == 1


def add_differences(
    sentences: Sequence[Sentence], story: Story, names: Mapping[str, str]
) -> list[Sentence]:
    """Say in which figures the newsletters differ, each after the last sentence that cites one of the two.

    `names` are the spoken names of the newsletters by their digests. If no sentence has one of the figures, a
    point of the story that does is said before.
    """
    result = list(sentences)
    for turn, difference in enumerate(story.differences):
        one, other = difference.one, difference.other
        places = [
            place
            for place, sentence in enumerate(result)
            if sentence.kind is Kind.SOURCED
            and says_figure(sentence.text, sentence.cites, difference)
        ]
        point = next(
            (one for one in story.points if says_figure(one.text, one.blocks, difference)), None
        )
        if not places and point and result:
            places = [len(result)]
            result.append(Sentence(point.text, result[-1].speaker, cites=point.blocks))
        if not places:
            continue
        if not says_count(result[places[-1]], one):
            one, other = other, one  # what was just said comes first
        text = framing.difference(
            (names[one.newsletter], names[other.newsletter]),
            (one.text, other.text),
            story.language,
            turn,
        )
        speaker = result[places[-1]].speaker
        sentence = Sentence(text, speaker, Kind.DIFFERENCE, (one.block, other.block))
        result.insert(places[-1] + 1, sentence)
    return result


def says_count(sentence: Sentence, count: Count) -> bool:
    return count.block in sentence.cites and count.text in normalize(sentence.text)


def says_figure(text: str, blocks: Sequence[str], difference: Difference) -> bool:
    """Whether a sentence of these blocks has one of the two figures."""
    return any(
        count.block in blocks and count.text in normalize(text)
        for count in (difference.one, difference.other)
    )
