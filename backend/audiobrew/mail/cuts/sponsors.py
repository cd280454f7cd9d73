"""Find sponsored blocks: by the label that discloses them, by their own words, or by names in the markup."""

import re
from collections.abc import Collection, Mapping, Sequence

from audiobrew.mail.cuts.mail_context import (
    MailContext,
    begins_with_quotation,
    coverage,
    has_phrase,
    is_in_last_part,
    normalize,
)
from audiobrew.mail.cuts.named_boxes import blocks_in_named_boxes
from audiobrew.mail.cuts.partner_titles import begins_with_partner, partner_section
from audiobrew.mail.cuts.promotions import find_promotions, has_link, has_terms_of_sale
from audiobrew.mail.cuts.sponsor_labels import (
    find_inline_label,
    is_closing_label,
    is_disclosure,
    is_weak_label,
    labelled_name,
    lists_names,
    may_thank_others,
    name_in_label,
    presented_name,
    speaks_of_paying,
)
from audiobrew.mail.cuts.sponsor_page import (
    Advertiser,
    Page,
    is_offer,
    is_pure_button,
    is_read_more,
    is_real_heading,
)
from audiobrew.mail.cuts.sponsor_sections import (
    box_after,
    find_section,
    section_after,
    section_below_picture,
    sells,
)
from audiobrew.mail.cuts.unlabelled_ads import find_unlabelled_ads
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import RawBlock

_MAX_PARAGRAPH_WORDS = 150
# Each label is compared with the blocks after it, so their number is limited to bound the time.
_MAX_LABELS = 50
# Blocks between a label and the one that closes its section.
_MAX_BLOCKS = 12
# Words of the text before an offer that stands between two stories.
_MIN_STORY_WORDS = 12
# Words of a sentence about who paid, below an advertisement.
_MAX_CLOSING_WORDS = 30
_MAX_ADVERTISE_WORDS = 45
# Words of thanks to sponsors; and what thanks and sponsors are called.
_MAX_THANKS_WORDS = 40
_THANKS = re.compile(
    r"(?<!\w)(?:thank|dank|merci|remerci|gracias|agradec|grazie|ringrazi|obrigad|tack|takk?(?!\w)|kiit|děkuj"
    r"|ďakuj|dzięk|köszön|mulțum|ευχαριστ|спасибо|благодар|дяку|teşekkür|شكر|תודה|धन्यवाद|cảm ơn|terima kasih)"
    r"|感謝|感谢|감사|ありがとう",
    re.IGNORECASE,
)
_SPONSORS = re.compile(
    r"(?<!\w)(?:sponsor|sponzor|szponzor|patrocinador|mécène|спонсор|χορηγ|tukija|támogató(?:ink|k)|رعاة|الراعي"
    r"|חסות)|スポンサー|協賛|후원사|赞助|贊助",
    re.IGNORECASE,
)
# Blocks of an offer that begins with its disclosure.
_MAX_DISCLOSED_BLOCKS = 4
# An offer to advertise is a short line, a question, or has a link. Else it makes up this share of its text.
_SHORT_WORDS, _MIN_ADVERTISE_SHARE = 8, 0.4
_MIN_NAME_CHARACTERS = 4
_MARKS = ("[", "(", "（", "［", "【", "〔", "〈", "《", "≪")
# Words of the names that senders give to the boxes of advertisements, and the share of a mail they may fill.
_BOX_NAMES = frozenset((
    "sponsor", "sponsors", "sponsored", "sponsorship", "advert", "adverts", "advertisement", "advertising",
    "advertorial", "ad", "ads", "adslot", "adbox", "adblock", "adunit", "anzeige", "werbung", "publicite",
    "publicidad", "pubblicita", "reklama", "reklame", "annons", "annonce",
))  # fmt: skip
_MAX_BOX_SHARE = 0.3
# The share of a mail's running text that an advertisement takes up at most, if it has no link.
_MAX_SECTION_SHARE = 0.5


def find_sponsors(
    blocks: Sequence[RawBlock], mail: MailContext, cuts: Mapping[int, Cut]
) -> set[int]:
    """The numbers of the sponsored blocks, with their labels. `cuts` are those of other rules."""
    page = Page.of(blocks, mail)
    sponsored = set(blocks_in_named_boxes(blocks, _BOX_NAMES, _MAX_BOX_SHARE))
    sponsors: set[str] = set()
    labels = 0
    for number, block in enumerate(blocks):
        if number in sponsored or block.word_count > _MAX_PARAGRAPH_WORDS:
            continue
        if is_closing_label(block, mail) or repeats_label(page, sponsored, number):
            sponsored.update(range(opening_label(sponsored, number), number + 1))
        elif labels < _MAX_LABELS and (section := labelled_section(page, number)):
            labels += 1
            sponsored.update(section)
            name = labelled_name(block, mail)
            if len(name) >= _MIN_NAME_CHARACTERS and name != name.upper():
                sponsors.add(name)
        elif pictured := section_below_label_picture(page, number):
            sponsored.update(pictured)
        elif above := blocks_above_disclosure(page, number):
            sponsored.update(above)
        elif inset := inset_offer(page, number):
            sponsored.update(inset)
        elif (
            offers_advertising(block, mail)
            or is_affiliate_note(block, mail)
            or (is_in_last_part(number, blocks) and thanks_sponsors(block, mail))
        ):
            sponsored.add(number)
    unlabelled = find_unlabelled_ads(page, sponsored, cuts)
    return sponsored | unlabelled | find_promotions(page, sponsored, sponsors)


