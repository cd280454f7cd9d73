"""Writes tiny ONNX models that answer every text with the same sound."""

from array import array
from collections.abc import Mapping

FLOAT, INT_64 = 1, 7


def model(inputs: Mapping[str, int], samples: bytes, operator: str = "Identity") -> bytes:
    """A model with these inputs (types by name), whose output is a sound of 16 bit."""
    floats = array("f", (sample / 32768 for sample in array("h", samples)))
    sound = b"".join(
        (
            number(1, len(floats)),
            number(2, FLOAT),
            text(8, "sound"),
            content(9, floats.tobytes()),
        )
    )
    node = text(1, "sound") + text(2, "output") + text(4, operator)
    graph = b"".join(
        (
            content(1, node),
            text(2, "speech"),
            content(5, sound),
            *(content(11, value(name, kind)) for name, kind in inputs.items()),
            content(12, value("output", FLOAT)),
        )
    )
    return number(1, 8) + content(7, graph) + content(8, number(2, 13))


def value(name: str, kind: int) -> bytes:
    return text(1, name) + content(2, content(1, number(1, kind)))


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def content(field: int, value: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(value)) + value


def text(field: int, value: str) -> bytes:
    return content(field, value.encode())


def varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*parts, value))
