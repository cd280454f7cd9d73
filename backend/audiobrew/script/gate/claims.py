"""What a sentence states that can be looked up: its figures, names, quotations and addresses."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import CompleteLanguage, language_or_default
from audiobrew.mail.newsletter import Block
from audiobrew.script.gate.addresses import (
    Destinations,
    addresses,
    calls_to_action,
    destinations_in,
    merge_destinations,
)
from audiobrew.script.gate.dates import dates_follow, find_dates
from audiobrew.script.gate.derived_figures import (
    Mentions,
    follows_from,
    is_count,
    is_factor_at,
    is_second,
)
from audiobrew.script.gate.figure_parsing import find_amounts
from audiobrew.script.gate.figures import Figure, every_reading, figures_of, missing_figures
from audiobrew.script.gate.lookalikes import as_seen, is_foreign
from audiobrew.script.gate.names import (
    bare_name,
    find_names,
    has_phrase_for,
    is_initials,
    is_weak_name,
    lacks_name,
    spelled_out_places,
    sure_names,
)
from audiobrew.script.gate.quotations import Quotation, keeps_its_meaning, quotations
from audiobrew.script.gate.same_names import has_other_name
from audiobrew.script.gate.tokens import (
    Token,
    compile_words,
    normalize,
    normalize_word,
    places_of,
    tokenize,
    words_of,
)
from audiobrew.script.gate.units import unit_at

# A lower-case letter before a capital, as in OpenAI.
_MIXED_CASE = re.compile(r"[a-zà-þ][A-ZÀ-Þ]")
# After one of these characters, a word may have a capital only because it begins a sentence or a part of it.
_BEGINNINGS = frozenset(".:!?…\"“”„«»‹›'‘‚(—–-•¿¡[/\n")
# If a larger share of the words has capitals, the text is a title, and capitals say nothing.
TITLE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Claims:
    """What a sentence states.

    `tokens` are those of the sentence, and `name_places` the places of its names among them.
    `universal_names` are spelled alike in every language, such as OpenAI and YouTube. `capitals` are function
    words that are names because of their capitals, such as WHO and Son. `dates` holds months and weekdays as
    they are written, each with what it means. `text` is the normalized sentence.
    """

    amounts: tuple[Figure, ...]
    tokens: tuple[Token, ...]
    name_places: tuple[int, ...]
    dates: tuple[tuple[str, str], ...]
    universal_names: frozenset[str]
    capitals: frozenset[str]
    quotations: tuple[Quotation, ...]
    addresses: frozenset[str]
    calls_to_action: frozenset[str]
    falls: bool
    text: str
    language: str

    @property
    def figures(self) -> frozenset[str]:
        return figures_of(self.amounts)

    @property
    def has_facts(self) -> bool:
        """Whether it states a figure, a name or a date."""
        return bool(self.amounts or self.name_places or self.dates)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(normalize_word(self.tokens[place].text) for place in self.name_places)

    @property
    def weak_names(self) -> set[str]:
        """The names that may as well be common words. In German, function words may be nouns."""
        is_noun = language_or_default(self.language).meaning.capitalized_nouns
        nouns = {word for word in self.capitals if is_noun and not word.isupper()}
        return nouns | {
            normalize_word(bare_name(self.tokens[place].text))
            for place in self.name_places
            if is_weak_name(self.tokens, self.text, place, self.language)
        }

    @property
    def quoted_texts(self) -> frozenset[str]:
        return frozenset(" ".join(words_of(quotation.text)) for quotation in self.quotations)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What cited blocks contain, in the same form as `Claims`.

    `words` are normalized, `spellings` are the same words as they are written, and `sequence` has them in
    order. `names` are those that are surely names. `initials` are those of names of several words.
    `multiples` are numbers that other words stand for, such as twice, and `units` those without a number.
    `texts` are the blocks' normalized texts, each with its language.
    """

    amounts: tuple[Figure, ...]
    words: frozenset[str]
    spellings: frozenset[str]
    sequence: tuple[str, ...]
    names: frozenset[str]
    initials: frozenset[str]
    multiples: frozenset[str]
    units: frozenset[str]
    dates: frozenset[str]
    texts: tuple[tuple[str, str], ...]
    destinations: Destinations

    @property
    def figures(self) -> frozenset[str]:
        return figures_of(self.amounts)

    @property
    def lower_text(self) -> str:
        """The words in order, in lower case."""
        return " ".join(self.sequence).casefold()

    def missing_figures(self, claims: Claims, *, translated: bool = False) -> set[str]:
        """Figures and dates that no block contains, and figures with another unit or sign there."""
        missing = {text for _, text in self._missing_amounts(claims)}
        dates = set() if translated and not self.dates else claims.dates
        # A season may stand for a month, but not for another season.
        has_season = any(date.startswith("season") for date in self.dates)
        return missing | {
            spelling
            for spelling, date in dates
            if date not in self.dates and (has_season or not date.startswith("season"))
        }

    def derived_figures(self, claims: Claims, years: frozenset[int] = frozenset()) -> set[str]:
        """Figures that no block contains but that may follow from what they contain.

        `years` are those in which the blocks were written: what began in 1986 began forty years ago.
        """
        months = frozenset(
            int(date.split("-")[1]) for date in self.dates if date.startswith("month")
        )
        mentions = Mentions(self.units, months, self.multiples, years)
        figures = {
            text
            for figure, text in self._missing_amounts(claims)
            for is_factor in [is_factor_at(figure, claims.tokens, claims.language)]
            if follows_from(figure, self.amounts, mentions, is_factor=is_factor)
            or is_second(figure, claims.tokens, claims.language)
            or is_count(figure, claims.tokens)
        }
        dates = {
            spelling
            for spelling, date in claims.dates
            if any(dates_follow(date, self.dates, text, language) for text, language in self.texts)
        }
        return figures | dates

    def _missing_amounts(self, claims: Claims) -> list[tuple[Figure, str]]:
        # What is twice as large makes the other one half as large.
        halves = {"0.5"} if "2" in self.multiples else set[str]()
        multiples = [Figure(value, None) for value in self.multiples | halves]
        sources = [*self.amounts, *multiples]
        return list(missing_figures(claims.amounts, sources, falls=claims.falls))

    def missing_names(
        self, claims: Claims, *, translated: bool, allowed: frozenset[str] = frozenset()
    ) -> set[str]:
        """Names and addresses that no block contains. Of a translation's names, only universal ones count.

        `allowed` are the names of the newsletter and its author.
        """
        names = set(claims.universal_names - self.words - allowed)
        capitals = set[str]()
        if not translated:
            names = self._missing_words(claims, allowed)
            capitals = {
                name
                for name in claims.capitals - self.spellings - self.initials
                if not has_phrase_for(name, self.sequence)
                and not any(
                    has_other_name(claims.tokens, place, self.lower_text, claims.language)
                    for place, token in enumerate(claims.tokens)
                    if token.text == name
                )
            }
        return {
            *names,
            *capitals,
            *(address for address in claims.addresses if self.destinations.lacks(address)),
        }

    def _missing_words(self, claims: Claims, allowed: frozenset[str]) -> set[str]:
        spelled_out = spelled_out_places(claims.tokens, self.spellings)
        missing: set[str] = set()
        for place in claims.name_places:
            spelling = bare_name(claims.tokens[place].text)
            if is_initials(spelling) and has_phrase_for(spelling, self.sequence):
                continue
            if has_other_name(claims.tokens, place, self.lower_text, claims.language):
                continue
            word = normalize_word(spelling)
            if place not in spelled_out and lacks_name(
                word, self.words, allowed, claims.language, first=place == 0, names=self.names
            ):
                missing.add(word)
        return missing

    def missing_quotations(self, claims: Claims) -> set[str]:
        """Quotations that no block contains with the same meaning."""
        return {
            " ".join(words_of(quotation.text))
            for quotation in claims.quotations
            if not any(
                keeps_its_meaning(quotation, claims.language, text, language, start, end)
                for text, language in self.texts
                for start, end in places_of(words_of(quotation.text), text)
            )
        }

    def missing_calls_to_action(self, claims: Claims) -> set[str]:
        """Calls to action that no block contains, as whole words."""
        return {
            action
            for action in claims.calls_to_action
            if not any(any(places_of(words_of(action), text)) for text, _ in self.texts)
        }


