"""Frozen values to JSON and back, for answers that are kept."""

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

Value = TypeVar("Value")


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def packed(value: Any) -> dict[str, Any]:
    """A dataclass as plain JSON values."""
    made: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return made


def unpacked(kind: type[Value], values: dict[str, Any]) -> Value:
    """The same dataclass again."""
    made: Value = _adapter(kind).validate_python(values)
    return made
