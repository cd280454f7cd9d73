"""Who does what to whom: finds participants of an action that have exchanged their roles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

from audiobrew.lang.language import CompleteLanguage, language_or_default
from audiobrew.script.gate.clauses import (
    OPPOSITION,
    AnalyzedText,
    Clause,
    Word,
    canonical_stem,
    meaning_of,
)
from audiobrew.script.gate.comparison import Comparison
from audiobrew.script.gate.tokens import compile_words

# Participants on each side of a predicate that are looked at, and tokens before one of them.
PARTICIPANTS, REACH = 4, 3
# Tokens between "by" and an agent's name: by the former head coach Lea Vogt.
AGENT_REACH = 6
# Tokens between an action and its actor's name.
ACTOR_REACH = 3
# The place of winning and losing among the converses of every language.
WINNING = 1


@dataclass(frozen=True, slots=True)
class Role:
    """Two participants of a predicate, in the order of actor and object.

    `is_inferred`: a pronoun stands for one of them. `is_marked`: a preposition or the case of an article, and
    not only the order of words, tells who acts.
    """

    predicate: str
    first: str
    second: str
    is_inferred: bool = False
    is_marked: bool = False


def swapped_roles(comparison: Comparison) -> Iterator[str]:
    """Two participants of the same action who have exchanged their roles."""
    if not tells_by_order(comparison.language):
        return
    stated = [
        role for source in comparison.sources for role in roles_in(source, comparison.language)
    ]
    facts = {(role.predicate, role.first, role.second) for role in stated}
    marked = {(role.predicate, role.first, role.second) for role in stated if role.is_marked}
    claimed = [*roles_in(comparison.claim, comparison.language)]
    # Of "sold the rights to the novels to Plume", "novels" is no predicate.
    confirmed = {
        frozenset((role.first, role.second))
        for role in claimed
        if role.predicate.startswith("converse")
        and (role.predicate, role.first, role.second) in facts
    }
    for role in claimed:
        names = {role.first, role.second} & comparison.claim.names
        is_known_verb = role.predicate.startswith(("=", "converse"))
        if (
            (role.predicate, role.first, role.second) in facts
            or not (
                (names and not role.is_inferred)
                or is_known_verb
                or (role.is_marked and (role.predicate, role.second, role.first) in marked)
            )
            or frozenset((role.first, role.second)) in confirmed
            or any(one.startswith(OPPOSITION) for one in (role.first, role.second))
        ):
            continue
        if (role.predicate, role.second, role.first) in facts:
            yield f"{role.first} {role.second}"


def confirmed_pairs(comparison: Comparison) -> frozenset[frozenset[str]]:
    """The names, or marked nouns, with the same roles for one predicate in the sentence and its sources."""
    facts = {
        (role.predicate, role.first, role.second): role.is_marked
        for source in comparison.sources
        for role in sorted(roles_in(source, comparison.language), key=lambda role: role.is_marked)
    }
    return frozenset(
        frozenset((role.first, role.second))
        for role in roles_in(comparison.claim, comparison.language)
        for key in [(role.predicate, role.first, role.second)]
        if key in facts
        and ({role.first, role.second} <= comparison.claim.names or (role.is_marked and facts[key]))
    )


def exchanged_actors(comparison: Comparison) -> Iterator[str]:
    """Two actions of which each has the other one's actor: written by A and directed by B."""
    claimed = actors_in(comparison.claim, comparison.language)
    stated: dict[str, set[str]] = {}
    for source in comparison.sources:
        for action, names in actors_in(source, comparison.language).items():
            stated.setdefault(action, set()).update(names)
    for first, second in combinations([one for one in claimed if one in stated], 2):
        if (
            claimed[first] & stated[second]
            and claimed[second] & stated[first]
            and claimed[first].isdisjoint(stated[first])
            and claimed[second].isdisjoint(stated[second])
        ):
            yield " ".join(sorted(claimed[first] & stated[second]))


