"""Bytes become text, also when their charset is wrong, unknown or not named."""

import codecs
import re

_WESTERN = {"ascii", "us-ascii", "iso8859-1", "cp1252", "iso8859-15", "utf-8"}
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
"""What senders mean when they name the narrower one."""
_NOT_FOR_MAIL = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"}
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.IGNORECASE)


def decode_text(data: bytes, charset: str) -> str:
    """Decode as the charset says, as UTF-8 where that fits better, and always."""
    named = _codec(charset)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if named in _WESTERN or named is None:
        return _western(data, named)
    return data.decode(_WIDER.get(named, named), "replace")


def find_html_charset(data: bytes) -> str:
    """The charset an HTML page names in its first lines, else an empty string."""
    found = _META.search(data[:2048])
    return found[1].decode("ascii") if found else ""


def _codec(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    text = codecs.lookup(name)
    return None if name.replace("-", "_") in _NOT_FOR_MAIL or not text._is_text_encoding else name


def _western(data: bytes, named: str | None) -> str:
    """Text with accents that is valid UTF-8 is UTF-8, whatever it says of itself."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if named == "utf-8" and error.start > 0 and _mostly_utf8(data):
            return data.decode("utf-8-sig", "replace")
    return data.decode("iso8859-15" if named == "iso8859-15" else "cp1252", "replace")


def _mostly_utf8(data: bytes) -> bool:
    """One torn character in a long mail must not turn all its accents into others."""
    wrong = data.decode("utf-8", "replace").count("\ufffd")
    right = sum(byte >= 0xC2 for byte in data)
    return wrong * 4 < right
