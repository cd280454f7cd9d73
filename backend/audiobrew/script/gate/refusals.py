"""Statements whose denial was lost: "secured" for "failed to secure", "uncommon" for "not uncommon"."""

from collections.abc import Iterator

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.script.gate.clauses import meaning_of
from audiobrew.script.gate.comparison import Comparison
from audiobrew.script.gate.negations import negations_in
from audiobrew.script.gate.reversal import conflicting_words, is_close
from audiobrew.script.gate.tokens import compile_words, stem_of, words_of

# Words that a clause must share with a source that refuses what the clause states.
MIN_SHARED_REFUSAL = 2
# Letters by which a word of a litotes is known.
LITOTES_STEM = 4


def dropped_refusal(comparison: Comparison) -> Iterator[str]:
    """A statement that something happens which according to the source fails or is refused."""
    refusals = compile_words(meaning_of(comparison.language).refusals)
    if refusals is None:
        return
    for clause in comparison.claim.clauses:
        sentence = " ".join(
            other.text for other in comparison.claim.clauses if other.sentence == clause.sentence
        )
        if negations_in(sentence, comparison.language) or refusals.search(sentence):
            continue
        for pair in comparison.pairs(clause):
            for match in refusals.finditer(pair.source.text):
                after = pair.source.text[match.end() :]
                denied = [word.stem for word in pair.source.words if word.text in after][:1]
                if (
                    set(denied) & clause.content
                    and len(pair.shared) >= MIN_SHARED_REFUSAL
                    and not conflicting_words(pair, comparison.language)
                    and is_close(pair, comparison.language)
                ):
                    yield match[0]


def dropped_litotes(comparison: Comparison) -> Iterator[str]:
    """A word such as "uncommon" that the sources have only with a negation: "not uncommon"."""
    meaning = meaning_of(comparison.language)
    litotes = compile_words(meaning.litotes)
    if litotes is None:
        return
    stated = [source.text.casefold() for source in comparison.sources]
    turned = {
        word
        for text in stated
        for match in litotes.finditer(text)
        for word in litotes_words(match[0], comparison.language)
    } - {word for text in stated for word in litotes_words(litotes.sub(" ", text), "")}
    for clause in comparison.claim.clauses:
        text = litotes.sub(" ", clause.text)
        if not negations_in(text, comparison.language, denials=()) and comparison.pairs(clause):
            yield from sorted(turned & litotes_words(text, ""))


def reversed_litotes(comparison: Comparison) -> Iterator[str]:
    """A word such as "impossible" for what a source does not rule out."""
    meaning = meaning_of(comparison.language)
    litotes, impossible = compile_words(meaning.litotes), compile_words(meaning.impossible)
    if litotes is None or impossible is None:
        return
    for clause in comparison.claim.clauses:
        match = impossible.search(clause.text)
        if not match or litotes.search(clause.text):
            continue
        if negations_in(litotes.sub(" ", clause.text), comparison.language, denials=()):
            continue
        stems = clause.content - {stem_of(word) for word in words_of(match[0])}
        for source in comparison.sources:
            for other in source.clauses:
                phrase = litotes.search(other.text)
                if phrase and impossible.search(phrase[0]) and stems & other.content:
                    yield match[0]


def litotes_words(text: str, language: str) -> set[str]:
    """The beginnings of the words of a text; of a litotes in a language, only those of what it denies."""
    words = words_of(text)
    if language:
        negations = compile_words(meaning_of(language).negations)
        words = [
            word
            for word in (words[0], *words[-2:])
            if not (negations and negations.fullmatch(word)) and word not in FUNCTION_WORDS
        ]
    return {word[:LITOTES_STEM] for word in words if len(word) >= LITOTES_STEM}
