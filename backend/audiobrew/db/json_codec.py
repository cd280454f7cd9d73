"""Frozen values to JSON and back, for answers that are kept."""

from functools import lru_cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

Value = TypeVar("Value")
_adapter = cast("type[TypeAdapter[Any]]", lru_cache(TypeAdapter))
"""Building one takes milliseconds, so each kind has its own once."""


def to_json(value: Any) -> dict[str, Any]:
    """A dataclass as plain JSON values."""
    made: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return made


def from_json(kind: type[Value], values: dict[str, Any]) -> Value:
    """The same dataclass again."""
    made: Value = _adapter(kind).validate_python(values)
    return made
