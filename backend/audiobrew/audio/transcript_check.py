"""Whether a voice said its text, judged by its own transcript.

Two texts are equal if some spelling of the one is a spelling of the other ("12" and "twelve"). Filler words
may be added, left out or replaced once in forty words; figures, negations and other words may not.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from heapq import heappop, heappush
from itertools import product
from typing import NamedTuple

from audiobrew.lang.cldr import currency_name
from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.lang.language_tag import base_code
from audiobrew.lang.number_spelling import spell_cardinals
from audiobrew.lang.spellings import Token, is_han, is_kana, normalize, tokenize, transcript_rules
from audiobrew.script.notation import LETTER, any_of, notation_of
from audiobrew.script.speech_text import speech_text

# One filler word may differ in a text of this many words, two in twice as many, and so on.
WORDS_PER_FILLER = 40
MAX_WORDS_PER_NUMBER = 12
MAX_KANA_PER_CHARACTER = 4


def is_reworded(text: str, transcript: str, language: str) -> bool:
    """Whether the transcript says something else than the text.

    `language` is a BCP 47 tag. If the number words of the language are unknown, digits may stand for any
    words.
    """
    text_tokens = spoken_tokens(text, language)
    budget = -(-len(text_tokens) // WORDS_PER_FILLER)
    comparison = Comparison(text_tokens, spoken_tokens(transcript, language), base_code(language))
    return not comparison.are_equal(budget)


def spoken_tokens(text: str, language: str) -> list[Token]:
    """The tokens of the text as it is spoken: a transcript may have `$5bn` for "five billion dollars"."""
    code = base_code(language)
    names = currency_names(code)
    speech = normalize(speech_text(text, code))
    return tokenize(currency_pattern(code).sub(lambda match: names[match[0]], speech), language)


@cache
def currency_names(language: str) -> dict[str, str]:
    """The code of each currency's names of several words or parts, all in lower case."""
    codes = sorted(set(notation_of(language).currencies.values()))
    return {
        name: f" {code} ".casefold()
        for code, number in product(codes, map(Decimal, ("1", "2", "5", "100", "1.5")))
        for name in [normalize(currency_name(code, number, language))]
        if not {" ", "-"}.isdisjoint(name) or not symbols_of(language).spaces
    }


@cache
def currency_pattern(language: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?<!{LETTER})|(?<=\d))(?:{any_of(currency_names(language))})(?!{LETTER})"
    )


class State(NamedTuple):
    """How many tokens of both texts have been compared.

    A spelling of one text may be longer than that of the other. `surplus` is its rest, which the other text
    must still match; `text_leads` says that it belongs to the text, not to the transcript.
    """

    text: int
    transcript: int
    surplus: str
    text_leads: bool


class Comparison:
    """Compares two token sequences by searching for the cheapest way to read both to their ends."""

    def __init__(self, text: Sequence[Token], transcript: Sequence[Token], language: str) -> None:
        self.text, self.transcript = text, transcript
        self.fillers = transcript_rules(language).fillers
        self.unknown_numbers = not language_or_default(language).numbers.spelled_out
        self.kana = language == "ja"
        self.one = {normalize(word) for word in spell_cardinals(1, language)}

    def are_equal(self, budget: int) -> bool:
        """Whether both texts can be read to their ends with at most `budget` changes of fillers.

        This is Dijkstra's algorithm: states are visited by their cost, then by how far they are.
        """
        end = State(len(self.text), len(self.transcript), "", False)
        queue: list[tuple[int, int, State]] = [(0, 0, State(0, 0, "", False))]
        visited: set[State] = set()
        while queue:
            cost, _, state = heappop(queue)
            if state == end:
                return True
            if state in visited:
                continue
            visited.add(state)
            for extra, following in self._steps(state):
                if cost + extra <= budget and following not in visited:
                    distance = following.text + following.transcript
                    heappush(queue, (cost + extra, -distance, following))
        return False

    def _steps(self, state: State) -> Iterator[tuple[int, State]]:
        """Every state that may follow, with its cost."""
        yield from ((0, following) for following in self._match_spelling(state))
        if not state.surplus:
            yield from ((1, following) for following in self._change_filler(state))
            yield from ((0, following) for following in self._match_unknown(state))

    def _match_spelling(self, state: State) -> Iterator[State]:
        """Read the next token of the text that is behind, if its spelling fits to the surplus."""
        read_text = not state.text_leads
        source, at = self._source(state, read_text)
        if at == len(source) and not state.surplus:
            read_text = not read_text
            source, at = self._source(state, read_text)
        if at == len(source):
            return
        step = (1, 0) if read_text else (0, 1)
        for spelling in source[at].spellings:
            if state.surplus.startswith(spelling):
                yield advance(state, step, state.surplus[len(spelling) :], not read_text)
            elif spelling.startswith(state.surplus):
                yield advance(state, step, spelling[len(state.surplus) :], read_text)

    def _source(self, state: State, is_text: bool) -> tuple[Sequence[Token], int]:
        return (self.text, state.text) if is_text else (self.transcript, state.transcript)

    def _change_filler(self, state: State) -> Iterator[State]:
        """Skip a filler in one of the texts, or in both."""
        in_text = self._is_filler(self.text, state.text)
        in_transcript = self._is_filler(self.transcript, state.transcript)
        # After a figure, an article may be a part of the number: "trois mille un".
        if self._is_figure(self.text, state.text - 1):
            in_transcript = (
                in_transcript and not self.transcript[state.transcript].spellings & self.one
            )
        if self._is_figure(self.transcript, state.transcript - 1):
            in_text = in_text and not self.text[state.text].spellings & self.one
        if in_text:
            yield advance(state, (1, 0))
        if in_transcript:
            yield advance(state, (0, 1))
        if in_text and in_transcript:
            yield advance(state, (1, 1))

    def _is_figure(self, source: Sequence[Token], at: int) -> bool:
        return 0 <= at < len(source) and source[at].figure

    def _is_filler(self, source: Sequence[Token], at: int) -> bool:
        if at == len(source) or source[at].figure:
            return False
        return bool(source[at].spellings & self.fillers)

    def _match_unknown(self, state: State) -> Iterator[State]:
        """Accept what cannot be looked up: number words of some languages, and readings of Japanese."""
        text, transcript = self.text[state.text :], self.transcript[state.transcript :]
        for one, other in self._replacements(text, transcript):
            yield advance(state, (one, other))
        for one, other in self._replacements(transcript, text):
            yield advance(state, (other, one))

    def _replacements(
        self, first: Sequence[Token], second: Sequence[Token]
    ) -> Iterator[tuple[int, int]]:
        """How many tokens of the first text may stand for how many of the second."""
        if first and first[0].figure and self.unknown_numbers:
            for count, token in enumerate(second[:MAX_WORDS_PER_NUMBER], 1):
                if token.figure:
                    return
                yield 1, count
        if first and self.kana and is_han(first[0].spellings):
            for count, token in enumerate(second[:MAX_KANA_PER_CHARACTER], 1):
                if not is_kana(token.spellings):
                    return
                yield 1, count


def advance(
    state: State, step: tuple[int, int], surplus: str = "", text_leads: bool = False
) -> State:
    """The state after `step` more tokens of the text and of the transcript."""
    leads = text_leads if surplus else False
    return State(state.text + step[0], state.transcript + step[1], surplus, leads)
