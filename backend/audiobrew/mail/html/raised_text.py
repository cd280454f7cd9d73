"""Digits above the line: `étude<sup>1</sup>` is a note, and no number of its own."""

import re

from selectolax.lexbor import LexborNode

_DIGITS = re.compile(r"\s*[−-]?\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,3}\s*")
_RAISED = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_SEPARATORS = re.compile(r"[\s,–]")
# What stands after the numerator of a fraction, or before the cents of a price.
_FRACTION = ("/", "⁄")
_PRICE = re.compile(r"[$€£¥]\s?\d{1,6}\s?$")


def read_text(node: LexborNode) -> str:
    """The text of a text node, with notes and powers in digits above the line, and cents after a point."""
    text = node.text_content or ""
    if not _DIGITS.fullmatch(text):
        return text
    raised = node.parent
    if raised is not None and raised.tag == "a":
        raised = raised.parent
    if raised is None or raised.tag != "sup" or is_numerator(raised):
        return text
    if is_price(raised.prev):
        return f".{text.strip()}"
    return _SEPARATORS.sub("", text).translate(_RAISED)


def is_numerator(raised: LexborNode) -> bool:
    following = raised.next
    return following is not None and (following.text() or "").lstrip().startswith(_FRACTION)


def is_price(before: LexborNode | None) -> bool:
    return before is not None and _PRICE.search(before.text() or "") is not None
