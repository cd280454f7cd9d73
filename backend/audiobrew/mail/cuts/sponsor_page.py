"""What the rules for advertisements know of a mail's blocks: offers, buttons, and whom they are about."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urlsplit

from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import Box, RawBlock

# A section that takes up more than this is not taken for a sponsor's.
MAX_BLOCKS = 12
MAX_WORDS = 250
MAX_SHARE = 0.4
# Words of a section up to its rule, and those between its last offer and the next heading.
MAX_RULED_WORDS, MAX_REST_WORDS = 170, 60
# Blocks after a label that tell whether they are a story: its title and two paragraphs.
MAX_TITLED_BLOCKS = 3
# Words of a paragraph that can be a story.
_STORY_WORDS, _TITLED_STORY_WORDS = 18, 9
_MAX_BUTTON_WORDS = 8
# A host that more blocks link to is the newsletter's own, or counts clicks.
_MAX_HOST_BLOCKS = 4
# Headings that a reader sees as such, unlike a line in bold.
_REAL_HEADING = 3
_READ_MORE = re.compile(
    r"\b(?:read|continue|full|more|weiter|mehr|lire|suite|leer|leyendo|leggi|continua|ler|leia|lees|verder|czyt|číst"
    r"|čít|läs|læs|les|lue|olvas|tovább|citește|διαβάστε|чита|прочита|oku|devam|đọc|baca|пълния|pročita)"
    r"|続き|読む|더 |읽|阅读|閱讀|اقرأ|קרא|पढ़",
    re.IGNORECASE,
)

PRICE = re.compile(
    r"(?:[€$£¥₽₴₹₺₩]|R\$|Rp|US\$|CHF|kr\.?) ?\d"
    r"|\d ?(?:[€$£¥₽₴₹₺₩]|(?:euros?|eur|dollars?|pounds?|kr(?:onor|oner|\.)?"
    r"|zł|kč|ft|forint\w{0,4}|lei|грн|руб\w{0,4}|лв|tl|lira|元|円|원|บาท)(?!\w))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Advertiser:
    """What is known of the sponsor: words of its name in lower case, and hosts of its links."""

    names: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of a mail, and how many of them link to each host."""

    blocks: Sequence[RawBlock]
    mail: MailContext
    host_counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, blocks: Sequence[RawBlock], mail: MailContext) -> "Page":
        return cls(blocks, mail, Counter(host for block in blocks for host in hosts_of(block)))

    def own_hosts(self, block: RawBlock) -> frozenset[str]:
        """The hosts that few other blocks link to."""
        return frozenset(
            host for host in hosts_of(block) if self.host_counts[host] <= _MAX_HOST_BLOCKS
        )


def hosts_of(block: RawBlock) -> set[str]:
    hosts = set()
    for link in block.links[:10]:
        try:
            hosts.add((urlsplit(link.url[:300]).hostname or "").removeprefix("www."))
        except ValueError:
            continue
    return hosts - {""}


def advertises(page: Page, number: int, advertiser: Advertiser) -> bool:
    """Whether a block is an offer, a button, or about the advertiser."""
    return (
        is_offer(page, number)
        or is_pure_button(page.blocks[number])
        or refers(page, number, advertiser)
    )


def refers(page: Page, number: int, advertiser: Advertiser) -> bool:
    """Whether a block names the advertiser or links to it."""
    block = page.blocks[number]
    return any(name in block.text.casefold() for name in advertiser.names) or (
        not advertiser.hosts.isdisjoint(page.own_hosts(block))
    )


def is_offer(page: Page, number: int) -> bool:
    """Whether a block offers something for sale, by its words or its links."""
    block = page.blocks[number]
    return block.paid or page.mail.phrases["offers"].search(block.text) is not None


def is_pure_button(block: RawBlock) -> bool:
    is_link = block.link_share >= 0.9 and block.word_count <= _MAX_BUTTON_WORDS
    return is_link and (block.button or block.kind is BlockKind.PARAGRAPH)


def is_read_more(button: RawBlock) -> bool:
    """Whether a button leads to the rest of a story."""
    return _READ_MORE.search(button.text) is not None


def is_real_heading(block: RawBlock) -> bool:
    return block.kind is BlockKind.HEADING and block.level <= _REAL_HEADING


def has_story(blocks: Sequence[RawBlock]) -> bool:
    """Whether one of the blocks is a long paragraph, or a shorter one below its title."""
    return any(block.word_count >= _STORY_WORDS for block in blocks) or any(
        title.kind is BlockKind.HEADING
        and text.kind is BlockKind.PARAGRAPH
        and text.word_count >= _TITLED_STORY_WORDS
        for title, text in pairwise(blocks)
    )


def learn(page: Page, number: int, advertiser: Advertiser) -> Advertiser:
    """Add the links of a block of the section to what is known of the advertiser."""
    return Advertiser(advertiser.names, advertiser.hosts | page.own_hosts(page.blocks[number]))


def is_within(block: RawBlock, box: Box) -> bool:
    return any(outer is box for outer in block.box.with_ancestors())