def actors_in(text: AnalyzedText, language: str) -> dict[str, set[str]]:
    """For each word that may be an action, the names beside it: before it, or after "by"."""
    actors: dict[str, set[str]] = {}
    agents = compile_words(meaning_of(language).agents)
    passive = compile_words(meaning_of(language).passive)
    for clause in text.clauses:
        names = [word for word in clause.words if word.is_name]
        stems = {word.place: word.stem for word in clause.words if not word.is_number}
        for place in range(clause.start, clause.end):
            # Verbs of saying are no words of content, but synonyms of others.
            action = stems.get(place) or canonical_stem(text.lower[place], language)
            if any(name.place == place for name in names) or not action.startswith("="):
                continue
            following = text.lower[place + 1 : place + 2]
            is_passive = bool(agents and following and agents.fullmatch(following[0]))
            has_agent = agents is not None and agents.search(text.span(place, clause.end))
            if (
                passive
                and not is_passive
                and has_agent
                and passive.fullmatch(text.lower[place - 1])
            ):
                continue  # "is succeeded as director by": the name before it is no actor
            start = place + 2 if is_passive else place - ACTOR_REACH
            end = place + 2 + ACTOR_REACH if is_passive else place
            if beside := {
                name.stem
                for name in names
                if start <= name.place < end and not is_object(text, name, language)
            }:
                actors.setdefault(action, set()).update(beside)
    return actors


def tells_by_order(language: str) -> bool:
    """Whether the order of words tells who does what. Where names have cases, it does not."""
    return not meaning_of(language).name_paradigms or bool(meaning_of(language).agents)


def confirmed_converses(comparison: Comparison) -> frozenset[int]:
    """The converses that the sentence has with the same roles as its sources."""
    facts = {
        (role.predicate, role.first, role.second)
        for source in comparison.sources
        for role in roles_in(source, comparison.language)
    }
    claimed = [*roles_in(comparison.claim, comparison.language)]
    contradicted = {
        role.predicate for role in claimed if (role.predicate, role.second, role.first) in facts
    }
    predicates = {
        role.predicate
        for role in claimed
        if (role.predicate, role.first, role.second) in facts
        and (
            {role.first, role.second} <= comparison.claim.names
            or role.predicate not in contradicted
        )
    }
    return frozenset(
        number
        for number in range(len(converse_patterns(comparison.language)))
        if f"converse{number}" in predicates or (number == WINNING and "against" in predicates)
    )


def roles_in(text: AnalyzedText, language: str) -> Iterator[Role]:
    """The participants of every predicate in a text, as far as word order tells them."""
    meaning = meaning_of(language)
    passive = compile_words(meaning.passive)
    for clause in text.clauses:
        words = text.participants(clause.start, clause.end)
        yield from opponents(text, clause, language)
        is_passive = bool(passive and passive.search(clause.text))
        subject = antecedent_of(text, clause, language)
        for word in words:
            if not may_be_predicate(text, word, language):
                continue
            hinge = auxiliary_before(text, word, clause.start, language)
            predicate, is_converse = predicate_of(word, language)
            is_deal = predicate.startswith("converse") or (
                not is_passive and is_rejection(word, language)
            )
            before = participants(
                text, [one for one in words if one.place < hinge], language, names=is_deal
            )
            after = participants(
                text,
                [one for one in words if one.place > hinge and one is not word],
                *(language,),
                names=is_deal,
            )
            inferred: list[Word] = []
            if subject or not before:
                inferred = subject or resumed_subject(text, clause, language)
                before = [*inferred, *before]
            if not before and has_subject_behind(text, hinge, language):
                before = [one for one in after if not is_agent(text, one, language)][:1]
                after = [one for one in after if before and one.place > before[0].place + 1]
            if is_deal:  # the other party may be far away: sold the rights to the novels to Plume
                parties = {
                    one.place
                    for one in after
                    if one.is_name or has_preposition(text, one, meaning.parties, language)
                }
                before.sort(key=lambda one: one.is_name)
                after.sort(key=lambda one: (one.place not in parties, not one.is_name))
                agents = [one for one in after if is_agent(text, one, language)]
                for first, second in product(agents, after):
                    if second.place in parties and second not in agents:
                        pair = (second, first) if is_converse else (first, second)
                        yield Role(predicate, pair[0].stem, pair[1].stem, is_marked=True)
            for first, second in product(before[-PARTICIPANTS:], after[:PARTICIPANTS]):
                is_acted_upon = is_passive and is_agent(text, second, language)
                is_first_object = is_object(text, first, language)
                is_marked = (
                    is_acted_upon or is_first_object or has_object_mark(text, second, language)
                )
                swap = is_acted_upon ^ is_converse ^ is_first_object
                pair = (second, first) if swap else (first, second)
                yield Role(predicate, pair[0].stem, pair[1].stem, first in inferred, is_marked)


