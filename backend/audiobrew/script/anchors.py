"""What a sentence states that can be looked up: its figures, names and quotations."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from audiobrew.script.function_words import FUNCTION_WORDS
from audiobrew.script.number_words import CURRENCIES, MAGNITUDES, NUMBERS, PERCENT

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[%€$£¥₹]")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SPACED = re.compile(r"(?<=\d)[\u00a0\u202f\u2009' ](?=\d{3}(?!\d))")
_COINED = re.compile(r"[^\W\d_]*[a-zà-þ][A-ZÀ-Þ][^\W\d_]*")
_QUOTED = re.compile(r"[\"“”„«»‹›]([^\"“”„«»‹›]{2,})[\"“”„«»‹›]")


@dataclass(frozen=True, slots=True)
class Anchors:
    """`figures` carry their magnitude and percent sign, as in `12e6` and `4.5%`; `coined` are the names
    that every language writes alike, such as OpenAI and YouTube."""

    figures: frozenset[str]
    names: frozenset[str]
    coined: frozenset[str]
    quotations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the cited blocks hold, in the same form."""

    figures: frozenset[str]
    words: frozenset[str]
    flat: tuple[str, ...]

    def lacks(self, quotation: str) -> bool:
        return not any(f" {quotation} " in text for text in self.flat)


def ground(blocks: list[str]) -> Ground:
    tokens = [_tokens(block) for block in blocks]
    return Ground(
        figures=frozenset(figure for part in tokens for figure in _figures(part)),
        words=frozenset(_word(token) for part in tokens for token in part),
        flat=tuple(f" {' '.join(map(_word, part))} " for part in tokens),
    )


def anchors(sentence: str) -> Anchors:
    tokens = _tokens(sentence)
    return Anchors(
        figures=frozenset(_figures(tokens)),
        names=frozenset(_names(tokens)),
        coined=frozenset(_word(token) for token in tokens if _COINED.fullmatch(token)),
        quotations=frozenset(
            " ".join(map(_word, _tokens(found))) for found in _QUOTED.findall(_normal(sentence))
        ),
    )


def _normal(text: str) -> str:
    return _SPACED.sub("", unicodedata.normalize("NFKC", text).replace("’", "'"))


def _tokens(text: str) -> list[str]:
    """Digits and letters apart: 2FA, 50k, 2026-11-23."""
    return _TOKEN.findall(_normal(text))


def _word(token: str) -> str:
    if token[0].isdigit():
        return _number(token)
    return token.casefold().removesuffix("'s")


def _figures(tokens: list[str]) -> Iterator[str]:
    """Numbers with what makes them big or a share, and the currencies named."""
    for place, token in enumerate(tokens):
        if token.casefold() in CURRENCIES:
            yield CURRENCIES[token.casefold()]
        value = _value(token)
        if value is None:
            continue
        after = tokens[place + 1].casefold() if place + 1 < len(tokens) else ""
        yield value + MAGNITUDES.get(after, "%" if after in PERCENT else "")


def _value(token: str) -> str | None:
    return _number(token) if token[0].isdigit() else NUMBERS.get(token.casefold())


def _number(token: str) -> str:
    """1,200 and 1.200 are 1200; 3,5 and 3.5 are 3.5."""
    if _GROUPED.fullmatch(token):
        token = token.replace(",", "").replace(".", "")
    return token.replace(",", ".").lstrip("0") or "0"


def _names(tokens: list[str]) -> Iterator[str]:
    """Words with a capital letter; the first word too, unless it only joins others."""
    for token in tokens:
        if token[0].isupper() and _word(token) not in FUNCTION_WORDS and _value(token) is None:
            yield _word(token)
