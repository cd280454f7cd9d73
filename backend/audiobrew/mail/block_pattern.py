"""What the same paragraph looks like in every issue of a newsletter: its text, where numbers, dates and names
may change.

The listener's rules are about such patterns, not about texts: "Issue 12 is brought to you by Acme" must be
recognized in issue 13, and with another sponsor. A rule that matches too much would lose stories, so names
may change only where enough other words stay the same; decision 29 says why.
"""

import re
from functools import cache
from unicodedata import normalize

from audiobrew.lang.language import all_languages
from audiobrew.mail.forward_dates import month_names

# Characters of a block that its pattern looks at.
_MAX_CHARACTERS = 2_000
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,2000}|[^\s@]{1,64}@[^\s@]{1,255}")
_NUMBER = re.compile(r"[#№$€£¥]?\d[\d.,:/%$€£¥-]*(?:st|nd|rd|th)?", re.IGNORECASE)
_TOKEN = re.compile(rf"{_NUMBER.pattern}|[^\W\d_]+(?:['’][^\W\d_]+)?|[.!?:…]", re.IGNORECASE)
# Names are not told from other nouns where all nouns are capitalized.
_NOUNS_ARE_CAPITALIZED = ("de", "lb")
# Words that must stay the same beside names that change, and their share of both.
_MIN_FIXED_WORDS = 3
_MIN_FIXED_SHARE = 0.7
# "Photo of the day: Lake Como": the words before a colon, and those of a name after it.
_LABEL_WORDS = range(2, 7)
_MAX_NAME_WORDS = 4
NUMBER, DATE, NAME = "#", "@", "*"


def block_pattern(text: str, language: str) -> str:
    """The pattern of a block. Empty if the text has no letters."""
    plain = _ADDRESS.sub(" ", normalize("NFKC", text[:_MAX_CHARACTERS]))
    tokens = _TOKEN.findall(plain)
    if not any(token[0].isalpha() for token in tokens):
        return ""
    words = mark_dates(tokens)
    pattern = words
    if language not in _NOUNS_ARE_CAPITALIZED:
        pattern = mark_label(words) or mark_names(words) or words
    return " ".join(word.casefold() for word in pattern if word not in ".!?:…")


def mark_dates(tokens: list[str]) -> list[str]:
    """The tokens with one mark for each run of numbers and names of days and months."""
    words: list[str] = []
    for place, token in enumerate(tokens):
        neighbors = tokens[max(place - 1, 0) : place] + tokens[place + 1 : place + 2]
        is_near_number = any(neighbor[-1].isdigit() for neighbor in neighbors)
        mark = date_mark(token, is_near_number=is_near_number)
        if not mark:
            words.append(token)
        elif words and words[-1] in (NUMBER, DATE):
            words[-1] = DATE if DATE in (words[-1], mark) else NUMBER
        else:
            words.append(mark)
    return words


def date_mark(token: str, *, is_near_number: bool) -> str:
    """The mark of a number or of a date's word, empty for others. "Nov" is a month only beside a number."""
    if _NUMBER.fullmatch(token):
        return NUMBER
    word = token.casefold()
    is_date = word in long_date_words() or (
        is_near_number and len(word) > 2 and (word in month_names() or word in short_day_names())
    )
    return DATE if is_date else ""


def mark_label(words: list[str]) -> list[str]:
    """The pattern of a label with a short name after it, or nothing."""
    if words.count(":") != 1:
        return []
    colon = words.index(":")
    name = [word for word in words[colon + 1 :] if word not in ".!?…"]
    is_name = 0 < len(name) <= _MAX_NAME_WORDS and all(
        word[0].isupper() or word in (NUMBER, DATE) for word in name
    )
    return [*words[: colon + 1], NAME] if colon in _LABEL_WORDS and is_name else []


def mark_names(words: list[str]) -> list[str]:
    """The words with one mark for each run of capitalized words inside a sentence. Nothing if too few other
    words would be left."""
    pattern: list[str] = []
    starts_sentence = True
    for word in words:
        if word[0].isupper() and not starts_sentence:
            if not pattern or pattern[-1] != NAME:
                pattern.append(NAME)
        else:
            pattern.append(word)
        starts_sentence = word in ".!?…"
    fixed = sum(word[0].isalpha() for word in pattern)
    is_safe = fixed >= _MIN_FIXED_WORDS and fixed >= _MIN_FIXED_SHARE * (
        fixed + pattern.count(NAME)
    )
    return pattern if is_safe else []


@cache
def long_date_words() -> frozenset[str]:
    """The full names of days and months in the languages that we know well."""
    return frozenset(
        name.casefold() for name in names_of(("months", "days"), "wide") if len(name) > 2
    )


@cache
def short_day_names() -> frozenset[str]:
    return frozenset(name.rstrip(".").casefold() for name in names_of(("days",), "abbreviated"))


def names_of(kinds: tuple[str, ...], width: str) -> list[str]:
    # Slow to import, and few mails need it.
    from babel import Locale, UnknownLocaleError

    names: list[str] = []
    for language in all_languages():
        if not language.forwarded.sender:
            continue
        try:
            locale = Locale(language.code)
        except UnknownLocaleError:
            continue
        for kind in kinds:
            for context in ("format", "stand-alone"):
                names += getattr(locale, kind)[context][width].values()
    return names
