"""Remove control, bidirectional and filler characters from text, and normalize its white space."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# Zero-width joiners and non-joiners are filler, except inside a word of a script that joins its
# letters (Arabic to Mongolian), and except a joiner between two emoji.
_JOINING = "\u0590-\u08ff\u0900-\u0dff\u0e80-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufeff"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_JOINERS = re.compile(
    f"(?<![{_JOINING}{_EMOJI}])[\u200c\u200d]++|[\u200c\u200d]++(?![{_JOINING}{_EMOJI}])"
)
# Letters of scripts that are written without spaces between words, and how many make a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LETTERS_OF_WORD = 2
_MATHEMATICAL = re.compile("[\U0001d400-\U0001d7ff]++")
_WHITE_SPACE = re.compile(r"\s+")
# Canonical combining classes of accents: attached or not, below, above, and the iota below.
_ACCENTS = frozenset((202, 216, 220, 230, 240))


def strip_invisible(text: str) -> str:
    """Remove characters that are invisible or change the reading direction. Line ends stay."""
    text = _JOINERS.sub("", _INVISIBLE.sub("", text))
    return text if text.isascii() else _MATHEMATICAL.sub(spell_in_plain_letters, text)


def spell_in_plain_letters(match: re.Match[str]) -> str:
    """Bold, italic or script letters of mathematics, as senders use for emphasis, as plain letters."""
    return unicodedata.normalize("NFKC", match[0])


def collapse_whitespace(text: str) -> str:
    """Remove invisible characters, and replace every run of white space by one space."""
    return _WHITE_SPACE.sub(" ", strip_invisible(text)).strip()


def strip_accents(text: str) -> str:
    """The text without the accents above and below letters, which capital letters often lack.

    Vowel signs and points of other scripts stay. A dotless i becomes an i.
    """
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFD", text)
    base = "".join(one for one in letters if unicodedata.combining(one) not in _ACCENTS)
    return unicodedata.normalize("NFC", base).replace("ı", "i")


def count_words(text: str) -> int:
    """The number of words, also in Chinese, Japanese and Thai."""
    if text.isascii():
        return len(text.split())
    rest, letters = _UNSPACED.subn(" ", text)
    return (
        sum(any(map(str.isalnum, word)) or not letters for word in rest.split())
        + (letters + _LETTERS_OF_WORD - 1) // _LETTERS_OF_WORD
    )
