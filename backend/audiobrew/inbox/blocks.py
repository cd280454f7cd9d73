"""Drafts become blocks: each gets an id that is the same whenever the mail is read."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from audiobrew.inbox.draft import Draft
from audiobrew.inbox.newsletter import Block, Cut, Link

# Links that a block keeps, and characters of a link's text. A paragraph has a few links. A hostile one had
# 625,000, and storing them as one value kept every other request waiting.
MOST_LINKS = 100
LONGEST_LINK_TEXT = 1_000


def blocks_of(
    digest: str, drafts: Sequence[Draft], reasons: Sequence[Cut | None]
) -> tuple[Block, ...]:
    """The blocks of the mail with that digest, in reading order."""
    seen: Counter[tuple[str, str]] = Counter()
    blocks = []
    for draft, cut in zip(drafts, reasons, strict=True):
        same = (draft.kind.value, draft.text)
        id = _id(digest, *same, seen[same])
        seen[same] += 1
        links = tuple(
            Link(link.text[:LONGEST_LINK_TEXT], link.url) for link in draft.links[:MOST_LINKS]
        )
        blocks.append(Block(id, draft.kind, draft.text, links, cut))
    return tuple(blocks)


def _id(digest: str, kind: str, text: str, occurrence: int) -> str:
    named = "\0".join((digest, kind, text, str(occurrence)))
    return hashlib.sha256(named.encode()).hexdigest()[:16]
