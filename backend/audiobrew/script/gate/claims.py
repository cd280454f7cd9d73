"""What a sentence states that can be looked up: its figures, names, quotations and addresses."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import CompleteLanguage, language_or_default
from audiobrew.lang.number_words import (
    CURRENCIES,
    PERCENT,
    PERCENT_PHRASES,
    number_words,
    power_of_ten,
)
from audiobrew.mail.newsletter import Block
from audiobrew.script.gate.addresses import (
    Destinations,
    addresses,
    calls_to_action,
    destinations_in,
    merge_destinations,
)
from audiobrew.script.gate.currencies import (
    COMPOUND_SYMBOL,
    SYMBOLS,
    Currency,
    currency_after,
    currency_before,
    currency_of_symbol,
)
from audiobrew.script.gate.lookalikes import as_seen, is_foreign
from audiobrew.script.gate.quotations import Quotation, keeps_its_meaning, quotations

_TOKEN = re.compile(rf"{COMPOUND_SYMBOL}|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[%€{SYMBOLS}]")
# Digits in groups of three: 1,200 or 1.200.
_GROUPED_DIGITS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DIGIT_GROUP_SPACE = re.compile(r"(?<=\d)[\u00a0\u202f\u2009' ](?=\d{3}(?!\d))")
# A lower-case letter before a capital, as in OpenAI.
_MIXED_CASE = re.compile(r"[a-zà-þ][A-ZÀ-Þ]")
# After one of these characters, a word may have a capital only because it begins a sentence or a part of it.
_BEGINNINGS = frozenset(".:!?…\"“”„«»‹›'‘‚(—–-•¿¡[/\n")
# If a larger share of the words has capitals, the text is a title, and capitals say nothing.
TITLE_SHARE = 0.6
# Words within a number, as in "treinta y cinco".
NUMBER_CONJUNCTIONS = (["and"], ["y"], ["et"], ["e"])


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a symbol, and its place in the normalized text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its currency, or a currency that is mentioned without a number.

    `value` includes magnitude and percent sign, as in `12e6` and `4.5%`. `standalone`: the number is not
    followed by a noun that it could count.
    """

    value: str | None
    currency: Currency | None
    standalone: bool = True


@dataclass(frozen=True, slots=True)
class Claims:
    """What a sentence states.

    `universal_names` are spelled alike in every language, such as OpenAI and YouTube. `capitals` are function
    words that are names because of their capitals, such as WHO and Son.
    """

    amounts: tuple[Figure, ...]
    names: frozenset[str]
    universal_names: frozenset[str]
    capitals: frozenset[str]
    quotations: tuple[Quotation, ...]
    addresses: frozenset[str]
    calls_to_action: frozenset[str]
    language: str

    @property
    def figures(self) -> frozenset[str]:
        return figures_of(self.amounts)

    @property
    def quoted_texts(self) -> frozenset[str]:
        return frozenset(" ".join(words_of(quotation.text)) for quotation in self.quotations)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What cited blocks contain, in the same form as `Claims`.

    `words` are normalized, `spellings` are the same words as they are written. `initials` are those of names
    of several words. `texts` are the blocks' normalized texts, each with its language.
    """

    amounts: tuple[Figure, ...]
    words: frozenset[str]
    spellings: frozenset[str]
    initials: frozenset[str]
    texts: tuple[tuple[str, str], ...]
    destinations: Destinations

    @property
    def figures(self) -> frozenset[str]:
        return figures_of(self.amounts)

    def missing_figures(self, claims: Claims) -> set[str]:
        """Numbers and currencies that no block contains, and numbers that have another currency there."""
        missing = {amount.value for amount in claims.amounts if amount.value} - self.figures
        for amount in claims.amounts:
            currency = amount.currency
            if currency is None:
                continue
            if not any(supports(own, currency) for own in self.amounts):
                missing.add(currency.code)
            elif amount.value and amount.value not in missing:
                matches = [own for own in self.amounts if own.value == amount.value]
                if not any(
                    supports(own, currency) or (own.currency is None and own.standalone)
                    for own in matches
                ):
                    missing.add(f"{amount.value} {currency.code}")
        return missing

    def missing_names(self, claims: Claims, *, translated: bool) -> set[str]:
        """Names and addresses that no block contains. Of a translation's names, only universal ones count."""
        names = (claims.universal_names if translated else claims.names) - self.words
        capitals = frozenset[str]() if translated else claims.capitals
        return {
            *names,
            *(capitals - self.spellings - self.initials),
            *(address for address in claims.addresses if self.destinations.lacks(address)),
        }

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


