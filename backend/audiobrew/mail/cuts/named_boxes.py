"""Find the blocks in boxes to which senders give telling classes and ids, such as `footer`."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from audiobrew.mail.raw_block import Box, RawBlock

_WORD = re.compile(r"[a-z]+")


def blocks_in_named_boxes(
    blocks: Sequence[RawBlock],
    words: Collection[str],
    max_share: float,
    parts: Sequence[str] = (),
) -> list[int]:
    """The blocks in a box of which a class or an id has one of these words, or contains one of the parts.

    A box that holds more than `max_share` of the mail's words does not count: everything is in it.
    """
    cache: dict[Box, Box | None] = {}
    boxes = [outermost_named_box(block.box, words, parts, cache) for block in blocks]
    word_counts: Counter[Box] = Counter()
    for block, box in zip(blocks, boxes, strict=True):
        if box:
            word_counts[box] += block.word_count
    most = max_share * sum(block.word_count for block in blocks)
    return [number for number, box in enumerate(boxes) if box and word_counts[box] <= most]


def outermost_named_box(
    box: Box, words: Collection[str], parts: Sequence[str], cache: dict[Box, Box | None]
) -> Box | None:
    uncached = []
    for outer in box.with_ancestors():
        if outer in cache:
            match = cache[outer]
            break
        uncached.append(outer)
    else:
        match = None
    for outer in reversed(uncached):
        if not match and has_name(outer.names, words, parts):
            match = outer
        cache[outer] = match
    return match


def has_name(names: str, words: Collection[str], parts: Sequence[str]) -> bool:
    return any(part in names for part in parts) or any(
        word in words for word in _WORD.findall(names)
    )
