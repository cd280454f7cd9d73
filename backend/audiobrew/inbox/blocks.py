"""Drafts become blocks: each gets an id that is the same whenever the mail is read."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from audiobrew.inbox.draft import Draft
from audiobrew.inbox.newsletter import Block, Cut, Link

# Links that a block keeps, and characters of a link's text. A paragraph has a few links. A hostile one had
# 625,000, and storing them as one value kept every other request waiting.
MOST_LINKS = 100
LONGEST_LINK_TEXT = 1_000
# Characters of a block. A hostile mail was one paragraph of ten million: each expression that searched it
# stopped the whole process for seconds.
LONGEST_TEXT = 10_000


def blocks_of(
    digest: str, drafts: Sequence[Draft], reasons: Sequence[Cut | None]
) -> tuple[Block, ...]:
    """The blocks of the mail with that digest, in reading order.

    A text that is too long becomes several blocks; the first of them has the links.
    """
    seen: Counter[tuple[str, str]] = Counter()
    blocks = []
    for draft, cut in zip(drafts, reasons, strict=True):
        links = tuple(
            Link(link.text[:LONGEST_LINK_TEXT], link.url) for link in draft.links[:MOST_LINKS]
        )
        for text in _parts(draft.text):
            same = (draft.kind.value, text)
            id = _id(digest, *same, seen[same])
            seen[same] += 1
            blocks.append(Block(id, draft.kind, text, links, cut))
            links = ()
    return tuple(blocks)


def _parts(text: str) -> Iterator[str]:
    """At most `LONGEST_TEXT` characters each, divided after a sentence, else at a space, else anywhere."""
    start = 0
    while len(text) - start > LONGEST_TEXT:
        end = start + LONGEST_TEXT
        sentence = max(text.rfind(mark, start, end) for mark in (". ", "! ", "? ", ".\n"))
        at = sentence + 1 if sentence > start else text.rfind(" ", start + 1, end)
        if at <= start:
            at = end
        yield text[start:at].strip()
        start = at
    yield text[start:].strip() if start else text


def _id(digest: str, kind: str, text: str, occurrence: int) -> str:
    named = "\0".join((digest, kind, text, str(occurrence)))
    return hashlib.sha256(named.encode()).hexdigest()[:16]
