"""Which images of a page say something, and what."""

import re

from audiobrew.mail.html.visibility import Styles
from audiobrew.mail.text_cleanup import collapse_whitespace

# Pixels. An image that is smaller is an icon, a spacer or a tracker.
_MIN_SIZE = 48
_MAX_CHARACTERS = 1_000
_MIN_WORDS = 3
# Characters of a text in a script without spaces.
_MIN_DENSE_CHARACTERS = 10
# Texts of at most this many words with one of these are about the page, not about the story.
_MAX_FURNITURE_WORDS = 8
_FURNITURE = re.compile(
    r"\b(?:logos?|icons?|banner|header|footer|avatar|divider|spacer|button|badge|app store|google play|"
    r"click|view|read|share|follow|download|subscribe|image|photo|picture|bild|foto|imagen|immagine)\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\s{0,3}(\d{1,6})(?:\.\d{1,6})?\s{0,3}(?:px)?\s{0,3}")

Attributes = dict[str, str | None]


def is_icon(attributes: Attributes, styles: Styles) -> bool:
    """Whether an image is too small to show a scene."""
    lengths = [
        _LENGTH.fullmatch((styles.get(side) or attributes.get(side) or "").strip()[:20])
        for side in ("width", "height")
    ]
    return any(match and int(match[1]) < _MIN_SIZE for match in lengths)


def read_alternative_text(attributes: Attributes, styles: Styles) -> str:
    """What the image shows, in the sender's words; empty if they only name it."""
    text = collapse_whitespace((attributes.get("alt") or "")[:_MAX_CHARACTERS])
    words = text.split()
    dense = sum(
        "\u3040" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7af" for character in text
    )
    if len(words) < _MIN_WORDS and dense < _MIN_DENSE_CHARACTERS:
        return ""
    decoration = attributes.get("role") == "presentation" or is_icon(attributes, styles)
    if decoration or "://" in text:
        return ""
    return "" if len(words) <= _MAX_FURNITURE_WORDS and _FURNITURE.search(text) else text
