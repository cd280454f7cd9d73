"""Decode the Content-Transfer-Encoding of a part (RFC 2045)."""

import binascii
import string

_BASE64_DIGITS = f"{string.ascii_letters}{string.digits}+/".encode()
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64_DIGITS))


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """The bytes that the part carries. The result is never longer than `body`."""
    match encoding.strip().lower():
        case "base64":
            return decode_base64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return b"".join(decode_uu_line(line) for line in body.splitlines())
        case _:
            return body


def decode_base64(body: bytes) -> bytes:
    """Decode leniently: line ends, stray characters and a missing end are common."""
    digits = body.translate(None, _NOT_BASE64)
    usable = len(digits) - (len(digits) % 4 == 1)
    return binascii.a2b_base64(digits[:usable] + b"=" * (-usable % 4))


def decode_uu_line(line: bytes) -> bytes:
    if line.startswith((b"begin ", b"end")) or not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""
