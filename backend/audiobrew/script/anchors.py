"""What a sentence states that can be looked up: its figures, names and quotations."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from audiobrew.script.function_words import FUNCTION_WORDS
from audiobrew.script.number_words import CURRENCIES, NUMBERS, OF_HUNDRED, PERCENT, power

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[%€$£¥₹]")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SPACED = re.compile(r"(?<=\d)[\u00a0\u202f\u2009' ](?=\d{3}(?!\d))")
_COINED = re.compile(r"[^\W\d_]*[a-zà-þ][A-ZÀ-Þ][^\W\d_]*")
_QUOTED = (
    re.compile(r"[\"“”„«»‹›]([^\"“”„«»‹›]{2,})[\"“”„«»‹›]"),
    re.compile(r"[「『]([^「」『』]{2,})[」』]"),
    re.compile(r"(?<!\w)[‘‚]([^‘’‚]*(?:\w’\w[^‘’‚]*)*[^‘’‚\s])[’‘](?!\w)"),
)
"""The last are single ones, in which an apostrophe ends nothing."""
JOINING = (["and"], ["y"], ["et"], ["e"])


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


def ground(blocks: Iterable[tuple[str, str]]) -> Ground:
    """Of texts, each with its language."""
    tokens = [(_tokens(block), language) for block, language in blocks]
    return Ground(
        figures=frozenset(
            figure for part, language in tokens for figure in _figures(part, language)
        ),
        words=frozenset(_word(token) for part, _ in tokens for token in part),
        flat=tuple(f" {' '.join(map(_word, part))} " for part, _ in tokens),
    )


def anchors(sentence: str, language: str) -> Anchors:
    tokens = _tokens(sentence)
    return Anchors(
        figures=frozenset(_figures(tokens, language)),
        names=frozenset(_names(tokens, language)),
        coined=frozenset(_word(token) for token in tokens if _COINED.fullmatch(token)),
        quotations=frozenset(
            " ".join(map(_word, _tokens(found)))
            for found in _quoted(_normal(sentence, signs=False))
        ),
    )


def _normal(text: str, *, signs: bool = True) -> str:
    plain = _SPACED.sub("", unicodedata.normalize("NFKC", text))
    return plain.replace("’", "'") if signs else plain


def _quoted(text: str) -> Iterator[str]:
    for form in _QUOTED:
        yield from form.findall(text)


def _tokens(text: str) -> list[str]:
    """Digits and letters apart: 2FA, 50k, 2026-11-23."""
    return _TOKEN.findall(_normal(text))


def _word(token: str) -> str:
    if token[0].isdigit():
        return _number(token)
    return token.casefold().removesuffix("'s")


def _figures(tokens: Sequence[str], language: str) -> Iterator[str]:
    """Numbers with what makes them big or a share, and the currencies named."""
    words = [token.casefold() for token in tokens]
    yield from (CURRENCIES[word] for word in words if word in CURRENCIES)
    place = 0
    while place < len(tokens):
        value, after = _value(tokens, place, language)
        if value is None:
            place = after
            continue
        exponent = 0
        while after < len(words) and (more := power(words[after], language)):
            exponent, after = exponent + more, after + 1
        yield _written(value, exponent) + ("%" if _is_share(words[after : after + 2]) else "")
        place = after


def _is_share(words: Sequence[str]) -> bool:
    if not words:
        return False
    return words[0] in PERCENT or words[-1] in OF_HUNDRED.get(words[0], ())


def _value(tokens: Sequence[str], place: int, language: str) -> tuple[str | None, int]:
    """The number that begins here, if one does, and where it ends: twenty-five is one."""
    token, numbers = tokens[place], NUMBERS.get(language, {})
    if token[0].isdigit():
        return _number(token), place + 1
    value = numbers.get(token.casefold())
    if value and len(value) == 2 and value[1] == "0" and value != "10":
        rest = [one.casefold() for one in tokens[place + 1 : place + 3]]
        joined = 1 if rest[:1] in JOINING else 0
        unit = numbers.get(rest[joined], "") if len(rest) > joined else ""
        if len(unit) == 1 and unit != "0":
            return str(int(value) + int(unit)), place + 2 + joined
    return value, place + 1


def _written(value: str, exponent: int) -> str:
    """One way to write a number, whoever wrote it: 0.4 billion is 400e6, and so is 400,000,000."""
    try:
        number = Decimal(value).scaleb(exponent)
    except ArithmeticError:
        return value
    for power_of_ten in (12, 9, 6):
        if number >= Decimal(1).scaleb(power_of_ten):
            return f"{number.scaleb(-power_of_ten).normalize():f}e{power_of_ten}"
    return f"{number.normalize():f}"


def _number(token: str) -> str:
    """1,200 and 1.200 are 1200; 3,5 and 3.5 are 3.5."""
    if _GROUPED.fullmatch(token):
        token = token.replace(",", "").replace(".", "")
    return token.replace(",", ".").lstrip("0") or "0"


def _names(tokens: list[str], language: str) -> Iterator[str]:
    """Words with a capital letter; the first word too, unless it only joins others."""
    numbers = NUMBERS.get(language, {})
    for token in tokens:
        number = token[0].isdigit() or token.casefold() in numbers
        if token[0].isupper() and not number and _word(token) not in FUNCTION_WORDS:
            yield _word(token)
