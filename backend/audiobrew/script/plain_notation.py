"""Whether the figures and signs of a sentence are written as in running text: `$41.20`, `3.8 %`, `20-minute`.

A token of letters is judged by its sound (see `clarity.py`). One with a digit or a sign is plain only if it
has one of the forms below, whose words are certain. Nobody who does not see them understands the notations of
a league, a laboratory or a timetable.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from audiobrew.script.notation import HYPHENS, UNSPACED, any_of, notation_of
from audiobrew.script.spoken_abbreviations import compact, full_words

# Marks around a token.
_OPENING = "([{\"'“”„«»‘’‚‹›¿¡*_—…、。「」（"
_CLOSING = ".,;:!?…)]}\"'“”„«»‘’‚‹›*_—،。、"
# A token longer than these is an address or no word at all.
MAX_LENGTH = 60
_SIGN_MARKS = frozenset("/\\|#@*_~^=<>§†‡•·&%:")
_DASH = f"[{HYPHENS}]"
_NUMBER = r"\d{1,15}(?:[.,'’\u00a0\u202f]\d{1,9}){0,5}"
_FRACTION = r"\d{0,4}[½¼¾⅓⅔⅛⅜⅝⅞]"
_CURRENCY = r"(?:[A-Z]{1,2}\$|Rp|R|[$€£¥₹₩₽₺₴₪円])"
_MAGNITUDE = r"(?:[kKmMbBT]|bn|tn|mn|mln|MM)"
_AMOUNT = rf"(?:{_CURRENCY})?(?:{_NUMBER}|{_FRACTION}){_MAGNITUDE}?(?:{_CURRENCY}|[%¢°])?"
_TIME = r"(?:[01]?\d|2[0-4])(?:[:.h][0-5]\d)?(?:[ap]\.?m\.?|h|u)?"
_ORDINAL = r"(?:st|nd|rd|th|ers?|ère|[eè]mes?|nde?|st?e[nrs]?|te[nrs]?|re|es?|d|s|ᵉ|ᵉʳ|\.?[ºª]|mal|fach|x|×)"
_LETTERS = r"[^\W\d_]{2,30}"
# Forms of a token with a digit.
_FIGURES = re.compile(
    # Amounts, their ranges, ordinals, decades and years: `~40`, `€3.5m–€4m`, `3rd`, `1990s`, `’68`
    rf"[~≈]?[{HYPHENS}+]?{_AMOUNT}\+?|{_AMOUNT}{_DASH}{_AMOUNT}|{_NUMBER}{_ORDINAL}|['’]?\d\d(?:s|er)?"
    # Times, dates, results, dimensions and seasons: `7:45pm`, `2026-12-03`, `3:1`, `4x4`, `2025/26`
    rf"|{_TIME}(?:{_DASH}{_TIME})?|(?:h|[ap]\.m\.){_DASH}{_TIME}|\d{{1,3}}:\d{{1,3}}"
    r"|\d{1,3}\.x|\d{1,2}:\d\d:\d\d|\d{4}-\d\d-\d\d|\d{1,4}[x×]\d{1,4}"
    r"|\d{1,2}/\d{1,2}/\d{2,4}|(?:19|20)\d\d/(?:19|20)?\d\d|24/7|50/50|9/11"
    # Words with a number: `20-minute`, `100-Jährige`, `Covid-19`, `under-12s`, `l’1`
    rf"|{_AMOUNT}(?:er|th|st|nd|rd)?(?:{_DASH}(?:\w{{1,3}}{_DASH})?{_LETTERS}){{1,4}}|(?:{_LETTERS}-){{1,3}}\d{{1,4}}s?"
    rf"|[^\W\d_]{{1,20}}['’]{_NUMBER}|\d{{1,3}}-(?:on|for|of|in|to|foot|gegen|auf|zu|sur|contre)-\d{{1,3}}"
    # Names: `A97`, `H5N1`, `KR-2214`, `12b`, `5G`, `iPhone17`, `v2.1`, `CO2`
    r"|[A-Z]{1,4}-?\d{1,4}[A-Z]?s?|[A-Z]\d[A-Z]\d|\d{1,3}[a-dA-D]|5G|[234]D|[48]K|[a-z]?[A-Z][a-z]{1,15}\d{1,3}"
    # Products and sections of laws: `GPT-4o`, `Qwen2.5-72B`, `o1-preview`, `A320neo`, `RX7900`, `230(c)`
    rf"|[^\W\d_]{{2,20}}(?:\d{{1,4}}(?:\.\d{{1,3}}){{0,2}})?(?:-(?:\d{{1,4}}(?:\.\d{{1,3}}){{0,2}}[a-zA-Z]{{0,4}}|{_LETTERS})){{1,4}}"
    rf"|[a-z]\d-{_LETTERS}|[A-Z]\d{{1,4}}[a-z]{{2,8}}|\d{{3,4}}[A-Z]{{1,3}}|[A-Z]\.\d{{3}}|\d{{1,4}}\([a-z\d]{{1,2}}"
    r"|[eix]\d{1,4}|v\d{1,4}(?:\.\d{1,5}){0,3}|(?:[A-Z][a-z]?\d{0,2}){1,4}"
)
_ADDRESS = re.compile(r"https?://\S+|\S{1,64}@[\w.-]+|(?:[\w-]{1,60}\.){1,4}[a-z]{2,10}(?:/\S*)?")
# Tokens of signs that are said, and words with a sign between them: `and/or`, `R&D`, `Leser:innen`, `€/kWh`.
_SIGNS = re.compile(
    r"[^\W\d_][\w-]{0,20}(?:\+{1,2}|#)|"  # `Disney+`, `C#`
    rf"[&%€$£¢°§/|·×−–—-]|R\$|US\$|°[CF]|#\d{{1,4}}|[\w-]{{1,30}}[*:_]in(?:nen)?|{_LETTERS}(?:/-?{_LETTERS}){{1,2}}|[A-Z]{{1,5}}(?:&[A-Z]{{1,5}})+"
)
_RATE = re.compile(rf"(?:{_AMOUNT}|[€$£¢%]|[a-zA-Zµ]{{1,4}})/[^\W\d_]{{1,8}}[²³]?")
# The sign of an amount, which needs what it is measured in: `+3 %`, `−4 degrees`, but not `(+3)`.
_SIGNED = re.compile(rf"[{HYPHENS}+]{_NUMBER}")
_PLUS = frozenset("+")
# A day and a month with a slash, after a word that a date follows: `on 12/4`, `du 25/12`.
_SLASHED_DAY = re.compile(rf"\d{{1,2}}/\d{{1,2}}(?:{_DASH}\d{{1,2}}/\d{{1,2}})?")
_BEFORE_DAY = re.compile(
    r"on|by|until|since|from|through|before|after|to|[dl]e|[ad]u|dès|avant|depuis|jusqu['’]au|[aed]l|dal|op|am"
    r"|(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim)[a-zàé]{0,7}\.?",
    re.IGNORECASE,
)
# Hours of the day, unless somebody takes so many for something: `14–20 h`.
_LONG_HOURS = re.compile(rf"(?:[6-9]|1\d|2[0-4]){_DASH}\d{{1,2}}")
# Letters of other scripts, in whose words digits and signs are rare.
_OTHER_LETTER = re.compile(rf"[{UNSPACED}\u0370-\u1dff]")


@lru_cache(maxsize=8192)
def is_plain(text: str, language: str) -> bool:
    """Whether every token of a sentence with a digit or a sign has a form that is said with certainty."""
    return next(find_unusual(text, language), None) is None


def find_unusual(text: str, language: str) -> Iterator[str]:
    """The tokens of a sentence with a digit or a sign that are not plain."""
    parts = text.split()
    tokens = [part.lstrip(_OPENING).rstrip(_CLOSING) for part in parts]
    for place, token in enumerate(tokens):
        # What belongs to a token is not behind a mark.
        opens, ends = parts[place][:1] in _OPENING, parts[place][-1:] in _CLOSING
        before = "" if opens or not place else tokens[place - 1]
        after = "" if ends else "".join(tokens[place + 1 : place + 2])
        is_figure = any(map(is_digit_or_sign, token)) and not _OTHER_LETTER.search(token)
        if is_figure and not is_plain_token(token, before, after, language):
            yield token


def is_digit_or_sign(character: str) -> bool:
    return (
        character.isdecimal()
        or character in _SIGN_MARKS
        or unicodedata.category(character) in ("Sm", "Sc", "So", "No")
    )


def is_plain_token(token: str, before: str, after: str, language: str) -> bool:
    if len(token) > MAX_LENGTH:
        return False
    if _SIGNED.fullmatch(token):
        return (
            before[-1:].isalpha() or after[:1].isalpha() or after[:1] in {"%", "°", "€", "$", "£"}
        )
    if token in _PLUS:
        return not (before[:1].isupper() and after[:1].isdecimal())
    if after == "h" and (":" in token or _LONG_HOURS.fullmatch(token)):
        return False  # times or durations
    patterns = (_FIGURES, _SIGNS, _RATE, _ADDRESS, unit_pattern(language))
    if any(pattern.fullmatch(token) for pattern in patterns) or is_abbreviation(token, language):
        return True
    return bool(_SLASHED_DAY.fullmatch(token) and _BEFORE_DAY.fullmatch(before))


@cache
def unit_pattern(language: str) -> re.Pattern[str]:
    """A unit, also with a figure or a range before it: `500g`, `1.5-2kg`, `m²`."""
    notation = notation_of(language)
    units = any_of({*notation.units, *notation.multiples, *notation.spaced_units})
    amount = f"(?:{_NUMBER}|{_FRACTION})"
    return re.compile(rf"(?:[{HYPHENS}+]?{amount}(?:[{HYPHENS}x×]{amount})?-?)?(?:{units})[²³]?")


def is_abbreviation(token: str, language: str) -> bool:
    """Whether a token is a short form that has words: `w/`."""
    words = full_words(language)
    return compact(token) in words or f"{compact(token)}." in words
