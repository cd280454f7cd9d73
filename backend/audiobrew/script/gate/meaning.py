"""Whether a sentence says what its sources say: compares negations, opposites, hedges, roles and content.

These are rules, not understanding. Each rule compares a clause with the clause of the sources that is most
like it, and rejects only what it recognizes as different. The words come from the languages' files.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from audiobrew.script.gate.clauses import (
    AnalyzedText,
    Clause,
    Word,
    analyze,
    meaning_of,
)
from audiobrew.script.gate.comparison import MIN_SHARE, Comparison, Pair
from audiobrew.script.gate.names import spelled_out_places
from audiobrew.script.gate.roles import swapped_roles
from audiobrew.script.gate.tokens import compile_words, stem_of, words_of
from audiobrew.script.gate.units import unit_at

# Words of content in a row that no source has.
MAX_NEW_WORDS = 4
# A clause with this many words of content, all of them new, is invented.
MIN_INVENTED = 2
# A clause is close to that of its source if this share of its words is there.
MIN_CLOSE = 0.5
# A clause with fewer words beside others may be an adverbial.
MIN_STATEMENT = 3
# Tokens between a relation, such as "before", and the word that it concerns.
RELATION_REACH = 4
# Words of content that a hedge concerns.
HEDGE_REACH = 2


def find_difference(sentence: str, texts: Sequence[str], language: str) -> str | None:
    """What a sentence says differently than all of its sources, which must be in its language; else None."""
    if is_verbatim(sentence, texts):
        return None
    names = known_names(texts, language)
    comparison = Comparison(
        analyze(sentence, language, names),
        tuple(analyze(text, language, names) for text in texts),
        language,
    )
    for check in (
        invented_content,
        reversed_statement,
        changed_relation,
        removed_hedge,
        swapped_roles,
        another_subject,
        changed_rate,
    ):
        if difference := next(check(comparison), None):
            return difference
    return None


def known_names(texts: Sequence[str], language: str) -> frozenset[str]:
    """The stems of the names in the sources.

    Where all nouns have capitals, only words beside other names and words that occur more than once count.
    """
    names: list[str] = []
    for text in texts:
        analyzed = analyze(text, language)
        places = {word.place for word in analyzed.words if word.is_name}
        for word in analyzed.words:
            if word.is_name:
                beside = bool(places & {word.place - 1, word.place + 1})
                names += [stem_of(word.text)] * (2 if beside else 1)
    if meaning_of(language).capitalized_nouns:
        return frozenset(name for name in names if names.count(name) > 1)
    return frozenset(names)


def is_verbatim(sentence: str, texts: Sequence[str]) -> bool:
    """Whether a source contains the whole sentence as a sentence of its own."""
    words = " ".join(words_of(sentence))
    return any(
        words in {" ".join(words_of(part)) for part in source_sentences(text)} for text in texts
    )


@cache
def _sentence_end() -> re.Pattern[str]:
    return re.compile(r"(?<=[.!?…])[\"”»]?\s+")


def source_sentences(text: str) -> list[str]:
    return [text, *_sentence_end().split(text)]


def share_of_new_words(sentence: str, texts: Sequence[str], language: str) -> float:
    """The share of a sentence's words of content that no source has, in any form."""
    words = analyze(sentence, language).words
    source_stems = frozenset[str]().union(*(analyze(text, language).stems for text in texts))
    return sum(word.stem not in source_stems for word in words) / len(words) if words else 0.0


def invented_content(comparison: Comparison) -> Iterator[str]:
    """A clause of which nothing is in the sources, or several new words in a row."""
    source_stems = comparison.source_stems
    spellings = {token.text for source in comparison.sources for token in source.tokens}
    spelled_out = spelled_out_places(comparison.claim.tokens, spellings)
    known_texts = [word.text for source in comparison.sources for word in source.words]

    def is_new(word: Word) -> bool:
        return (
            word.stem not in source_stems
            and word.place not in spelled_out
            and not any(is_part(word.text, other) for other in known_texts)
        )

    for clause in comparison.claim.clauses:
        new = [word for word in clause.words if not word.is_number and is_new(word)]
        row: list[Word] = []
        for word in clause.words:
            row = [*row, word] if word in new else []
            if len(row) >= MAX_NEW_WORDS:
                yield " ".join(one.text for one in row)
        if len(new) >= MIN_INVENTED and len(new) == len(clause.words):
            yield " ".join(one.text for one in new)


