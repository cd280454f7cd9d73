"""Find how far a sponsored section goes, and whether what follows a label is an advertisement at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audiobrew.mail.cuts.mail_context import normalize
from audiobrew.mail.cuts.ornaments import is_decorated
from audiobrew.mail.cuts.promotions import has_terms_of_sale, has_words_of_offer
from audiobrew.mail.cuts.sponsor_copy import (
    is_below_copy,
    is_below_plain_copy,
    is_copy_with_link,
    is_plain_label,
    section_before,
)
from audiobrew.mail.cuts.sponsor_labels import (
    NOT_NAMES,
    is_sure_label,
    may_be_title,
    may_thank_others,
    name_in_phrase,
)
from audiobrew.mail.cuts.sponsor_page import (
    MAX_BLOCKS,
    MAX_REST_WORDS,
    MAX_RULED_WORDS,
    MAX_SHARE,
    MAX_WORDS,
    Advertiser,
    Page,
    advertises,
    has_story,
    is_offer,
    is_pure_button,
    is_read_more,
    is_real_heading,
    is_within,
    learn,
    refers,
)
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import Box, RawBlock

# Marks of a label that stands below its section.
_UPWARDS = ("↑", "⬆", "▲", "☝", "👆", "^")
# The blocks in which a label without a story before it is a logo's.
_FIRST_BLOCKS = 8
# Words of a box that is taken for a section although nothing in it is an offer.
_MAX_PLAIN_BOX_WORDS = 130
# Words of an advertisement without an offer that ends with a button or a rule.
_MAX_AD_WORDS = 110
# Words of a block that begins the copy, rather than being the name of what is sold.
_MIN_COPY_WORDS = 6
# Blocks after a label in which an offer shows that the copy goes on.
_NEAR_LABEL = 5
_MIN_NAME_CHARACTERS = 3
_COLON = re.compile(r"[:：]\s*+\w")
_CAPITALIZED = re.compile(r"[^\W\d_]\w{2,}")


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that follow a label. `certain` of them are known to belong to it."""

    numbers: Sequence[int] = ()
    certain: int = 0
    offers: bool = False
    names_sponsor: bool = False
    # Whether it ends at a rule, and whether it has links.
    ruled: bool = False
    links: bool = False

    @property
    def members(self) -> Sequence[int]:
        return self.numbers[: self.certain]


def find_section(page: Page, label: int, name: str) -> set[int]:
    """The label and its section, which may be above it; empty if the label is the title of a story.

    Its box on the page is the section, else the blocks up to the next heading, rule or button, as far as they
    advertise. Before the first paragraph of the mail a label cuts itself alone, unless an offer or
    the sponsor's name says that its section follows: it is often the caption of a logo.
    """
    blocks = page.blocks
    advertiser = Advertiser(names_in(blocks[label].text, name))
    section = section_after(page, label, advertiser)
    thanks_others = may_thank_others(blocks[label].text, page.mail)
    if thanks_others and not (section.offers or section.names_sponsor):
        return set()
    if not is_label(page, label, name, section):
        return set()
    if is_title_of_story(page, label):
        return set()
    is_early = label < _FIRST_BLOCKS and not has_story(blocks[:label])
    if box := box_after(page, label, advertiser, is_early):
        return box
    if is_below_copy(page, label) or is_below_plain_copy(page, label):
        return {label - 1, label}
    if not (name_in_phrase(blocks[label], page.mail) or shows_offer(page, label, section)):
        return {label} if is_bare_line(page, label, name) else set()
    if marked := blocks_with_asterisk(page, label):
        return marked
    if blocks[label].text.startswith(_UPWARDS) and label:
        return section_before(page, label, advertiser) or {label - 1, label}
    # Before the first story, the words below a heading are the newsletter's own, unless they advertise.
    is_chapter = not is_early or section.offers or section.names_sponsor or section.links
    chapter = chapter_of_heading(page, label) if is_chapter else set()
    return chapter or section_by_words(page, label, section, advertiser)


def blocks_with_asterisk(page: Page, label: int) -> set[int]:
    """A note that begins with an asterisk, and the blocks above it that end with one; empty without these."""
    if not page.blocks[label].text.startswith("*"):
        return set()
    numbers = {
        number for number in range(label) if page.blocks[number].text.rstrip(" .").endswith("*")
    }
    return numbers | {label} if numbers else set()