def claims_in(sentence: str, language: str) -> Claims:
    """What a sentence in this language states."""
    text = normalize(sentence)
    tokens = tokenize(sentence)
    amounts, currency_places = find_amounts(tokens, language)
    capitals = frozenset(function_word_names(tokens, text, language, currency_places))
    # The first word of a sentence counts as well, unless it is a function word.
    names = {
        normalize_word(token.text)
        for place, token in enumerate(tokens)
        if (token.text[0].isupper() or is_foreign(token.text, language))
        and not token.text[0].isdigit()
        and token.text.casefold() not in number_words(language)
        and place not in currency_places
        and normalize_word(token.text) not in FUNCTION_WORDS
    }
    return Claims(
        amounts=tuple(amounts),
        names=frozenset(names - {normalize_word(name) for name in capitals}),
        universal_names=frozenset(
            normalize_word(token.text)
            for token in tokens
            if _MIXED_CASE.search(token.text) or is_foreign(token.text, language)
        ),
        capitals=capitals,
        quotations=tuple(quotations(as_seen(sentence))),
        addresses=frozenset(addresses(sentence)),
        calls_to_action=frozenset(calls_to_action(sentence)),
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
        initials=frozenset[str]().union(*(part.initials for part in parts)),
        texts=tuple(text for part in parts for text in part.texts),
        destinations=merge_destinations([part.destinations for part in parts]),
    )


@lru_cache(maxsize=2048)
def evidence_in_text(text: str, links: tuple[str, ...], language: str) -> Evidence:
    """What one block contains. `links` holds the URLs of its links."""
    tokens = tokenize(text)
    return Evidence(
        amounts=tuple(find_amounts(tokens, language)[0]),
        words=frozenset(normalize_word(token.text) for token in tokens),
        spellings=frozenset(token.text for token in tokens),
        initials=frozenset(initials_of(tokens)),
        texts=((normalize(text), language),),
        destinations=destinations_in(text, links),
    )


def figures_of(amounts: Iterable[Figure]) -> frozenset[str]:
    """The values and the currency codes of figures."""
    figures = list(amounts)
    values = {figure.value for figure in figures if figure.value}
    return frozenset(values | {figure.currency.code for figure in figures if figure.currency})


def supports(source: Figure, currency: Currency) -> bool:
    """Whether a figure of the source has this currency, or one that it may mean."""
    return source.currency is not None and currency.is_supported_by(source.currency)


def normalize(text: str) -> str:
    """The visible text, without spaces in numbers and with straight apostrophes."""
    return _DIGIT_GROUP_SPACE.sub("", as_seen(text)).replace("’", "'")


def tokenize(text: str) -> list[Token]:
    """The tokens of the normalized text. Digits and letters are separate: 2FA, 50k, 2026-11-23."""
    return [Token(match[0], *match.span()) for match in _TOKEN.finditer(normalize(text))]


def words_of(text: str) -> list[str]:
    """The text's tokens, normalized."""
    return [normalize_word(token.text) for token in tokenize(text)]


