"""Times that are the first or the last ones possible: not before May, by June at the latest."""

from collections.abc import Iterator
from functools import lru_cache

from audiobrew.script.gate.clauses import AnalyzedText, meaning_of
from audiobrew.script.gate.comparison import Comparison
from audiobrew.script.gate.dates import time_name
from audiobrew.script.gate.tokens import compile_words, tokenize

# Tokens between a preposition and its time: before the end of June.
REACH = 4
# Tokens of a clause and a parenthesis after it: "before May, he says, it will not open".
MAX_PARENTHESIS = 8
EARLIEST, LATEST = "earliest", "latest"


@lru_cache(maxsize=4096)
def limits_in(text: str, language: str) -> tuple[str, ...]:
    """The times of a text in lower case before which, or up to which, something is or is not so."""
    meaning = meaning_of(language)
    limits = compile_words((*meaning.befores, *meaning.untils))
    return tuple(
        time
        for match in (limits.finditer(text) if limits else ())
        for time in times_after(text[match.end() :], language)
    )


def times_after(text: str, language: str) -> Iterator[str]:
    """The first month, weekday, season or year among the first words of a text."""
    times = (time_name(token.text, language) for token in tokenize(text)[:REACH])
    yield from [time for time in times if time][:1]


def changed_bound(comparison: Comparison) -> Iterator[str]:
    """A time that is the last one possible instead of the first one, or the other way round."""
    stated = {
        bound for source in comparison.sources for bound in bounds_in(source, comparison.language)
    }
    for time, side in bounds_in(comparison.claim, comparison.language):
        other = LATEST if side == EARLIEST else EARLIEST
        if (time, other) in stated and (time, side) not in stated:
            yield f"{side} {time}"


def bounds_in(text: AnalyzedText, language: str) -> Iterator[tuple[str, str]]:
    """Every time that is the first or the last one possible, and which of them it is."""
    meaning = meaning_of(language)
    denials = compile_words(
        (*meaning.negations, *meaning.denials, *meaning.rejections, *meaning.without)
    )
    befores, untils = compile_words(meaning.befores), compile_words(meaning.untils)
    sides = (compile_words(meaning.earliest), compile_words(meaning.latest))
    for clause in text.clauses:
        tokens = text.lower[clause.start : clause.end]
        times = [time for token in tokens if (time := time_name(token, language))]
        for side, pattern in zip((EARLIEST, LATEST), sides, strict=True):
            if pattern and pattern.search(clause.text):
                yield from ((time, side) for time in times)
        beside = " ".join(
            other.text
            for other in text.clauses
            if other.sentence == clause.sentence
            and abs(other.start - clause.start) <= MAX_PARENTHESIS
        )
        is_denied = bool(denials and denials.search(beside))
        for pattern, side in ((befores, LATEST), (untils, "")):
            for match in pattern.finditer(clause.text) if pattern else ():
                for time in times_after(clause.text[match.end() :], language):
                    if is_denied or side:
                        yield time, EARLIEST if is_denied else side
