"""Splitting a text into sentences."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from audiobrew.lang.cldr import weekday_names
from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import all_languages

# Full stops of Chinese, Japanese and Hindi, unless a quotation mark or a bracket follows.
_FULL_STOP = re.compile(r"(?<=[。！？।])(?![」』”’）)。！？])\s?")
# The number of a footnote after the end of a sentence: `rose.3 The`, `rose.[4] The`.
_FOOTNOTE = re.compile(
    r"(?:(?<=[^\W\d_]{3}[.!?…])|(?<=\s[a-zà-þ]{2}[.!?…]))(?<!\sno\.)(?<!\snr\.)(?<!\spp\.)"
    r"([”\"’)]?(?:\d{1,3}|(?:\[\d{1,3}\]){1,4}))\s(?=[“\"(«]?[^\W\d_])"
)
# A price at the end of a sentence: `$3.50. The`.
_PRICE = re.compile(
    r"([$€£¥]\s?\d{1,9}(?:[.,]\d{1,2}(?:bn|tn|mn|[bmk])?|bn|tn|mn|[bmk])\.)\s(?=[“\"(«¿¡]?[^\W\d_])"
)
# A file, a percentage or a sum at the end of a sentence: `is now app.toml. To convert it`, `9,4 %. La`.
_FILE = re.compile(
    r"((?<=[\w-]\.)(?:[a-z]{3,5}|py|js|ts|go|rs)\.|\d\s?[%€£$]\)?\.)\s(?=[“„«\"(¿¡]?[A-ZÀ-Þ¿¡])"
)
# A version or a decimal at the end of a sentence: `is now 3.11.2. The`. In German, it may be a date.
_POINTED_NUMBER = re.compile(
    r"(?<![\w.,:])(?P<number>v?\d{1,5}(?:\.\d{1,5}){1,3}\.)\s(?=(?P<next>[A-ZÀ-ÞА-Я][\w’']{0,20}))"
)
# The end of a quotation that belongs to the sentence before: `« Oui. » Il part`.
_CLOSING = re.compile(r"(»)(?:\s+|$)")
# Ordinal numbers are written with a full stop in German and other languages: `am 3. Mai`, `die 2. Liga`.
_ORDINAL = re.compile(r"(?:^|\s)(\S{1,20})\s\d{1,2}\.$")
# A day and the number of its month: `am 5. 12. kommt`.
_DAY = re.compile(r"(?:^|\s)(?:0?[1-9]|[12]\d|3[01])\.$")
_MONTH_NUMBER = re.compile(r"(?:0?[1-9]|1[0-2])\.(?:\s|$)")
# An abbreviation without a vowel: `Sp. Candás`, `Gr. Saal`.
_UNVOWELLED = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ][bcdfghjklmnpqrstvwxz]{1,3}\.")
GERMAN_MONTH = (
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|"
    r"Dezember)\b"
)
_MONTH = re.compile(GERMAN_MONTH)


def sentences(text: str) -> list[str]:
    """The text's sentences in order, each on one line. Only white space is lost.

    A part that begins in lower case, or follows an abbreviation or an ordinal number, is joined to the part
    before it.
    """
    line = _PRICE.sub("\\1\n", _FOOTNOTE.sub("\\1\n", " ".join(text.split())))
    pieces = _POINTED_NUMBER.sub(end_after_number, _FILE.sub("\\1\n", line)).split("\n")
    parts = [
        "".join(token.spacing + token.value for token in tokens).strip()
        for one in pieces
        for piece in _FULL_STOP.split(one)
        for tokens in _split(piece)
    ]
    result: list[str] = []
    current = ""
    for part in parts:
        closing = _CLOSING.match(part) if current else None
        if closing:
            current, part = f"{current} {closing[1]}", part[closing.end() :]
        if current and (is_lower(part) or _goes_on(current, part)):
            current = f"{current} {part}"
            continue
        if current:
            result.append(current)
        current = part
    if current:
        result.append(current)
    return result


def end_after_number(match: re.Match[str]) -> str:
    """A line break after the number, unless it is a date before a noun: `am 24.12. Heiligabend`."""
    parts = match["number"].rstrip(".").split(".")
    is_date = len(parts) == 2 and parts[0].isdecimal() and 0 < int(parts[0]) < 32
    is_date = is_date and len(parts[1]) < 3 and 0 < int(parts[1]) < 13
    ends = not is_date or match["next"].casefold() in FUNCTION_WORDS
    return match["number"] + ("\n" if ends else " ")


def is_lower(part: str) -> bool:
    """Whether a part goes on in lower case, perhaps after a dash."""
    return part.lstrip("–—- ")[:1].islower()


def _goes_on(current: str, part: str) -> bool:
    """Whether the full stop at the end of a part is that of an abbreviation or an ordinal number."""
    last, first = current.split()[-1].lstrip("(“„«\"'’"), (*part.split(maxsplit=1), "")[0]
    parts = last if last.count(".") > 1 else "".join(current.split()[-2:]).lstrip("(“„«\"'’")
    if (
        parts.count(".") > 1
        and parts in _abbreviations()
        and first.casefold() not in FUNCTION_WORDS
    ):
        return True
    if (
        (last in _abbreviations() and last.count(".") < 2)
        or _UNVOWELLED.fullmatch(last)
        or (last, first.rstrip(",;:)")) in _abbreviation_parts()
    ):
        return True
    if current.endswith((";", ",")) or (first[:1] == "(" and current[-1:].isalnum()):
        return True
    if first[:1].isdecimal() and last.rpartition("'")[2] in _before_numbers():
        return True
    if first[:1] in ("€", "%", "/") and not first[1:2].isdecimal():
        return True
    if _DAY.search(current) and _MONTH_NUMBER.match(part):
        return True
    ordinal = _ORDINAL.search(current)
    if ordinal and ordinal[1].casefold() in _before_ordinals():
        return part[:1].isupper()
    return bool(ordinal and _MONTH.match(part))


@cache
def _before_ordinals() -> frozenset[str]:
    return frozenset(word for one in all_languages() for word in one.structure.before_ordinals)


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(word for one in all_languages() for word in one.structure.abbreviations)


@cache
def _abbreviation_parts() -> frozenset[tuple[str, str]]:
    """The neighbours in abbreviations of several parts: `EE.` and `UU.`"""
    return frozenset(
        pair
        for one in all_languages()
        for short in one.symbols.abbreviations
        for pair in pairwise(short.split())
        if pair[0].endswith(".")
    )


@cache
def _before_numbers() -> frozenset[str]:
    """Abbreviations that stand before numbers, and those of weekdays."""
    labels = {label.rpartition(" ")[2] for one in all_languages() for label in one.symbols.labels}
    names = (
        name
        for one in all_languages()
        if one.symbols.before_dates
        for name in weekday_names(one.code)
        if len(name) > 1
    )
    weekdays = {f"{form}." for name in names for form in (name, name.capitalize())}
    capitalized = {label.capitalize() for label in labels if len(label) > 2}
    return frozenset(word for word in labels | weekdays | capitalized if word.endswith("."))


def _split(text: str) -> Iterator[list[Any]]:
    """The tokens of each sentence. `segmenter.process` would write "do not" as "donot" for "don't"."""
    from syntok import segmenter

    for paragraph in segmenter.preprocess(text):
        yield from segmenter.segment(_tokenizer().tokenize(paragraph))


@cache
def _tokenizer() -> Any:
    from syntok.tokenizer import Tokenizer

    return Tokenizer(replace_not_contraction=False)
