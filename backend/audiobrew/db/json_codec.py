"""Converts dataclasses to JSON values and back, for results that are stored."""

from functools import lru_cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")
# Cached by type, because building a TypeAdapter takes milliseconds.
_adapter = cast("type[TypeAdapter[Any]]", lru_cache(TypeAdapter))


def to_json(value: Any) -> dict[str, Any]:
    """The fields of a dataclass as JSON values."""
    values: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return values


def from_json(kind: type[T], values: dict[str, Any]) -> T:
    """The dataclass of this type with these values."""
    value: T = _adapter(kind).validate_python(values)
    return value