def is_part(word: str, other: str) -> bool:
    """Whether one word is a compound with the other, as in Umsatz and Umsatzplus."""
    short, long = sorted((word, other), key=len)
    return len(short) >= 5 and (long.startswith(short) or long.endswith(short))


def reversed_statement(comparison: Comparison) -> Iterator[str]:
    """A clause with the opposite of its source: a negation or an opposite word more or less."""
    for clause in comparison.claim.clauses:
        pairs = [pair for pair in comparison.pairs(clause) if pair.shared - comparison.claim.names]
        differences = [describe_reversal(pair, comparison.language) for pair in pairs]
        if is_adverbial(comparison.claim, clause) and not has_opposition(
            clause, pairs, comparison.language
        ):
            continue
        if not differences or not all(differences):
            continue
        if negations_in(clause.text, comparison.language) and any(
            not describe_reversal(pair, comparison.language)
            for pair in comparison.related(clause)
            if negations_in(pair.source.text, comparison.language)
        ):
            continue
        yield differences[0]


def is_adverbial(text: AnalyzedText, clause: Clause) -> bool:
    """Whether a clause is so short, beside others, that it may say no more than when or where."""
    is_alone = sum(other.sentence == clause.sentence for other in text.clauses) == 1
    return len(clause.stems) < MIN_STATEMENT and not is_alone


def has_opposition(clause: Clause, pairs: Sequence[Pair], language: str) -> bool:
    """Whether a clause denies something, or has a word of which a source has the opposite."""
    return bool(negations_in(clause.text, language)) or any(
        conflicting_words(pair, language) for pair in pairs
    )


def describe_reversal(pair: Pair, language: str) -> str:
    """The words that make one clause the opposite of the other; empty if they agree."""
    conflicts = conflicting_words(pair, language)
    anchors = (pair.shared & pair.claim.content) or pair.shared
    differing = sum(
        is_negated(word, pair.claim, language) != is_negated(word, pair.source, language)
        for word in anchors
    )
    is_denied = 2 * differing > len(anchors)
    if is_denied and not conflicts and same_negations(pair, language):
        return ""
    if is_denied == bool(conflicts):
        return ""
    limits = compile_words(meaning_of(language).limits)
    texts = (pair.claim.text, pair.source.text)
    if limits and not is_denied and len({bool(limits.search(text)) for text in texts}) > 1:
        return ""
    if is_denied and not is_close(pair, language):
        return ""
    if has_negation_and_denial(pair.source.text, language):
        return ""
    words = [*conflicts, *negations_in(pair.claim.text, language)]
    return " ".join(words or negations_in(pair.source.text, language) or ["not"])


def same_negations(pair: Pair, language: str) -> bool:
    """Whether two clauses differ in words such as "to refuse" only, for which other words may stand."""
    meaning = meaning_of(language)
    negations = compile_words((*meaning.negations, *meaning.without))
    ignored = compile_words(meaning.not_negations)
    texts = [
        ignored.sub(" ", one.text) if ignored else one.text for one in (pair.claim, pair.source)
    ]
    return len({bool(find_all(negations, text)) for text in texts}) == 1


def has_negation_and_denial(text: str, language: str) -> bool:
    """Whether a clause denies in two ways, so that it is not clear what: "not open for lack of staff"."""
    meaning = meaning_of(language)
    denials = compile_words(meaning.denials)
    return bool(denials and denials.search(text)) and len(negations_in(text, language)) > 1