@lru_cache(maxsize=2048)
def claims_in(sentence: str, language: str) -> Claims:
    """What a sentence in this language states."""
    text = normalize(sentence)
    tokens = tokenize(sentence)
    amounts, unit_places = find_amounts(tokens, text, language)
    capitals = frozenset(function_word_names(tokens, text, language, unit_places))
    names = find_names(tokens, text, language, unit_places)
    return Claims(
        amounts=tuple(amounts),
        tokens=tuple(tokens),
        name_places=tuple(place for place, _ in names if tokens[place].text not in capitals),
        dates=tuple(find_dates(tokens, language)),
        universal_names=frozenset(
            normalize_word(token.text)
            for token in tokens
            if _MIXED_CASE.search(token.text) or is_foreign(token.text, language)
        ),
        capitals=capitals,
        quotations=tuple(quotations(as_seen(sentence))),
        addresses=frozenset(addresses(sentence)),
        calls_to_action=frozenset(calls_to_action(sentence)),
        falls=says_falling(text, language),
        text=text,
        language=language,
    )


def evidence_in(blocks: Iterable[tuple[Block | str, str]]) -> Evidence:
    """What blocks contain, each given with its language."""
    parts = [
        evidence_in_text(block, (), language)
        if isinstance(block, str)
        else evidence_in_text(block.text, tuple(link.url for link in block.links), language)
        for block, language in blocks
    ]
    if len(parts) == 1:
        return parts[0]
    return Evidence(
        amounts=tuple(amount for part in parts for amount in part.amounts),
        words=frozenset[str]().union(*(part.words for part in parts)),
        spellings=frozenset[str]().union(*(part.spellings for part in parts)),
        sequence=tuple(word for part in parts for word in part.sequence),
        names=frozenset[str]().union(*(part.names for part in parts)),
        initials=frozenset[str]().union(*(part.initials for part in parts)),
        multiples=frozenset[str]().union(*(part.multiples for part in parts)),
        units=frozenset[str]().union(*(part.units for part in parts)),
        dates=frozenset[str]().union(*(part.dates for part in parts)),
        texts=tuple(text for part in parts for text in part.texts),
        destinations=merge_destinations([part.destinations for part in parts]),
    )