def antecedent_of(text: AnalyzedText, clause: Clause, language: str) -> list[Word]:
    """What the pronoun at the beginning of a clause stands for: the noun or the name before it.

    "The museum, which borrowed it", "Ida Moe leaves; she succeeds her father".
    """
    meaning = meaning_of(language)
    conjunctions = compile_words(meaning.conjunctions)
    start = clause.start
    if conjunctions and conjunctions.fullmatch(text.lower[start]) and start + 1 < clause.end:
        start += 1
    first, following = text.lower[start], text.lower[start + 1 : start + 2]
    is_relative = first in meaning.relatives and not (
        (following and (following[0] in meaning.pronouns | meaning.determiners))
        or text.tokens[min(start + 1, len(text.tokens) - 1)].text[0].isupper()
    )
    if not is_relative and first not in meaning.pronouns:
        return []
    names = [word for word in text.participants(0, clause.start) if is_relative or word.is_name][
        -PARTICIPANTS:
    ]
    last = names[-1:]
    while last and last[0].is_name:
        before = [one for one in names if one.is_name and one.place == last[0].place - 1]
        if not before:
            break
        last = [*before, *last]
    return last


def resumed_subject(text: AnalyzedText, clause: Clause, language: str) -> list[Word]:
    """The subject of a clause that goes on after a relative clause: "Iger, who leads it, will retire"."""
    place = text.clauses.index(clause)
    before = text.clauses[place - 1] if place else clause
    is_relative = text.lower[before.start] in meaning_of(language).relatives
    same_sentence = place > 0 and before.sentence == clause.sentence
    return antecedent_of(text, before, language) if is_relative and same_sentence else []


def opponents(text: AnalyzedText, clause: Clause, language: str) -> Iterator[Role]:
    """Who acts against whom."""
    meaning = meaning_of(language)
    words = text.participants(clause.start, clause.end)
    is_lost = any(predicate_of(word, language) == (f"converse{WINNING}", True) for word in words)
    against = compile_words((*meaning.against, *(meaning.losing_to if is_lost else ())))
    for place in range(clause.start, clause.end):
        if against and against.fullmatch(text.lower[place]):
            before = [word for word in words if word.place < place][-PARTICIPANTS:]
            after = [word for word in words if word.place > place][:REACH]
            for first, second in product(before, after):
                pair = (second, first) if is_lost else (first, second)
                yield Role("against", pair[0].stem, pair[1].stem)
                if is_lost:
                    yield Role(f"converse{WINNING}", pair[0].stem, pair[1].stem)


def may_be_predicate(text: AnalyzedText, word: Word, language: str) -> bool:
    """Whether a word may be a verb: it is no name, and no article or preposition is before it.

    A deal may be an infinitive after a preposition: a pagar.
    """
    meaning = meaning_of(language)
    is_capital = meaning.capitalized_nouns and text.tokens[word.place].text[0].isupper()
    before = text.lower[word.place - 1] if word.place else ""
    if before in meaning.parties and predicate_of(word, language)[0].startswith("converse"):
        return not (word.is_name or is_capital)
    return not (word.is_name or is_capital or before in meaning.determiners)


def auxiliary_before(text: AnalyzedText, word: Word, start: int, language: str) -> int:
    """Where the verb of a clause stands: at the word itself, or at its auxiliary, as in German."""
    auxiliaries = compile_words(meaning_of(language).auxiliaries)
    for place in range(word.place - 1, start, -1):
        if auxiliaries and auxiliaries.fullmatch(text.lower[place]):
            return place
    return word.place


def has_subject_behind(text: AnalyzedText, hinge: int, language: str) -> bool:
    """Whether the verb comes second, and a name or an article is behind it: nun folgt Jan Vogt."""
    meaning = meaning_of(language)
    if not meaning.auxiliaries or hinge + 1 >= len(text.tokens):
        return False
    is_name = meaning.capitalized_nouns and any(
        word.is_name and word.place == hinge + 1 for word in text.words
    )
    return is_name or text.lower[hinge + 1] in meaning.determiners


