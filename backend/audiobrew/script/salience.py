"""Which sentences of an item tell most of it in few words."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from audiobrew.script.content_words import content_words
from audiobrew.script.gate.claims import claims_in
from audiobrew.script.items import Item, Line
from audiobrew.script.sentence_filter import is_teaser

# Characters. Longer sentences are hard to follow by ear.
MAX_EASY_LENGTH = 200
# The most important sentence may exceed the budget by this factor: it is better than a shorter one that says
# less.
MAX_FIRST_OVERRUN = 1.6
# A sentence that shares this share of its words with earlier ones says nothing new.
REPETITION = 0.5


def choose_lines(item: Item, budget: int, previous: Sequence[Line] = ()) -> list[Line]:
    """Choose the best lines that fit into `budget` characters, and return them in the item's order.

    A larger budget keeps the lines of a smaller one where they fit, so that their clips can be used again.
    A line that depends on the previous one brings it along: an answer brings its question. Lines that repeat
    `previous` are left out.
    """
    heard_words = frozenset(word for line in previous for word in content_words(line.text))

    def is_new(line: Line) -> bool:
        words = set(content_words(line.text))
        return not words or len(words & heard_words) < REPETITION * len(words)

    selection: dict[int, Line] = {}
    remaining = budget
    for line in rank_lines(item):
        bundle = [line]
        if line.awaits_next:
            continue  # it comes with the line after it
        while bundle[0].depends_on_previous and bundle[0].place > 0:
            bundle.insert(0, item.lines[bundle[0].place - 1])
        bundle = [one for one in bundle if one.place not in selection]
        cost = sum(len(one.text) + 1 for one in bundle)
        limit = remaining if selection else remaining * MAX_FIRST_OVERRUN
        if bundle and cost <= limit and all(map(is_new, bundle)):
            selection |= {one.place: one for one in bundle}
            remaining -= cost
    return [selection[place] for place in sorted(selection)]


@lru_cache(maxsize=1024)
def rank_lines(item: Item) -> tuple[Line, ...]:
    """The item's lines, the highest score first."""
    frequencies = Counter(word for line in item.lines for word in content_words(line.text))
    heading = set(content_words(item.title))
    scores = {line.place: score(line, frequencies, heading, item) for line in item.lines}
    return tuple(sorted(item.lines, key=lambda line: (-scores[line.place], line.place)))


def score(line: Line, frequencies: Counter[str], heading: set[str], item: Item) -> float:
    """Add points for frequent words, words of the heading, facts and an early place in the item.

    Subtract points for length, for questions and teasers, and for depending on the previous line.
    """
    words = content_words(line.text)
    central = sum(frequencies[word] - 1 for word in words) / (len(words) or 1)
    claims = claims_in(line.text, item.language)
    facts = min(len(claims.figures) + 0.5 * len(claims.names), 4.0)
    early = 2.0 * (1 - line.place / max(len(item.lines), 1)) + (1.5 if line.place == 0 else 0.0)
    excess = max(0, len(line.text) - MAX_EASY_LENGTH) / 100
    promises = 1.0 if line.text.endswith("?") or is_teaser(line.text) else 0.0
    return (
        central
        + len(heading & set(words)) * 0.5
        + facts * 0.4
        + early
        - excess
        - promises
        - 0.6 * line.depends_on_previous
    )
