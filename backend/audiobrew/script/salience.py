"""Which sentences of an item tell most of it in few words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from audiobrew.script.clarity import Clarity
from audiobrew.script.content_words import content_words
from audiobrew.script.day_headings import is_day_heading
from audiobrew.script.first_person import is_told_by_author
from audiobrew.script.gate.claims import claims_in
from audiobrew.script.items import Item
from audiobrew.script.line import Line, LineKind
from audiobrew.script.references import references_of
from audiobrew.script.sentence_filter import depends_on_previous, is_teaser
from audiobrew.script.suspects import MIN_DOUBT

# The item's opening may exceed the budget by this factor: without it, nothing of the item is told.
MAX_FIRST_OVERRUN = 1.4
# The opening is told before better sentences if it needs at most this share of the budget.
MAX_OPENING_SHARE = 0.6
# A sentence that shares this share of its words with earlier ones says nothing new.
REPETITION = 0.5
# How much more another sentence must say than the opening, to be told in its place if there is time for one.
NEWS_MARGIN = 1.0
# Characters that are added to each length, so that very short sentences are not the best.
BASE_LENGTH = 60
# Lines that a line may bring along. A line at the end of a longer chain is told only after those before it.
MAX_CHAIN = 6
FIGURE_VALUE, NAME_VALUE, MAX_FACTS = 1.0, 0.4, 5.0
# The figures of lists and tables, such as those of a recipe, are less news than those of sentences.
LIST_SHARE = 0.4
HEADING_VALUE, CENTRAL_VALUE, EARLY_VALUE = 0.4, 0.4, 0.6
# How much the value of a line falls from no doubt to so much that it would be left out, or without clarity.
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

    The item's opening comes first if it leaves room for more, unless there is only room for it or for the
    news. A line that depends on the previous one brings it along: an answer brings its question. Lines that
    repeat `previous` are left out.
    """
    heard_words = frozenset(word for line in previous for word in content_words(line.text))

    def is_new(line: Line) -> bool:
        words = set(content_words(line.text))
        return not words or len(words & heard_words) < REPETITION * len(words)

    selection: dict[int, Line] = {}
    remaining = budget

    def add(places: Sequence[int], limit: float) -> None:
        nonlocal remaining
        missing = [item.lines[place] for place in places if place not in selection]
        lines = [line for line in missing if is_new(line)]
        cost = sum(len(line.text) + 1 for line in lines)
        # What another newsletter has told already is not told again before what belongs to it.
        is_whole = len(lines) == len(missing) or not any(
            depends_on_previous(line.text, item.language) for line in lines
        )
        if lines and lines[-1] is missing[-1] and cost <= limit and is_whole:
            selection.update({line.place: line for line in lines})
            remaining -= cost

    bundles = rank_bundles(item)
    opening, news = opening_of(item), find_news(item)
    if news and opening and length_of(item, (*opening.places, *news.places)) > budget:
        add(news.places, budget * MAX_FIRST_OVERRUN)
    elif opening:
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
    values, all_needs = line_values(item), needs_of(item)
    bundles: list[Bundle] = []
    opening: set[int] = set()
    for line in item.lines:
        if line.awaits_next:
            continue  # it comes with the line after it
        limit = MAX_CHAIN + 1 if line.group is None else len(item.lines)
        places = sorted(reach(all_needs, line.place, limit))
        if line.group is None and len(places) > MAX_CHAIN + 1:
            unit = with_lead_ins(item, line.place)
            needs = {need for place in unit for need in all_needs[place]}
            bundles.append(Bundle(tuple(sorted(needs | unit)), 0.0, is_complete=False))
            continue
        own = [place for place in places if place not in opening] or places
        opening = opening or set(places)
        length = sum(len(item.lines[place].text) + 1 for place in own)
        value = sum(values[place] for place in own)
        bundles.append(Bundle(tuple(places), value / (length + BASE_LENGTH)))
    return tuple(sorted(bundles, key=lambda bundle: (-bundle.worth, bundle.places)))


