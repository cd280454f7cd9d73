"""The characters with which senders decorate a line: "◆ PR ◆", "─── [Ad] ───", "✦ Anzeige ✦"."""

import re

# Each is a set of characters for a pattern, without its brackets. Arrows, lines, shapes, dingbats and
# pictograms; and with them all punctuation that frames words, with the brackets of East Asia. Question marks,
# signs of money and quotation marks of other scripts say something about the words, so they are not here.
PICTURES = r"※⁂⁎⁑\u2190-\u2bff\U0001f000-\U0001faff\u200d\u20e3\ufe0e\ufe0f"
ORNAMENTS = (
    r"\s\-_*=~+/|:.#^<>{}\[\]()·•°‣․‥…\u2010-\u2015\u3000-\u3003\u3008-\u301f\u3030\u30fb"
    r"\uff03\uff08-\uff0b\uff0d-\uff0f\uff1a\uff1c-\uff1e\uff3b-\uff3d\uff3f\uff5b-\uff65"
    rf"{PICTURES}"
)
# Those that separate words from others. A hyphen or a dash has another meaning between words.
SEPARATORS = rf"*=~＊＝～{PICTURES}"
_EDGE = re.compile(rf"[{SEPARATORS}\-–—_•|・＿｜#＃\[\](){{}}\u3008-\u301b（）［］]")


def is_decorated(text: str) -> bool:
    """Whether a line begins or ends with an ornament or a bracket."""
    return bool(text) and any(_EDGE.match(character) for character in (text[0], text[-1]))