def is_title_of_story(page: Page, label: int) -> bool:
    """Whether a title with a label's words stands above text that leads nowhere, as no advertisement does."""
    block = page.blocks[label]
    if block.kind is not BlockKind.HEADING or block.small or block.links or block.text.isupper():
        return False
    # "Advertisement: …" is also a headline. Several words of a label are not.
    if block.word_count > 1 and not (may_be_title(block.text) or _COLON.search(block.text)):
        return False
    if is_decorated(block.text) and not may_be_title(block.text):
        return False
    below: list[RawBlock] = []
    for following in page.blocks[label + 1 : label + 1 + MAX_BLOCKS]:
        if following.kind is BlockKind.HEADING and (below or following.level <= block.level):
            break
        # The footer is small, and so is all of an advertisement or nothing.
        if following.after_rule or (below and following.small and not below[-1].small):
            break
        below.append(following)
    # In a mail of short lines, "free" is a word of a poem.
    has_stories = has_story([one for one in page.blocks if one not in below])
    return bool(below) and not any(
        one.links
        or one.small
        or one.mails
        or has_terms_of_sale(one.text, page.mail)
        or (has_stories and has_words_of_offer(one.text, page.mail))
        for one in below
    )


def shows_offer(page: Page, label: int, section: Section) -> bool:
    """Whether a section has a sign of an advertisement besides its label."""
    signs = section.offers or section.names_sponsor or section.links or section.ruled
    return signs or page.blocks[label].small or bool(box_after(page, label, Advertiser(), True))


def is_bare_line(page: Page, label: int, name: str) -> bool:
    """Whether a label is no title: it names a sponsor, is a plain line, or has no text below."""
    block = page.blocks[label]
    following = page.blocks[label + 1] if label + 1 < len(page.blocks) else None
    has_text = following is not None and following.kind is not BlockKind.HEADING
    is_line = block.kind is not BlockKind.HEADING and not block.bold
    return is_line or not has_text


def section_by_words(page: Page, label: int, section: Section, advertiser: Advertiser) -> set[int]:
    """The label and its section, as far as their words advertise."""
    blocks = page.blocks
    is_early = label < _FIRST_BLOCKS and not has_story(blocks[:label])
    is_shown = section.offers or section.names_sponsor
    if not is_shown and (before := section_before(page, label, advertiser)):
        return before
    if not is_shown and not section.links and label and is_copy_with_link(blocks[label - 1]):
        return {label - 1, label}
    if begins_story(page, label, section, advertiser, is_early):
        return {label}
    is_sentence = blocks[label].text.endswith((".", "!", "。"))
    if not is_shown and (is_early or is_sentence):
        return {label}
    return {label, *section.members}


def chapter_of_heading(page: Page, label: int) -> set[int]:
    """Everything below a heading that can only be a label, up to the next heading of its level."""
    block = page.blocks[label]
    if not is_real_heading(block) or may_be_title(block.text):
        return set()
    words = 0
    for number in range(label + 1, min(len(page.blocks), label + 1 + MAX_BLOCKS)):
        following = page.blocks[number]
        if following.kind is BlockKind.HEADING and following.level <= block.level:
            is_chapter = number > label + 1 and words <= _MAX_AD_WORDS
            return set(range(label, number)) if is_chapter else set()
        words += following.word_count
    return set()


def section_below_picture(page: Page, number: int) -> set[int]:
    """The section whose label is the text of the picture above its first block."""
    section = section_after(page, number - 1, Advertiser())
    if not section.members or (
        page.blocks[number].kind is BlockKind.HEADING and not section.offers
    ):
        return set()
    return set(section.members)


