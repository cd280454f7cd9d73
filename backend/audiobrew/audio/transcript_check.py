"""Whether a voice said what it was given, by the transcript that it gives of itself.

Two texts are the same if one way to spell the one is a way to spell the other. A word that fills may come,
go or change once in forty; a figure, a negation or any other word may not.
"""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from audiobrew.lang.spellings import Token, is_han, is_kana, tokenize
from audiobrew.lang.spoken_numbers import LANGUAGES_WITH_NUMBER_WORDS

WORDS_A_FILLER = 40
FILLERS = {
    "en": "a an the and that so well just also of oh um uh now then there",
    "de": "der die das den dem des ein eine einen einem einer und also ja auch nun so doch äh dann da",
    "fr": "le la les un une des de du et donc alors bien euh que",
    "es": "el la los las un una unos unas y pues de que bien eh entonces",
    "it": "il lo la i gli le un uno una e di che dunque allora eh",
    "pt": "o a os as um uma e de que então bem",
    "nl": "de het een en dus dan nou ook er uh",
}
"""Never a negation, a figure, or a word that turns what is said around."""
MOST_WORDS_A_NUMBER = 12
MOST_KANA_A_CHARACTER = 4


def is_reworded(text: str, said: str, language: str) -> bool:
    """`language`: BCP 47. Where its number words are not known here, digits stand for any words."""
    alone = language.lower().replace("_", "-").split("-")[0]
    given, heard = tokenize(text, language), tokenize(said, language)
    allowed = -(-len(given) // WORDS_A_FILLER)
    return not _Comparison(given, heard, alone).within(allowed)


class _State(NamedTuple):
    """How far both texts are read. `ahead` is what the one that is further spelled beyond the other."""

    given: int
    heard: int
    ahead: str
    given_leads: bool


class _Comparison:
    def __init__(self, given: Sequence[Token], heard: Sequence[Token], language: str) -> None:
        self.given, self.heard = given, heard
        self.fillers = frozenset(FILLERS.get(language, "").split())
        self.unknown_numbers = language not in LANGUAGES_WITH_NUMBER_WORDS
        self.kana = language == "ja"

    def within(self, allowed: int) -> bool:
        """Whether both can be read to their ends with at most so many fillers changed."""
        end = _State(len(self.given), len(self.heard), "", False)
        waiting: list[tuple[int, int, _State]] = [(0, 0, _State(0, 0, "", False))]
        seen: set[_State] = set()
        while waiting:
            cost, _, state = heappop(waiting)
            if state == end:
                return True
            if state in seen:
                continue
            seen.add(state)
            for more, after in self._steps(state):
                if cost + more <= allowed and after not in seen:
                    heappush(waiting, (cost + more, -after.given - after.heard, after))
        return False

    def _steps(self, state: _State) -> Iterator[tuple[int, _State]]:
        yield from ((0, after) for after in self._spelled_on(state))
        if not state.ahead:
            yield from ((1, after) for after in self._filled(state))
            yield from ((0, after) for after in self._unknown(state))

    def _spelled_on(self, state: _State) -> Iterator[_State]:
        """The text that is behind goes on by a token."""
        given_goes = not state.given_leads
        source, at = (self.given, state.given) if given_goes else (self.heard, state.heard)
        if at == len(source) and not state.ahead:
            given_goes = not given_goes
            source, at = (self.given, state.given) if given_goes else (self.heard, state.heard)
        if at == len(source):
            return
        step = (1, 0) if given_goes else (0, 1)
        for spelling in source[at].spellings:
            if state.ahead.startswith(spelling):
                yield self._at(state, step, state.ahead[len(spelling) :], not given_goes)
            elif spelling.startswith(state.ahead):
                yield self._at(state, step, spelling[len(state.ahead) :], given_goes)

    def _filled(self, state: _State) -> Iterator[_State]:
        ours, theirs = self._fills(self.given, state.given), self._fills(self.heard, state.heard)
        if ours:
            yield self._at(state, (1, 0))
        if theirs:
            yield self._at(state, (0, 1))
        if ours and theirs:
            yield self._at(state, (1, 1))

    def _fills(self, source: Sequence[Token], at: int) -> bool:
        return at < len(source) and bool(source[at].spellings & self.fillers)

    def _unknown(self, state: _State) -> Iterator[_State]:
        """What cannot be looked up here: number words of some languages, and how Japanese is read."""
        for first, second, turned in (
            (self.given[state.given :], self.heard[state.heard :], False),
            (self.heard[state.heard :], self.given[state.given :], True),
        ):
            for one, other in self._in_place(first, second):
                yield self._at(state, (other, one) if turned else (one, other))

    def _in_place(
        self, first: Sequence[Token], second: Sequence[Token]
    ) -> Iterator[tuple[int, int]]:
        """How many tokens of the first may stand for how many of the second."""
        if first and first[0].figure and self.unknown_numbers:
            for count, token in enumerate(second[:MOST_WORDS_A_NUMBER], 1):
                if token.figure:
                    return
                yield 1, count
        if first and self.kana and is_han(first[0].spellings):
            for count, token in enumerate(second[:MOST_KANA_A_CHARACTER], 1):
                if not is_kana(token.spellings):
                    return
                yield 1, count

    def _at(
        self, state: _State, step: tuple[int, int], ahead: str = "", given_leads: bool = False
    ) -> _State:
        leads = given_leads if ahead else False
        return _State(state.given + step[0], state.heard + step[1], ahead, leads)
