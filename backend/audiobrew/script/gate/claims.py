"""What a sentence states that can be looked up: its figures, names, quotations and addresses."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS, OF_LANGUAGE, POLITE
from audiobrew.lang.number_words import CURRENCIES, NUMBERS, OF_HUNDRED, PERCENT, power
from audiobrew.mail.newsletter import Block
from audiobrew.script.gate.addresses import Reached, addresses, joined, orders, reached
from audiobrew.script.gate.currencies import (
    COMPOUND,
    SIGNS,
    Currency,
    currency_after,
    currency_before,
    currency_named,
)
from audiobrew.script.gate.lookalikes import as_seen, is_foreign
from audiobrew.script.gate.quotations import Quotation, keeps_its_meaning, quotations

_TOKEN = re.compile(rf"{COMPOUND}|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[%€{SIGNS}]")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_SPACED = re.compile(r"(?<=\d)[\u00a0\u202f\u2009' ](?=\d{3}(?!\d))")
_COINED = re.compile(r"[a-zà-þ][A-ZÀ-Þ]")
_BEGINS = frozenset(".:!?…\"“”„«»‹›'‘‚(—–-•¿¡[/\n")
"""After these a word has a capital because it begins something."""
TITLE_SHARE = 0.6
"""Where more words than that have capitals, all are a title's."""
JOINING = (["and"], ["y"], ["et"], ["e"])


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its magnitude and percent sign, as in `12e6` and `4.5%`, or the mention of a currency.

    `alone`: nothing that it counts follows it.
    """

    value: str | None
    currency: Currency | None
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Claims:
    """`coined` are the names that every language writes alike, such as OpenAI and YouTube; `capitals` the
    words that are names because of how they are written: WHO, Son."""

    amounts: tuple[Figure, ...]
    names: frozenset[str]
    coined: frozenset[str]
    capitals: frozenset[str]
    quoted: tuple[Quotation, ...]
    addresses: frozenset[str]
    orders: frozenset[str]
    language: str

    @property
    def figures(self) -> frozenset[str]:
        return _plain(self.amounts)

    @property
    def quotations(self) -> frozenset[str]:
        return frozenset(" ".join(_words(one.said)) for one in self.quoted)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the cited blocks hold, in the same form."""

    amounts: tuple[Figure, ...]
    words: frozenset[str]
    written: frozenset[str]
    initials: frozenset[str]
    texts: tuple[tuple[str, str], ...]
    reached: Reached

    @property
    def figures(self) -> frozenset[str]:
        return _plain(self.amounts)

    def unfounded_figures(self, stated: Claims) -> set[str]:
        """Numbers that no block holds, currencies that none names, and numbers of another currency."""
        missing = {one.value for one in stated.amounts if one.value} - self.figures
        for one in stated.amounts:
            if one.currency is None:
                continue
            named = [held for held in self.amounts if _founds(held, one.currency)]
            if not named:
                missing.add(one.currency.code)
            elif (
                one.value and one.value not in missing and not self._holds(one.value, one.currency)
            ):
                missing.add(f"{one.value} {one.currency.code}")
        return missing

    def _holds(self, value: str, currency: Currency) -> bool:
        return any(
            held.value == value
            and (_founds(held, currency) or (held.currency is None and held.alone))
            for held in self.amounts
        )

    def unfounded_names(self, stated: Claims, *, translated: bool) -> set[str]:
        """Names that no block holds; addresses and odd letters are looked up in translations, too."""
        names = (stated.coined if translated else stated.names) - self.words
        capitals = frozenset[str]() if translated else stated.capitals
        return {
            *names,
            *(one for one in capitals if one not in self.written | self.initials),
            *(one for one in stated.addresses if self.reached.lacks(one)),
        }

    def unfounded_quotations(self, stated: Claims) -> set[str]:
        """Words that nobody said in one block, or that meant something else where they were said."""
        return {
            " ".join(_words(one.said))
            for one in stated.quoted
            if not any(
                keeps_its_meaning(one, stated.language, text, language, start, end)
                for text, language in self.texts
                for start, end in _places(_words(one.said), text)
            )
        }

    def unfounded_orders(self, stated: Claims) -> set[str]:
        return {one for one in stated.orders if one.split()[0] not in self.reached.text}


def evidence_in(blocks: Iterable[tuple[Block | str, str]]) -> Evidence:
    """Of blocks, each with its language."""
    every = [_ground_of(_text(block), _links(block), language) for block, language in blocks]
    if len(every) == 1:
        return every[0]
    return Evidence(
        amounts=tuple(figure for one in every for figure in one.amounts),
        words=frozenset[str]().union(*(one.words for one in every)),
        written=frozenset[str]().union(*(one.written for one in every)),
        initials=frozenset[str]().union(*(one.initials for one in every)),
        texts=tuple(text for one in every for text in one.texts),
        reached=joined([one.reached for one in every]),
    )


@lru_cache(maxsize=2048)
def _ground_of(text: str, links: tuple[str, ...], language: str) -> Evidence:
    tokens = _tokens(text)
    return Evidence(
        amounts=tuple(_amounts(tokens, language)[0]),
        words=frozenset(_word(token.text) for token in tokens),
        written=frozenset(token.text for token in tokens),
        initials=frozenset(_initials(tokens)),
        texts=((_normal(text), language),),
        reached=reached(text, links),
    )


