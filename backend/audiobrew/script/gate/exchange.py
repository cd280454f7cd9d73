"""Words that have changed places with each other: "A sued B" for "B sued A", in nearly the same sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from audiobrew.script.gate.clauses import OPPOSITION, AnalyzedText, Word, meaning_of
from audiobrew.script.gate.comparison import Comparison
from audiobrew.script.gate.dates import time_name
from audiobrew.script.gate.overlap import in_order
from audiobrew.script.gate.rankings import is_turned
from audiobrew.script.gate.roles import confirmed_pairs, is_agent, tells_by_order
from audiobrew.script.gate.tokens import compile_words

# A sentence is compared with one that has this share of its tokens.
MIN_TOKENS = 0.6
# Tokens that fit in their order only after the exchange: the two that changed places.
MIN_GAIN = 2
# An article may be this many tokens before its noun.
ARTICLE_REACH = 2
# Shorter words outside the lists are articles, prepositions and auxiliaries.
MIN_TELLING = 5
# How many tokens farther a word counts from a name in another clause.
CLAUSE_DISTANCE = 10
# Words of content that two nouns have exchanged, at least; two names may have fewer.
MIN_CROSSED = 4
# Two nouns with at most so many tokens between them may be one phrase.
MIN_APART = 3
# Tokens between a name and a word that says who it is.
ATTRIBUTE_REACH = 1
_PAUSE = re.compile(r"[,;:()]|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name of one or more words, or another word, among the tokens of a sentence.

    `form` stands for all its inflected forms, and `place` is that of its last token. A word is telling if it
    is one of content or as long as one. `mark` tells a possessor or the agent of a passive.
    """

    form: str
    place: int
    is_telling: bool
    is_participant: bool
    mark: str


def exchanged_places(comparison: Comparison) -> Iterator[str]:
    """Two names or nouns of a sentence that fit their source only in each other's place."""
    language = comparison.language
    if not tells_by_order(language):
        return
    sources = [
        (source, sentence, phrases)
        for source in comparison.sources
        for sentence in sentences_in(source)
        for phrases in [phrases_in(source, *sentence, language)]
    ]
    confirmed = confirmed_pairs(comparison)
    for sentence in sentences_in(comparison.claim):
        claim = phrases_in(comparison.claim, *sentence, language)
        forms = [one.form for one in claim]
        for source, source_sentence, stated in sources:
            stated_forms = [one.form for one in stated]
            common = sum(form in stated_forms for form in forms)
            if (
                common < max(MIN_TOKENS * len(forms), MIN_GAIN + 1)
                or has_other_voice(
                    comparison.claim.span(*sentence), source.span(*source_sentence), language
                )
                or has_converse(forms, stated_forms)
                or is_turned(
                    comparison.claim.span(*sentence), source.span(*source_sentence), language
                )
            ):
                continue
            for first, second in inverted_pairs(claim, stated):
                if (
                    frozenset((forms[first], forms[second])) in confirmed
                    or is_list(comparison.claim, claim[first : second + 1], language)
                    or not has_same_middle(claim, stated, (first, second))
                ):
                    continue
                exchanged = [*forms]
                exchanged[first], exchanged[second] = forms[second], forms[first]
                if in_order(exchanged, stated_forms) >= in_order(forms, stated_forms) + MIN_GAIN:
                    yield f"{forms[first]} {forms[second]}"


def has_same_middle(
    claim: Sequence[Phrase], stated: Sequence[Phrase], pair: tuple[int, int]
) -> bool:
    """Whether between two participants is what the source has there, and both are marked in the same way."""
    first, second = (claim[place].form for place in pair)
    forms = [one.form for one in stated]
    middle = forms[forms.index(second) + 1 : last_place(forms, first)]
    between = claim[pair[0] + 1 : pair[1]]
    return (
        any(one.form in middle for one in between)
        and all(one.form in forms for one in between if one.is_telling)
        and marks(claim, first, second)
        in (marks(stated, first, second), marks(stated, second, first))
    )


def sentences_in(text: AnalyzedText) -> Iterator[tuple[int, int]]:
    """The first token of every sentence, and its end."""
    for number in sorted({clause.sentence for clause in text.clauses}):
        clauses = [clause for clause in text.clauses if clause.sentence == number]
        yield clauses[0].start, clauses[-1].end


