"""Which sentences of an item tell most of it in few words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from audiobrew.script.content_words import content_words
from audiobrew.script.gate.claims import claims_in
from audiobrew.script.items import Item
from audiobrew.script.line import Line, LineKind
from audiobrew.script.references import references_of
from audiobrew.script.sentence_filter import is_teaser
from audiobrew.script.suspects import MIN_DOUBT

# The item's opening may exceed the budget by this factor: without it, nothing of the item is told.
MAX_FIRST_OVERRUN = 1.4
# The opening is told before better sentences if it needs at most this share of the budget.
MAX_OPENING_SHARE = 0.6
# A sentence that shares this share of its words with earlier ones says nothing new.
REPETITION = 0.5
# Characters that are added to each length, so that very short sentences are not the best.
BASE_LENGTH = 60
# Lines that a line may bring along. A line at the end of a longer chain is told only after those before it.
MAX_CHAIN = 6
FIGURE_VALUE, NAME_VALUE, MAX_FACTS = 1.0, 0.4, 5.0
# The figures of lists and tables, such as those of a recipe, are less news than those of sentences.
LIST_SHARE = 0.4
HEADING_VALUE, CENTRAL_VALUE, EARLY_VALUE = 0.4, 0.4, 0.6
# How much the value of a line falls from no doubt to so much that it would be left out.
DOUBT_PENALTY = 5.0


@dataclass(frozen=True, slots=True)
class Bundle:
    """Lines that can only be told together, by their places, and how much they say for their length.

    Of a chain that is too long, only the last line and those that it needs itself are here; without
    `is_complete` it is told only if the others are told anyway.
    """

    places: tuple[int, ...]
    worth: float
    is_complete: bool = True


def choose_lines(item: Item, budget: int, previous: Sequence[Line] = ()) -> list[Line]:
    """Choose the best lines that fit into `budget` characters, and return them in the item's order.

    The item's opening comes first if it leaves room for more. A line that depends on the previous one brings
    it along: an answer brings its question. Lines that repeat `previous` are left out.
    """
    heard_words = frozenset(word for line in previous for word in content_words(line.text))

    def is_new(line: Line) -> bool:
        words = set(content_words(line.text))
        return not words or len(words & heard_words) < REPETITION * len(words)

    selection: dict[int, Line] = {}
    remaining = budget

    def add(places: Sequence[int], limit: float) -> None:
        nonlocal remaining
        lines = [item.lines[place] for place in places if place not in selection]
        cost = sum(len(line.text) + 1 for line in lines)
        if lines and cost <= limit and all(map(is_new, lines)):
            selection.update({line.place: line for line in lines})
            remaining -= cost

    bundles = rank_bundles(item)
    opening = min(bundles, key=lambda bundle: bundle.places[-1], default=None)
    if opening:
        add(opening.places, budget * MAX_OPENING_SHARE)
    for bundle in filter(lambda bundle: bundle.is_complete, bundles):
        add(bundle.places, remaining if selection else remaining * MAX_FIRST_OVERRUN)
    # What belongs to a chosen line fits more often alone.
    for bundle in sorted(bundles, key=lambda bundle: bundle.places[-1]):
        own = with_lead_ins(item, bundle.places[-1])
        if selection and all(place in selection or place in own for place in bundle.places):
            add(bundle.places, remaining)
    return [selection[place] for place in sorted(selection)]


@lru_cache(maxsize=1024)
def rank_bundles(item: Item) -> tuple[Bundle, ...]:
    """For each line that can end a bundle, its bundle; those that say most for their length come first.

    The item's opening is told in any case, so it does not count in the bundles that need it.
    """
    values = line_values(item)
    bundles: list[Bundle] = []
    opening: set[int] = set()
    for line in item.lines:
        if line.awaits_next:
            continue  # it comes with the line after it
        places = sorted(companions(item, line.place))
        if line.group is None and len(places) > MAX_CHAIN + 1:
            unit = with_lead_ins(item, line.place)
            needs = {need for place in unit for need in direct_needs(item, place)}
            bundles.append(Bundle(tuple(sorted(needs | unit)), 0.0, is_complete=False))
            continue
        own = [place for place in places if place not in opening] or places
        opening = opening or set(places)
        length = sum(len(item.lines[place].text) + 1 for place in own)
        value = sum(values[place] for place in own)
        bundles.append(Bundle(tuple(places), value / (length + BASE_LENGTH)))
    return tuple(sorted(bundles, key=lambda bundle: (-bundle.worth, bundle.places)))


def with_lead_ins(item: Item, place: int) -> set[int]:
    """The places of a line and of those that only lead to it, such as the question that it answers."""
    places = {place}
    while place and item.lines[place - 1].awaits_next:
        place -= 1
        places.add(place)
    return places


def companions(item: Item, place: int) -> set[int]:
    """The places of a line and of all lines without which it cannot be told."""
    places: set[int] = set()
    remaining = {place}
    while remaining:
        one = remaining.pop()
        places.add(one)
        needs = direct_needs(item, one)
        if item.lines[one].awaits_next and one + 1 < len(item.lines):
            needs.add(one + 1)
        remaining |= needs - places
    return places


def direct_needs(item: Item, place: int) -> set[int]:
    """The places of the lines that a line needs: the one before, what it refers to, and its group."""
    group = item.lines[place].group
    needs = set(references_of(item)[place])
    if item.lines[place].kind is LineKind.QUESTION:
        needs.add(0)  # it says who answers
    if needs_previous(item, place):
        needs.add(place - 1)
    if group is not None:
        needs |= {line.place for line in item.lines if line.group == group}
    return needs - {place}


def needs_previous(item: Item, place: int) -> bool:
    """Whether a line cannot be told without the one before it."""
    if place == 0:
        return False
    return item.lines[place].depends_on_previous or item.lines[place - 1].awaits_next


@lru_cache(maxsize=1024)
def line_values(item: Item) -> tuple[float, ...]:
    """How much each line says: facts, words of the heading, frequent words, and an early place.

    Questions and teasers only promise something, and what resembles boilerplate is told last.
    """
    words = [content_words(line.text) for line in item.lines]
    frequencies = Counter(word for line_words in words for word in line_words)
    heading = set(content_words(item.title))
    values = []
    for line, line_words in zip(item.lines, words, strict=True):
        if line.kind is LineKind.CODE:
            values.append(0.0)
            continue
        claims = claims_in(line.text, item.language)
        facts = FIGURE_VALUE * len(claims.figures) + NAME_VALUE * len(claims.names)
        central = sum(frequencies[word] - 1 for word in line_words) / (len(line_words) or 1)
        promises = line.text.endswith(("?", "？")) or is_teaser(line.text)
        values.append(
            1.0
            + min(facts, MAX_FACTS)
            + HEADING_VALUE * len(heading & set(line_words))
            + CENTRAL_VALUE * min(central, 2.0)
            + EARLY_VALUE * (1 - line.place / len(item.lines))
            - (1.5 if promises else 0.0)
            - DOUBT_PENALTY * min(1.0, line.doubt / MIN_DOUBT)
        )
    return tuple(values)


def news_value(item: Item) -> float:
    """How much an item says in its best sentences, and how prominent its newsletter makes it."""
    values = (
        value * (LIST_SHARE if line.is_entry else 1.0)
        for value, line in zip(line_values(item), item.lines, strict=True)
    )
    best = sorted(values, reverse=True)[:3]
    return sum(best) / 3