def claims_in(sentence: str, language: str) -> Claims:
    text = _normal(sentence)
    tokens = _tokens(sentence)
    amounts, counted = _amounts(tokens, language)
    capitals = frozenset(_capitals(tokens, text, language, counted))
    named = frozenset(_names(tokens, language, counted))
    return Claims(
        amounts=tuple(amounts),
        names=named - {_word(one) for one in capitals},
        coined=frozenset(
            _word(token.text)
            for token in tokens
            if _COINED.search(token.text) or is_foreign(token.text, language)
        ),
        capitals=capitals,
        quoted=tuple(quotations(as_seen(sentence))),
        addresses=frozenset(addresses(sentence)),
        orders=frozenset(orders(sentence)),
        language=language,
    )


def _text(block: Block | str) -> str:
    return block if isinstance(block, str) else block.text


def _links(block: Block | str) -> tuple[str, ...]:
    return () if isinstance(block, str) else tuple(link.url for link in block.links)


def _plain(amounts: Iterable[Figure]) -> frozenset[str]:
    every = list(amounts)
    values = {one.value for one in every if one.value}
    return frozenset(values | {one.currency.code for one in every if one.currency})


def _founds(held: Figure, currency: Currency) -> bool:
    return held.currency is not None and currency.is_founded_by(held.currency)


def _normal(text: str) -> str:
    return _SPACED.sub("", as_seen(text)).replace("’", "'")


def _tokens(text: str) -> list[Token]:
    """Digits and letters apart: 2FA, 50k, 2026-11-23."""
    return [Token(found[0], *found.span()) for found in _TOKEN.finditer(_normal(text))]


def _words(text: str) -> list[str]:
    return [_word(token.text) for token in _tokens(text)]


def _places(words: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Where these words stand in a text that is normal already, one after the other."""
    tokens = _tokens(text)
    held = [_word(token.text) for token in tokens]
    for at in range(len(held) - len(words) + 1):
        if words and held[at : at + len(words)] == list(words):
            yield tokens[at].start, tokens[at + len(words) - 1].end


def _word(token: str) -> str:
    if token[0].isdigit():
        return _number(token)
    return token.casefold().removesuffix("'s")


def _amounts(tokens: Sequence[Token], language: str) -> tuple[list[Figure], set[int]]:
    """Every figure, and which tokens are currencies and no names."""
    texts = [token.text for token in tokens]
    words = [text.casefold() for text in texts]
    found: list[Figure] = []
    counted: set[int] = set()
    place = 0
    while place < len(texts):
        value, after = _value(texts, place, language)
        if value is None:
            place = after
            continue
        exponent = 0
        while after < len(words) and (more := power(words[after], language)):
            counted.add(after)
            exponent, after = exponent + more, after + 1
        share = _is_share(words[after : after + 2])
        written = _written(value, exponent) + ("%" if share else "")
        currency, end = currency_before(texts, place), after
        if currency:
            counted.add(place - 1)
        elif not share:
            currency, end = currency_after(texts, after, _size(value, exponent), language)
            counted |= set(range(after, end))
        found.append(Figure(written, currency, _is_alone(words, end, language)))
        place = max(after, end)
    found += [
        Figure(None, named)
        for at, text in enumerate(texts)
        if at not in counted and (named := _mentioned(text))
    ]
    return found, counted


def _mentioned(text: str) -> Currency | None:
    code = CURRENCIES.get(text.casefold())
    return currency_named(text) or (Currency(code, frozenset((code,))) if code else None)


def _is_alone(words: Sequence[str], place: int, language: str) -> bool:
    following = words[place] if place < len(words) else ""
    return not following or following[0].isdigit() or following in FUNCTION_WORDS


def _size(value: str, exponent: int) -> float:
    try:
        return float(Decimal(value).scaleb(exponent))
    except (ArithmeticError, ValueError):
        return 0.0


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


def _names(tokens: Sequence[Token], language: str, counted: set[int]) -> Iterator[str]:
    """Words with a capital letter; the first word too, unless it only joins others."""
    numbers = NUMBERS.get(language, {})
    for at, token in enumerate(tokens):
        text = token.text
        number = text[0].isdigit() or text.casefold() in numbers or at in counted
        odd = is_foreign(text, language)
        if (text[0].isupper() or odd) and not number and _word(text) not in FUNCTION_WORDS:
            yield _word(text)


def _capitals(
    tokens: Sequence[Token], text: str, language: str, counted: set[int]
) -> Iterator[str]:
    """Words that join others elsewhere, but are written as names here: the WHO, IT, Son Heung-min.

    In its own language a word that begins something has a capital for that; in capitals alone it never has.
    """
    letters = [token for token in tokens if token.text[0].isalpha()]
    if not letters or sum(one.text[0].isupper() for one in letters) > TITLE_SHARE * len(letters):
        return
    own = OF_LANGUAGE.get(language, FUNCTION_WORDS)
    for at, token in enumerate(tokens):
        word = token.text
        if at in counted or not word[0].isupper() or word.casefold() not in FUNCTION_WORDS:
            continue
        if len(word) > 1 and word.isupper():
            yield word
        elif len(word) > 1 and word.casefold() not in POLITE.get(language, ()):
            begins = text[: token.start].rstrip()[-1:] in _BEGINS or not text[: token.start].strip()
            if not begins or word.casefold() not in own:
                yield word


def _initials(tokens: Sequence[Token]) -> Iterator[str]:
    """Of names of several words: WHO of the World Health Organization."""
    for length in (2, 3, 4, 5):
        for at in range(len(tokens) - length + 1):
            words = [token.text for token in tokens[at : at + length]]
            if all(word[0].isupper() for word in words):
                yield "".join(word[0] for word in words)
