"""Divides consecutive items into a few groups of similar length."""

from collections.abc import Sequence


def partition(lengths: Sequence[int], groups: int, max_items: int | None = None) -> list[list[int]]:
    """Divide the items into at most `groups` groups and keep the longest group short.

    Returns the numbers (from 0) of each group's items, in order. No group has more than `max_items` items;
    `groups` must be large enough to hold all items under that limit.
    """
    capacity = -(-sum(lengths) // groups)
    while len(result := pack(lengths, capacity, max_items)) > groups:
        capacity += max(1, capacity // 20)
    return result


def pack(lengths: Sequence[int], capacity: int, max_items: int | None = None) -> list[list[int]]:
    """Fill as few groups as possible, in order. An item longer than `capacity` is a group of its own.

    Returns the numbers (from 0) of each group's items. No group has more than `max_items` items.
    """
    groups: list[list[int]] = []
    space = 0
    for number, length in enumerate(lengths):
        if not groups or length > space or len(groups[-1]) == max_items:
            groups.append([])
            space = capacity
        groups[-1].append(number)
        space -= length
    return groups
