"""Which blocks are not told, and why: what was paid for, what leads elsewhere, what closes a mail.

A block is judged by its words and by its length, links and place: a story about advertising or
about leaving mailing lists is a story.
"""

from collections import Counter
from collections.abc import Sequence

from audiobrew.inbox.closing import closing
from audiobrew.inbox.draft import Box, Draft
from audiobrew.inbox.newsletter import Cut
from audiobrew.inbox.pointers import navigation
from audiobrew.inbox.sponsors import sponsored

_MOST_SHARE = 0.25
_FOOTERS = ("footer", "unsubscribe", "preheader", "social")


def cuts(drafts: Sequence[Draft]) -> tuple[Cut | None, ...]:
    """For each draft why it is cut, or None where it is told."""
    reasons: dict[int, Cut] = {number: Cut.FOOTER for number in _called_footer(drafts)}
    reasons |= {number: Cut.NAVIGATION for number in navigation(drafts)}
    reasons |= closing(drafts)
    reasons |= {number: Cut.SPONSOR for number in sponsored(drafts)}
    return tuple(reasons.get(number) for number in range(len(drafts)))


def _called_footer(drafts: Sequence[Draft]) -> list[int]:
    """Blocks in a box that its sender calls a footer, unless it holds much of the mail."""
    words: Counter[Box] = Counter()
    boxes = [_footer_box(draft) for draft in drafts]
    for draft, box in zip(drafts, boxes, strict=True):
        if box:
            words[box] += draft.words
    most = _MOST_SHARE * sum(draft.words for draft in drafts)
    return [number for number, box in enumerate(boxes) if box and words[box] <= most]


def _footer_box(draft: Draft) -> Box | None:
    """The outermost box around the draft with such a name."""
    named = [box for box in draft.box.around() if any(name in box.names for name in _FOOTERS)]
    return named[-1] if named else None
