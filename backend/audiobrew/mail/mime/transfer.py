"""Content-Transfer-Encoding: the bytes that a part carries."""

import binascii
import string

_DIGITS = f"{string.ascii_letters}{string.digits}+/".encode()
_NOT_BASE64 = bytes(set(range(256)) - set(_DIGITS))


def decode_transfer(body: bytes, encoding: str) -> bytes:
    """The bytes that were sent; never more than came, whatever the part says of itself."""
    match encoding.strip().lower():
        case "base64":
            return _base64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return b"".join(_uu_line(line) for line in body.splitlines())
        case _:
            return body


def _base64(body: bytes) -> bytes:
    """Decode what there is: line ends, stray characters and a lost end are common."""
    digits = body.translate(None, _NOT_BASE64)
    whole = len(digits) - (len(digits) % 4 == 1)
    return binascii.a2b_base64(digits[:whole] + b"=" * (-whole % 4))


def _uu_line(line: bytes) -> bytes:
    if line.startswith((b"begin ", b"end")) or not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""
