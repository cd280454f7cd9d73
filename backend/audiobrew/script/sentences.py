"""A paragraph as its sentences."""

from collections.abc import Iterator
from functools import cache
from typing import Any


def sentences(text: str) -> list[str]:
    """In order, each on one line; nothing is lost but spaces."""
    return list(_whole(_split(" ".join(text.split()))))


def _split(text: str) -> Iterator[str]:
    for paragraph in _segmenter().process(text):
        for tokens in paragraph:
            yield "".join(token.spacing + token.value for token in tokens).strip()


def _whole(parts: Iterator[str]) -> Iterator[str]:
    """A part that begins in lower case belongs to the one before: the split was at an abbreviation."""
    held = ""
    for part in parts:
        if held and part[:1].islower():
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
