"""Find the advertisement that stands above its label."""

import re

from audiobrew.mail.cuts.mail_context import MailContext, begins_with_quotation
from audiobrew.mail.cuts.promotions import has_terms_of_sale, has_words_of_offer
from audiobrew.mail.cuts.sponsor_labels import BRACKETS, labelled_name, speaks_of_paying
from audiobrew.mail.cuts.sponsor_page import (
    MAX_BLOCKS,
    MAX_REST_WORDS,
    MAX_RULED_WORDS,
    MAX_SHARE,
    MAX_TITLED_BLOCKS,
    MAX_WORDS,
    Advertiser,
    Page,
    advertises,
    has_story,
    is_offer,
    is_pure_button,
    is_within,
    learn,
    refers,
)
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

# Words of a line that labels an advertisement and names nobody, and of the advertisement.
_MAX_PLAIN_LABEL_WORDS, _MIN_COPY_WORDS = 3, 6
# A label below its copy is at least the fourth block: a title and a story come before.
_MIN_PLAIN_LABEL = 3
# A name of a host: `norvik.example`.
_WEB_ADDRESS = re.compile(r"(?<![\w@.-])[\w-]{2,40}\.[a-z]{2,12}(?![\w.]?\w)")


def is_below_copy(page: Page, label: int) -> bool:
    """Whether a label stands below a paragraph with an offer, and a story with its title follows it."""
    following = page.blocks[label + 1 : label + 1 + MAX_TITLED_BLOCKS]
    if not label or not following or following[0].kind is not BlockKind.HEADING:
        return False
    follows_story = not any(
        block.links or is_offer(page, label + 1 + number) for number, block in enumerate(following)
    )
    is_line = page.blocks[label].kind is BlockKind.PARAGRAPH
    is_copy = is_copy_with_link(page.blocks[label - 1]) and is_offer(page, label - 1)
    return is_line and is_copy and follows_story


def is_below_plain_copy(page: Page, label: int) -> bool:
    """Whether a line that is only a label stands below a plain paragraph that is the advertisement.

    The paragraph is not the lead of a story, and nothing that follows advertises. A label in brackets stands
    above a heading, a rule or the end of the mail, or its paragraph sells something; one without, both.
    """
    blocks = page.blocks
    if label < _MIN_PLAIN_LABEL or not is_plain_label(blocks[label], page.mail):
        return False
    copy, before = blocks[label - 1], blocks[label - 2]
    if (
        copy.kind is not BlockKind.PARAGRAPH
        or not _MIN_COPY_WORDS <= copy.word_count <= MAX_REST_WORDS
        or begins_with_quotation(copy.text)
        or blocks[label].after_rule
        or (before.kind is BlockKind.HEADING and not copy.after_rule)
        or not has_story(blocks[: label - 1])
    ):
        return False
    following = blocks[label + 1 : label + 1 + MAX_TITLED_BLOCKS]
    if any(
        one.links or one.after_picture or sells_something(page, label + 1 + place)
        for place, one in enumerate(following)
    ):
        return False
    ends = not following or following[0].kind is BlockKind.HEADING or following[0].after_rule
    is_bracketed = blocks[label].text.strip()[0] in BRACKETS
    is_sale = sells_something(page, label - 1)
    return (ends and (is_bracketed or is_sale)) or (is_bracketed and is_sale)


def sells_something(page: Page, number: int) -> bool:
    """Whether a text has a word of offers, terms of sale, or the address of a shop."""
    text = page.blocks[number].text
    return (
        is_offer(page, number)
        or has_terms_of_sale(text, page.mail)
        or has_words_of_offer(text, page.mail)
        or _WEB_ADDRESS.search(text) is not None
    )


def is_copy_with_link(block: RawBlock) -> bool:
    """Whether a block may be an advertisement above its label: advertisements have links."""
    return (
        block.kind is BlockKind.PARAGRAPH
        and 0 < block.link_share < 0.9
        and block.word_count <= MAX_REST_WORDS
    )


def section_before(page: Page, label: int, advertiser: Advertiser) -> set[int]:
    """The label with the section above it: the blocks of its box, or those that advertise.

    A label stands below its section if something else begins after it.
    """
    blocks = page.blocks
    following = blocks[label + 1] if label + 1 < len(blocks) else None
    if box := box_before(page, label, advertiser):
        return box
    ends = following is None or following.after_rule or following.kind is BlockKind.HEADING
    if blocks[label].after_rule or not ends:
        return set()
    needs_name = following is not None and not following.after_rule
    section: list[int] = []
    certain = words = 0
    for number in range(label - 1, max(-1, label - 1 - MAX_BLOCKS), -1):
        words += blocks[number].word_count
        if words > MAX_RULED_WORDS:
            break
        section.append(number)
        names_sponsor = refers(page, number, advertiser)
        if (
            names_sponsor
            or (certain and is_pure_button(blocks[number]))
            or (is_offer(page, number) and not needs_name)
        ):
            certain = len(section)
            advertiser = learn(page, number, advertiser)
        if blocks[number].after_rule or blocks[number].kind is BlockKind.HEADING:
            certain = len(section) if certain else 0
            break
    return {label, *section[:certain]} if certain else set()


def box_before(page: Page, label: int, advertiser: Advertiser) -> set[int]:
    """The blocks of the smallest box that ends with the label and holds more than the label."""
    blocks = page.blocks
    total_words = sum(block.word_count for block in blocks)
    for box in blocks[label].box.with_ancestors():
        if box.parent is None or (label + 1 < len(blocks) and is_within(blocks[label + 1], box)):
            return set()
        start = label
        while start and label - start <= MAX_BLOCKS and is_within(blocks[start - 1], box):
            start -= 1
        words = sum(block.word_count for block in blocks[start:label])
        if words > max(MAX_SHARE * total_words, 30) or words > MAX_WORDS:
            return set()
        if words >= 8:
            speaks = any(advertises(page, number, advertiser) for number in range(start, label))
            return set(range(start, label + 1)) if speaks or words <= MAX_REST_WORDS else set()
    return set()


def is_plain_label(block: RawBlock, mail: MailContext) -> bool:
    """Whether a line has nothing but a label that names no sponsor."""
    return (
        block.kind is BlockKind.PARAGRAPH
        and block.word_count <= _MAX_PLAIN_LABEL_WORDS
        and not block.links
        and speaks_of_paying(block)
        and labelled_name(block, mail) == "*"
    )
