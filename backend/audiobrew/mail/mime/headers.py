"""Parse the headers of a mail, however malformed they are."""

import re
from collections.abc import Iterator
from email.message import Message

from audiobrew.mail.mime.charset import decode_text
from audiobrew.mail.mime.encoded_words import decode_encoded_words

# Bytes of one field that are read. Real fields are far shorter.
MAX_FIELD_BYTES = 4_000
# `email.message` takes quadratic time in the number of parameters.
MAX_PARAMETERS = 50
_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,100})[ \t]*:(.*)", re.DOTALL)


class Headers:
    """Header fields by name in lower case. If a name repeats, its first field counts.

    Fields should be ASCII; in practice they are UTF-8, or in `charset`, that of the mail's body.
    """

    def __init__(self, fields: Iterator[tuple[str, bytes]]) -> None:
        self._fields: dict[str, list[bytes]] = {}
        self.charset = ""
        for name, value in fields:
            self._fields.setdefault(name, []).append(value)

    def prefer(self, name: str, index: int) -> None:
        """Move one of the name's fields to the front."""
        fields = self._fields[name]
        fields.insert(0, fields.pop(index))

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def raw(self, name: str) -> str:
        """The unfolded field, not decoded; empty if there is none."""
        return decode_field(self._fields.get(name, [b""])[0], self.charset)

    def all(self, name: str) -> list[str]:
        """Every field of the name, unfolded."""
        return [decode_field(value, self.charset) for value in self._fields.get(name, [])]

    def text(self, name: str) -> str:
        """The field with its encoded words decoded."""
        return decode_encoded_words(self.raw(name))

    def kind(self, default: str = "text/plain") -> str:
        """The content type in lower case, without parameters."""
        kind = self.raw("content-type").split(";")[0].strip().lower()
        return kind if re.fullmatch(r"[^\s/]+/[^\s/]+", kind) else default

    def parameter(self, field: str, name: str) -> str:
        """A parameter such as `charset` or `filename`, in plain or RFC 2231 notation."""
        return read_parameter(field, self.raw(field), name)


def read_parameter(field: str, value: str, name: str) -> str:
    """A parameter of a field's value; empty if there is none."""
    message = Message()
    parts = value.split(";", MAX_PARAMETERS + 1)
    message[field] = ";".join(parts[: MAX_PARAMETERS + 1])
    parameter = message.get_param(name, "", field)
    return decode_encoded_words(
        parameter[2] if isinstance(parameter, tuple) else str(parameter or "")
    )


def decode_field(value: bytes, charset: str) -> str:
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii")
    return decode_text(value, charset or "utf-8")


def parse_headers(lines: list[bytes]) -> Headers:
    """Parse the lines of a header section. Lines that are not fields are ignored."""
    return Headers(_fields(lines))


def is_field(line: bytes) -> bool:
    """Whether a line begins a field or continues one."""
    return line[:1] in (b" ", b"\t") or _FIELD.match(line[:200]) is not None


def _fields(lines: list[bytes]) -> Iterator[tuple[str, bytes]]:
    name, value = "", bytearray()
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            value += b" " + line.strip()
        elif match := _FIELD.match(line):
            if name:
                yield name, bytes(value[:MAX_FIELD_BYTES])
            name, value = match[1].decode("ascii").lower(), bytearray(match[2].strip())
    if name:
        yield name, bytes(value[:MAX_FIELD_BYTES])
