"""Decode bytes into text, even if their charset is wrong, unknown or missing."""

import codecs
import re

_WESTERN = {"ascii", "us-ascii", "iso8859-1", "cp1252", "iso8859-15", "utf-8"}
# The superset that senders mean when they declare the narrower charset.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_UNSUITABLE = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"}
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.IGNORECASE
)


def decode_text(data: bytes, charset: str) -> str:
    """Decode as the charset says, or as UTF-8 if that fits better. Never fails."""
    codec = find_codec(charset)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if codec in _WESTERN or codec is None:
        return decode_western(data, codec)
    return data.decode(_SUPERSETS.get(codec, codec), "replace")


def find_html_charset(data: bytes) -> str:
    """The charset that an HTML page declares in its first 2,048 bytes, else an empty string."""
    match = _META_CHARSET.search(data[:2048])
    return match[1].decode("ascii") if match else ""


def find_codec(charset: str) -> str | None:
    """The name of Python's text codec for the charset; None if there is none."""
    try:
        name = codecs.lookup(charset.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    codec = codecs.lookup(name)
    return None if name.replace("-", "_") in _UNSUITABLE or not codec._is_text_encoding else name


def decode_western(data: bytes, codec: str | None) -> str:
    """Decode valid UTF-8 as UTF-8, whatever the mail declares; other bytes by the declared codec."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if codec == "utf-8" and error.start > 0 and is_mostly_utf8(data):
            return data.decode("utf-8-sig", "replace")
    return data.decode("iso8859-15" if codec == "iso8859-15" else "cp1252", "replace")


def is_mostly_utf8(data: bytes) -> bool:
    """Whether few characters are broken: one truncated character must not garble every accent."""
    broken = data.decode("utf-8", "replace").count("\ufffd")
    non_ascii = sum(byte >= 0xC2 for byte in data)
    return broken * 4 < non_ascii
