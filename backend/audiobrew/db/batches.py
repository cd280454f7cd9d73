"""Long lists in parts, because a statement can have only so many parameters."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def batched(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in order, in parts of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
