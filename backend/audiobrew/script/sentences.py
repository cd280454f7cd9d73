"""Splitting a text into sentences."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

# German writes the day of a date with a full stop: `am 3. Mai`.
# Full stops of Chinese, Japanese and Hindi, unless a quotation mark or a bracket follows.
_FULL_STOP = re.compile(r"(?<=[。！？।])(?![」』”’）)。！？])\s?")
_DAY = re.compile(r"\b\d{1,2}\.$")
_MONTH = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)


def sentences(text: str) -> list[str]:
    """The text's sentences in order, each on one line. Only white space is lost.

    A part that begins in lower case, or with the month of a date, is joined to the part before it.
    """
    parts = [
        "".join(token.spacing + token.value for token in tokens).strip()
        for piece in _FULL_STOP.split(" ".join(text.split()))
        for tokens in _split(piece)
    ]
    result: list[str] = []
    current = ""
    for part in parts:
        if current and (part[:1].islower() or (_DAY.search(current) and _MONTH.match(part))):
            current = f"{current} {part}"
            continue
        if current:
            result.append(current)
        current = part
    if current:
        result.append(current)
    return result


def _split(text: str) -> Iterator[list[Any]]:
    """The tokens of each sentence. `segmenter.process` would write "do not" as "donot" for "don't"."""
    from syntok import segmenter

    for paragraph in segmenter.preprocess(text):
        yield from segmenter.segment(_tokenizer().tokenize(paragraph))


@cache
def _tokenizer() -> Any:
    from syntok.tokenizer import Tokenizer

    return Tokenizer(replace_not_contraction=False)
