"""Decode bytes into text, even if their charset is wrong, unknown or missing."""

import codecs
import re

_WESTERN = {"ascii", "us-ascii", "iso8859-1", "cp1252", "iso8859-15", "utf-8"}
# The superset that senders mean when they declare the narrower charset.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-8": "cp1255",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
# Names that Python does not know, without `x-`, `cs`, hyphens and underscores.
_ALIASES = {
    "sjis": "cp932",
    "mskanji": "cp932",
    "windows31j": "cp932",
    "cp943": "cp932",
    "iso88598i": "cp1255",
    "iso88598e": "cp1255",
    "logical": "cp1255",
    "iso88596i": "iso8859-6",
    "iso88596e": "iso8859-6",
    "windows874": "cp874",
    "dos874": "cp874",
    "windows949": "cp949",
    "unicode11utf8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode20utf8": "utf-8",
    "macroman": "mac-roman",
    "macintosh": "mac-roman",
    "maccyrillic": "mac-cyrillic",
    "gb": "gb18030",
    "eucjp": "euc_jp",
    "euckr": "cp949",
    "eucgb2312cn": "gb18030",
    "euccn": "gb18030",
    "iso2022jpms": "iso2022_jp",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "cp50222": "iso2022_jp",
    "koi": "koi8-r",
}
_UNSUITABLE = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"}
# Codecs of other units than bytes, or of 7-bit bytes only. Their bytes are never UTF-8 by mistake.
_NEVER_UTF8 = ("utf-16", "utf-32", "utf-7")
_MULTIBYTE = ("gb", "big5", "cp9", "euc", "shift", "johab", "hz")
# In text with fewer bytes that are not ASCII, other charsets can look like UTF-8.
_MIN_UTF8_BYTES = 20
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.IGNORECASE
)
_JAPANESE_ESCAPE = (b"\x1b$B", b"\x1b$@")
_KOREAN_ESCAPE = b"\x1b$)C"
_HIGH_BIT = bytes(byte | 0x80 if byte > 0x20 else byte for byte in range(256))
_ESCAPE = re.compile(rb"\x1b(\$[@AB]|\([BJIH]|\$\([DOPQ])")


def decode_text(data: bytes, charset: str) -> str:
    """Decode as the charset says, or as UTF-8 if that fits better. Never fails."""
    codec = find_codec(charset)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    has_escapes = b"\x1b$" in data
    if has_escapes and any(escape in data for escape in _JAPANESE_ESCAPE):
        return decode_iso2022_jp(data)
    if has_escapes and _KOREAN_ESCAPE in data:
        return data.decode("iso2022_kr", "replace")
    if codec in _WESTERN or codec is None:
        return decode_western(data, codec)
    if is_utf8(data, codec):
        return data.decode("utf-8-sig")
    return data.decode(_SUPERSETS.get(codec, codec), "replace")


def find_html_charset(data: bytes) -> str:
    """The charset that an HTML page declares in its first 2,048 bytes, else an empty string."""
    match = _META_CHARSET.search(data[:2048])
    return match[1].decode("ascii") if match else ""


def find_codec(charset: str) -> str | None:
    """The name of Python's text codec for the charset; None if there is none."""
    label = charset.strip().strip("\"';, ").lower()
    short = label.replace("-", "").replace("_", "").removeprefix("x").removeprefix("cs")
    for name in (_ALIASES.get(short, label), label.removeprefix("x-"), short):
        try:
            codec = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if codec.name.replace("-", "_") not in _UNSUITABLE and codec._is_text_encoding:
            return codec.name
    return None


def is_utf8(data: bytes, codec: str) -> bool:
    """Whether the bytes are UTF-8, although the mail declares another codec."""
    if data.isascii() or codec.startswith(_NEVER_UTF8):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if not codec.startswith(_MULTIBYTE):
        return True
    if sum(byte >= 0x80 for byte in data) >= _MIN_UTF8_BYTES:
        return True
    try:  # a short text may be valid in both
        data.decode(_SUPERSETS.get(codec, codec))
    except UnicodeDecodeError:
        return True
    return False


def decode_iso2022_jp(data: bytes) -> str:
    """Decode ISO-2022-JP with Microsoft's additions, such as ① and ㈱, which Python's codecs lack."""
    pieces: list[str] = []
    mode, position = b"(B", 0
    for escape in _ESCAPE.finditer(data):
        pieces.append(decode_jis_run(data[position : escape.start()], mode))
        mode, position = escape[1], escape.end()
    pieces.append(decode_jis_run(data[position:], mode))
    return "".join(pieces)


def decode_jis_run(run: bytes, mode: bytes) -> str:
    """Decode the bytes between two escape sequences. `mode` is the first one without its ESC."""
    match mode:
        case b"$B" | b"$@":
            lines = run.split(b"\n")  # a line end returns to ASCII, even without an escape
            return "\n".join(
                [decode_jis(lines[0]), *(decode_western(line, None) for line in lines[1:])]
            )
        case b"(I":
            return bytes(byte | 0x80 for byte in run).decode("cp932", "replace")
        case b"(B" | b"(J" | b"(H":
            return decode_western(run, None)
        case _:
            return (b"\x1b" + mode + run).decode("iso2022_jp_ext", "replace")


def decode_jis(pairs: bytes) -> str:
    try:
        return pairs.translate(_HIGH_BIT).decode("euc_jp")
    except UnicodeDecodeError:
        return to_shift_jis(pairs).decode("cp932", "replace")


def to_shift_jis(jis: bytes) -> bytes:
    """Convert pairs of JIS X 0208 bytes. Other bytes stay."""
    converted = bytearray()
    position = 0
    while position < len(jis):
        pair = jis[position : position + 2]
        if len(pair) < 2 or not all(0x21 <= byte <= 0x7E for byte in pair):
            converted.append(jis[position])
            position += 1
            continue
        row, cell = pair
        odd = row & 1
        lead = ((row - 0x21) >> 1) + (0x81 if row < 0x5F else 0xC1)
        trail = cell + (0x1F if cell < 0x60 else 0x20) if odd else cell + 0x7E
        converted += bytes((lead, trail))
        position += 2
    return bytes(converted)


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