def begins_story(
    page: Page, label: int, section: Section, advertiser: Advertiser, is_early: bool
) -> bool:
    """Whether the title of a story follows a label, which then belongs to a logo or stands alone.

    An advertisement offers something, names its sponsor, or is short and has a button.
    """
    blocks = page.blocks
    if label + 1 >= len(blocks) or blocks[label + 1].kind is not BlockKind.HEADING:
        return False
    title, own = blocks[label + 1], blocks[label]
    is_below = own.kind is BlockKind.HEADING and own.level <= title.level
    if section.names_sponsor or is_below:
        return False
    words = sum(blocks[number].word_count for number in section.members)
    has_button = any(is_pure_button(blocks[number]) for number in section.members)
    is_short = words <= (_MAX_AD_WORDS if has_button or section.ruled else MAX_REST_WORDS)
    if is_early:
        ends = has_button or (section.ruled and is_short)
        return advertiser.names != frozenset() or not (section.offers and ends)
    is_shown = section.links or section.ruled or is_between_larger_titles(blocks, label, section)
    return not (section.offers or (is_short and is_shown))


def is_between_larger_titles(blocks: Sequence[RawBlock], label: int, section: Section) -> bool:
    """Whether the title below a label is smaller than those of the stories before and after its section.

    A picture above the title may be the advertisement, and the title that of a part of the story.
    """
    title = blocks[label + 1]
    above = next((one for one in reversed(blocks[:label]) if one.kind is BlockKind.HEADING), None)
    end = section.members[-1] + 1 if section.members else len(blocks)
    below = blocks[end] if end < len(blocks) else None
    return (
        above is not None
        and below is not None
        and above.level == below.level < title.level
        and not title.after_picture
    )


def names_in(label: str, first: str) -> frozenset[str]:
    """The words of a sponsor's name in a label, of which the first is known; `*` if there is none."""
    start = label.casefold().find(first)
    if first == "*" or start < 0:
        return frozenset()
    words = [word.casefold() for word in _CAPITALIZED.findall(label[start:]) if word[0].isupper()]
    names = {word for word in words if len(word) > _MIN_NAME_CHARACTERS and word not in NOT_NAMES}
    return frozenset(names | ({first} if len(first) >= _MIN_NAME_CHARACTERS else set()))


def is_label(page: Page, label: int, name: str, section: Section) -> bool:
    """Whether a block is a label. A heading with such words may be the title of a story."""
    block = page.blocks[label]
    is_title = block.kind is BlockKind.HEADING or block.bold
    if is_title and not (is_sure_label(block, page.mail) or shows_sale(page, label, section)):
        return False
    if not is_real_heading(block) or block.text.isupper() or not may_be_title(block.text):
        return True
    if section.offers or section.names_sponsor or sells(page, section):
        return True
    return len(section.members) <= 3 and (name == "*" or section.ruled)


def shows_sale(page: Page, label: int, section: Section) -> bool:
    """Whether what is below a title is more than a story with a link."""
    signs = section.offers or section.names_sponsor or section.ruled or sells(page, section)
    return signs or page.blocks[label].small


def sells(page: Page, section: Section) -> bool:
    """Whether a section ends with a button that does not lead to the rest of a story."""
    last = page.blocks[section.members[-1]] if section.members else None
    return last is not None and is_pure_button(last) and not is_read_more(last)


def section_after(page: Page, label: int, advertiser: Advertiser) -> Section:
    """The blocks after a label up to the next heading, rule or button."""
    blocks = page.blocks
    numbers: list[int] = []
    certain = words = rest = 0
    offers = names_sponsor = ruled = has_copy = False
    for number in range(label + 1, min(len(blocks), label + 1 + MAX_BLOCKS)):
        block = blocks[number]
        if normalize(block.text) == normalize(blocks[label].text):
            certain = len(numbers)  # the label closes the section, or begins another one
            break
        ruled = bool(numbers) and block.after_rule
        if ruled:
            certain = len(numbers) if rest <= max_words_to_rule(blocks[label]) else certain
            break
        speaks = advertises(page, number, advertiser)
        if (
            is_plain_label(block, page.mail)
            if has_copy
            else begins_next_story(page, label, number, advertiser)
        ):
            certain = len(numbers) if rest <= MAX_REST_WORDS else certain
            break
        if has_copy and block.kind is BlockKind.HEADING and not is_subheading(block, blocks[label]):
            is_chapter = blocks[label].kind is BlockKind.HEADING
            most = MAX_WORDS if is_chapter and is_real_heading(blocks[label]) else MAX_REST_WORDS
            certain = len(numbers) if rest <= most else certain
            break
        words += block.word_count
        if words > MAX_WORDS:
            break
        numbers.append(number)
        rest += block.word_count
        begins = not has_copy and block.kind is not BlockKind.HEADING
        near = len(numbers) <= _NEAR_LABEL and certain >= len(numbers) - 2
        if begins or refers(page, number, advertiser) or (speaks and near):
            certain, rest = len(numbers), 0
        if block.kind is not BlockKind.HEADING and not is_pure_button(block):
            has_copy = has_copy or block.word_count >= _MIN_COPY_WORDS
            advertiser = learn(page, number, advertiser) if certain == len(numbers) else advertiser
        offers = offers or is_offer(page, number)
        names_sponsor = names_sponsor or any(
            one in block.text.casefold() for one in advertiser.names
        )
        if has_copy and is_pure_button(block) and not continues(page, number + 1, advertiser):
            certain = len(numbers) if offers and rest <= MAX_REST_WORDS else certain
            break
    else:
        certain = max(certain, 1 if numbers else 0)
    links = any(blocks[number].links for number in numbers[:certain])
    return Section(numbers, certain, offers, names_sponsor, ruled, links)


