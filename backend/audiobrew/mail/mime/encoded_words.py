"""Decode encoded words (RFC 2047): subjects and names in a charset other than ASCII."""

import re

from audiobrew.mail.mime.charset import decode_text
from audiobrew.mail.mime.transfer import decode_transfer
from audiobrew.mail.text_cleanup import collapse_whitespace

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_SPACE_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")


def decode_encoded_words(value: str) -> str:
    """The value on one line with its encoded words decoded. A malformed one stays as it is.

    Neighbours in the same charset are joined before they are decoded, because some senders split
    a character between two words.
    """
    pieces: list[tuple[str, bytearray] | str] = []
    end = 0
    value = _SPACE_BETWEEN_WORDS.sub(r"\1", value)
    for match in _ENCODED_WORD.finditer(value):
        if match.start() > end:
            pieces.append(value[end : match.start()])
        charset = match[1].split("*")[0].lower()  # RFC 2231 lets a language follow
        data = _decode_bytes(match[2].lower(), match[3])
        if pieces and isinstance(pieces[-1], tuple) and pieces[-1][0] == charset:
            pieces[-1][1].extend(data)
        else:
            pieces.append((charset, bytearray(data)))
        end = match.end()
    pieces.append(value[end:])
    return collapse_whitespace(
        "".join(
            piece if isinstance(piece, str) else decode_text(bytes(piece[1]), piece[0])
            for piece in pieces
        )
    )


def _decode_bytes(encoding: str, text: str) -> bytes:
    """`encoding`: `b` for base64, `q` for quoted-printable with `_` for a space."""
    raw = text.encode("utf-8", "replace")
    if encoding == "b":
        return decode_transfer(raw, "base64")
    return decode_transfer(raw.replace(b"_", b"=20"), "quoted-printable")
