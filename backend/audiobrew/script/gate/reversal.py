"""Clauses with the opposite meaning of their sources: denied, or with the opposite word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from audiobrew.script.gate.bounds import bounds_in
from audiobrew.script.gate.clauses import AnalyzedText, Clause, meaning_of
from audiobrew.script.gate.comparison import Comparison, Pair, is_question
from audiobrew.script.gate.dates import time_name
from audiobrew.script.gate.negations import (
    denies_with_without,
    find_all,
    has_negation_and_denial,
    negated_words,
    negations_in,
    same_negations,
)
from audiobrew.script.gate.rankings import is_turned, without_rankings
from audiobrew.script.gate.roles import confirmed_converses, converse_patterns
from audiobrew.script.gate.tokens import compile_words, words_of

_THAN = re.compile(r"\b(?:than|als|que|qu|dan|che)\b")
# A clause is close to that of its source if this share of its words is there.
MIN_CLOSE = 0.5
# A clause with fewer words beside others may be an adverbial.
MIN_STATEMENT = 3
# A clause with fewer words of content that are no names, beside others, only says who somebody is.
MIN_CONTENT = 2


def reversed_statement(comparison: Comparison) -> Iterator[str]:
    """A clause with the opposite of its source: a negation or an opposite word more or less."""
    exchanged = exchanged_words(comparison)
    for clause in comparison.claim.clauses:
        pairs = [pair for pair in comparison.pairs(clause) if pair.shared - comparison.claim.names]
        differences = [describe_reversal(pair, comparison.language, exchanged) for pair in pairs]
        if is_question(comparison.claim, clause) or states_same_bound(comparison, clause):
            continue
        if (
            is_adverbial(comparison.claim, clause)
            and not has_opposition(clause, pairs, comparison.language)
            and not lacks_negation(comparison, clause, pairs)
        ):
            continue
        if not differences or not all(differences):
            continue
        if negations_in(clause.text, comparison.language) and any(
            not describe_reversal(pair, comparison.language, exchanged)
            for pair in comparison.related(clause)
            if negations_in(pair.source.text, comparison.language)
        ):
            continue
        yield differences[0]


def states_same_bound(comparison: Comparison, clause: Clause) -> bool:
    """Whether a clause denies something up to a time from which it is so in a source: not before May."""
    text, language = comparison.claim, comparison.language
    if not negations_in(clause.text, language, denials=()):
        return False
    clauses = [one for one in text.clauses if one.sentence == clause.sentence]
    whole = replace(clause, text=text.span(clauses[0].start, clauses[-1].end))
    whole = replace(whole, start=clauses[0].start, end=clauses[-1].end)
    bounds = set(bounds_in(replace(text, clauses=(whole,)), language))
    return any(bounds & set(bounds_in(source, language)) for source in comparison.sources)


def is_adverbial(text: AnalyzedText, clause: Clause) -> bool:
    """Whether a clause is so short, beside others, that it may say no more than who, when or where."""
    is_alone = sum(other.sentence == clause.sentence for other in text.clauses) == 1
    is_short = len(clause.stems) < MIN_STATEMENT or len(clause.content) < MIN_CONTENT
    return is_short and not is_alone


def has_opposition(clause: Clause, pairs: Sequence[Pair], language: str) -> bool:
    """Whether a clause denies something, or has a word of which a source has the opposite."""
    return bool(negations_in(clause.text, language)) or any(
        conflicting_words(pair, language) for pair in pairs
    )


def lacks_negation(comparison: Comparison, clause: Clause, pairs: Sequence[Pair]) -> bool:
    """Whether a short clause has only words that its source denies, in a sentence that denies nothing."""
    language = comparison.language
    meaning = meaning_of(language)
    content = {
        word.stem
        for word in clause.words
        if word.stem in clause.content and not time_name(word.text, language)
    }
    sentence = " ".join(
        one.text for one in comparison.claim.clauses if one.sentence == clause.sentence
    )
    denials = (*meaning.denials, *meaning.rejections, *meaning.without, *meaning.stills)
    if not content or negations_in(sentence, language, denials=denials):
        return False
    bounds = compile_words((*meaning.untils, *meaning.befores, *meaning.limits))
    return any(
        (clause.stems == pair.source.stems or len(clause.stems) > 1)
        and clause.stems <= pair.source.stems
        and bool(negations_in(pair.source.text, language, denials=()))
        and not (bounds and bounds.search(pair.source.text))
        for pair in pairs
    )


def exchanged_words(comparison: Comparison) -> tuple[re.Pattern[str], ...]:
    """Words whose opposites may stand here because what they are said of has changed places as well.

    "A lost to B" says the same as "B beat A".
    """
    converses = converse_patterns(comparison.language)
    return tuple(
        pattern for predicate in confirmed_converses(comparison) for pattern in converses[predicate]
    )


def describe_reversal(pair: Pair, language: str, exchanged: Sequence[re.Pattern[str]] = ()) -> str:
    """The words that make one clause the opposite of the other; empty if they agree.

    Words that deny, such as "to reject", count or not, as what they deny may have been said in other words.
    So do negations up to a time, because "not before May" says the same as "from May on". The clauses must
    be opposites in each of these ways.
    """
    conflicts = [
        word
        for word in conflicting_words(pair, language)
        if not any(pattern.fullmatch(word) for pattern in exchanged)
    ]
    meaning = meaning_of(language)
    # Words that have opposites count once, as opposites.
    all_denials = () if conflicts else (*meaning.denials, *meaning.rejections)
    denied = [
        is_reversed(pair, language, denials=denials, limits=limits)
        for denials in ((), meaning.denials, all_denials)
        for limits in (True, False)
    ]
    is_denied = all(denied)
    if bool(conflicts) in denied or (is_denied and same_negations(pair, language)):
        return ""
    if is_denied and not conflicts and denies_with_without(pair, language):
        return ""
    limits = compile_words(meaning_of(language).limits)
    texts = (pair.claim.text, pair.source.text)
    if limits and not is_denied and len({bool(limits.search(text)) for text in texts}) > 1:
        return ""
    if is_denied and not is_close(pair, language):
        return ""
    if is_denied and (says_not_yet(pair, language) or denies_without(pair, language)):
        return ""
    if has_negation_and_denial(pair.source.text, language):
        return ""
    words = [*conflicts, *negations_in(pair.claim.text, language)]
    return " ".join(words or negations_in(pair.source.text, language) or ["not"])


def says_not_yet(pair: Pair, language: str) -> bool:
    """Whether one clause says "not yet" and the other one "still" or "before"."""
    not_yet = compile_words(meaning_of(language).not_yet)
    stills = compile_words((*meaning_of(language).stills, *meaning_of(language).befores))
    texts = (pair.claim.text, pair.source.text)
    return any(
        bool(not_yet and not_yet.search(one)) and bool(stills and stills.search(other))
        for one, other in (texts, texts[::-1])
    )


def denies_without(pair: Pair, language: str) -> bool:
    """Whether only the source says that without something nothing is so, which is that it is needed."""
    without = compile_words(meaning_of(language).without)
    return bool(
        without
        and without.search(pair.source.text)
        and not without.search(pair.claim.text)
        and negations_in(pair.source.text, language, denials=())
    )


def is_reversed(pair: Pair, language: str, *, denials: tuple[str, ...], limits: bool) -> bool:
    """Whether most words that two clauses share are denied in one of them only."""
    anchors = (pair.shared & pair.claim.content) or pair.shared
    claimed, stated = (
        negated_words(clause, anchors, language, denials=denials, limits=limits)
        for clause in (pair.claim, pair.source)
    )
    differing = len(claimed ^ stated)
    return 2 * differing > len(anchors)


def is_close(pair: Pair, language: str) -> bool:
    """Whether the words of a clause are so much those of the source that only the negation differs.

    Other words may deny in a way that no list has. So may "only".
    """
    exclusives = compile_words(meaning_of(language).exclusives)
    if exclusives and any(exclusives.search(one.text) for one in (pair.claim, pair.source)):
        return False
    if pair.claim.stems == pair.source.stems:
        return True
    return len(pair.claim.stems) > 1 and len(pair.shared) >= MIN_CLOSE * len(pair.claim.stems)


def conflicting_words(pair: Pair, language: str) -> list[str]:
    """Words of the claim of which the source has only opposites."""
    conflicts: list[str] = []
    claim, source = pair.claim.text, pair.source.text
    if (
        is_turned(claim, source, language)
        or compares_with_past(claim, source, language)
        or exchanges_opponents(claim, source, language)
    ):
        return []
    claim, source = without_rankings(claim, source, language)
    if litotes := compile_words(meaning_of(language).litotes):
        claim, source = litotes.sub(" ", claim), litotes.sub(" ", source)
    for sides in opposite_patterns(language):
        claimed = [find_all(side, claim) for side in sides]
        stated = [find_all(side, source) for side in sides]
        own = [place for place, words in enumerate(claimed) if words]
        other = [place for place, words in enumerate(stated) if words]
        if len(own) == 1 and other and own[0] not in other:
            conflicts.append(claimed[own[0]][0])
    return conflicts


def exchanges_opponents(claim: str, source: str, language: str) -> bool:
    """Whether what one clause has before "against" is after it in the other one."""
    against = compile_words(meaning_of(language).against)
    sides = [against.split(text, maxsplit=1) for text in (claim, source)] if against else []
    if any(len(parts) < 2 for parts in sides) or not sides:
        return False
    (before, after), (stated_before, stated_after) = [
        [{word for word in words_of(part) if len(word) > 3} for part in parts] for parts in sides
    ]
    return bool(before & stated_after) and bool(after & stated_before)


def compares_with_past(claim: str, source: str, language: str) -> bool:
    """Whether only the source compares now with the past of which the claim tells."""
    pasts = compile_words(meaning_of(language).pasts)
    return bool(pasts and pasts.search(claim) and not _THAN.search(claim) and _THAN.search(source))


@cache
def opposite_patterns(language: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(
        tuple(pattern for side in group if (pattern := compile_words((side,))))
        for group in meaning_of(language).opposites
    )
