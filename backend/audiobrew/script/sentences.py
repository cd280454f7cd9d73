"""Splitting a text into sentences."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from audiobrew.lang.cldr import weekday_names
from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import all_languages
from audiobrew.lang.word_shapes import is_word_shape, language_of_words

# Full stops of Chinese, Japanese and Hindi, unless a quotation mark or a bracket follows.
_FULL_STOP = re.compile(r"(?<=[。！？।])(?![」』”’）)。！？])\s?")
# The number of a footnote after the end of a sentence: `rose.3 The`, `rose.[4] The`.
_FOOTNOTE = re.compile(
    r"(?:(?<=[^\W\d_]{3}[.!?…])|(?<=\s[a-zà-þ]{2}[.!?…]))(?<!\sno\.)(?<!\snr\.)(?<!\spp\.)"
    r"([”\"’)»]?(?:\d{1,3}|[¹²³⁰⁴-⁹]{1,3}|(?:\[\d{1,3}\]){1,4}))\s(?=[“\"(«]?[^\W\d_])"
)
# A price at the end of a sentence: `$3.50. The`.
_PRICE = re.compile(
    r"([$€£¥]\s?\d{1,9}(?:[.,]\d{1,2}(?:bn|tn|mn|[bmk])?|bn|tn|mn|[bmk])\.)\s(?=[“\"(«¿¡]?[^\W\d_])"
)
# A file, a percentage or a sum at the end of a sentence: `is now app.toml. To convert it`, `9,4 %. La`.
_FILE = re.compile(
    r"((?<=[\w-]\.)(?:[a-z]{3,5}|py|js|ts|go|rs)\.|(?:\d|[^\W\d_]{2}\.?\s)\s?[%€£$]\)?\.)\s(?=[“„«\"(¿¡]?[A-ZÀ-Þ¿¡])"
)
# A version or a decimal at the end of a sentence: `is now 3.11.2. The`. In German, it may be a date.
_POINTED_NUMBER = re.compile(
    r"(?<![\w.,:])(?P<number>v?\d{1,5}(?:\.\d{1,5}){1,3}\.)\s(?=(?P<next>[A-ZÀ-ÞА-Я][\w’']{0,20}))"
)
# A rate or a range of days at the end of a sentence: `4 €/min. Después`, `open Fri.–Sun. He`.
_POINTED_RATE = re.compile(r"((?<=[\w€$£]/)[a-zß-ÿ]{1,4}\.)\s(?=[A-ZÀ-Þ¿¡][a-zß-ÿ])")
_POINTED_RANGE = re.compile(
    r"([^\W\d_]{2,5}\.?[–—-][^\W\d_]{2,5}\.)\s(?=(?P<next>[A-ZÀ-Þ][a-zß-ÿ]{0,9})\s)"
)
# The end of a quotation that belongs to the sentence before: `« Oui. » Il part`.
_CLOSING = re.compile(r"(»)(?:\s+|$)")
# The end of a sentence in a quotation that no space shows: `„… eine Diva.“ Ab Mai`, and after one: `».`
_CLOSED_QUOTATION = re.compile(r"((?<=[.!?]“)|(?<=[»”“][.!?]))\s(?=[A-ZÀ-ÞĀ-Ž„«])")
# The initials of a place at the end of a sentence: `in Hope, B.C. His crew`.
_INITIALS = re.compile(r"(?<=\S\s)(?!P\.S|N\.B)((?:[A-Z]\.){2,3})\s(?=(?P<next>[A-Z][a-z]{1,9})\s)")
# A height at the end of a sentence: `auf 870 m ü. M. Die Alp`.
_ABOVE_SEA = re.compile(
    r"((?<=\sü\.\s)M\.|(?<=\sü\.)M\.)\s(?=[«„“\"]|(?P<next>[A-ZÄÖÜ][a-zäöü]{1,9})\s)"
)
# Nouns after an ordinal number: `der 1. Advent`.
_ORDINAL_NOUN = re.compile(
    r"(?:Advent|Weltkrieg|Liga|Bundesliga|Halbjahr|Quartal|Spieltag|Jahrhundert)\b"
)
# Ordinal numbers are written with a full stop in German and other languages: `am 3. Mai`, `die 2. Liga`.
_ORDINAL = re.compile(r"(?:^|\s)(\S{1,20})\s\d{1,2}\.$")
# A day and the number of its month: `am 5. 12. kommt`.
_DAY = re.compile(r"(?:^|\s)(?:0?[1-9]|[12]\d|3[01])\.$")
_MONTH_NUMBER = re.compile(r"(?:0?[1-9]|1[0-2])\.(?:[\s,;:)]|$)")
# An abbreviation without a vowel: `Sp. Candás`, `Gr. Saal`.
# Pounds before shillings, and these before pence: `£4. 11s. 6d.`
_SHILLINGS = re.compile(r"1?\ds\.")
_PENCE = re.compile(r"1?\d½?d\b")
_POUNDS = re.compile(r"£[\d,]{1,9}\.")
# `l’ing.`, and a code such as `AP/4471/26`.
_ELISION = re.compile(r"^[^\W\d_]{1,5}[’'](?=[^\W\d_]{3})")
# A title after an Italian article or preposition: in English, `cons.` may end a sentence.
_ITALIAN_TITLE = re.compile(
    r"(?:(?<!\w)(?:[Ii]l|[Ll]a|[Ii]|[Ll]e|ex|di|de(?:l|i|lla|lle)|da(?:l|i|lla)|a(?:l|i|lla))\s|[^\W\d_][’'])(?:ass|cons)\.$"
)
_CODE = re.compile(r"(?=\S{0,20}\d)[A-Z]{1,5}[/-]?[A-Z\d]")
_TIME = re.compile(r"\d{1,3}:[0-5]\d[.;,]?")
# A small letter with a point, which ends no sentence, and a word that is cut before its number: `Talstr. 4`.
_SMALL_LETTER = re.compile(r"(?![aeouyàéèóяиоу])[^\W\d_A-Z]\.|u\.")
_CUT_NAME = re.compile(r"[^\W\d_]{3}(?:str|pl|gr|hst|bhf|rd|ln|blvd)\.$")
_UNVOWELLED = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ][bcdfghjklmnpqrstvwxz]{1,3}\.")
# A short word with a point after another word, and what follows.
_CUT_WORD = re.compile(
    r"[^\W\d_][,;:]?\s[(„“«\"'’]{0,2}(?:[^\W\d_]{1,5}[’'](?=\w{3}))?(?P<word>[a-zß-ɏ]{2,6})\.$"
)
_UNPOINTED = re.compile(r"(?<![\w.])[a-zß-ɏ]{2,6}(?![\w.])")
_FIRST_WORD = re.compile(r"[„“«»\"'‘’(¿¡]{0,3}(?P<word>(?!\d{1,2}\.\s)\d|[^\W\d_]+)")
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
    line = _ABOVE_SEA.sub(end_after_initials, _INITIALS.sub(end_after_initials, line))
    line = _POINTED_RANGE.sub(end_after_initials, _POINTED_RATE.sub("\\1\n", line))
    line = _CLOSED_QUOTATION.sub("\n", line)
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
        if current and (
            is_lower(part) or _goes_on(current, part) or is_cut_word(current, part, line)
        ):
            current = f"{current} {part}"
            continue
        if current:
            result.append(current)
        current = part
    if current:
        result.append(current)
    return result


def end_after_initials(match: re.Match[str]) -> str:
    """A line break after the initials, unless a name follows them: `the U.S. Army`."""
    following = match["next"]
    return match[1] + ("\n" if not following or following.casefold() in FUNCTION_WORDS else " ")


def open_brackets(parts: Sequence[str]) -> list[tuple[str, bool]]:
    """The sentences without brackets around several of them, and whether each goes on in such brackets.

    `(We waited.`, `Nobody came.)`: the second one does.
    """
    result = [(part, False) for part in parts]
    start: int | None = None
    for number, part in enumerate(parts):
        if part.startswith("(") and ")" not in part:
            start = number
        elif "(" in part:
            start = None
        elif start is not None and part.rstrip(".").endswith(")"):
            result[start] = result[start][0][1:], False
            result[number] = part.rstrip(".").removesuffix(")"), True
            result[start + 1 : number] = [(one, True) for one in parts[start + 1 : number]]
            start = None
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
        or (_ELISION.sub("", last) in _abbreviations() and first[:1].isupper())
        or (_ITALIAN_TITLE.search(current[-20:]) and first[:1].isupper())
        or _UNVOWELLED.fullmatch(last)
        or _SMALL_LETTER.fullmatch(last)
        or (_CUT_NAME.search(last) and first[:1].isdecimal())
        or (last, first.rstrip(",;:)")) in _abbreviation_parts()
    ):
        return True
    if (
        _TIME.fullmatch(part)
        or current.endswith((";", ","))
        or (first[:1] == "(" and current[-1:].isalnum())
    ):
        return True
    is_code = last.casefold() == "ref." and _CODE.match(first)
    if is_code or (first[:1].isdecimal() and last.rpartition("'")[2] in _before_numbers()):
        return True
    if first[:1] in ("€", "%", "/") and not first[1:2].isdecimal():
        return True
    if _SHILLINGS.fullmatch(last) and _PENCE.match(first):
        return True
    if _POUNDS.fullmatch(last) and _SHILLINGS.match(first):
        return True
    if _DAY.search(current) and _MONTH_NUMBER.match(part):
        return True
    ordinal = _ORDINAL.search(current)
    if ordinal and ordinal[1].casefold() in _before_ordinals():
        return part[:1].isupper()
    return bool(ordinal and (_MONTH.match(part) or _ORDINAL_NOUN.match(part)))


def is_cut_word(current: str, part: str, text: str) -> bool:
    """Whether a part ends with the short form of a word, by its letters: `il geom. Aldo`.

    Both halves are one sentence then. After a figure it is a unit, which may end a sentence, and so may what
    stands before a function word or elsewhere in the text without a point.
    """
    match, first = _CUT_WORD.search(current), _FIRST_WORD.match(part)
    if not match or not first or first["word"].casefold() in FUNCTION_WORDS:
        return False
    word = match["word"]
    if word in _UNPOINTED.findall(text):
        return False
    return not is_word_shape(word, language_of_words(text))


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
