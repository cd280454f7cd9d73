"""Which sentences of an item tell most of it in few words."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.script.gate.claims import claims_in
from audiobrew.script.sentence_filter import is_teaser
from audiobrew.script.story import Item, Line

_WORD = re.compile(r"[^\W\d_]{3,}")
EASY_TO_HEAR = 200
"""Characters. Longer sentences are hard to follow by ear."""
LEAD_OVERRUN = 1.6
"""The sentence that matters most may take more than its room: better long than beside the point."""
NEWS = 0.5
"""A sentence with this part of its words told already says nothing new."""


def choose_lines(item: Item, room: int, told: Sequence[Line] = ()) -> list[Line]:
    """The best lines that fit into `room` characters, in the item's order.

    More room keeps what was chosen with less, as far as it fits: clips that were made stay of use.
    A line that points back brings the one before it along. What `told` says already is left out.
    """
    known = frozenset(word for line in told for word in _content(line.text))
    taken: dict[int, Line] = {}
    left = room
    for line in _ranked(item):
        bundle = [one for one in _with_what_it_needs(item, line) if one.place not in taken]
        cost = sum(len(one.text) + 1 for one in bundle)
        allowed = left if taken else left * LEAD_OVERRUN
        if bundle and cost <= allowed and all(_is_news(one, known) for one in bundle):
            taken |= {one.place: one for one in bundle}
            left -= cost
    return [taken[place] for place in sorted(taken)]


def _is_news(line: Line, known: frozenset[str]) -> bool:
    words = set(_content(line.text))
    return len(words & known) < NEWS * len(words)


def _with_what_it_needs(item: Item, line: Line) -> list[Line]:
    bundle = [line]
    while bundle[0].depends_on_previous and bundle[0].place > 0:
        bundle.insert(0, item.lines[bundle[0].place - 1])
    return bundle


@lru_cache(maxsize=1024)
def _ranked(item: Item) -> tuple[Line, ...]:
    words = Counter(word for line in item.lines for word in _content(line.text))
    heading = set(_content(item.title))
    scores = {line.place: _score(line, words, heading, item) for line in item.lines}
    return tuple(sorted(item.lines, key=lambda line: (-scores[line.place], line.place)))


def _score(line: Line, words: Counter[str], heading: set[str], item: Item) -> float:
    """Central words, what the heading promises, facts, an early place; less for what is long."""
    own = _content(line.text)
    central = sum(words[word] - 1 for word in own) / (len(own) or 1)
    stated, count = claims_in(line.text, item.language), len(item.lines)
    facts = min(len(stated.figures) + 0.5 * len(stated.names), 4.0)
    early = 2.0 * (1 - line.place / max(count, 1)) + (1.5 if line.place == 0 else 0.0)
    long = max(0, len(line.text) - EASY_TO_HEAR) / 100
    asks = 1.0 if line.text.endswith("?") or is_teaser(line.text) else 0.0
    return (
        central
        + len(heading & set(own)) * 0.5
        + facts * 0.4
        + early
        - long
        - asks
        - 0.6 * line.depends_on_previous
    )


def _content(text: str) -> Sequence[str]:
    found = (word.casefold() for word in _WORD.findall(text))
    return [word for word in found if word not in FUNCTION_WORDS]