def phrases_in(text: AnalyzedText, start: int, end: int, language: str) -> list[Phrase]:
    """The tokens of a sentence but its articles, which differ with their nouns; a name is one phrase."""
    meaning = meaning_of(language)
    agents = compile_words(meaning.agents)
    words = {word.place: word for word in text.words}
    phrases: list[Phrase] = []
    for place in range(start, end):
        word = words.get(place)
        next_word = words.get(place + 1)
        is_continued = (
            word is not None
            and next_word is not None
            and word.is_name
            and next_word.is_name
            and place + 1 < end
            and not text.text[text.tokens[place].end : text.tokens[place + 1].start].strip()
        )
        is_article = (
            word is None
            and text.lower[place] in meaning.determiners
            and text.lower[place] not in meaning.places
        )
        if not is_continued and not is_article:
            form = word.stem if word else text.lower[place].removesuffix("'s")
            is_participant = may_be_participant(
                text, place, word, language
            ) and not form.startswith(OPPOSITION)
            is_telling = word is not None or len(form) >= MIN_TELLING
            mark = "'s" if text.lower[place].endswith("'s") else ""
            if agents and phrases and agents.fullmatch(phrases[-1].form):
                mark = "by"
            phrases.append(Phrase(form, place, is_telling, is_participant, mark))
    return phrases


def may_be_participant(text: AnalyzedText, place: int, word: Word | None, language: str) -> bool:
    """Whether a token is a name or, by its article or its capital letter, a noun."""
    meaning = meaning_of(language)
    if word and (word.is_name or word.is_number):
        return word.is_name
    lower = text.lower[place]
    if not lower[0].isalpha() or lower in meaning.determiners or time_name(lower, language):
        return False
    conjunctions = compile_words(meaning.conjunctions)
    if conjunctions and conjunctions.fullmatch(lower):
        return False
    is_capital = word is not None and text.tokens[place].text[0].isupper()
    if is_capital or meaning.capitalized_nouns:
        return is_capital
    before = text.lower[max(0, place - ARTICLE_REACH) : place]
    return any(one in meaning.determiners for one in before)


def inverted_pairs(claim: Sequence[Phrase], stated: Sequence[Phrase]) -> Iterator[tuple[int, int]]:
    """Pairs of participants that are in the other order in the source."""
    forms = [one.form for one in stated]
    participants = [place for place, one in enumerate(claim) if one.is_participant]
    for first, second in combinations(participants, 2):
        one, other = claim[first].form, claim[second].form
        if (
            one != other
            and one in forms
            and other in forms
            and forms.index(other) < last_place(forms, one)
        ):
            yield first, second


def last_place(forms: Sequence[str], form: str) -> int:
    return len(forms) - 1 - forms[::-1].index(form)


def marks(phrases: Sequence[Phrase], first: str, second: str) -> tuple[set[str], set[str]]:
    """How two participants are marked, wherever they are."""
    pairs = {(one.form, one.mark) for one in phrases if one.mark}
    return (
        {mark for form, mark in pairs if form == first},
        {mark for form, mark in pairs if form == second},
    )


def has_other_voice(claim: str, source: str, language: str) -> bool:
    """Whether only one of two sentences has the "by" of a passive, so that actor and object change places."""
    agents = compile_words(meaning_of(language).agents)
    return agents is not None and bool(agents.search(claim)) != bool(agents.search(source))


def has_converse(claim: Sequence[str], stated: Sequence[str]) -> bool:
    """Whether a sentence has a converse or an opposite of a word of its source, and so changes places."""
    sides = {form for form in stated if form.startswith(("=c", OPPOSITION))}
    groups = {form.partition(".")[0] for form in sides}
    return any(form.partition(".")[0] in groups and form not in sides for form in claim)


def is_list(text: AnalyzedText, phrases: Sequence[Phrase], language: str) -> bool:
    """Whether phrases are coordinated, so that their order says nothing."""
    meaning = meaning_of(language)
    conjunctions = compile_words(meaning.conjunctions)
    is_coordinated = False
    for before, one in pairwise(phrases):
        gap = text.text[text.tokens[before.place].end : text.tokens[one.place].start]
        token = text.lower[one.place]
        is_conjunction = bool(conjunctions and conjunctions.fullmatch(token))
        is_coordinated |= is_conjunction or "," in gap
        is_verb_or_preposition = not (
            is_conjunction
            or one.is_participant
            or token in meaning.object_articles
            or len(token) < 4
        )
        if is_verb_or_preposition:
            return False
    return is_coordinated


def exchanged_contexts(comparison: Comparison) -> Iterator[str]:
    """Two names or nouns of a sentence that have what the source says of the other one beside them."""
    language = comparison.language
    confirmed = confirmed_pairs(comparison)
    texts = (comparison.claim, *comparison.sources)
    common = set[str]().union(*(nouns_in(source, None, language) for source in comparison.sources))
    for sentence in sentences_in(comparison.claim) if tells_by_order(language) else ():
        nouns = nouns_in(comparison.claim, sentence, language)
        names = nouns & comparison.claim.names
        for pair in map(frozenset, combinations(sorted(names | nouns & common), 2)):
            is_named = pair <= names
            are_apart = (
                not any(are_coordinated(text, pair, language) for text in texts)
                if is_named
                else all(distance_between(text, pair) > MIN_APART for text in texts)
            )
            agents = agents_of(comparison.claim, pair, language)
            stated_agents = set[str]().union(
                *(agents_of(source, pair, language) for source in comparison.sources)
            )
            if pair in confirmed or not are_apart or agents != stated_agents:
                continue
            votes = context_votes(comparison, sentence, pair)
            crossed = [name for name, is_straight in votes if not is_straight]
            has_both = len(set(crossed)) == len(pair) and len(crossed) == len(votes)
            if has_both and (is_named or len(crossed) >= MIN_CROSSED):
                yield " ".join(sorted(pair))


