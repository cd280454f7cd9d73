"""Text as a reader sees it: without invisible characters, and with Latin letters for their look-alikes."""

import re
import unicodedata
from functools import lru_cache

from audiobrew.lang.language import language_or_default

# Characters without width, and those that change the direction of the text.
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\uffa0]"
)
# Letters of other scripts and the Latin letters that they look like.
_LOOK_ALIKE = {
    **dict(zip("аеорсхуіјѕкмтнвьԁԛԝ", "aeopcxyijskmthbbdqw", strict=True)),
    **dict(zip("АВЕЗКМНОРСТУХІЈЅԌ", "ABE3KMHOPCTYXIJSG", strict=True)),
    **dict(zip("αιοκνρτυχγω", "aiokvptuxyw", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("օսոհցԼՏՕ", "ounhgLSO", strict=True)),
}
_TO_LATIN = str.maketrans(_LOOK_ALIKE)
# Foreign and look-alike signs within numbers.
_NUMBER_SIGNS = str.maketrans(
    {"٪": "%", "٫": ".", "٬": ",", "·": ".", "∙": ".", "˙": ".", "‚": ","}
)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[٫٬·∙˙‚](?=\d)|٪")
_WORD = re.compile(r"[^\W\d_]+")


def as_seen(text: str) -> str:
    """The visible text. In words that mix scripts, letters become the Latin ones that they look like."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    plain = _BETWEEN_DIGITS.sub(lambda match: match[0].translate(_NUMBER_SIGNS), plain)
    return plain if plain.isascii() else _WORD.sub(lambda match: unify_script(match[0]), plain)


def is_foreign(word: str, language: str) -> bool:
    """Whether a word has letters of another script than its language is written in."""
    latin = language_or_default(language).latin_script
    return latin and not word.isascii() and not all(map(is_latin, word))


def unify_script(word: str) -> str:
    """A word of Latin and other letters in Latin letters only, as far as there are look-alikes."""
    if word.isascii():
        return word
    latin = [is_latin(letter) for letter in word]
    return word.translate(_TO_LATIN) if any(latin) and not all(latin) else word


@lru_cache(maxsize=4096)
def is_latin(letter: str) -> bool:
    """Whether a character is a Latin letter, a modifier letter or a combining mark."""
    name = unicodedata.name(letter, "")
    return (
        name.startswith("LATIN") or "MODIFIER LETTER" in name or unicodedata.combining(letter) > 0
    )
