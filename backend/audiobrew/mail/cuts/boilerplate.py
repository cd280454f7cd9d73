"""Decide which blocks of a mail are not read aloud: sponsors, navigation, footers and legal text.

A block is judged by its words together with its length, its links and its place, because a story
about advertising or about leaving mailing lists is a story.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from audiobrew.mail.cuts.credits import find_credits
from audiobrew.mail.cuts.footer import find_footer
from audiobrew.mail.cuts.housekeeping import find_housekeeping
from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.cuts.navigation import find_navigation
from audiobrew.mail.cuts.sponsors import find_sponsors
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import Box, RawBlock

# A box that is named as a footer does not count as one if it holds a larger share of the mail's words.
_MAX_FOOTER_SHARE = 0.25
# A heading with more words, or the last of so many headings of one level, is not only a title.
_MAX_TITLE_WORDS = 24
_ROW_OF_HEADINGS = 3
# A headline has at least so many words; the button below it, at most.
_MIN_HEADLINE_WORDS, _MAX_BUTTON_WORDS = 4, 6
_MIN_BUTTON_SHARE = 0.8
# Words of a button that leads to a story, not to a shop or a form.
_TO_A_STORY = re.compile(
    r"(?<!\w)(?:read|reading|full (?:story|article)|story|article|watch|listen|weiterlesen|lesen|artikel"
    r"|anhören|ansehen|lire|lecture|écouter|leer|leyendo|artículo|leggi|leggere|articolo|ler|leia|lees|verder"
    r"|läs|læs|les (?:mer|hele|videre)|lue|číst|čtěte|čti|czytaj|olvas\w*|tovább|citește|citiți"
    r"|διαβ\w+|читать|читайте|читати|oku\w*"
    r"|baca|đọc|selengkapnya|קרא\w*|المزيد|اقرأ|पढ़ें)(?!\w)|続き|読む|阅读|閱讀|全文|읽기|더 보기|더보기",
    re.IGNORECASE,
)
# Characters of a block that the rules look at.
_MAX_CHARACTERS = 2_000
# Parts of the class names and ids that senders give to footers.
_FOOTER_NAMES = ("footer", "unsubscribe", "preheader", "social")


def find_cuts(raw_blocks: Sequence[RawBlock], mail: MailContext) -> tuple[Cut | None, ...]:
    """For each block the reason why it is cut, or None if it may be read aloud."""
    blocks = [replace(block, text=block.text[:_MAX_CHARACTERS]) for block in raw_blocks]
    cuts: dict[int, Cut] = dict.fromkeys(blocks_in_footer_boxes(blocks), Cut.FOOTER)
    cuts |= dict.fromkeys(find_navigation(blocks, mail), Cut.NAVIGATION)
    cuts |= dict.fromkeys(find_housekeeping(blocks, mail), Cut.NAVIGATION)
    cuts |= dict.fromkeys(find_credits(blocks, mail), Cut.NAVIGATION)
    cuts |= find_footer(blocks, mail)
    cuts |= dict.fromkeys(find_sponsors(blocks, mail), Cut.SPONSOR)
    cuts |= cut_empty_headings(blocks, cuts)
    return tuple(cuts.get(number) for number in range(len(blocks)))


def cut_empty_headings(blocks: Sequence[RawBlock], cuts: dict[int, Cut]) -> dict[int, Cut]:
    """Cut a heading if every block below it is cut, for the reason of the first of them."""
    heading_cuts: dict[int, Cut] = {}
    first_cut: Cut | None = None
    has_content = False
    for number in range(len(blocks) - 1, -1, -1):
        if blocks[number].kind is not BlockKind.HEADING:
            first_cut, has_content = cuts.get(number), has_content or number not in cuts
            continue
        if (
            number not in cuts
            and first_cut
            and not (has_content or is_content(blocks, number, cuts))
        ):
            heading_cuts[number] = first_cut
        first_cut, has_content = None, False
    return heading_cuts


def is_content(blocks: Sequence[RawBlock], number: int, cuts: dict[int, Cut]) -> bool:
    """Whether a heading needs no text below it: it is long, the last of a row, or leads to a story."""
    if leads_to_story(blocks, number, cuts):
        return True
    row = range(max(0, number - _ROW_OF_HEADINGS + 1), number + 1)
    levels = {blocks[one].level for one in row}
    is_row = len(row) == _ROW_OF_HEADINGS and len(levels) == 1 and 0 not in levels
    is_uncut = not any(one in cuts for one in row)
    return (is_row and is_uncut) or blocks[number].word_count > _MAX_TITLE_WORDS


def leads_to_story(blocks: Sequence[RawBlock], number: int, cuts: dict[int, Cut]) -> bool:
    """Whether a heading is a headline with a button to its story below, as in a digest of headlines."""
    button = blocks[number + 1] if number + 1 < len(blocks) else None
    return (
        button is not None
        and cuts.get(number + 1) is Cut.NAVIGATION
        and button.link_share >= _MIN_BUTTON_SHARE
        and button.word_count <= _MAX_BUTTON_WORDS
        and blocks[number].word_count >= _MIN_HEADLINE_WORDS
        and _TO_A_STORY.search(button.text) is not None
    )


def blocks_in_footer_boxes(blocks: Sequence[RawBlock]) -> list[int]:
    """The blocks in a box that its sender calls a footer, unless it holds much of the mail."""
    cache: dict[Box, Box | None] = {}
    boxes = [outermost_footer_box(block.box, cache) for block in blocks]
    word_counts: Counter[Box] = Counter()
    for block, box in zip(blocks, boxes, strict=True):
        if box:
            word_counts[box] += block.word_count
    most = _MAX_FOOTER_SHARE * sum(block.word_count for block in blocks)
    return [number for number, box in enumerate(boxes) if box and word_counts[box] <= most]


def outermost_footer_box(box: Box, cache: dict[Box, Box | None]) -> Box | None:
    """The outermost box around `box` that is named as a footer. `cache` keeps the time linear."""
    uncached = []
    for outer in box.with_ancestors():
        if outer in cache:
            footer = cache[outer]
            break
        uncached.append(outer)
    else:
        footer = None
    for outer in reversed(uncached):
        if not footer and any(name in outer.names for name in _FOOTER_NAMES):
            footer = outer
        cache[outer] = footer
    return footer
