"""Whether a figure goes up or down: finds a rise, a profit or a plus that is a fall or a loss in a source."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from audiobrew.lang.language import language_or_default
from audiobrew.script.gate.clauses import AnalyzedText, Clause, analyze
from audiobrew.script.gate.figure_parsing import find_amounts
from audiobrew.script.gate.figures import POINTS, Figure, has_same_number
from audiobrew.script.gate.negations import negations_in
from audiobrew.script.gate.tokens import compile_words

UP, DOWN = "up", "down"
LARGE = 10**6


def find_changed_trend(sentence: str, texts: Sequence[str], language: str) -> str | None:
    """A figure that goes up in a sentence and down wherever the sources have it, or the reverse."""
    sources = [one for text in texts for one in trends_in(text, language)]
    for figure, trend in trends_in(sentence, language):
        others = [
            other
            for source, other in sources
            if has_same_number(figure, source) and source.is_percent == figure.is_percent
        ]
        if trend and others and all(other and other != trend for other in others):
            return figure.value
    return None


@lru_cache(maxsize=2048)
def trends_in(text: str, language: str) -> tuple[tuple[Figure, str], ...]:
    """The figures of a text, each with its trend; an empty one if the words tell none."""
    if not trend_patterns(language):
        return ()
    analyzed = analyze(text, language)
    amounts, _ = find_amounts(analyzed.tokens, analyzed.text, language)
    return tuple(
        (figure, trend_of(figure, analyzed, clause, language))
        for figure in amounts
        if is_change(figure)
        for clause in analyzed.clauses
        if clause.start <= figure.start < clause.end
    )


def is_change(figure: Figure) -> bool:
    """Whether a figure may be of a change: a percentage, points, a sum of money or a very large number."""
    is_large = figure.number is not None and figure.number >= LARGE
    is_money = figure.currency is not None and figure.value is not None
    return figure.is_percent or figure.unit == POINTS or is_money or is_large


def trend_of(figure: Figure, text: AnalyzedText, clause: Clause, language: str) -> str:
    """The trend that the nearest word of the clause tells, or the figure's sign.

    What a comparison or a denial says of its figure depends on more than one word, and what was so in the
    past is told from the other end.
    """
    meaning = language_or_default(language).meaning
    ignored = compile_words((*meaning.than, *meaning.pasts, *meaning.origins))
    before = text.span(max(clause.start, figure.start - 3), figure.start)
    if negations_in(clause.text, language) or (ignored and ignored.search(before)):
        return ""
    words = compile_words(meaning.than)
    if words and words.search(clause.text):
        return ""
    start = text.tokens[clause.start].start
    last = min(figure.end, len(text.tokens)) - 1
    own = (text.tokens[figure.start].start - start, text.tokens[last].end - start)
    span = text.span(clause.start, clause.end)
    distances = {
        trend: min(
            max(0, own[0] - match.end(), match.start() - own[1]) for match in pattern.finditer(span)
        )
        for trend, pattern in zip((UP, DOWN), trend_patterns(language), strict=False)
        if pattern.search(span)
    }
    if len(set(distances.values())) < len(distances):
        return ""
    if distances:
        return min(distances, key=lambda trend: distances[trend])
    return DOWN if figure.negative else ""


@cache
def trend_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """The words for going up, and those for going down."""
    meaning = language_or_default(language).meaning
    if not meaning.trends or not meaning.opposites:
        return ()
    pairs = zip(meaning.opposites[0][:2], meaning.trends, strict=True)
    return tuple(pattern for pair in pairs if (pattern := compile_words(pair)))
