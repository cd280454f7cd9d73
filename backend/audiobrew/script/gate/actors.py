"""Who acts and who is acted upon: finds one participant of an action who has become the other.

`roles` compares pairs of participants, both of whom must be named. Here one is enough: "The pilot corrected
him" for "he corrected the pilot", "A was replaced by B" for "A replaced B", whoever else is only a pronoun.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from audiobrew.script.gate.clauses import OPPOSITION, AnalyzedText, Clause, Word, meaning_of
from audiobrew.script.gate.comparison import Comparison
from audiobrew.script.gate.dates import is_date_word
from audiobrew.script.gate.exchange import may_be_participant
from audiobrew.script.gate.roles import (
    antecedent_of,
    auxiliary_before,
    has_preposition,
    has_subject_behind,
    is_agent,
    is_object,
    may_be_predicate,
    predicate_of,
    tells_by_order,
)
from audiobrew.script.gate.tokens import compile_words

# Tokens between an action and its participant.
REACH = 6
# Tokens between a subject and its verb, and before the verb in a clause that goes on without a subject.
SUBJECT_REACH, VERB_REACH = 5, 2
# The endings of words for people who act, such as leader and executive.
AGENT_ENDINGS = ("er", "or", "ers", "ors", "ive")
# What begins a clause behind the object that it is about: the choice that she made.
LINKS = frozenset(("que", "qu'", "that", "whom", "dat"))
# Object pronouns before a verb, after which its subject may follow: si lo autoriza Bruselas.
OBJECT_PRONOUNS = frozenset(("lo", "la", "los", "las", "le", "les", "l'", "li", "gli", "o", "a"))
ARTICLE_AND_NOUN = 2
# Tokens between the auxiliary of a passive and its participle.
PASSIVE_REACH = 4


class Part(StrEnum):
    ACTOR = "actor"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Action:
    """A participant of an action, and what part it has. `predicate` stands for all forms of the verb.

    `others` are the names of the clause on the other side of the verb.
    """

    predicate: str
    participant: str
    part: Part
    others: frozenset[str] = frozenset()


def changed_parts(comparison: Comparison) -> Iterator[str]:
    """An actor of the source who is acted upon in the sentence, or the reverse."""
    if not tells_by_order(comparison.language):
        return
    # What is certainly a verb in one of the texts is one directly after a noun in the others as well.
    verbs = frozenset(
        action.predicate
        for text in (comparison.claim, *comparison.sources)
        for action in actions_in(text, comparison.language)
    )
    claimed = parts_of(comparison.claim, comparison.language, verbs)
    stated: dict[tuple[str, str], set[Part]] = {}
    for source in comparison.sources:
        for key, parts in parts_of(source, comparison.language, verbs).items():
            stated.setdefault(key, set()).update(parts)
    for (predicate, participant), parts in claimed.items():
        others = stated.get((predicate, participant), set())
        if len(parts) == len(others) == 1 and parts != others:
            yield f"{participant} {predicate}"


def displaced_actors(comparison: Comparison) -> Iterator[str]:
    """An action whose actor in the source is somebody else, with the sentence's actor across its verb.

    "The thesis of Paul was directed by Alice" for "Paul directed the thesis of Alice". Two words for one
    participant are not on two sides of one verb.
    """
    language = comparison.language
    if not tells_by_order(language):
        return
    claimed = parts_of(comparison.claim, language, frozenset())
    stated: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    for source in comparison.sources:
        for action in actions_in(source, language):
            if action.part is Part.ACTOR:
                stated.setdefault(action.predicate, set()).add(action.participant)
            others.setdefault(action.predicate, set()).update(action.others)
    for (predicate, participant), parts in claimed.items():
        actors = stated.get(predicate, set())
        own = {
            key[1] for key, value in claimed.items() if key[0] == predicate and Part.ACTOR in value
        }
        if (
            parts == {Part.ACTOR}
            and not predicate.startswith("converse")
            and actors
            and actors.isdisjoint(own)
            and participant in others[predicate] & comparison.claim.names
        ):
            yield f"{participant} {predicate}"


def parts_of(
    text: AnalyzedText, language: str, verbs: frozenset[str]
) -> dict[tuple[str, str], set[Part]]:
    parts: dict[tuple[str, str], set[Part]] = {}
    for action in actions_in(text, language, verbs):
        parts.setdefault((action.predicate, action.participant), set()).add(action.part)
    return parts


def actions_in(
    text: AnalyzedText, language: str, verbs: frozenset[str] = frozenset()
) -> Iterator[Action]:
    """The participants of every word that may be a verb, as far as the order of words tells them.

    A word directly after a noun with an article is taken for a verb only if it is one of `verbs`: "the tram
    replaces" and "the tram company" look alike.
    """
    for number, clause in enumerate(text.clauses):
        for word in clause.words:
            if (
                not word.is_number
                and may_be_predicate(text, word, language)
                and (
                    not may_be_participant(text, word.place, word, language)
                    or (word.stem in verbs and follows_noun(text, word, language))
                )
                and not is_date_word(word.text, language)
                and not word.text.endswith(AGENT_ENDINGS)
            ):
                yield from actions_of(text, number, clause, word, language)


def follows_noun(text: AnalyzedText, word: Word, language: str) -> bool:
    """Whether a noun with its article stands directly before a word, and none after it: the tram replaces."""
    determiners = meaning_of(language).determiners
    before, following = text.lower[max(0, word.place - 2) : word.place], word.place + 1
    return (
        len(before) == ARTICLE_AND_NOUN
        and before[0] in determiners
        and before[1] not in determiners
        and not any(one.place == following for one in text.words)
    )


def actions_of(
    text: AnalyzedText, number: int, clause: Clause, verb: Word, language: str
) -> Iterator[Action]:
    predicate, is_converse = predicate_of(verb, language)
    is_deal = predicate.startswith("converse")
    if predicate.startswith(OPPOSITION):  # what rises is raised
        return
    if is_auxiliary(text, verb.place + 1, language):  # a German clause with the verb at its end
        return
    hinge = auxiliary_before(text, verb, clause.start, language)
    is_passive = is_passive_at(text, clause, verb, language)
    before = heads_in(text, clause.start, hinge, language)
    after = [
        one
        for one in heads_in(text, hinge + 1, clause.end, language)
        if one.place != verb.place and abs(one.place - verb.place) <= REACH
    ]
    subject = before[-1:] or subject_before(text, number, hinge, language)
    if not subject and has_subject_behind(text, hinge, language):
        subject = [one for one in after if not is_agent(text, one, language)][:1]
        after = [one for one in after if subject and one.place > subject[0].place + 1]
    if not subject or (before and hinge - subject[0].place > SUBJECT_REACH):
        return
    agents = [one for one in after if is_agent(text, one, language)] if is_passive else []
    if is_passive and not agents:  # "is drunk" is no passive
        return
    if has_other_order(text, subject[0], hinge, verb, before, language):
        return
    is_turned = is_passive ^ is_converse ^ is_object(text, subject[0], language)
    first, second = (Part.OBJECT, Part.ACTOR) if is_turned else (Part.ACTOR, Part.OBJECT)
    is_object_known = text.lower[verb.place - 1] in OBJECT_PRONOUNS
    others = agents[:1] if is_passive else after[: not is_object_known]
    if is_deal and not is_passive:  # the thing is no party
        parties = meaning_of(language).parties
        others = [
            one
            for one in heads_in(text, hinge + 1, clause.end, language, parties)
            if has_preposition(text, one, parties, language)
        ][-1:] or [one for one in after[:1] if one.is_name and one.place == verb.place + 1]
    across = frozenset(
        word.stem
        for word in text.words
        if word.is_name
        and subject[0] in before
        and clause.start <= word.place < clause.end
        and (word.place > verb.place) == (subject[0].place < verb.place)
    )
    for part, heads in ((first, subject), (second, others)):
        for head in heads:
            names = name_group(text, head)
            yield from (Action(predicate, one.stem, part, across) for one in names)


def has_other_order(
    text: AnalyzedText, subject: Word, hinge: int, verb: Word, before: list[Word], language: str
) -> bool:
    """Whether the word before a verb may be its object: another subject, or its conjunction, is between them.

    So it is if two nouns are before a verb at the end of its clause. With a number before it or a common word
    after it, what seems to be the verb is a noun or an adjective: two warnings, chief executive Moe.
    """
    meaning = meaning_of(language)
    conjunctions = compile_words(meaning.conjunctions)
    between = text.lower[subject.place + 1 : hinge] if subject in before else ()
    is_counted = any(word.is_number and word.place == verb.place - 1 for word in text.words)
    following = [word for word in text.words if word.place == verb.place + 1]
    is_attribute = any(not (one.is_name or one.is_number) for one in following)
    is_last = bool(meaning.auxiliaries) and hinge == verb.place and len(before) > 1
    return (
        is_counted
        or is_attribute
        or is_last
        or any(
            one in meaning.pronouns | LINKS or (conjunctions and conjunctions.fullmatch(one))
            for one in between
        )
    )


def subject_before(text: AnalyzedText, number: int, hinge: int, language: str) -> list[Word]:
    """The subject of a clause that has none of its own before its verb, from the clauses before it.

    It goes on after a relative clause, an apposition or a conjunction: "Moe, a vet, trained her and left".
    """
    clause = text.clauses[number]
    if subject := antecedent_of(text, clause, language):
        return [subject[0]]
    before = [one for one in text.clauses[:number] if one.sentence == clause.sentence]
    if not before or hinge - clause.start > VERB_REACH:
        return []
    for one in reversed(before):
        if heads := heads_in(text, one.start, one.end, language):
            return heads[:1]
    return []


def is_auxiliary(text: AnalyzedText, place: int, language: str) -> bool:
    auxiliaries = compile_words(meaning_of(language).auxiliaries)
    words = text.lower[place : place + 1]
    return auxiliaries is not None and any(auxiliaries.fullmatch(word) for word in words)


def is_passive_at(text: AnalyzedText, clause: Clause, verb: Word, language: str) -> bool:
    passive = compile_words(meaning_of(language).passive)
    agents = compile_words(meaning_of(language).agents)
    gap = text.text[text.tokens[verb.place - 1].end : text.tokens[verb.place].start]
    reach = PASSIVE_REACH if verb.place == 0 or "," in gap else 1
    following = text.lower[verb.place + 1 : verb.place + 1 + reach]
    if agents and any(map(agents.fullmatch, following)):  # a comet discovered by Mirela Popov
        return True
    start = clause.start if meaning_of(language).auxiliaries else verb.place - PASSIVE_REACH
    end = clause.end if meaning_of(language).auxiliaries else verb.place
    return passive is not None and any(
        passive.fullmatch(text.lower[place]) for place in range(max(clause.start, start), end)
    )


def heads_in(
    text: AnalyzedText, start: int, end: int, language: str, parties: tuple[str, ...] = ()
) -> list[Word]:
    """The names and nouns of a stretch of tokens before which no preposition, or one of `parties`, stands."""
    meaning = meaning_of(language)
    heads: list[Word] = []
    for word in text.participants(start, end):
        if not may_be_participant(text, word.place, word, language):
            continue
        before = [text.lower[place] for place in range(max(start, word.place - 3), word.place)]
        is_adverbial = any(one in meaning.places for one in before)
        is_party = has_preposition(text, word, parties, language)
        is_place = " ".join(text.lower[word.place - 1 : word.place + 1]) in meaning.places
        if is_place or (is_adverbial and not (is_party or is_agent(text, word, language))):
            continue
        if heads and heads[-1].place == word.place - 1 and heads[-1].is_name and word.is_name:
            continue  # the group begins with its first name
        heads.append(word)
    return heads


def name_group(text: AnalyzedText, head: Word) -> list[Word]:
    """A name of several words, given its first one."""
    words = {word.place: word for word in text.words}
    group = [head]
    while head.is_name and (following := words.get(group[-1].place + 1)) and following.is_name:
        group.append(following)
    return group
