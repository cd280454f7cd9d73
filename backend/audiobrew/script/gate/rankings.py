"""What is compared with what: "A is taller than B" says the same as "B is shorter than A"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.script.gate.clauses import AnalyzedText, Clause, meaning_of
from audiobrew.script.gate.comparison import Comparison
from audiobrew.script.gate.tokens import compile_words, stem_of

# What may be between a comparative and its "than": taller and stronger than, colder in Rome than.
_THAN = re.compile(r" (?=(?:than|als|que|qu|dan|che|do que)\b)")
# Words of a comparative, at most: more common.
COMPARATIVE = 2
# Shorter words are auxiliaries and pronouns.
MIN_TELLING = 4
BETWEEN = r"(?: [^\\s,;.:]{1,20}){0,4} "


@dataclass(frozen=True, slots=True)
class Ranking:
    """A comparative: its pair and side in the language's file, and the words on each side of it."""

    group: int
    side: int
    phrase: str
    before: frozenset[str]
    after: frozenset[str]


@cache
def ranking_patterns(language: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(
        tuple(pattern for side in group if (pattern := compile_words((_THAN.sub(BETWEEN, side),))))
        for group in meaning_of(language).rankings
    )


def rankings_in(text: AnalyzedText, language: str) -> Iterator[Ranking]:
    lower = text.text.casefold()
    for number, sides in enumerate(ranking_patterns(language)):
        for side, pattern in enumerate(sides):
            for match in pattern.finditer(lower):
                sentence = clauses_around(text, match.start())
                before = stems_of(text, sentence, language, end=match.start())
                # More common after the vaccine than after the placebo: what is behind the comparative.
                behind = match.start() + len(" ".join(match[0].split(" ")[:COMPARATIVE]))
                inside = stems_of(text, sentence, language, start=behind, end=match.end())
                yield Ranking(
                    *(number, side, match[0]),
                    before=inside or before,
                    after=stems_of(text, sentence, language, start=match.end()),
                )


def clauses_around(text: AnalyzedText, position: int) -> list[Clause]:
    """The clauses of the sentence that has this character."""
    sentences = {
        clause.sentence
        for clause in text.clauses
        if text.tokens[clause.start].start <= position < text.tokens[clause.end - 1].end
    }
    return [clause for clause in text.clauses if clause.sentence in sentences]


def stems_of(
    text: AnalyzedText,
    clauses: list[Clause],
    language: str,
    *,
    start: int = 0,
    end: int | None = None,
) -> frozenset[str]:
    """What is compared: words of content, and others such as first, second, inside and today."""
    words = {word.place: word for word in text.words}
    others = meaning_of(language).words - meaning_of(language).determiners - FUNCTION_WORDS
    stems: set[str] = set()
    for place in (place for clause in clauses for place in range(clause.start, clause.end)):
        token = text.tokens[place]
        if token.start < start or (end is not None and token.end > end):
            continue
        if place in words and not words[place].is_number:
            stems.add(words[place].stem)
        elif place not in words and text.lower[place] in others and len(token.text) >= MIN_TELLING:
            stems.add(stem_of(token.text))
    return frozenset(stems)


def swapped_ranking(comparison: Comparison) -> Iterator[str]:
    """A comparison that is the other way round in the sources."""
    stated = [
        ranking
        for source in comparison.sources
        for ranking in rankings_in(source, comparison.language)
    ]
    for claim in rankings_in(comparison.claim, comparison.language):
        same = [source for source in stated if source.group == claim.group]
        signs = [agreement(claim, source) for source in same]
        if signs and min(signs) < 0 and max(signs) <= 0:
            yield claim.phrase


def agreement(claim: Ranking, source: Ranking) -> int:
    """Positive if two comparisons say the same, negative if they contradict each other, 0 if unknown."""
    straight = len(claim.before & source.before) + len(claim.after & source.after)
    crossed = len(claim.before & source.after) + len(claim.after & source.before)
    return (straight - crossed) * (1 if claim.side == source.side else -1)


@cache
def sides_of(text: str, language: str) -> tuple[tuple[int, int], ...]:
    return tuple(
        (number, side)
        for number, sides in enumerate(ranking_patterns(language))
        for side, pattern in enumerate(sides)
        if pattern.search(text)
    )


def is_turned(claim: str, source: str, language: str) -> bool:
    """Whether two clauses compare with opposite words, so that other opposites are to be expected as well."""
    stated = sides_of(source, language)
    return any((group, 1 - side) in stated for group, side in sides_of(claim, language))


def without_rankings(claim: str, source: str, language: str) -> tuple[str, str]:
    """Two clauses without the comparisons that both have; `swapped_ranking` compares these."""
    stated = {group for group, _ in sides_of(source, language)}
    for group, side in sides_of(claim, language):
        if group in stated:
            for pattern in ranking_patterns(language)[group]:
                source = pattern.sub(" ", source)
            claim = ranking_patterns(language)[group][side].sub(" ", claim)
    return claim, source