def is_close(pair: Pair, language: str) -> bool:
    """Whether the words of a clause are so much those of the source that only the negation differs.

    Other words may deny in a way that no list has. So may "only".
    """
    exclusives = compile_words(meaning_of(language).exclusives)
    if exclusives and any(exclusives.search(one.text) for one in (pair.claim, pair.source)):
        return False
    return len(pair.claim.stems) > 1 and len(pair.shared) >= MIN_CLOSE * len(pair.claim.stems)


def conflicting_words(pair: Pair, language: str) -> list[str]:
    """Words of the claim of which the source has only opposites."""
    conflicts: list[str] = []
    for sides in opposite_patterns(language):
        claimed = [find_all(side, pair.claim.text) for side in sides]
        stated = [find_all(side, pair.source.text) for side in sides]
        own = [place for place, words in enumerate(claimed) if words]
        other = [place for place, words in enumerate(stated) if words]
        if len(own) == 1 and other and own[0] not in other:
            conflicts.append(claimed[own[0]][0])
    return conflicts


@cache
def opposite_patterns(language: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(
        tuple(pattern for side in group if (pattern := compile_words((side,))))
        for group in meaning_of(language).opposites
    )


def find_all(pattern: re.Pattern[str] | None, text: str) -> list[str]:
    return [match[0] for match in pattern.finditer(text)] if pattern else []


def negations_in(text: str, language: str) -> list[str]:
    """The negations of a clause; several that deny once count once."""
    meaning = meaning_of(language)
    ignored = compile_words(meaning.not_negations)
    if ignored:
        text = ignored.sub(" ", text)
    matches = find_all(compile_words(meaning.negations), text)
    if meaning.concord:
        matches = matches[:1]
    return [*matches, *find_all(compile_words(meaning.denials), text)]


def is_negated(stem: str, clause: Clause, language: str) -> bool:
    """Whether a word of a clause is denied: by the clause's negations, and by a "without" before it."""
    denied = len(negations_in(clause.text, language)) % 2 == 1
    without = compile_words(meaning_of(language).without)
    for match in without.finditer(clause.text) if without else ():
        after = clause.text[match.end() :].split()[:3]
        following = [
            word for word in clause.words if word.text in {part.strip(",.'") for part in after}
        ]
        if following and following[0].stem == stem:
            denied = not denied
    return denied


def changed_relation(comparison: Comparison) -> Iterator[str]:
    """Before for after, more than for less than, with the same word after it."""
    for sides in relation_patterns(comparison.language):
        claimed = [related(side, comparison.claim) for side in sides]
        stated = [
            set().union(*(related(side, source) for source in comparison.sources)) for side in sides
        ]
        for place, words in enumerate(claimed):
            others = set().union(*(other for n, other in enumerate(stated) if n != place))
            for phrase, anchor in sorted(words):
                own = {word for _, word in stated[place]}
                if anchor not in own and anchor in {word for _, word in others}:
                    yield phrase


@cache
def relation_patterns(language: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(
        tuple(pattern for side in group if (pattern := compile_words((side,))))
        for group in meaning_of(language).relations
    )


def related(pattern: re.Pattern[str], text: AnalyzedText) -> set[tuple[str, str]]:
    """Each place where a relation is, as its words and the next word of content or number."""
    pairs: set[tuple[str, str]] = set()
    for match in pattern.finditer(text.text.casefold()):
        following = [word for word in text.words if text.tokens[word.place].start >= match.end()][
            :1
        ]
        if following:
            word = following[0]
            first = next(
                (n for n, token in enumerate(text.tokens) if token.start >= match.end()), word.place
            )
            if word.place - first < RELATION_REACH:
                pairs.add((match[0], word.stem))
    return pairs


def removed_hedge(comparison: Comparison) -> Iterator[str]:
    """A clause that is certain although its source is not."""
    meaning = meaning_of(comparison.language)
    strong = compile_words(meaning.hedges)
    hedges = compile_words((*meaning.hedges, *meaning.weak_hedges))
    if strong is None or hedges is None:
        return
    for clause in comparison.claim.clauses:
        sentence = [
            other.text for other in comparison.claim.clauses if other.sentence == clause.sentence
        ]
        if any(hedges.search(text) for text in sentence):
            continue
        if negations_in(clause.text, comparison.language):
            continue
        pairs = [pair for pair in comparison.pairs(clause) if covers(pair)]
        removed = [
            removed_from(pair, comparison.sources, strong, compile_words(meaning.not_hedges))
            for pair in pairs
        ]
        if removed and all(removed):
            yield removed[0]


def covers(pair: Pair) -> bool:
    """Whether half of a clause's content is in its source, and more than its names."""
    return len(pair.shared) >= MIN_SHARE * len(pair.claim.stems) and bool(
        pair.shared - pair.claim.names
    )


def removed_from(
    pair: Pair,
    sources: Sequence[AnalyzedText],
    strong: re.Pattern[str],
    ignored: re.Pattern[str] | None,
) -> str:
    """A hedge of the source whose next words the claim has without it."""
    for source in sources:
        if pair.source not in source.clauses:
            continue
        place = source.clauses.index(pair.source)
        clauses = [pair.source]
        if place and source.clauses[place - 1].sentence == pair.source.sentence:
            clauses.insert(0, source.clauses[place - 1])
        for clause in clauses:
            spans = [match.span() for match in ignored.finditer(clause.text)] if ignored else []
            for match in strong.finditer(clause.text):
                if any(start <= match.start() < end for start, end in spans):
                    continue
                if hedged_stems(source, clause, match.end()) & pair.shared - pair.claim.names:
                    return match[0]
    return ""


def hedged_stems(source: AnalyzedText, clause: Clause, end: int) -> set[str]:
    """The words that a hedge concerns: the next ones, else the last one before it."""
    start = source.tokens[clause.start].start + end
    following = [
        word.stem
        for word in source.words
        if source.tokens[word.place].start >= start
        and any(
            other.start <= word.place < other.end and other.sentence == clause.sentence
            for other in source.clauses
        )
        and not word.is_name
    ]
    before = [word.stem for word in clause.words if source.tokens[word.place].start < start]
    return set(following[:HEDGE_REACH]) or set(before[-1:])


def another_subject(comparison: Comparison) -> Iterator[str]:
    """A clause that says of one name what its source says of another one."""
    for clause in comparison.claim.clauses:
        own_names = names_beside(comparison.claim, clause)
        for pair in comparison.pairs(clause):
            same = pair.shared - comparison.claim.names
            [source] = [one for one in comparison.sources if pair.source in one.clauses][:1]
            others = names_beside(source, pair.source)
            if (
                clause.names
                and pair.source.names
                and same
                and len(same) >= MIN_SHARE * len(clause.content)
                and clause.names.isdisjoint(others)
                and own_names.isdisjoint(pair.source.names)
            ):
                yield " ".join(sorted(clause.names))


def names_beside(text: AnalyzedText, clause: Clause) -> frozenset[str]:
    """The names of the sentence to which a clause belongs."""
    return frozenset[str]().union(
        *(other.names for other in text.clauses if other.sentence == clause.sentence)
    )


def changed_rate(comparison: Comparison) -> Iterator[str]:
    """Per day for per hour."""
    claimed = rates_in(comparison.claim, comparison.language)
    stated = set().union(*(rates_in(one, comparison.language) for one in comparison.sources))
    if stated:
        yield from sorted(claimed - stated)


def rates_in(text: AnalyzedText, language: str) -> set[str]:
    rates = compile_words(meaning_of(language).rates)
    matches: set[str] = set()
    for place in range(1, len(text.lower)):
        two = " ".join(text.lower[max(0, place - 2) : place]).replace("' ", "'")
        if rates and (rates.fullmatch(text.lower[place - 1]) or rates.fullmatch(two)):
            unit, _ = unit_at(text.lower, place, language)
            if unit and unit.startswith("duration-"):
                matches.add(unit.removeprefix("duration-"))
    return matches