def is_content_of_mail(page: Page, section: Collection[int]) -> bool:
    """Whether a section without a link is most of the mail, as classified advertisements may be."""
    words = sum(page.blocks[number].word_count for number in section)
    total = sum(block.word_count for block in page.blocks if block.is_plain)
    return words > _MAX_SECTION_SHARE * total and not any(
        page.blocks[number].links for number in section
    )


def repeats_label(page: Page, sponsored: Collection[int], number: int) -> bool:
    """Whether the label of the advertisement before stands at its end once more.

    Else it begins another advertisement, which has a link with an offer, or a button.
    """
    blocks = page.blocks
    label = normalize(blocks[number].text)
    if number < 2 or not label or number - 1 not in sponsored or blocks[number].after_rule:
        return False
    if labelled_name(blocks[number], page.mail) != "*":
        return False
    run = range(max(0, number - 1 - _MAX_BLOCKS), number - 1)
    if not any(one in sponsored and normalize(blocks[one].text) == label for one in run):
        return False
    section = section_after(page, number, Advertiser())
    return not (sells(page, section) or (section.offers and section.links))


def section_below_label_picture(page: Page, number: int) -> set[int]:
    """The section below a picture that is a label by its alternative text, after a story."""
    block = page.blocks[number]
    text = block.picture_text
    if (
        not text
        or number == 0
        or not any(one.word_count >= _MIN_STORY_WORDS for one in page.blocks[:number])
    ):
        return set()
    label = RawBlock(BlockKind.PARAGRAPH, text)
    if not labelled_name(label, page.mail):
        return set()
    return section_below_picture(page, number)


def opening_label(sponsored: set[int], closing: int) -> int:
    """The block after which everything up to a closing label belongs to the advertisement."""
    for number in range(closing - 1, max(-1, closing - 1 - _MAX_BLOCKS), -1):
        if number in sponsored:
            return number
    return closing


def labelled_section(page: Page, number: int) -> Collection[int]:
    """The section of a label, or what a block discloses in itself; empty if it does neither."""
    name = labelled_name(page.blocks[number], page.mail)
    section = partner_section(page, number) or (find_section(page, number, name) if name else ())
    if section:
        return () if is_content_of_mail(page, section) else section
    return disclosed_blocks(page, number) if is_disclosed(page, number) else ()


def is_disclosed(page: Page, number: int) -> bool:
    """Whether a block says in itself that it is paid for. Words that stories have need another sign."""
    block = page.blocks[number]
    if is_disclosure(block, page.mail) or begins_with_partner(block, page.mail):
        return True
    label = find_inline_label(block, page.mail)
    if label and not is_weak_label(label, page.mail):
        return is_marked(label) or shows_sale(page, number)
    name = presented_name(block) or name_in_label(label, page.mail)
    if (
        label
        and may_thank_others(label, page.mail)
        and not block.small
        and not is_offer(page, number)
    ):
        return lists_names(block.text.partition(":")[2])
    repeats_name = len(name) > 2 and block.text.casefold().count(name.casefold()) > 1
    return bool(label or name) and (repeats_name or has_other_sign(page, number))


def is_marked(label: str) -> bool:
    """Whether a label is in brackets or at the end of its text, where no sentence begins with it."""
    return label.lstrip(" *–—-").startswith(_MARKS) or not label.rstrip().endswith((":", "："))


def shows_sale(page: Page, number: int) -> bool:
    """Whether a text with a label has a link, a button, an offer, or terms of sale."""
    if has_other_sign(page, number) or has_terms_of_sale(page.blocks[number].text, page.mail):
        return True
    following = page.blocks[number + 1] if number + 1 < len(page.blocks) else None
    return following is not None and bool(following.links) and not following.after_rule


def has_other_sign(page: Page, number: int) -> bool:
    block = page.blocks[number]
    following = number + 1 < len(page.blocks) and is_pure_button(page.blocks[number + 1])
    section = section_after(page, number, Advertiser()) if is_real_heading(block) else None
    return bool(
        block.links
        or block.small
        or following
        or lists_names(block.text.partition(":")[2])
        or is_offer(page, number)
        or (section and section.offers)
    )


