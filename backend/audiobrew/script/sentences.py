"""A paragraph as its sentences."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

_DAY = re.compile(r"\b\d{1,2}\.$")
_MONTH = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
"""German writes the day of a date with a full stop."""


def sentences(text: str) -> list[str]:
    """In order, each on one line; nothing is lost but spaces."""
    return list(_whole(_split(" ".join(text.split()))))


def _split(text: str) -> Iterator[str]:
    for paragraph in _segmenter().process(text):
        for tokens in paragraph:
            yield "".join(token.spacing + token.value for token in tokens).strip()


def _whole(parts: Iterator[str]) -> Iterator[str]:
    """A part that begins in lower case, or with the month of a date, belongs to the one before."""
    held = ""
    for part in parts:
        if held and (part[:1].islower() or (_DAY.search(held) and _MONTH.match(part))):
            held = f"{held} {part}"
            continue
        if held:
            yield held
        held = part
    if held:
        yield held


@cache
def _segmenter() -> Any:
    from syntok import segmenter

    return segmenter