def max_words_to_rule(label: RawBlock) -> int:
    """How many words may stand between the last offer below a label and a rule."""
    if label.kind is BlockKind.LIST_ITEM:
        return 0  # the rule ends the list, or all that follows
    return MAX_RULED_WORDS if label.after_rule else MAX_REST_WORDS


def begins_next_story(page: Page, label: int, number: int, advertiser: Advertiser) -> bool:
    """Whether a heading below the links of an advertisement begins the next story.

    It looks as the story's heading above the label does, and nothing below it advertises.
    """
    blocks = page.blocks
    title, between = blocks[number], blocks[label + 1 : number]
    above = next((one for one in reversed(blocks[:label]) if one.kind is BlockKind.HEADING), None)
    if title.kind is not BlockKind.HEADING or above is None or above.level != title.level:
        return False
    if not between or not all(is_pure_button(one) for one in between):
        return False
    ad = Advertiser(
        advertiser.names, advertiser.hosts.union(*(page.own_hosts(one) for one in between))
    )
    for following in range(number, min(len(blocks), number + MAX_BLOCKS)):
        block = blocks[following]
        if following > number and (block.kind is BlockKind.HEADING or block.after_rule):
            break
        is_button = is_pure_button(block) and not is_read_more(block)
        offers = is_offer(page, following) and block.links
        if is_button or offers or refers(page, following, ad):
            return False
    return True


def is_subheading(block: RawBlock, label: RawBlock) -> bool:
    """Whether a heading stands below the label's own heading."""
    return label.kind is BlockKind.HEADING and block.level > label.level


def continues(page: Page, number: int, advertiser: Advertiser) -> bool:
    """Whether an advertisement goes on after its button: with its terms, or another offer."""
    if number >= len(page.blocks):
        return False
    block = page.blocks[number]
    if block.after_rule or block.kind is BlockKind.HEADING:
        return False
    return block.small or advertises(page, number, advertiser)


def box_after(page: Page, label: int, advertiser: Advertiser, is_early: bool) -> set[int]:
    """The blocks of the smallest box that begins with the label and holds more than the label.

    `is_early`: whether no story precedes the label, so that the box may hold the first one.
    """
    blocks = page.blocks
    total_words = sum(block.word_count for block in blocks)
    for box in blocks[label].box.with_ancestors():
        section = run_within(blocks, label, box)
        if label and is_within(blocks[label - 1], box):
            return set()
        words = sum(blocks[number].word_count for number in section)
        if words > max(MAX_SHARE * total_words, 30) or words > MAX_WORDS:
            return set()
        if words - blocks[label].word_count >= 8:
            speaks = any(advertises(page, number, advertiser) for number in section[1:])
            plain = not is_early and words <= _MAX_PLAIN_BOX_WORDS
            return set(section) if speaks or plain else set()
    return set()


def run_within(blocks: Sequence[RawBlock], start: int, box: Box) -> list[int]:
    """The run of blocks from `start` on that lie in the box, at most a limited number of them."""
    run = [start]
    while run[-1] + 1 < len(blocks) and is_within(blocks[run[-1] + 1], box):
        run.append(run[-1] + 1)
        if len(run) > 4 * MAX_BLOCKS:
            break
    return run
