"""What stands in a row, in few groups of about the same length."""

from collections.abc import Sequence


def partition(lengths: Sequence[int], groups: int, most: int | None = None) -> list[list[int]]:
    """Numbers in a row, in at most `groups` groups of which the longest is as short as can be.

    `most`: so many in a group; then `groups` must have room for all.
    """
    room = -(-sum(lengths) // groups)
    while len(found := pack(lengths, room, most)) > groups:
        room += max(1, room // 20)
    return found


def pack(lengths: Sequence[int], room: int, most: int | None = None) -> list[list[int]]:
    """Numbers in a row, in as few groups as have room for them; what is longer than that is alone."""
    found: list[list[int]] = []
    left = 0
    for number, length in enumerate(lengths):
        if not found or length > left or len(found[-1]) == most:
            found.append([])
            left = room
        found[-1].append(number)
        left -= length
    return found
