"""The ways in which a text may be written so that it sounds the same: figures, signs and short forms.

A text becomes tokens, each a set of spellings: `$3.50` sounds like `three dollars fifty`. Spellings hold no
spaces, so that `twenty-six`, `twenty six` and `twentysix` are one. A number is kept apart as `<26>`, so that
`12 3` is not `1 23`.
"""

import re
import unicodedata
from collections.abc import Iterator, Set
from itertools import groupby
from typing import NamedTuple

from audiobrew.lang import spoken_numbers as numbers
from audiobrew.lang.symbols import AND, AT, DOT, PERCENT, TO

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
SHORT_FORMS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "mr": ("mister",), "mrs": ("missus", "misses"), "dr": ("doctor", "drive"), "st": ("saint", "street"),
        "vs": ("versus",), "etc": ("etcetera",), "ok": ("okay",), "km": ("kilometers",), "kg": ("kilograms",),
        "cannot": ("cannot",), "no": ("number",), "approx": ("approximately",), "mph": ("milesperhour",),
        "inc": ("incorporated",), "ltd": ("limited",), "co": ("company",), "jr": ("junior",),
    },
    "de": {
        "dr": ("doktor",), "nr": ("nummer",), "bzw": ("beziehungsweise",), "ca": ("circa", "zirka"),
        "mio": ("millionen", "million"), "mrd": ("milliarden", "milliarde"), "km": ("kilometer",),
        "usw": ("undsoweiter",), "okay": ("ok",), "st": ("sankt",), "kg": ("kilogramm",),
    },
    "fr": {"m": ("monsieur",), "mme": ("madame",), "km": ("kilomètres", "kilomètre"), "ok": ("okay",)},
    "es": {"sr": ("señor",), "sra": ("señora",), "dr": ("doctor",), "km": ("kilómetros",)},
}  # fmt: skip
NEGATIVE = {
    "en": "minus negative", "fr": "moins", "es": "menos", "it": "meno", "pt": "menos", "nl": "min",
}  # fmt: skip
BRITISH_TO_AMERICAN = (
    (re.compile(r"(col|fav|lab|hon|neighb|behavi|harb|rum|vap|hum|flav|endeav)our"), r"\1or"),
    (re.compile(r"(?<![a-z])([a-z]{3,})is(e|ed|es|er|ers|ing|ations?)$"), r"\1iz\2"),
    (re.compile(r"(cent|theat|lit|met|fib)re(s?)$"), r"\1er\2"),
    (re.compile(r"(?<![a-z])([a-z]{3,})ll(ed|ing|er|ers)$"), r"\1l\2"),
)
"""Either spelling is read alike."""


class Token(NamedTuple):
    """`figure`: it was written in digits."""

    spellings: Spellings
    figure: bool = False


def tokenize(text: str, language: str) -> list[Token]:
    """`language`: BCP 47."""
    alone = language.lower().replace("_", "-").split("-")[0]
    return list(_tokens(_plain(text), alone))


def _plain(text: str) -> str:
    """One form for letters, figures and apostrophes that look alike; Turkish capitals have two."""
    whole = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(map(_letter, whole.replace("i\u0307", "i")))


def _letter(letter: str) -> str:
    if letter in "’‘ʼ`´":
        return "'"
    if letter in "−‐‑–—":
        return "-"
    if letter == "ı":
        return "i"
    return str(unicodedata.decimal(letter, letter))


def _tokens(text: str, language: str) -> Iterator[Token]:
    at = 0
    for found in numbers.number_pattern(language).finditer(text):
        yield from _words(text[at : found.start()], language)
        if _is_minus(text, found.start()):
            yield Token(_either(*NEGATIVE.get(language, "minus").split()))
        elif at and text[at : found.start()] == "-":
            yield Token(_either("", TO.get(language, "")))
        yield Token(frozenset(numbers.spell_number(found, language)), figure=True)
        at = found.end()
    yield from _words(text[at:], language)


def _is_minus(text: str, at: int) -> bool:
    before = text[:at].rstrip("$€£¥₹")
    return before.endswith("-") and not before[-2:-1].isalnum()


def _words(text: str, language: str) -> Iterator[Token]:
    for word, run in groupby(text, _is_of_a_word):
        piece = "".join(run)
        if not word:
            yield from _signs(piece, language)
            continue
        for part in _without_spaces(piece):
            if spellings := _spelled(part.strip("'"), language):
                yield Token(spellings)


def _is_of_a_word(letter: str) -> bool:
    return letter == "'" or unicodedata.category(letter)[0] in "LMN"


def _signs(piece: str, language: str) -> Iterator[Token]:
    """A sign that may be read out, or not: the dot of an address, the ampersand of a firm."""
    said = {
        ".": ("", DOT.get(language, "")),
        "@": (AT.get(language, "at"), ""),
        "&": (AND.get(language, "and"), "and"),
        "%": (PERCENT.get(language, "percent"), "percent"),
        "+": ("", "plus"),
        "/": ("", "slash"),
        **{sign: (code,) for sign, code in numbers.CURRENCY_SYMBOLS.items()},
    }
    for sign in piece:
        if sign in said and (sign not in "./" or piece == sign):
            yield Token(_either(*said[sign]))


def _without_spaces(piece: str) -> Iterator[str]:
    """Scripts that put no spaces between words are compared letter by letter."""
    for dense, run in groupby(piece, _is_dense):
        whole = "".join(run)
        yield from whole if dense else (whole,)


def _is_dense(letter: str) -> bool:
    place = ord(letter)
    return (
        0x0E00 <= place <= 0x0EFF  # Thai, Lao
        or 0x1000 <= place <= 0x109F  # Burmese
        or 0x1780 <= place <= 0x17FF  # Khmer
        or 0x3040 <= place <= 0x30FF  # kana
        or 0x3400 <= place <= 0x9FFF  # Chinese characters
        or 0x20000 <= place <= 0x3FFFF
    )


def _spelled(word: str, language: str) -> Spellings:
    if not word:
        return frozenset()
    short = SHORT_FORMS.get(language, {}).get(word, ())
    if language == "en":
        return _either(*_english(word), *short)
    if language == "de" and word.endswith("'s"):
        short = (*short, word[:-2] + "es")
    return _either(numbers.currency_code(word.replace("'", "")), *short)


def _english(word: str) -> Iterator[str]:
    """Accents come and go in English, and so do the British forms."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    for pattern, american in BRITISH_TO_AMERICAN:
        bare = pattern.sub(american, bare)
    yield numbers.currency_code(bare.replace("'", ""))
    yield from IRREGULAR_CONTRACTIONS.get(bare, ())
    for ending, wholes in CONTRACTIONS.items():
        if bare.endswith(ending) and len(bare) > len(ending):
            yield from (bare.removesuffix(ending) + whole for whole in wholes)


def _either(*words: str) -> Spellings:
    return frozenset(word.casefold().replace(" ", "").replace("'", "") for word in words)


def is_kana(spellings: Set[str]) -> bool:
    return any("\u3040" <= letter <= "\u30ff" for word in spellings for letter in word)


def is_han(spellings: Set[str]) -> bool:
    return any("\u3400" <= letter <= "\u9fff" for word in spellings for letter in word)
