"""Whether a sentence says what its sources say: compares negations, opposites, hedges, roles and content.

These are rules, not understanding. Each rule compares a clause with the clause of the sources that is most
like it, and rejects only what it recognizes as different. The words come from the languages' files.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from audiobrew.script.gate.actors import changed_parts, displaced_actors
from audiobrew.script.gate.bounds import changed_bound
from audiobrew.script.gate.clauses import AnalyzedText, Clause, Word, analyze, meaning_of
from audiobrew.script.gate.comparison import MIN_SHARE, Comparison, Pair
from audiobrew.script.gate.dates import is_date_word
from audiobrew.script.gate.exchange import exchanged_contexts, exchanged_places, sentences_in
from audiobrew.script.gate.names import spelled_out_places
from audiobrew.script.gate.negations import negations_in
from audiobrew.script.gate.rankings import swapped_ranking
from audiobrew.script.gate.refusals import dropped_litotes, dropped_refusal, reversed_litotes
from audiobrew.script.gate.reversal import reversed_statement
from audiobrew.script.gate.roles import exchanged_actors, swapped_roles
from audiobrew.script.gate.tokens import (
    compile_words,
    normalize,
    normalize_word,
    stem_of,
    tokenize,
)
from audiobrew.script.gate.units import unit_at

# A sign before a number.
_SIGN = re.compile(r"(?:^|(?<=[\s(]))[-−–+]$")
# What ends a clause.
_CLAUSE_END = re.compile(r"[,;:.!?…]")
# Words of content in a row that no source has.
MAX_NEW_WORDS = 4
# A clause with this many words of content, all of them new, is invented.
MIN_INVENTED = 2
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
        exchanged_places,
        exchanged_contexts,
        reversed_statement,
        changed_relation,
        dropped_refusal,
        dropped_litotes,
        reversed_litotes,
        exchanged_actors,
        changed_bound,
        removed_hedge,
        added_certainty,
        swapped_roles,
        swapped_ranking,
        another_subject,
        changed_parts,
        displaced_actors,
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
    words = words_with_signs(sentence)
    return any(
        words in [words_with_signs(part) for part in source_sentences(text)] for text in texts
    )


@lru_cache(maxsize=4096)
def words_with_signs(text: str) -> tuple[str, ...]:
    """The words of a text, and the plus and minus signs before its numbers."""
    normalized, words = normalize(text), list[str]()
    for token in tokenize(text):
        sign = _SIGN.search(normalized[: token.start]) if token.text[0].isdigit() else None
        words += [sign[0][-1].replace("−", "-").replace("–", "-")] if sign else []
        words.append(normalize_word(token.text))
    return tuple(words)


@cache
def _sentence_end() -> re.Pattern[str]:
    return re.compile(r"(?<=[.!?…])[\"”»]?\s+")


def source_sentences(text: str) -> list[str]:
    return [text, *_sentence_end().split(text)]


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


def changed_relation(comparison: Comparison) -> Iterator[str]:
    """Before for after, more than for less than, with the same word after it.

    "Only before noon" says the same as "not after noon".
    """
    exclusives = compile_words(meaning_of(comparison.language).exclusives)
    texts = [comparison.claim.text, *(source.text for source in comparison.sources)]
    if (
        exclusives
        and any(exclusives.search(text.casefold()) for text in texts)
        and any(negations_in(text.casefold(), comparison.language) for text in texts)
    ):
        return
    for sides in relation_patterns(comparison.language):
        language = comparison.language
        claimed = [related(side, comparison.claim, language) for side in sides]
        stated = [
            set().union(*(related(side, source, language) for source in comparison.sources))
            for side in sides
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


def related(pattern: re.Pattern[str], text: AnalyzedText, language: str) -> set[tuple[str, str]]:
    """Each place where a relation is, as its words and the next word of content or number in its clause."""
    pairs: set[tuple[str, str]] = set()
    conjunctions = compile_words(meaning_of(language).conjunctions)
    for match in pattern.finditer(text.text.casefold()):
        following = [word for word in text.words if text.tokens[word.place].start >= match.end()][
            :1
        ]
        if following:
            word = following[0]
            first = next(
                (n for n, token in enumerate(text.tokens) if token.start >= match.end()), word.place
            )
            gap = text.text[match.end() : text.tokens[word.place].start].casefold()
            ends = _CLAUSE_END.search(gap) or (conjunctions and conjunctions.search(gap))
            if word.place - first < RELATION_REACH and not ends:
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
        ignored = compile_words(meaning.not_hedges)
        pairs = [pair for pair in comparison.pairs(clause) if covers(pair)]
        # A hedge beside a clause concerns it unless the clause is the source's own.
        is_copy = bool(pairs) and all(clause.stems <= pair.source.stems for pair in pairs)
        texts = [clause.text] if is_copy else sentence
        if any(hedges.search(ignored.sub(" ", text) if ignored else text) for text in texts):
            continue
        if negations_in(clause.text, comparison.language, denials=()):
            continue
        removed = [
            removed_from(pair, comparison.sources, strong, ignored, comparison.language)
            for pair in pairs
        ]
        present = {match[0] for text in sentence for match in hedges.finditer(text)}
        if removed and all(removed) and not present.issuperset(removed):
            yield removed[0]


def added_certainty(comparison: Comparison) -> Iterator[str]:
    """A word such as "definitely" or "proves" in a sentence whose source is not certain."""
    meaning = meaning_of(comparison.language)
    certainties = compile_words(meaning.certainties)
    hedges = compile_words((*meaning.hedges, *meaning.weak_hedges))
    if certainties is None or hedges is None:
        return
    stated = {
        match[0]
        for source in comparison.sources
        for match in certainties.finditer(source.text.casefold())
    }
    for start, end in sentences_in(comparison.claim):
        text = comparison.claim.span(start, end)
        added = [match[0] for match in certainties.finditer(text) if match[0] not in stated]
        if added and not negations_in(text, comparison.language, denials=()):
            stems = {word.stem for word in comparison.claim.words if start <= word.place < end}
            source = most_similar_sentence(stems, comparison.sources)
            if hedges.search(source):
                yield added[0]


def most_similar_sentence(stems: set[str], sources: Sequence[AnalyzedText]) -> str:
    """The sentence of the sources that has the most of these words; empty if none has one."""
    scores = {
        source.span(start, end): sum(
            word.stem in stems for word in source.words if start <= word.place < end
        )
        for source in sources
        for start, end in sentences_in(source)
    }
    best = max(scores, key=lambda text: scores[text], default="")
    return best if scores.get(best) else ""


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
    language: str,
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
                if (
                    hedged_stems(source, clause, match.end(), language)
                    & pair.shared - pair.claim.names
                ):
                    return match[0]
    return ""


def hedged_stems(source: AnalyzedText, clause: Clause, end: int, language: str) -> set[str]:
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
        and not (word.is_name or is_date_word(word.text, language))
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
