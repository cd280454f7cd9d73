"""Which texts a voice can say so that a listener understands them: no code, no cut-off parts.

The others are only shown. A voice would read out paths, options, unknown abbreviations and cut-off remarks.
"""

import re
from functools import lru_cache

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default
from audiobrew.script.notation import notation_of
from audiobrew.script.speech_text import speech_text

# Code: a path, an option, a variable, a call, an assignment, a pattern for dates.
_CODE = re.compile(
    r"(?<!\S)--[a-z]|(?<!\S)-[a-z][\w-]{2,}|\b[A-Z]:\\|\\\w|(?<![\w.:/)<])(?:~|\.{1,2})?/[\w.-]{1,40}/|(?<!\S)~/"
    r"|(?<![@\w.])[A-Za-z][A-Za-z\d]{0,40}_\w|\$[A-Z_]{3,}|(?<![\w/])(?:\w{1,40}\.)?[a-z]+[A-Z]\w{0,40}\(|\b\w{1,40}_\w{0,40}\("
    r"|(?<![\w.])@[a-z\d_][\w-]|(?<![\w&])#\d{3,7}(?!\w)|(?<!\S):[a-z]{2,}|(?<!\S)/(?!or\b)[a-z]{2,20}(?![\w/])"
    r"|(?<!\S)[_.*/\\-]{1,2}(?=[,;](?:\s|$))|(?<!\S)[_\\](?!\S)|(?<![\w.@/-])[\w-]{1,40}(?:\.[\w-]{2,20}){1,4}/[\w.-]{1,40}[/:]\w"
    r"|(?<!\w)(?P<letter>[A-Z])[–-](?P=letter)(?!\w)|[a-z] (?![AI])[A-Z] (?:v|vs\.?|versus) [A-Z]"
    r"|(?<![\w./-])\.?[\w-]{1,40}(?:/[\w-]{1,40}){0,5}/[\w-]{1,40}\.[a-z]{2,5}(?!\w)|(?<!\w)[A-Za-z]\w{0,40}\.\w{1,40}\("
    r"|[{}]|=>|[=!<>]==?(?=\S)|(?<=[a-z])=(?=[\w\"'])|&&|\|\|"
    r"|\b(?:DD|MM|TT|YY|YYYY|AAAA|JJJJ|HH)(?:[./:-](?:DD|MM|TT|YY|YYYY|AAAA|JJJJ|HH|SS))+\b"
)
# `site.pages`
_DOTTED = re.compile(
    r"(?<![\w.@/’'-])[a-z]{2,20}(?:\.[a-z]{2,20}){0,3}\.(?P<last>[a-z]{2,20})(?![\w@./’'-]|\.\w)"
)
FILE_ENDINGS = frozenset(
    [
        "toml",
        "json",
        "yaml",
        "yml",
        "md",
        "txt",
        "pdf",
        "csv",
        "html",
        "css",
        "py",
        "js",
        "ts",
        "exe",
        "zip",
    ]
    + [
        "doc",
        "docx",
        "png",
        "jpg",
        "svg",
        "sh",
        "rs",
        "go",
        "conf",
        "ini",
        "log",
        "xml",
        "sql",
        "epub",
        "example",
    ]
)
_EMOTICON = re.compile(r"[:;]-?[()](?!\w)")
# A note in square brackets that stands for a picture or a table.
_NOTE = re.compile(r"\[[^\[\]]{1,300}\]\.?")
# A remark that belonged to a sentence before it: `(+5,2 %). It is …`
_CUT_OFF_REMARK = re.compile(r"\([^()]{1,200}\)(?:[,;.:]\s?\S|\s?[a-zß-ÿ])")
_LIST_MARK = re.compile(r"^\(?\w{1,3}\)")
# What may be a problem, before the text is worded for the voice.
_DOUBTFUL = re.compile(
    r"[@#|^~=\\]|\d[A-Za-z]|(?<!\w)\w/\w(?!\w)|[^\W\d_]\.(?:[,;:]|\s[\w(&])"
    r"|(?<![^\W\d_])[bcdfghjklmnpqrstvwxz]{2,5}\."
)
# Points of these do not end the sentence and are not heard.
_NAMES = r"(?!(?:inc|ltd|co|corp|llc|plc|bros|cie|jr|sr|st|no|e)\.)"
# An abbreviation that has no words.
_ABBREVIATION = re.compile(
    rf"(?<![\w.&])(?i:{_NAMES})[^\W\d_]{{2,6}}\.(?=[,;:]|\s[a-zß-ÿа-яё(&]|\s\d)"
    r"|(?<![\w.])[a-zß-ÿа-яё]\.(?=\s[a-zß-ÿа-яё\d])"
)
# One before a noun with a capital: `zus. Busse`.
_BEFORE_NOUN = re.compile(r"(?<![\w.&])[a-zß-ÿ]{2,5}\.(?=\s[A-ZÀ-Þ])")
_UNVOWELLED = re.compile(r"(?<![\w.])[bcdfghjklmnpqrstvwxz]{2,5}\.(?=[\s\"”»)]{0,3}$|[,;:)])")
# Languages with words without vowels.
SYLLABIC = frozenset(["cs", "sk", "hr", "sl", "sr", "bs", "mk", "bg", "cy"])
# A figure with a letter that is no unit, and that is not known: `48s`, `1A`.
_GLUED = re.compile(
    r"(?<![\w.,:/-])\d{1,9}(?:[.,]\d{1,9})?"
    r"(?!(?:st|nd|rd|th|d|s|ers?|re|res|e|es|ère|ème|èmes|nde?|ste?n?|de|te|ten|ter|tes|a|o|as|os|n|mal|x|D|K|G|P|FA|WD|p|i|k|h|C|F)(?![\w]))"
    r"[A-Za-z]{1,3}(?![\w-])"
)
_SIGNS = re.compile(r"[@#|^~\\]|(?<!\S)[=+](?!\S)|\w=\w|(?<!\w)[^\W\d_]/[^\W\d_](?!\w)")


