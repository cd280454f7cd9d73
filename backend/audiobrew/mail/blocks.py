"""Turn raw blocks into blocks with stable ids."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from audiobrew.mail.newsletter import Block, Cut, Link
from audiobrew.mail.raw_block import RawBlock

# Limits of one block. A paragraph of a newsletter has a few links. A hostile mail had 625,000 in one, and
# storing them as one value kept all other requests waiting.
MOST_LINKS = 100
LONGEST_LINK_TEXT = 1_000


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
        links = tuple(
            Link(link.text[:LONGEST_LINK_TEXT], link.url) for link in raw_block.links[:MOST_LINKS]
        )
        blocks.append(Block(id, raw_block.kind, text, links, cut))
    return tuple(blocks)
