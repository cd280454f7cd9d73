"""A text in clauses, and the words of each clause that say what it is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from audiobrew.lang.language import CompleteLanguage, language_or_default
from audiobrew.lang.meaning_section import Meaning
from audiobrew.script.gate.dates import is_date_word, time_name
from audiobrew.script.gate.figure_parsing import find_amounts
from audiobrew.script.gate.names import find_names
from audiobrew.script.gate.tokens import Token, compile_words, normalize, stem_of, tokenize

_BREAK = re.compile(r"[,;:.!?…()\[\]]|\s[-–—]\s")
_SENTENCE_BREAK = re.compile(r"[.!?…;]")
# A clause with fewer words of content belongs to the clause beside it.
MIN_CONTENT = 2
# Titles before names, with a full stop in most languages.
TITLES = frozenset(("dr", "prof", "mr", "mrs", "ms", "st", "sr", "sra", "sig", "ing", "mme"))
# How the stem begins that stands for all words of one side of an opposition.
OPPOSITION = "=o"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of content: no function word and no frequent verb. `place` is that of its token.

    `stem` stands for all words that mean the same. A number is a word as well; its stem is its value.
    """

    text: str
    stem: str
    place: int
    is_name: bool
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """Part of a sentence. `text` is in lower case; `start` and `end` are places of tokens."""

    text: str
    words: tuple[Word, ...]
    start: int
    end: int
    sentence: int

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words if word.is_name)

    @property
    def content(self) -> frozenset[str]:
        """The stems of words that are neither names nor numbers."""
        return frozenset(word.stem for word in self.words if not (word.is_name or word.is_number))


@dataclass(frozen=True, slots=True)
class AnalyzedText:
    """A text with its tokens in lower case, its words of content, and its clauses.

    General nouns (the team, the city) say little, so they are no words of content, but they may act. They are
    known where nouns have capitals.
    """

    text: str
    tokens: tuple[Token, ...]
    lower: tuple[str, ...]
    words: tuple[Word, ...]
    clauses: tuple[Clause, ...]
    general_nouns: tuple[Word, ...] = ()

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words if word.is_name)

    def participants(self, start: int, end: int) -> list[Word]:
        """The words of content and the general nouns of a stretch of tokens."""
        both = [*self.words, *self.general_nouns] if self.general_nouns else self.words
        return sorted(
            (word for word in both if start <= word.place < end and not word.is_number),
            key=lambda word: word.place,
        )

    def span(self, start: int, end: int) -> str:
        """The text of tokens `start` to `end` in lower case."""
        if start >= end:
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end].casefold()


def meaning_of(language: str) -> Meaning:
    return language_or_default(language).meaning