@lru_cache(maxsize=8192)
def is_speakable(text: str, language: str) -> bool:
    """Whether a sentence can be understood by ear."""
    if is_code(text) or is_cut_off(text):
        return False
    if not _DOUBTFUL.search(text):
        return True
    speech = speech_text(text, language)
    is_short = language not in SYLLABIC and _UNVOWELLED.search(speech)
    if has_capital_nouns(language) and _BEFORE_NOUN.search(text) and _BEFORE_NOUN.search(speech):
        return False
    abbreviations = (match[0].rstrip(".") for match in _ABBREVIATION.finditer(speech))
    return not (
        is_short
        or any(word.casefold() not in FUNCTION_WORDS for word in abbreviations)
        or _GLUED.search(speech)
        or _SIGNS.search(speech)
    )


def has_capital_nouns(language: str) -> bool:
    return language_or_default(language).meaning.capitalized_nouns


def is_code(text: str) -> bool:
    """Whether a text has parts that only a programmer can read."""
    return bool(_CODE.search(text)) or any(map(is_member, _DOTTED.finditer(text)))


def is_member(match: re.Match[str]) -> bool:
    """Whether words with a point between them are names of a program, not an address or a file."""
    last = match["last"]
    return last not in notation_of("en").domains and last not in FILE_ENDINGS


def is_cut_off(text: str) -> bool:
    """Whether a text has only a part of a remark, or is one for the eyes."""
    if _NOTE.fullmatch(text) or _CUT_OFF_REMARK.match(text):
        return True
    if _EMOTICON.search(text):
        return False
    plain = _LIST_MARK.sub("", text)
    return any(plain.count(opening) != plain.count(closing) for opening, closing in ("()", "[]"))