def context_votes(
    comparison: Comparison, sentence: tuple[int, int], pair: frozenset[str]
) -> list[tuple[str, bool]]:
    """For each word that is nearest to one of two names, that name, and whether it is so in the source.

    The words that say who a name is go with it, and tell nothing.
    """
    language = comparison.language
    claimed = nearest_names([comparison.claim], sentence, pair, language)
    stated = nearest_names(comparison.sources, None, pair, language)
    attributes = attributes_of(comparison.claim, pair) & set[tuple[str, str]]().union(
        *(attributes_of(source, pair) for source in comparison.sources)
    )
    return [
        (name, name in stated[stem])
        for stem, nearest in claimed.items()
        for name in nearest
        if len(nearest) == 1 and len(stated.get(stem, ())) == 1 and (stem, name) not in attributes
    ]


def nouns_in(text: AnalyzedText, sentence: tuple[int, int] | None, language: str) -> frozenset[str]:
    """The stems of the names and nouns of a sentence, or of a text, that may act."""
    start, end = sentence or (0, len(text.tokens))
    counted = {word.place + 1 for word in text.words if word.is_number}
    return frozenset(
        word.stem
        for word in text.words
        if start <= word.place < end
        and (not word.is_name or is_capital_name(text, word))
        and (word.is_name or may_be_participant(text, word.place, word, language))
        and word.place not in counted
        and not word.stem.startswith((OPPOSITION, "=c"))
    )


def is_capital_name(text: AnalyzedText, word: Word) -> bool:
    """Whether a word is a name, and no part of an address."""
    return word.is_name and text.tokens[word.place].text[0].isupper()


def distance_between(text: AnalyzedText, pair: frozenset[str]) -> int:
    """The fewest tokens between two words of a text; many if it has only one of them."""
    first, second = (
        [word.place for word in text.words if word.stem == stem] for stem in sorted(pair)
    )
    return min((abs(one - other) for one in first for other in second), default=MIN_APART + 1)


def attributes_of(text: AnalyzedText, names: frozenset[str]) -> set[tuple[str, str]]:
    """The words directly before or after one of the names, which say who it is: Mr Bright, the chain Noor."""
    return {
        (word.stem, name.stem)
        for name in text.words
        if name.stem in names
        for word in text.words
        if not word.is_name and 0 < abs(word.place - name.place) <= ATTRIBUTE_REACH
    }


def agents_of(text: AnalyzedText, names: frozenset[str], language: str) -> set[str]:
    """Those of the names before which the "by" of a passive stands."""
    return {
        word.stem for word in text.words if word.stem in names and is_agent(text, word, language)
    }


def nearest_names(
    texts: Sequence[AnalyzedText],
    sentence: tuple[int, int] | None,
    names: frozenset[str],
    language: str,
) -> dict[str, set[str]]:
    """For each word of content of a sentence, or of all, which of these names is nearest to it there."""
    nearest: dict[str, set[str]] = {}
    for text in texts:
        for start, end in [sentence] if sentence else sentences_in(text):
            words = [word for word in text.words if start <= word.place < end]
            name_words = [word for word in words if word.stem in names]
            for word in words:
                if name_words and not (word.is_name or word.is_number or word.stem in names):
                    name = min(name_words, key=lambda one: distance(text, one, word, language))
                    nearest.setdefault(word.stem, set()).add(name.stem)
    return nearest


def distance(text: AnalyzedText, first: Word, second: Word, language: str) -> int:
    """How many tokens are between two words; many more if a clause ends there."""
    start, end = sorted((first.place, second.place))
    conjunctions = compile_words(meaning_of(language).conjunctions)
    joined = {word.place - 1 for word in text.words if word.is_name}
    ends = sum(
        bool(_PAUSE.search(text.text[text.tokens[place].end : text.tokens[place + 1].start]))
        or bool(place not in joined and conjunctions and conjunctions.fullmatch(text.lower[place]))
        for place in range(start, end)
    )
    return end - start + CLAUSE_DISTANCE * ends


def are_coordinated(text: AnalyzedText, names: frozenset[str], language: str) -> bool:
    """Whether two names are beside each other, with no more than "and" between them."""
    name_words = [word for word in text.words if word.stem in names]
    name_places = {word.place for word in text.words if word.is_name}
    conjunctions = compile_words(meaning_of(language).conjunctions)
    return any(
        first.stem != second.stem
        and all(
            bool(conjunctions and conjunctions.fullmatch(text.lower[place]))
            or text.lower[place] in meaning_of(language).determiners
            or place in name_places
            for place in range(first.place + 1, second.place)
        )
        for first, second in pairwise(name_words)
    )
