"""Which texts a voice can say so that a listener understands them: no code, no cut-off parts.

The others are only shown. A voice would read out paths, options, unknown abbreviations and cut-off remarks.
"""

import re
from functools import lru_cache

from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.clarity import Clarity, clarity_of, is_bare_remark
from audiobrew.script.notation import notation_of

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
# A remark in brackets, within a sentence.
_REMARK = re.compile(r"\s?\([^()]{1,200}\)(?=[\s,;:.!?…”\"»])")
MIN_WORDS_BESIDE_REMARK = 5
_LIST_MARK = re.compile(r"^\(?\w{1,3}\)")


@lru_cache(maxsize=8192)
def is_speakable(text: str, language: str, clarity: Clarity = Clarity.DOUBTFUL) -> bool:
    """Whether a sentence is at least so clear by ear, and neither code nor a rest."""
    is_whole = not is_code(text) and not is_cut_off(text)
    return is_whole and clarity_of(text, language) >= clarity


def without_unclear_remarks(text: str, language: str) -> str:
    """The sentence without the remarks in brackets that cannot be understood by ear; empty without words."""

    def clear_remark(match: re.Match[str]) -> str:
        content = match[0].strip(" ()")
        is_clear = is_speakable(content, language) and not is_bare_remark(match, language)
        return match[0] if is_clear else ""

    rest = _REMARK.sub(clear_remark, text).strip()
    return rest if rest == text or count_words(rest) >= MIN_WORDS_BESIDE_REMARK else ""


def without_doubtful_remarks(text: str, language: str) -> str:
    """The sentence without remarks in brackets, if it is clearer without them."""
    clarity = clarity_of(text, language)
    if clarity is Clarity.CLEAR or "(" not in text:
        return text
    rest = without_unclear_remarks(text, language)
    return rest if rest and clarity_of(rest, language) > clarity else text


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