def opening_of(item: Item) -> Bundle | None:
    """The first bundle that can be told."""
    return min(rank_bundles(item), key=lambda bundle: bundle.places[-1], default=None)


@lru_cache(maxsize=1024)
def find_news(item: Item) -> Bundle | None:
    """What an item tells first if there is only time for one sentence; None if that is its opening.

    It has a figure, says much more than the opening, and can be understood without it. An opening with a
    figure is news itself. What an author tells as "I", lists and interviews begin at their beginning.
    """
    opening = opening_of(item)
    if opening is None or item.numbered or item.update or is_told_by_author(item):
        return None
    values = line_values(item)
    least = max(values[place] for place in opening.places) + NEWS_MARGIN
    introduction = " ".join(item.lines[place].text for place in opening.places)
    if has_digit(introduction):
        return None
    for bundle in rank_bundles(item):
        lines = [item.lines[place] for place in bundle.places]
        if (
            bundle.is_complete
            and bundle.places[0] > opening.places[-1]
            and max(values[place] for place in bundle.places) >= least
            and any(has_digit(line.text) for line in lines)
            and all(line.kind is LineKind.SENTENCE for line in lines)
            and not any(line.series or line.is_heading for line in lines)
        ):
            return bundle
    return None


def has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def length_of(item: Item, places: Sequence[int]) -> int:
    return sum(len(item.lines[place].text) + 1 for place in places)


def with_lead_ins(item: Item, place: int) -> set[int]:
    """The places of a line and of those that only lead to it, such as the question that it answers."""
    places = {place}
    while place and item.lines[place - 1].awaits_next:
        place -= 1
        places.add(place)
    return places


def companions(item: Item, place: int) -> set[int]:
    """The places of a line and of all lines without which it cannot be told."""
    return reach(needs_of(item), place, len(item.lines))


def reach(needs: Sequence[frozenset[int]], place: int, limit: int) -> set[int]:
    """The places of a line and of those that it needs, directly or not; of too many, more than `limit`."""
    places: set[int] = set()
    remaining = {place}
    while remaining and len(places) <= limit:
        one = remaining.pop()
        places.add(one)
        remaining |= needs[one] - places
    return places | remaining


@lru_cache(maxsize=1024)
def needs_of(item: Item) -> tuple[frozenset[int], ...]:
    """For each line, the places of those that it needs: neighbours, what it refers to, its group, its day."""
    groups: dict[int, set[int]] = {}
    for line in item.lines:
        if line.group is not None:
            groups.setdefault(line.group, set()).add(line.place)
    places = range(len(item.lines))
    result = []
    day: int | None = None
    for line, references in zip(item.lines, references_of(item), strict=True):
        if line.is_heading:
            day = line.place if is_day_heading(line.text, item.language) else None
        needs = {*references, *range(line.place + 1, line.place + line.brings + 1)}
        if line.kind is LineKind.QUESTION:
            needs.add(0)  # it says who answers
        if needs_previous(item, line.place):
            needs.add(line.place - 1)
        if line.awaits_next:
            needs.add(line.place + 1)
        if line.group is not None:
            needs |= groups[line.group]
        if day is not None:
            needs.add(day)
        result.append(frozenset(needs.intersection(places) - {line.place}))
    return tuple(result)


def needs_previous(item: Item, place: int) -> bool:
    """Whether a line cannot be told without the one before it."""
    if place == 0:
        return False
    return item.lines[place].depends_on_previous or item.lines[place - 1].awaits_next


@lru_cache(maxsize=1024)
def line_values(item: Item) -> tuple[float, ...]:
    """How much each line says: facts, words of the heading, frequent words, and an early place.

    Questions and teasers only promise something. What resembles boilerplate, and what is hard to understand
    by ear, is told last.
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
            - (DOUBT_PENALTY if line.clarity is not Clarity.CLEAR else 0.0)
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
