"""The head of a mail: its fields, decoded, however broken they are."""

import re
from collections.abc import Iterator
from email.message import Message

from audiobrew.mail.mime.encoded_words import decode_encoded_words

MAX_FIELD_CHARACTERS = 4_000
"""Characters of one field that are looked at: real ones are far shorter."""
MAX_PARAMETERS = 50
_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,100})[ \t]*:(.*)", re.DOTALL)


class Headers:
    """Fields by name; the first of a name counts, as mail programs show it."""

    def __init__(self, fields: Iterator[tuple[str, str]]) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def raw(self, name: str) -> str:
        """The field as it was sent, unfolded; empty when there is none."""
        return self._fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        return self._fields.get(name, [])

    def text(self, name: str) -> str:
        """The field for people to read."""
        return decode_encoded_words(self.raw(name))

    def kind(self, default: str = "text/plain") -> str:
        """The content type in lower case, without parameters."""
        named = self.raw("content-type").split(";")[0].strip().lower()
        return named if re.fullmatch(r"[^\s/]+/[^\s/]+", named) else default

    def parameter(self, field: str, name: str) -> str:
        """A parameter such as `charset` or `filename`, plain or in the RFC 2231 way."""
        message = Message()
        message[field] = _cut(self.raw(field))
        found = message.get_param(name, "", field)
        return decode_encoded_words(found[2] if isinstance(found, tuple) else str(found or ""))


def _cut(value: str) -> str:
    """The field up to its last parameter that is looked at: the library takes the square of their number."""
    if value.count(";") <= MAX_PARAMETERS:
        return value
    return ";".join(value.split(";", MAX_PARAMETERS + 1)[: MAX_PARAMETERS + 1])


def parse_headers(lines: list[bytes]) -> Headers:
    """Read the lines of a head; what is not a field is passed over."""
    return Headers(_fields(lines))


def is_field(line: bytes) -> bool:
    """Whether a line begins a field or goes on with one."""
    return line[:1] in (b" ", b"\t") or _FIELD.match(line[:200]) is not None


def _fields(lines: list[bytes]) -> Iterator[tuple[str, str]]:
    name, value = "", bytearray()
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            value += b" " + line.strip()
        elif match := _FIELD.match(line):
            yield from _field(name, value)
            name, value = match[1].decode("ascii").lower(), bytearray(match[2].strip())
    yield from _field(name, value)


def _field(name: str, value: bytearray) -> Iterator[tuple[str, str]]:
    if name:
        yield name, _text(bytes(value[:MAX_FIELD_CHARACTERS]))


def _text(value: bytes) -> str:
    """Fields are ASCII by the rules and UTF-8 or Windows in the field."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")
