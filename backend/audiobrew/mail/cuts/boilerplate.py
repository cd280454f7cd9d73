"""Which blocks are not told, and why: what was paid for, what leads elsewhere, what closes a mail.

A block is judged by its words and by its length, links and place: a story about advertising or
about leaving mailing lists is a story.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from audiobrew.mail.cuts.footer import find_footer
from audiobrew.mail.cuts.navigation import find_navigation
from audiobrew.mail.cuts.sponsors import find_sponsors
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import Box, RawBlock

_MOST_SHARE = 0.25
_LOOKED_AT = 2_000
"""Characters of a block that the rules look at."""
_FOOTERS = ("footer", "unsubscribe", "preheader", "social")


def find_cuts(drafts: Sequence[RawBlock], sender: str = "") -> tuple[Cut | None, ...]:
    """For each draft why it is cut, or None where it is told. `sender` is the name it came under."""
    drafts = [replace(draft, text=draft.text[:_LOOKED_AT]) for draft in drafts]
    reasons: dict[int, Cut] = dict.fromkeys(_called_footer(drafts), Cut.FOOTER)
    reasons |= dict.fromkeys(find_navigation(drafts, sender), Cut.NAVIGATION)
    reasons |= find_footer(drafts)
    reasons |= dict.fromkeys(find_sponsors(drafts), Cut.SPONSOR)
    reasons |= _headings_of_nothing(drafts, reasons)
    return tuple(reasons.get(number) for number in range(len(drafts)))


def _headings_of_nothing(drafts: Sequence[RawBlock], reasons: dict[int, Cut]) -> dict[int, Cut]:
    """Headings of which every block is cut, with the reason of the first."""
    found: dict[int, Cut] = {}
    first: Cut | None = None
    told = False
    for number in range(len(drafts) - 1, -1, -1):
        if drafts[number].kind is not BlockKind.HEADING:
            first, told = reasons.get(number), told or number not in reasons
            continue
        if number not in reasons and first and not told:
            found[number] = first
        first, told = None, False
    return found


def _called_footer(drafts: Sequence[RawBlock]) -> list[int]:
    """Blocks in a box that its sender calls a footer, unless it holds much of the mail."""
    known: dict[Box, Box | None] = {}
    boxes = [_footer_box(draft.box, known) for draft in drafts]
    words: Counter[Box] = Counter()
    for draft, box in zip(drafts, boxes, strict=True):
        if box:
            words[box] += draft.word_count
    most = _MOST_SHARE * sum(draft.word_count for draft in drafts)
    return [number for number, box in enumerate(boxes) if box and words[box] <= most]


def _footer_box(box: Box, known: dict[Box, Box | None]) -> Box | None:
    """The outermost box around it with such a name; `known` remembers what was found."""
    climbed = []
    for outer in box.with_ancestors():
        if outer in known:
            found = known[outer]
            break
        climbed.append(outer)
    else:
        found = None
    for outer in reversed(climbed):
        if not found and any(name in outer.names for name in _FOOTERS):
            found = outer
        known[outer] = found
    return found
