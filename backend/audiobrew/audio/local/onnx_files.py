"""Reads which inputs a model's file has, without a library for it and without reading all of it.

An ONNX file is a protocol buffer. A file that was cut off, a page that was saved instead of it, and a model
for something else are known by this before a process loads them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

# Numbers of fields: of a model its graph, of a graph its inputs, of an input its name.
GRAPH, INPUT, NAME = 7, 11, 1
VARINT, FIXED_64, LENGTH, FIXED_32 = 0, 1, 2, 5
# The longest name of an input that is read.
MAX_NAME = 200


class NotAModel(Exception):
    """Says what a file is instead of a whole model."""


def inputs_of(path: Path) -> set[str]:
    """The names of a model's inputs. Raises NotAModel, OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        graphs = [span for number, span in fields(file, 0, size) if number == GRAPH]
        inputs = [
            span
            for start, end in graphs
            for number, span in fields(file, start, end)
            if number == INPUT
        ]
        names = [
            read_text(file, span)
            for one in inputs
            for number, span in fields(file, *one)
            if number == NAME
        ]
    if not names:
        raise NotAModel("is no model")
    return set(names)


def fields(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """The fields of a message: the number of each, and the start and end of its content. Raises NotAModel."""
    while start < end:
        file.seek(start)
        key = read_varint(file)
        number, kind = key >> 3, key & 7
        start = file.tell()
        if kind == LENGTH:
            length = read_varint(file)
            start = file.tell()
            stop = start + length
        elif kind == VARINT:
            read_varint(file)
            stop = file.tell()
        elif kind in (FIXED_64, FIXED_32):
            stop = start + (8 if kind == FIXED_64 else 4)
        else:
            raise NotAModel("is no model")
        if stop > end:
            raise NotAModel("is only a part of a model" if number == GRAPH else "is no model")
        yield number, (start, stop)
        start = stop


def read_varint(file: BinaryIO) -> int:
    """A number of variable length. Raises NotAModel."""
    value = 0
    for shift in range(0, 64, 7):
        byte = file.read(1)
        if not byte:
            raise NotAModel("is only a part of a model")
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    raise NotAModel("is no model")


def read_text(file: BinaryIO, span: tuple[int, int]) -> str:
    file.seek(span[0])
    return file.read(min(MAX_NAME, span[1] - span[0])).decode("utf-8", "replace")