@cache
def _synonyms(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Sets of words that say the same. The words of one side of an opposition are such a set."""
    meaning = meaning_of(language)
    groups = [(f"={number}", phrase) for number, phrase in enumerate(meaning.synonyms)]
    for kind, sides in ((OPPOSITION, meaning.opposites), ("=c", meaning.converses)):
        for number, group in enumerate(sides):
            groups += [(f"{kind}{number}.{side}", phrase) for side, phrase in enumerate(group)]
    return tuple((name, re.compile(rf"(?<!\w)(?:{phrase})")) for name, phrase in groups)


@lru_cache(maxsize=8192)
def canonical_stem(word: str, language: str) -> str:
    """The stem of a word, or the name of the first set of synonyms that has it."""
    lower = word.casefold()
    for name, pattern in _synonyms(language):
        if pattern.fullmatch(lower):
            return name
    return stem_of(word)


@cache
def _ignored_words(language: str) -> frozenset[str]:
    rules = language_or_default(language)
    own = rules.sentences.function_words if isinstance(rules, CompleteLanguage) else frozenset()
    return frozenset(own | rules.meaning.words)


def is_abbreviation(word: str, language: str) -> bool:
    """Whether a full stop behind a word ends no sentence: Dr. Marsh, M. Lemoine."""
    is_initial = len(word) == 1 and word.isupper()
    return is_initial or word.casefold() in _abbreviations(language)


@cache
def _abbreviations(language: str) -> frozenset[str]:
    words = language_or_default(language).structure.abbreviations
    return TITLES | {word.casefold().removesuffix(".") for word in words}


def is_content(word: str, language: str) -> bool:
    """Whether a word says what a sentence is about."""
    if not word[0].isalpha() or word.endswith("'"):
        return False
    if len(word) > 1 and word.isupper():
        return True
    lower = word.casefold()
    return len(word) > 1 and lower not in _ignored_words(language)


@lru_cache(maxsize=2048)
def analyze(text: str, language: str, known_names: frozenset[str] | None = None) -> AnalyzedText:
    """The words and clauses of a text.

    Given the stems of `known_names`, only these are names, also at the beginning of a sentence.
    """
    normalized = normalize(text)
    tokens = tokenize(text)
    lower = tuple(token.text.casefold() for token in tokens)
    figures, unit_places = find_amounts(tokens, normalized, language)
    numbers = {figure.start: figure for figure in figures if figure.value}
    number_places = {
        place for figure in figures if figure.value for place in range(figure.start, figure.end)
    }
    name_places = {place for place, _ in find_names(tokens, normalized, language, unit_places)}
    negations = compile_words((*meaning_of(language).negations, *meaning_of(language).without))
    words: list[Word] = []
    for place, token in enumerate(tokens):
        if place in numbers:
            value = (numbers[place].value or "").rstrip("%")
            words.append(Word(value, f"#{value}", place, is_name=False, is_number=True))
        elif place in number_places or place in unit_places:
            continue
        elif is_content(token.text, language) and not (
            negations and negations.fullmatch(lower[place])
        ):
            stem = stem_of(token.text)
            is_name = place in name_places
            if known_names is not None:
                is_name = token.text[0].isupper() and stem in known_names
            if not is_name:
                stem = canonical_stem(token.text, language)
            words.append(Word(lower[place], stem, place, is_name))
    denials = compile_words(meaning_of(language).negations)
    spans = list(
        merge_short(
            clause_spans(normalized, tokens, lower, language),
            words,
            {place for place, word in enumerate(lower) if denials and denials.fullmatch(word)},
            refusals_before(normalized, tokens, language),
        )
    )
    clauses = tuple(
        Clause(
            normalized[tokens[start].start : tokens[end - 1].end].casefold(),
            tuple(word for word in words if start <= word.place < end),
            *(start, end, sentence),
        )
        for start, end, sentence in spans
    )
    starts = {clause.start for clause in clauses}
    content_places = {word.place for word in words}
    general_nouns = tuple(
        Word(lower[place], stem_of(token.text), place, is_name=False)
        for place, token in enumerate(tokens)
        if meaning_of(language).capitalized_nouns
        and token.text[0].isupper()
        and place not in starts | content_places | number_places | unit_places
        and lower[place] in meaning_of(language).words
        and not time_name(lower[place], language)
    )
    return AnalyzedText(normalized, tuple(tokens), lower, tuple(words), clauses, general_nouns)


def refusals_before(text: str, tokens: Sequence[Token], language: str) -> set[int]:
    """The places of the clauses that a verb such as "to refuse", at the end of the clause before, denies."""
    refusals = compile_words(meaning_of(language).refusals)
    lower = text.casefold()
    ends = {match.end() for match in refusals.finditer(lower)} if refusals else set[int]()
    return {place + 1 for place, token in enumerate(tokens) if token.end in ends}


def clause_spans(
    text: str, tokens: Sequence[Token], lower: Sequence[str], language: str
) -> Iterator[tuple[int, int, int]]:
    """First token, end and number of the sentence of every clause."""
    conjunctions = compile_words(meaning_of(language).conjunctions)
    start, sentence = 0, 0
    for place in range(1, len(tokens)):
        gap = text[tokens[place - 1].end : tokens[place].start]
        two = " ".join(lower[place : place + 2])
        begins = conjunctions and (
            conjunctions.fullmatch(lower[place]) or conjunctions.fullmatch(two)
        )
        is_ordinal = (
            gap.strip() == "."
            and lower[place - 1].isdigit()
            and (is_date_word(lower[place], language) or tokens[place].text[0].islower())
        )
        is_abbreviated = gap == ". " and is_abbreviation(tokens[place - 1].text, language)
        if is_ordinal or is_abbreviated:
            continue
        if _BREAK.search(gap) or begins:
            yield start, place, sentence
            start = place
        if _SENTENCE_BREAK.search(gap):
            sentence += 1
    if tokens:
        yield start, len(tokens), sentence


def merge_short(
    spans: Iterator[tuple[int, int, int]],
    words: Sequence[Word],
    negations: set[int],
    refusals: set[int],
) -> Iterator[tuple[int, int, int]]:
    """Join clauses with hardly any content to the clause beside them in the same sentence.

    A clause with a negation of its own stays apart. A clause that is refused belongs to the refusal.
    """
    merged: list[tuple[int, int, int]] = []
    for start, end, sentence in spans:
        if merged and merged[-1][2] == sentence:
            first, last, _ = merged[-1]
            counts = [
                sum(begin <= word.place < stop for word in words)
                for begin, stop in ((first, last), (start, end))
            ]
            is_denied = all(counts) and any(first <= place < end for place in negations)
            if start in refusals or (min(counts) < MIN_CONTENT and not is_denied):
                merged[-1] = (first, end, sentence)
                continue
        merged.append((start, end, sentence))
    yield from merged
