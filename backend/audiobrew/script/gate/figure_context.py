"""What a figure counts: finds figures of a source that changed places in a sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.script.gate.clauses import (
    AnalyzedText,
    Clause,
    analyze,
    canonical_stem,
    meaning_of,
)
from audiobrew.script.gate.dates import date_name
from audiobrew.script.gate.figure_parsing import find_amounts
from audiobrew.script.gate.figures import Figure, has_same_number
from audiobrew.script.gate.rankings import is_turned
from audiobrew.script.gate.roles import WINNING, converse_patterns

# Tokens before and after a figure that are compared when two figures may have changed places.
WINDOW = 2
# Two figures have changed places if this many more of these tokens are those of the other figure.
MIN_CROSSED = 2
# A clause with fewer words of content says what its figure counts only together with its sentence.
MIN_CONTENT = 3
# A row of a table: a label, and cells that end in a figure.
_CELL = r"[^,:;]{0,60}\d(?:[.,]\d{1,12}){0,6}[^\w,;]{0,3}"
_ROW = re.compile(rf"[^:;]{{1,80}}:\s[^:;]{{1,60}}(?:,\s{_CELL}){{1,12}}\.?")


@dataclass(frozen=True, slots=True)
class Place:
    """A figure in its text.

    `stems` are those of its clause, `content` those of words of content there, and `sentence` those of the
    sentence. `dates` are the months and weekdays of the clause, and `window` the tokens beside the figure.
    `role` is "origin", "target" or empty, and `whole` says that it is what a part is taken of.
    """

    figure: Figure
    stems: frozenset[str]
    content: frozenset[str]
    sentence: frozenset[str]
    dates: frozenset[str]
    window: frozenset[tuple[int, str]]
    role: str
    whole: bool
    order: int


def find_swapped_figure(sentence: str, texts: Sequence[str], language: str) -> str | None:
    """A figure that the sources have in another place: of something else, of another day, or from for to."""
    if not meaning_of(language).origins:
        return None
    claims = places_in(sentence, language)
    sources = [place for text in texts for place in places_in(text, language)]
    turned = turned_scores(sentence, texts, claims, sources, language)
    claims = tuple(claim for claim in claims if claim not in turned)
    for claim in claims:
        same = [source for source in sources if has_same_number(claim.figure, source.figure)]
        others = [
            source
            for source in sources
            if not has_same_number(claim.figure, source.figure)
            and kind_of(source.figure) == kind_of(claim.figure)
        ]
        # What stands beside the figure in the sentence itself has not taken its place.
        apart = [
            other
            for other in others
            if not any(has_same_number(one.figure, other.figure) for one in claims)
        ]
        if same and others and all(is_swapped(claim, one, others, apart) for one in same):
            return claim.figure.value
    if any(is_turned(sentence.casefold(), text.casefold(), language) for text in texts):
        return None
    return next(exchanged(claims, sources), None)


def turned_scores(
    sentence: str,
    texts: Sequence[str],
    claims: Sequence[Place],
    sources: Sequence[Place],
    language: str,
) -> list[Place]:
    """The scores of a sentence that are the other way round in a source, because it names the loser first."""
    sides = [sides_of_result(text, language) for text in (sentence, *texts)]
    if not any(sides[0] and other and sides[0].isdisjoint(other) for other in sides[1:]):
        return []
    return [
        place
        for first, second in pairwise(claims)
        for one, two in pairwise(sources)
        if has_same_number(first.figure, two.figure)
        and has_same_number(second.figure, one.figure)
        and second.figure.start - first.figure.end <= 1
        and two.figure.start - one.figure.end <= 1
        for place in (first, second)
    ]


def sides_of_result(text: str, language: str) -> frozenset[int]:
    """Whether a text tells of winning, 0, or losing, 1."""
    return frozenset(
        side
        for word in analyze(text, language).lower
        for side, pattern in enumerate(converse_patterns(language)[WINNING])
        if pattern.fullmatch(word)
    )


def kind_of(figure: Figure) -> str:
    """What figures can be confused: sums of money, percentages, numbers of a unit, and plain numbers."""
    if figure.currency:
        return "currency"
    return "%" if figure.is_percent else figure.unit or ""


def is_swapped(claim: Place, same: Place, others: Sequence[Place], apart: Sequence[Place]) -> bool:
    """Whether the sentence says of its figure what the source says of another one."""
    for other in others:
        if claim.role and same.role and claim.role != same.role and other.role == claim.role:
            return True
        if claim.dates and same.dates and other.dates and claim.dates == other.dates != same.dates:
            return True
        stems = same.stems if len(same.content) >= MIN_CONTENT else same.sentence
        other_stems = other.stems
        if len(other.content) < MIN_CONTENT and other.sentence != same.sentence:
            other_stems = other.sentence
        own = len(claim.stems & (stems - other_stems))
        foreign_stems = claim.stems & (other_stems - same.stems)
        foreign = len(foreign_stems)
        is_clear = foreign > 1 or (other in apart and foreign_stems & claim.content)
        if (
            foreign
            and is_clear
            and (not own or foreign >= own + 2)
            and not (claim.dates & same.dates)
        ):
            return True
        is_part_confused = claim.whole or other in apart
        is_whole_in_source = claim.whole != same.whole and other.whole == claim.whole
        if is_part_confused and is_whole_in_source and same.stems == other.stems:
            return True
    return False


def exchanged(claims: Sequence[Place], sources: Sequence[Place]) -> Iterator[str]:
    """Two figures that are beside the words of the other one in the source."""
    for first, second in pairwise(claims):
        for one in sources:
            for two in sources:
                if not (
                    has_same_number(first.figure, one.figure)
                    and has_same_number(second.figure, two.figure)
                    and not has_same_number(first.figure, second.figure)
                ):
                    continue
                straight = len(first.window & one.window) + len(second.window & two.window)
                crossed = len(first.window & two.window) + len(second.window & one.window)
                adjacent = abs(one.order - two.order) == 1
                if adjacent and one.order > two.order and crossed >= straight + MIN_CROSSED:
                    yield str(first.figure.value)


@lru_cache(maxsize=2048)
def places_in(text: str, language: str) -> tuple[Place, ...]:
    analyzed = analyze(text, language)
    amounts, _ = find_amounts(analyzed.tokens, analyzed.text, language)
    # The two numbers of a share count something each.
    figures = [
        one
        for amount in amounts
        for one in (amount.otherwise if amount.fraction else ()) or (amount,)
    ]
    places: list[Place] = []
    for figure in figures:
        if figure.value is None or is_part_of_name(analyzed, figure):
            continue
        clause = next(one for one in analyzed.clauses if one.start <= figure.start < one.end)
        # A range such as 900 to 1,600 is no whole.
        begins_range = any(
            one.value is not None
            and " ".join(analyzed.lower[figure.end : one.start])
            in ("", *meaning_of(language).targets)
            for one in figures
            if figure.end <= one.start <= figure.end + 2
        )
        label = label_of(analyzed, clause)
        ranges = [(one.start, one.end) for one in (*label, clause)]
        dates = {
            date
            for word in analyzed.lower[clause.start : clause.end]
            if (date := date_name(word, language))
        }
        places.append(
            Place(
                figure,
                frozenset(
                    stem
                    for start, end in ranges
                    for stem in context_of(analyzed.lower, start, end, language)
                ),
                frozenset(stem for one in (*label, clause) for stem in one.stems),
                frozenset(
                    stem
                    for one in analyzed.clauses
                    if one.sentence == clause.sentence
                    for stem in context_of(analyzed.lower, one.start, one.end, language)
                ),
                frozenset(dates),
                frozenset(window(analyzed.lower, figure)),
                role := role_of(analyzed.lower, figure, language),
                not role and is_whole(analyzed.lower, figure, language) and not begins_range,
                len(places),
            )
        )
    return tuple(places)


def is_part_of_name(analyzed: AnalyzedText, figure: Figure) -> bool:
    """Whether a figure counts nothing, because it belongs to a name: Heron-8B, GPT-4."""
    start = analyzed.tokens[figure.start].start
    return analyzed.text[start - 1 : start] == "-" and analyzed.text[: start - 1][-1:].isalpha()


def label_of(analyzed: AnalyzedText, clause: Clause) -> list[Clause]:
    """The clause with the label of a table's row, which belongs to each of its cells: `Gas: 5.2, −3 %`."""
    if not _ROW.fullmatch(analyzed.text.strip()) or clause is analyzed.clauses[0]:
        return []
    return [analyzed.clauses[0]]