def disclosed_blocks(page: Page, number: int) -> list[int]:
    """A block that discloses itself, with its button; a heading, with its section."""
    if page.blocks[number].kind is BlockKind.HEADING:
        return [number, *section_after(page, number, Advertiser()).members]
    if box := box_after(page, number, Advertiser(), is_early=True):
        return sorted(box)
    members = [number]
    for following in range(number + 1, min(len(page.blocks), number + 1 + _MAX_DISCLOSED_BLOCKS)):
        block = page.blocks[following]
        if block.kind is BlockKind.HEADING or block.after_rule:
            break
        if is_pure_button(block):
            return list(range(number, following + 1))
        if not goes_on(page, following):
            break
        members.append(following)
    return members


def goes_on(page: Page, number: int) -> bool:
    """Whether a paragraph goes on with the offer before it: it has its terms, or stands above its button."""
    block = page.blocks[number]
    has_terms = page.mail.phrases["deals"].search(block.text) is not None
    return block.word_count <= _MAX_ADVERTISE_WORDS and (
        has_terms or (is_offer(page, number) and has_link(page, number))
    )


def blocks_above_disclosure(page: Page, number: int) -> list[int]:
    """The advertisement that ends with a sentence about who paid for it, below its button: with its title."""
    block = page.blocks[number]
    if (
        number < 2
        or block.kind is not BlockKind.PARAGRAPH
        or block.word_count > _MAX_CLOSING_WORDS
        or not is_pure_button(page.blocks[number - 1])
        or not speaks_of_paying(block)
    ):
        return []
    words = 0
    for start in range(number - 2, max(-1, number - 2 - _MAX_BLOCKS), -1):
        words += page.blocks[start].word_count
        if words > _MAX_PARAGRAPH_WORDS or page.blocks[start].kind is BlockKind.LIST_ITEM:
            return []
        if page.blocks[start].kind is BlockKind.HEADING or page.blocks[start].after_rule:
            return list(range(start, number + 1))
    return []


def inset_offer(page: Page, number: int) -> list[int]:
    """An offer without a label between two stories: under a smaller title than theirs, with a button below.

    The story before it has text of its own. The next one begins after the button or a closing line.
    """
    blocks = page.blocks
    title = blocks[number]
    if title.kind is not BlockKind.HEADING or title.level <= 1 or number < 2:
        return []
    before = blocks[number - 1]
    if before.kind is BlockKind.HEADING or before.word_count < _MIN_STORY_WORDS:
        return []
    above = next((one for one in reversed(blocks[:number]) if one.kind is BlockKind.HEADING), None)
    if above is None or above.level >= title.level:
        return []
    words, button = title.word_count, 0
    for end in range(number + 1, min(len(blocks), number + 1 + _MAX_BLOCKS)):
        block = blocks[end]
        if block.kind is BlockKind.HEADING:
            is_above = block.level < title.level
            offers = any(
                is_offer(page, one) or speaks_of_paying(blocks[one]) for one in range(number, end)
            )
            closes = button and end - button <= 2
            return list(range(number, end)) if is_above and offers and closes else []
        words += block.word_count
        if words > _MAX_PARAGRAPH_WORDS:
            return []
        if is_pure_button(block) and not is_read_more(block):
            button = end
    return []


def offers_advertising(block: RawBlock, mail: MailContext) -> bool:
    """Whether a block invites its readers to advertise in the newsletter."""
    phrases = mail.phrases["advertise"]
    if block.word_count > _MAX_ADVERTISE_WORDS or not phrases.search(block.text):
        return False
    return (
        bool(block.links)
        or "@" in block.text
        or "?" in block.text
        or block.word_count <= _SHORT_WORDS
        or coverage(phrases, block.text) >= _MIN_ADVERTISE_SHARE
    )


def thanks_sponsors(block: RawBlock, mail: MailContext) -> bool:
    """Whether a newsletter thanks its own sponsors: "We thank our sponsors Acme and Ingot Bank"."""
    return (
        block.word_count <= _MAX_THANKS_WORDS
        and _SPONSORS.search(block.text) is not None
        and _THANKS.search(block.text) is not None
        and has_phrase(mail, "first_person", block.text)
        and not begins_with_quotation(block.text)
        and not re.search(r"\d", block.text)
    )


def is_affiliate_note(block: RawBlock, mail: MailContext) -> bool:
    """Whether a short block says that the newsletter is paid for its links."""
    return (
        block.word_count <= _MAX_CLOSING_WORDS
        and mail.phrases["affiliate_notes"].search(block.text) is not None
    )
