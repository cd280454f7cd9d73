"""Parse the headers of a mail, however malformed they are."""

import re
from collections.abc import Iterator
from email.message import Message

from audiobrew.mail.mime.encoded_words import decode_encoded_words

# Characters of one field that are read. Real fields are far shorter.
MAX_FIELD_CHARACTERS = 4_000
# `email.message` takes quadratic time in the number of parameters.
MAX_PARAMETERS = 50
_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,100})[ \t]*:(.*)", re.DOTALL)


class Headers:
    """Header fields by name in lower case. If a name repeats, its first field counts."""

    def __init__(self, fields: Iterator[tuple[str, str]]) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def raw(self, name: str) -> str:
        """The unfolded field, not decoded; empty if there is none."""
        return self._fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Every field of the name, unfolded."""
        return self._fields.get(name, [])

    def text(self, name: str) -> str:
        """The field with its encoded words decoded."""
        return decode_encoded_words(self.raw(name))

    def kind(self, default: str = "text/plain") -> str:
        """The content type in lower case, without parameters."""
        kind = self.raw("content-type").split(";")[0].strip().lower()
        return kind if re.fullmatch(r"[^\s/]+/[^\s/]+", kind) else default

    def parameter(self, field: str, name: str) -> str:
        """A parameter such as `charset` or `filename`, in plain or RFC 2231 notation."""
        message = Message()
        parts = self.raw(field).split(";", MAX_PARAMETERS + 1)
        message[field] = ";".join(parts[: MAX_PARAMETERS + 1])
        value = message.get_param(name, "", field)
        return decode_encoded_words(value[2] if isinstance(value, tuple) else str(value or ""))


def parse_headers(lines: list[bytes]) -> Headers:
    """Parse the lines of a header section. Lines that are not fields are ignored."""
    return Headers(_fields(lines))


def is_field(line: bytes) -> bool:
    """Whether a line begins a field or continues one."""
    return line[:1] in (b" ", b"\t") or _FIELD.match(line[:200]) is not None


def _fields(lines: list[bytes]) -> Iterator[tuple[str, str]]:
    name, value = "", bytearray()
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            value += b" " + line.strip()
        elif match := _FIELD.match(line):
            if name:
                yield name, _decode_field(value)
            name, value = match[1].decode("ascii").lower(), bytearray(match[2].strip())
    if name:
        yield name, _decode_field(value)


def _decode_field(value: bytearray) -> str:
    """Fields should be ASCII; in practice they are UTF-8 or Windows-1252."""
    data = bytes(value[:MAX_FIELD_CHARACTERS])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
