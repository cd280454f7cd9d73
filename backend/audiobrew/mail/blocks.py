"""Turn raw blocks into blocks with stable ids."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from audiobrew.mail.newsletter import Block, Cut
from audiobrew.mail.raw_block import RawBlock


def build_blocks(
    digest: str, raw_blocks: Sequence[RawBlock], cuts: Sequence[Cut | None]
) -> tuple[Block, ...]:
    """The blocks of a mail in reading order.

    An id is derived from the mail's digest and the block's kind, text and occurrence among equal
    blocks, so that it stays the same when the mail is read again.
    """
    occurrences: Counter[tuple[str, str]] = Counter()
    blocks = []
    for raw_block, cut in zip(raw_blocks, cuts, strict=True):
        kind, text = raw_block.kind.value, raw_block.text
        identity = "\0".join((digest, kind, text, str(occurrences[kind, text])))
        id = hashlib.sha256(identity.encode()).hexdigest()[:16]
        occurrences[kind, text] += 1
        blocks.append(Block(id, raw_block.kind, text, raw_block.links, cut))
    return tuple(blocks)
