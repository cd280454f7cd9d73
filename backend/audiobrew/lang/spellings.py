"""Compare texts by their sound: the spellings that a word, a figure or a symbol may have.

A text becomes tokens, each a set of equivalent spellings: `$3.50` sounds like `three dollars fifty`.
Spellings contain no spaces, so that `twenty-six`, `twenty six` and `twentysix` are equal. A number in
digits is marked, as in `<26>`, so that `12 3` does not equal `1 23`.
"""

import re
import unicodedata
from collections.abc import Iterator, Set
from itertools import groupby
from typing import NamedTuple

from audiobrew.lang import spoken_numbers as numbers
from audiobrew.lang.language import CompleteLanguage, language_or_default, symbols_of
from audiobrew.lang.language_tag import base_code
from audiobrew.lang.sections import Transcript

Spellings = frozenset[str]

CONTRACTIONS = {
    "'m": ("am",), "'re": ("are",), "'ve": ("have",), "'ll": ("will",), "'d": ("would", "had"),
    "'s": ("is", "has", "us"), "n't": ("not",),
}  # fmt: skip
IRREGULAR_CONTRACTIONS = {
    "can't": ("cannot",),
    "won't": ("willnot",),
    "shan't": ("shallnot",),
    "ain't": ("isnot",),
}
OTHER_TRANSCRIPT = Transcript(fillers=frozenset())
# British and American spellings count as equal.
BRITISH_TO_AMERICAN = (
    (re.compile(r"(col|fav|lab|hon|neighb|behavi|harb|rum|vap|hum|flav|endeav)our"), r"\1or"),
    (re.compile(r"(?<![a-z])([a-z]{3,})is(e|ed|es|er|ers|ing|ations?)$"), r"\1iz\2"),
    (re.compile(r"(cent|theat|lit|met|fib)re(s?)$"), r"\1er\2"),
    (re.compile(r"(?<![a-z])([a-z]{3,})ll(ed|ing|er|ers)$"), r"\1l\2"),
)


# The dotless i of Turkish, Romanian letters with the cedilla of older fonts, and the Chinese zero of years.
LOOKALIKES = {"ı": "i", "ş": "ș", "ţ": "ț", "〇": "零"}


class Token(NamedTuple):
    """`figure` is true if the text has digits."""

    spellings: Spellings
    figure: bool = False


def tokenize(text: str, language: str) -> list[Token]:
    """The tokens of a text. `language` is a BCP 47 tag."""
    return list(_tokens(normalize(text), base_code(language)))


def transcript_rules(language: str) -> Transcript:
    rules = language_or_default(language)
    return rules.transcript if isinstance(rules, CompleteLanguage) else OTHER_TRANSCRIPT


def normalize(text: str) -> str:
    """One form for letters, digits and apostrophes that look alike."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    # Turkish has two capital I; folding leaves a combining dot and a dotless i.
    return "".join(map(_normalize_character, folded.replace("i\u0307", "i")))


def _normalize_character(character: str) -> str:
    if character in "’‘ʼ`´":
        return "'"
    if character in "−‐‑–—":
        return "-"
    if character in LOOKALIKES:
        return LOOKALIKES[character]
    return str(unicodedata.decimal(character, character))


def _tokens(text: str, language: str) -> Iterator[Token]:
    position = 0
    for match in numbers.number_pattern(language).finditer(text):
        yield from _text_tokens(text[position : match.start()], language)
        if is_minus(text, match.start()):
            yield Token(_fold(*transcript_rules(language).minus))
        elif position and text[position : match.start()] == "-":
            yield Token(_fold("", symbols_of(language).dash))
        yield Token(frozenset(numbers.spell_number(match, language)), figure=True)
        position = match.end()
    yield from _text_tokens(text[position:], language)


def is_minus(text: str, position: int) -> bool:
    """Whether a minus sign, rather than a hyphen, stands before the number at this position."""
    before = text[:position].rstrip("$€£¥₹")
    return before.endswith("-") and not before[-2:-1].isalnum()


def _text_tokens(text: str, language: str) -> Iterator[Token]:
    """The tokens of a text without figures."""
    for is_word, run in groupby(text, is_word_character):
        piece = "".join(run)
        if not is_word:
            yield from _symbol_tokens(piece, language)
            continue
        for word in split_unspaced(piece):
            if spellings := spell_word(word.strip("'"), language):
                yield Token(spellings)


def is_word_character(character: str) -> bool:
    return character == "'" or unicodedata.category(character)[0] in "LMN"


def _symbol_tokens(piece: str, language: str) -> Iterator[Token]:
    """Symbols that may be read aloud or not, such as the dot of a domain or the & of a company."""
    words = symbols_of(language)
    spellings = {
        ".": ("", words.dot),
        "@": (words.at, ""),
        "&": (words.ampersand, "and"),
        "%": (words.percent, "percent"),
        "+": ("", "plus"),
        "/": ("", "slash"),
        **{symbol: (code,) for symbol, code in numbers.CURRENCY_SYMBOLS.items()},
    }
    for symbol in piece:
        if symbol in spellings and (symbol not in "./" or piece == symbol):
            yield Token(_fold(*spellings[symbol]))


def split_unspaced(piece: str) -> Iterator[str]:
    """Split scripts that put no spaces between words into characters; other pieces stay whole."""
    for unspaced, run in groupby(piece, is_unspaced_script):
        text = "".join(run)
        yield from text if unspaced else (text,)


def is_unspaced_script(character: str) -> bool:
    code_point = ord(character)
    return (
        0x0E00 <= code_point <= 0x0EFF  # Thai, Lao
        or 0x1000 <= code_point <= 0x109F  # Burmese
        or 0x1780 <= code_point <= 0x17FF  # Khmer
        or 0x3040 <= code_point <= 0x30FF  # kana
        or 0x3400 <= code_point <= 0x9FFF  # Chinese characters
        or 0x20000 <= code_point <= 0x3FFFF
    )


def spell_word(word: str, language: str) -> Spellings:
    if not word:
        return frozenset()
    long_forms = transcript_rules(language).short_forms.get(word, ())
    if language == "en":
        return _fold(*spell_english(word), *long_forms)
    if language == "de" and word.endswith("'s"):
        long_forms = (*long_forms, word[:-2] + "es")
    return _fold(numbers.currency_code(word.replace("'", "")), *long_forms)


def spell_english(word: str) -> Iterator[str]:
    """The word without accents, in American spelling, with its contractions resolved."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    for pattern, american in BRITISH_TO_AMERICAN:
        bare = pattern.sub(american, bare)
    yield numbers.currency_code(bare.replace("'", ""))
    yield from IRREGULAR_CONTRACTIONS.get(bare, ())
    for ending, long_endings in CONTRACTIONS.items():
        if bare.endswith(ending) and len(bare) > len(ending):
            yield from (bare.removesuffix(ending) + long_ending for long_ending in long_endings)


def _fold(*words: str) -> Spellings:
    """Equivalent spellings in lower case, without spaces and apostrophes."""
    return frozenset(word.casefold().replace(" ", "").replace("'", "") for word in words)


def is_kana(spellings: Set[str]) -> bool:
    return any("\u3040" <= letter <= "\u30ff" for word in spellings for letter in word)


def is_han(spellings: Set[str]) -> bool:
    return any("\u3400" <= letter <= "\u9fff" for word in spellings for letter in word)
