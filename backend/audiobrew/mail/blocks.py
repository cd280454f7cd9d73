"""Drafts become blocks: each gets an id that is the same whenever the mail is read."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from audiobrew.mail.newsletter import Block, Cut
from audiobrew.mail.raw_block import RawBlock


def build_blocks(
    digest: str, drafts: Sequence[RawBlock], reasons: Sequence[Cut | None]
) -> tuple[Block, ...]:
    """The blocks of the mail with that digest, in reading order."""
    seen: Counter[tuple[str, str]] = Counter()
    blocks = []
    for draft, cut in zip(drafts, reasons, strict=True):
        same = (draft.kind.value, draft.text)
        id = _id(digest, *same, seen[same])
        seen[same] += 1
        blocks.append(Block(id, draft.kind, draft.text, draft.links, cut))
    return tuple(blocks)


def _id(digest: str, kind: str, text: str, occurrence: int) -> str:
    named = "\0".join((digest, kind, text, str(occurrence)))
    return hashlib.sha256(named.encode()).hexdigest()[:16]
