"""Turn raw blocks into blocks with stable ids."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from audiobrew.mail.cuts.likelihood import Judgement
from audiobrew.mail.newsletter import Block, Link
from audiobrew.mail.raw_block import RawBlock

# Limits of one block. A paragraph of a newsletter has a few links. A hostile mail had 625,000 in one, and
# storing them as one value kept all other requests waiting.
MOST_LINKS = 100
LONGEST_LINK_TEXT = 1_000
# Characters. A hostile mail was one paragraph of ten million: each expression that searched it stopped the
# whole process for seconds.
LONGEST_TEXT = 10_000


def build_blocks(
    digest: str, raw_blocks: Sequence[RawBlock], judgements: Sequence[Judgement]
) -> tuple[Block, ...]:
    """The blocks of a mail in reading order.

    An id is derived from the mail's digest and the block's kind, text and occurrence among equal
    blocks, so that it stays the same when the mail is read again. A text that is too long becomes
    several blocks; the first of them has the links.
    """
    occurrences: Counter[tuple[str, str]] = Counter()
    blocks = []
    for raw_block, judgement in zip(raw_blocks, judgements, strict=True):
        kind = raw_block.kind.value
        links = tuple(
            Link(link.text[:LONGEST_LINK_TEXT], link.url) for link in raw_block.links[:MOST_LINKS]
        )
        for text in split_text(raw_block.text):
            identity = "\0".join((digest, kind, text, str(occurrences[kind, text])))
            id = hashlib.sha256(identity.encode()).hexdigest()[:16]
            occurrences[kind, text] += 1
            blocks.append(
                Block(
                    id,
                    raw_block.kind,
                    text,
                    links,
                    judgement.cut,
                    raw_block.level,
                    raw_block.role,
                    doubt=judgement.doubt,
                )
            )
            links = ()
    return tuple(blocks)


def split_text(text: str) -> Iterator[str]:
    """Parts of at most `LONGEST_TEXT` characters, split after a sentence, else at a space, else anywhere."""
    start = 0
    while len(text) - start > LONGEST_TEXT:
        end = start + LONGEST_TEXT
        sentence = max(text.rfind(mark, start, end) for mark in (". ", "! ", "? ", ".\n"))
        split = sentence + 1 if sentence > start else text.rfind(" ", start + 1, end)
        if split <= start:
            split = end
        yield text[start:split].strip()
        start = split
    yield text[start:].strip() if start else text
