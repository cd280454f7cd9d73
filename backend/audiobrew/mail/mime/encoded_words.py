"""RFC 2047: subjects and names that were sent in another charset."""

import re

from audiobrew.mail.mime.charset import decode_text
from audiobrew.mail.mime.transfer import decode_transfer
from audiobrew.mail.text_cleanup import collapse_whitespace

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")


def decode_encoded_words(value: str) -> str:
    """The value on one line, its encoded words decoded; a broken one stays as it is.

    Neighbours of the same charset are joined before decoding, for senders cut characters in two.
    """
    pieces: list[tuple[str, bytearray] | str] = []
    end = 0
    value = _BETWEEN.sub(r"\1", value)
    for match in _WORD.finditer(value):
        _add_plain(pieces, value[end : match.start()])
        _add_encoded(pieces, match)
        end = match.end()
    _add_plain(pieces, value[end:])
    return collapse_whitespace("".join(map(_told, pieces)))


def _add_plain(pieces: list[tuple[str, bytearray] | str], text: str) -> None:
    if text:
        pieces.append(text)


def _add_encoded(pieces: list[tuple[str, bytearray] | str], match: re.Match[str]) -> None:
    charset = match[1].split("*")[0].lower()  # RFC 2231 lets a language follow
    data = _bytes(match[2].lower(), match[3])
    if pieces and isinstance(pieces[-1], tuple) and pieces[-1][0] == charset:
        pieces[-1][1].extend(data)
    else:
        pieces.append((charset, bytearray(data)))


def _bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding == "b":
        return decode_transfer(raw, "base64")
    return decode_transfer(raw.replace(b"_", b"=20"), "quoted-printable")


def _told(piece: tuple[str, bytearray] | str) -> str:
    return piece if isinstance(piece, str) else decode_text(bytes(piece[1]), piece[0])
