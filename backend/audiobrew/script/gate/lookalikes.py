"""Text as it is seen: without what cannot be seen, and with one letter for those that look the same."""

import re
import unicodedata
from functools import lru_cache

_HIDDEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\uffa0]"
)
"""Of no width, or turning what follows round."""
_LOOK_ALIKE = {
    **dict(zip("аеорсхуіјѕкмтнвьԁԛԝ", "aeopcxyijskmthbbdqw", strict=True)),
    **dict(zip("АВЕЗКМНОРСТУХІЈЅԌ", "ABE3KMHOPCTYXIJSG", strict=True)),
    **dict(zip("αιοκνρτυχγω", "aiokvptuxyw", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("օսոհցԼՏՕ", "ounhgLSO", strict=True)),
}
_TABLE = str.maketrans(_LOOK_ALIKE)
_SIGNS = str.maketrans({"٪": "%", "٫": ".", "٬": ",", "·": ".", "∙": ".", "˙": ".", "‚": ","})
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[٫٬·∙˙‚](?=\d)|٪")
_WORD = re.compile(r"[^\W\d_]+")
LATIN = frozenset("en de fr es it pt nl sv da nb no fi pl cs tr ro".split())  # noqa: SIM905
"""Languages that are written in Latin letters."""


def as_seen(text: str) -> str:
    """Words in which scripts are mixed are written in Latin letters, as far as they look like them."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    plain = _BETWEEN_DIGITS.sub(lambda found: found[0].translate(_SIGNS), plain)
    return plain if plain.isascii() else _WORD.sub(_in_one_script, plain)


def is_foreign(word: str, language: str) -> bool:
    """Whether a word has letters of another script than its language is written in."""
    return language in LATIN and not word.isascii() and not all(map(_is_latin, word))


def _in_one_script(found: re.Match[str]) -> str:
    word = found[0]
    if word.isascii():
        return word
    latin = [_is_latin(letter) for letter in word]
    return word.translate(_TABLE) if any(latin) and not all(latin) else word


@lru_cache(maxsize=4096)
def _is_latin(letter: str) -> bool:
    name = unicodedata.name(letter, "")
    return (
        name.startswith("LATIN") or "MODIFIER LETTER" in name or unicodedata.combining(letter) > 0
    )