def context_of(tokens: Sequence[str], start: int, end: int, language: str) -> Iterator[str]:
    """The stems of a clause, and its pairs of words that follow each other."""
    own = [
        canonical_stem(word, language) if word[0].isalpha() and word not in FUNCTION_WORDS else word
        for word in tokens[start:end]
    ]
    for first, second in zip(own, [*own[1:], ""], strict=True):
        if len(first) > 1 and first not in FUNCTION_WORDS and first[0] not in "0123456789%":
            yield first
            if len(second) > 1 and second[0].isalpha() and second not in FUNCTION_WORDS:
                yield f"{first} {second}"


def window(tokens: Sequence[str], figure: Figure) -> Iterator[tuple[int, str]]:
    """The tokens beside a figure, with their distance; its own currency and unit count as well."""
    for distance in range(1, WINDOW + 1):
        if figure.start >= distance:
            yield -distance, tokens[figure.start - distance]
        if figure.end + distance <= len(tokens):
            yield distance, tokens[figure.end + distance - 1]


@cache
def _phrases(language: str, name: str) -> re.Pattern[str]:
    phrases = getattr(meaning_of(language), name)
    return re.compile(rf"(?:^|\s)(?:{'|'.join(phrases)})$") if phrases else re.compile(r"(?!)")


def role_of(tokens: Sequence[str], figure: Figure, language: str) -> str:
    """Whether a figure is what something was before, or what it became."""
    before = " ".join(tokens[max(0, figure.start - 3) : figure.start])
    if _phrases(language, "origins").search(before):
        return "origin"
    return "target" if _phrases(language, "targets").search(before) else ""


def is_whole(tokens: Sequence[str], figure: Figure, language: str) -> bool:
    before = " ".join(tokens[max(0, figure.start - 3) : figure.start])
    return bool(_phrases(language, "wholes").search(before))
