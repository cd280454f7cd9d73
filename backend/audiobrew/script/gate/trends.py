"""Whether a figure goes up or down: finds a rise, a profit or a plus that is a fall or a loss in a source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from audiobrew.lang.language import language_or_default
from audiobrew.script.gate.clauses import AnalyzedText, Clause, analyze
from audiobrew.script.gate.dates import time_name
from audiobrew.script.gate.figure_parsing import find_amounts
from audiobrew.script.gate.figures import POINTS, Figure, has_same_number
from audiobrew.script.gate.negations import negations_in
from audiobrew.script.gate.tokens import compile_words

UP, DOWN = "up", "down"
LARGE = 10**6
# What may be between a figure and "more", and what follows this.
_LINK = re.compile(
    r"^\s*(?:%|per ?cent|prozent|pour cent|por ?cento?|per cento|procent|por ciento)?\s*(?:de |d')?\s*"
)
_THAN = re.compile(r"\b(?:than|als|que|qu|dan|che|di|del|della|compared (?:to|with))\b")


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
    return find_changed_difference(sentence, texts, language)


def find_changed_difference(sentence: str, texts: Sequence[str], language: str) -> str | None:
    """A figure by which something is more in a sentence, and less than the same thing in the sources."""
    sources = [one for text in texts for one in differences_in(text, language)]
    for claim in differences_in(sentence, language):
        same = [
            other
            for other in sources
            if has_same_number(claim.figure, other.figure)
            and other.figure.is_percent == claim.figure.is_percent
        ]
        if claim.is_more is not None and same and all(claim.contradicts(one) for one in same):
            return claim.figure.value
    return None


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure by which something is more or less; None if no word beside the figure says which.

    `trend` is that of the figure's clause. `other` are the stems of what something is compared with, and
    `is_past` says that it is compared with an earlier time, or with nothing.
    """

    figure: Figure
    is_more: bool | None
    trend: str
    other: frozenset[str]
    is_past: bool

    def contradicts(self, source: "Difference") -> bool:
        if source.is_more is not None:
            is_same_other = bool(self.other & source.other)
            return self.is_more != source.is_more and (
                is_same_other or (self.is_past and source.is_past)
            )
        return self.is_past and source.trend == (DOWN if self.is_more else UP)


@lru_cache(maxsize=2048)
def differences_in(text: str, language: str) -> tuple[Difference, ...]:
    meaning = language_or_default(language).meaning
    patterns = compile_words(meaning.more), compile_words(meaning.less)
    if not all(patterns):
        return ()
    analyzed = analyze(text, language)
    amounts, _ = find_amounts(analyzed.tokens, analyzed.text, language)
    trends = {figure.start: trend for figure, trend in trends_in(text, language)}
    pasts = compile_words(meaning.pasts)
    differences: list[Difference] = []
    for figure in amounts:
        clause = next(one for one in analyzed.clauses if one.start <= figure.start < one.end)
        end = min(figure.end, clause.end)
        after = _LINK.sub("", analyzed.span(end, clause.end), count=1)
        sides = [bool(pattern and pattern.match(after)) for pattern in patterns]
        than = _THAN.search(after)
        rest = after[than.end() :] if than else ""
        stems = frozenset(word.stem for word in clause.words if word.text in rest.split())
        is_past = not than or bool(pasts and pasts.search(rest))
        is_past = is_past or any(time_name(word, language) for word in rest.strip(".").split())
        is_more = sides[0] if any(sides) else None
        trend = trends.get(figure.start, "")
        differences.append(Difference(figure, is_more, trend, stems, is_past))
    return tuple(differences)


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
