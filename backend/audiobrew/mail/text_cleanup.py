"""Text that is safe to show and to speak: no control, bidi or filler characters, one space a gap."""

import re

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_JOINERS = re.compile(r"(?<!\w)[\u200c\u200d]+|[\u200c\u200d]+(?!\w)")  # filler, but not in a word
_GAP = re.compile(r"\s+")


def strip_invisible(text: str) -> str:
    """Without the characters that show nothing or turn the reading direction; lines kept."""
    return _JOINERS.sub("", _INVISIBLE.sub("", text))


def collapse_whitespace(text: str) -> str:
    """Visible text with every run of white space as one space."""
    return _GAP.sub(" ", strip_invisible(text)).strip()