@lru_cache(maxsize=2048)
def evidence_in_text(text: str, links: tuple[str, ...], language: str) -> Evidence:
    """What one block contains. `links` holds the URLs of its links."""
    tokens, normalized = tokenize(text), normalize(text)
    multiples = language_or_default(language).meaning.multiples
    words = frozenset(normalize_word(token.text) for token in tokens)
    amounts, unit_places = find_amounts(tokens, normalized, language)
    return Evidence(
        amounts=tuple(every_reading(amounts)),
        words=words,
        spellings=frozenset(token.text for token in tokens),
        sequence=tuple(token.text for token in tokens),
        names=sure_names(tokens, normalized, language, unit_places),
        initials=frozenset(initials_of(tokens)),
        multiples=frozenset(
            f"{value:g}"
            for word in words
            if word in multiples
            for values in [multiples[word]]
            for value in (values if isinstance(values, tuple) else (values,))
        ),
        units=frozenset(units_without_number(tokens, unit_places, language)),
        dates=frozenset(date for _, date in find_dates(tokens, language, ambiguous=True)),
        texts=((normalized, language),),
        destinations=destinations_in(text, links),
    )


def units_without_number(
    tokens: Sequence[Token], unit_places: set[int], language: str
) -> Iterator[str]:
    """The units that a text names without a number: last week, a year earlier."""
    words = [token.text.casefold() for token in tokens]
    for place in range(len(words)):
        unit, _ = unit_at(words, place, language) if place not in unit_places else (None, 0)
        if unit:
            yield unit


def says_falling(text: str, language: str) -> bool:
    """Whether a text says that something fell: the second side of the first opposition in the file."""
    opposites = language_or_default(language).meaning.opposites
    falling = compile_words(opposites[0][1:2]) if opposites else None
    return bool(falling and falling.search(text.casefold()))


def function_word_names(
    tokens: Sequence[Token], text: str, language: str, unit_places: set[int]
) -> Iterator[str]:
    """Function words that are names here because of their capitals: the WHO, IT, Son Heung-min.

    A function word of the sentence's own language that begins something has a capital for that reason. A
    word in capitals only is always a name.
    """
    letters = [token for token in tokens if token.text[0].isalpha()]
    capitals = sum(token.text[0].isupper() for token in letters)
    if not letters or capitals > TITLE_SHARE * len(letters):
        return
    own_words, pronouns = FUNCTION_WORDS, frozenset[str]()
    rules = language_or_default(language)
    if isinstance(rules, CompleteLanguage):
        own_words = rules.sentences.function_words | rules.meaning.words
        pronouns = rules.sentences.capitalized_pronouns
    for place, token in enumerate(tokens):
        word, folded = token.text, token.text.casefold()
        if place in unit_places or not word[0].isupper() or folded not in FUNCTION_WORDS:
            continue
        if word.endswith("'"):
            continue
        if len(word) > 1 and word.isupper():
            yield word
        elif len(word) > 1 and folded not in pronouns:
            before = text[: token.start]
            begins = before.rstrip()[-1:] in _BEGINNINGS or not before.strip()
            if not begins or folded not in own_words:
                yield word


def initials_of(tokens: Sequence[Token]) -> Iterator[str]:
    """The initials of names of two to five words: WHO of the World Health Organization."""
    for length in (2, 3, 4, 5):
        for start in range(len(tokens) - length + 1):
            words = [token.text for token in tokens[start : start + length]]
            if all(word[0].isupper() for word in words):
                yield "".join(word[0] for word in words)
