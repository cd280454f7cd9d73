"""What a clause denies: its negations, and words such as "without", "to refuse" and "to ban"."""

import re

from audiobrew.script.gate.bounds import limits_in
from audiobrew.script.gate.clauses import Clause, meaning_of
from audiobrew.script.gate.comparison import Pair
from audiobrew.script.gate.tokens import compile_words


def negations_in(
    text: str, language: str, *, denials: tuple[str, ...] | None = None, limits: bool = False
) -> list[str]:
    """The negations of a clause; several that deny once count once.

    `denials` are the words that deny as well. With `limits`, "not before May" denies nothing.
    """
    meaning = meaning_of(language)
    ignored = compile_words((*meaning.not_negations, *meaning.litotes))
    if ignored:
        text = ignored.sub(" ", text)
    matches = find_all(compile_words(meaning.negations), text)
    if meaning.concord:
        matches = matches[:1]
    if limits and limits_in(text, language):
        matches = matches[1:]
    more = compile_words(meaning.denials if denials is None else denials)
    return [*matches, *find_all(more, text)]


def same_negations(pair: Pair, language: str) -> bool:
    """Whether two clauses differ in words such as "to refuse" only, for which other words may stand."""
    meaning = meaning_of(language)
    negations = compile_words((*meaning.negations, *meaning.without))
    ignored = compile_words(meaning.not_negations)
    texts = [
        ignored.sub(" ", one.text) if ignored else one.text for one in (pair.claim, pair.source)
    ]
    return len({bool(find_all(negations, text)) for text in texts}) == 1


def denies_with_without(pair: Pair, language: str) -> bool:
    """Whether one clause says "without" and the other one denies in another way."""
    without = compile_words(meaning_of(language).without)
    texts = (pair.claim.text, pair.source.text)
    return any(
        bool(find_all(without, one)) and bool(negations_in(other, language))
        for one, other in (texts, texts[::-1])
    )


def has_negation_and_denial(text: str, language: str) -> bool:
    """Whether a clause denies in two ways, so that it is not clear what: "not open for lack of staff"."""
    meaning = meaning_of(language)
    denials = compile_words(meaning.denials)
    return bool(denials and denials.search(text)) and len(negations_in(text, language)) > 1


def negated_words(
    clause: Clause,
    anchors: frozenset[str],
    language: str,
    *,
    denials: tuple[str, ...],
    limits: bool,
) -> frozenset[str]:
    """The words among `anchors` that a clause denies.

    Its negations deny all of them, "without" the next one only, and a verb such as "to fail to" none if they
    all stand before it.
    """
    meaning = meaning_of(language)
    count = len(negations_in(clause.text, language, denials=denials, limits=limits))
    refusals, without = compile_words(meaning.refusals), compile_words(meaning.without)
    for match in refusals.finditer(clause.text) if refusals and denials else ():
        after = clause.text[match.end() :].strip(" ,.")
        if not after:  # "could have agreed but refused to"
            continue
        count -= not any(word.stem in anchors and word.text in after for word in clause.words)
    denied = anchors if count % 2 else frozenset[str]()
    for match in without.finditer(clause.text) if without else ():
        parts = {part.strip(",.'") for part in clause.text[match.end() :].split()[:3]}
        following = [word.stem for word in clause.words if word.text in parts][:1]
        denied ^= anchors & set(following)
    return denied


def find_all(pattern: re.Pattern[str] | None, text: str) -> list[str]:
    return [match[0] for match in pattern.finditer(text)] if pattern else []
