"""Decode the Content-Transfer-Encoding of a part (RFC 2045)."""

import binascii
import re
import string

_BASE64_DIGITS = f"{string.ascii_letters}{string.digits}+/".encode()
_NOT_BASE64_OR_PADDING = bytes(set(range(256)) - set(_BASE64_DIGITS + b"="))
_DIGITS = re.compile(rb"[^=]++")
_END_OF_TOKEN = re.compile(r"[\s;,(]")


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """The bytes that the part carries. The result is never longer than `body`."""
    # Some senders add parameters or a comment, which RFC 2045 does not allow.
    match _END_OF_TOKEN.split(encoding.strip().strip("\"'").lower(), maxsplit=1)[0]:
        case "base64":
            return decode_base64(body)
        case "quoted-printable" | "quoted_printable" | "quotedprintable":
            return binascii.a2b_qp(body)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return b"".join(decode_uu_line(line) for line in body.splitlines())
        case _:
            return body


def decode_base64(body: bytes) -> bytes:
    """Decode leniently: line ends, stray characters and a missing end are common.

    Padding in the middle ends one run of digits and begins another.
    """
    digits_and_padding = body.translate(None, _NOT_BASE64_OR_PADDING)
    decoded = bytearray()  # a list of very many short runs would take many times their bytes
    for run in _DIGITS.finditer(digits_and_padding):
        decoded += decode_digits(run[0])
    return bytes(decoded)


def decode_digits(digits: bytes) -> bytes:
    """Decode base64 digits without padding."""
    usable = len(digits) - (len(digits) % 4 == 1)
    return binascii.a2b_base64(digits[:usable] + b"=" * (-usable % 4))


def decode_uu_line(line: bytes) -> bytes:
    if line.startswith((b"begin ", b"end")) or not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""