def places_of(words: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every place in a normalized text where these words follow each other."""
    tokens = tokenize(text)
    text_words = [normalize_word(token.text) for token in tokens]
    for place in range(len(text_words) - len(words) + 1):
        if words and text_words[place : place + len(words)] == list(words):
            yield tokens[place].start, tokens[place + len(words) - 1].end


def normalize_word(token: str) -> str:
    """A number in one form, or a word in lower case without a possessive `'s`."""
    if token[0].isdigit():
        return normalize_number(token)
    return token.casefold().removesuffix("'s")


def normalize_number(token: str) -> str:
    """1,200 and 1.200 are 1200; 3,5 and 3.5 are 3.5."""
    if _GROUPED_DIGITS.fullmatch(token):
        token = token.replace(",", "").replace(".", "")
    return token.replace(",", ".").lstrip("0") or "0"


def find_amounts(tokens: Sequence[Token], language: str) -> tuple[list[Figure], set[int]]:
    """Every figure, and the places of tokens that are not names but currencies or magnitudes."""
    texts = [token.text for token in tokens]
    words = [text.casefold() for text in texts]
    figures: list[Figure] = []
    unit_places: set[int] = set()
    place = 0
    while place < len(texts):
        value, after = number_at(texts, place, language)
        if value is None:
            place = after
            continue
        exponent = 0
        while after < len(words) and (more := power_of_ten(words[after], language)):
            unit_places.add(after)
            exponent, after = exponent + more, after + 1
        percent = is_percent(words[after : after + 2])
        currency, end = currency_before(texts, place), after
        if currency:
            unit_places.add(place - 1)
        elif not percent:
            currency, end = currency_after(texts, after, as_float(value, exponent), language)
            unit_places |= set(range(after, end))
        following = words[end] if end < len(words) else ""
        standalone = not following or following[0].isdigit() or following in FUNCTION_WORDS
        number = scientific(value, exponent) + ("%" if percent else "")
        figures.append(Figure(number, currency, standalone))
        place = max(after, end)
    for place, text in enumerate(texts):
        code = CURRENCIES.get(text.casefold())
        mention = currency_of_symbol(text) or (Currency(code, frozenset((code,))) if code else None)
        if mention and place not in unit_places:
            figures.append(Figure(None, mention))
    return figures, unit_places


def number_at(tokens: Sequence[str], place: int, language: str) -> tuple[str | None, int]:
    """The number that begins at a place, or None, and the place after it. `twenty-five` is one number."""
    token, numbers = tokens[place], number_words(language)
    if token[0].isdigit():
        return normalize_number(token), place + 1
    value = numbers.get(token.casefold())
    if value and len(value) == 2 and value[1] == "0" and value != "10":
        rest = [following.casefold() for following in tokens[place + 1 : place + 3]]
        skip = 1 if rest[:1] in NUMBER_CONJUNCTIONS else 0
        unit = numbers.get(rest[skip], "") if len(rest) > skip else ""
        if len(unit) == 1 and unit != "0":
            return str(int(value) + int(unit)), place + 2 + skip
    return value, place + 1


def is_percent(words: Sequence[str]) -> bool:
    """Whether the words after a number begin with `%`, `percent` or `of a hundred` in some language."""
    if not words:
        return False
    return words[0] in PERCENT or words[-1] in PERCENT_PHRASES.get(words[0], ())


def as_float(value: str, exponent: int) -> float:
    """The size of a number; 0 when it cannot be read."""
    try:
        return float(Decimal(value).scaleb(exponent))
    except (ArithmeticError, ValueError):
        return 0.0


def scientific(value: str, exponent: int) -> str:
    """One form for every notation of a number: 0.4 billion and 400,000,000 are both 400e6."""
    try:
        number = Decimal(value).scaleb(exponent)
    except ArithmeticError:
        return value
    for power in (12, 9, 6):
        if number >= Decimal(1).scaleb(power):
            return f"{number.scaleb(-power).normalize():f}e{power}"
    return f"{number.normalize():f}"


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
        own_words = rules.sentences.function_words
        pronouns = rules.sentences.capitalized_pronouns
    for place, token in enumerate(tokens):
        word, folded = token.text, token.text.casefold()
        if place in unit_places or not word[0].isupper() or folded not in FUNCTION_WORDS:
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