def is_agent(text: AnalyzedText, word: Word, language: str) -> bool:
    """Whether "by" is before a participant."""
    agents = compile_words(meaning_of(language).agents)
    reach = AGENT_REACH if word.is_name else REACH
    places = range(max(0, word.place - reach), word.place)
    return any(
        bool(agents and agents.fullmatch(text.lower[place]))
        and "," not in text.text[text.tokens[place].end : text.tokens[word.place].start]
        for place in places
    )


def has_object_mark(text: AnalyzedText, word: Word, language: str) -> bool:
    """Whether an article or a preposition shows that a participant after the verb is its object."""
    return has_object_article(text, word, language) or has_preposition(
        text, word, meaning_of(language).object_prepositions, language
    )


def has_object_article(text: AnalyzedText, word: Word, language: str) -> bool:
    articles = meaning_of(language).object_articles
    return any(text.lower[place] in articles for place in range(max(0, word.place - 2), word.place))


def is_object(text: AnalyzedText, word: Word, language: str) -> bool:
    """Whether an article or a preposition shows that a participant before the verb is its object."""
    meaning = meaning_of(language)
    clause_words = [
        other.place
        for clause in text.clauses
        if clause.start <= word.place < clause.end
        for other in clause.words
    ]
    names = {other.place for other in text.words if other.is_name}
    is_first = all(place >= word.place or place in names for place in clause_words)
    return has_object_article(text, word, language) or (
        is_first and has_preposition(text, word, meaning.object_prepositions, language)
    )


def has_preposition(
    text: AnalyzedText, word: Word, prepositions: tuple[str, ...], language: str
) -> bool:
    """Whether one of these prepositions stands before a noun or name, at most with its article between."""
    pattern = compile_words(prepositions)
    names = {one.place for one in text.words if one.is_name}
    for place in range(word.place - 1, max(-1, word.place - 1 - REACH), -1):
        if pattern and pattern.fullmatch(text.lower[place]):
            return "," not in text.text[text.tokens[place].end : text.tokens[word.place].start]
        if text.lower[place] not in meaning_of(language).determiners and place not in names:
            return False
    return False


def is_rejection(word: Word, language: str) -> bool:
    rejections = compile_words(meaning_of(language).rejections)
    return bool(rejections and rejections.fullmatch(word.text))


def participants(
    text: AnalyzedText, words: Sequence[Word], language: str, *, names: bool
) -> list[Word]:
    """The words that are no place or time: no preposition is before them.

    With `names`, names count in any case, as the buyer does in "sold to". Those who only say so do
    not: "..., says Bo Lindqvist".
    """
    meaning = meaning_of(language)
    rules = language_or_default(language)
    attributions = (
        rules.sentences.attributions if isinstance(rules, CompleteLanguage) else frozenset()
    )

    def is_adverbial(word: Word) -> bool:
        places = [
            place
            for place in range(max(0, word.place - REACH), word.place)
            if "," not in text.text[text.tokens[place].end : text.tokens[word.place].start]
        ]
        before = [text.lower[place] for place in places]
        if any(
            text.lower[place] in attributions
            and "," in text.text[text.tokens[place - 1].end : text.tokens[place].start]
            for place in range(max(1, word.place - REACH), word.place)
        ):
            return True
        if names and (word.is_name or has_preposition(text, word, meaning.parties, language)):
            return False
        return any(one in meaning.places for one in before) and not is_agent(text, word, language)

    return [word for word in words if not is_adverbial(word)]


def predicate_of(word: Word, language: str) -> tuple[str, bool]:
    """The name of a predicate, and whether it exchanges its participants, as selling does with buying."""
    for number, sides in enumerate(converse_patterns(language)):
        for side, pattern in enumerate(sides):
            if pattern.fullmatch(word.text):
                return f"converse{number}", side == 1
    return word.stem, False


@cache
def converse_patterns(language: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(
        tuple(re.compile(f"(?:{side})") for side in group)
        for group in meaning_of(language).converses
    )
