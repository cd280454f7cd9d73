"""Find offers without a label: special offers, prize draws, and what the newsletter sells itself.

A story may have a price, a discount or a code, too. So several signs are needed, of which each block or
short section has its own. One of them is that somebody speaks to the reader, which news does not.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet

from audiobrew.mail.cuts.label_words import thanks_somebody
from audiobrew.mail.cuts.mail_context import QUOTATION_MARKS, MailContext, contains_unquoted
from audiobrew.mail.cuts.phrases import compile_phrases
from audiobrew.mail.cuts.sponsor_page import (
    PRICE,
    Page,
    is_pure_button,
    is_read_more,
)
from audiobrew.mail.newsletter import BlockKind

CLOSING_QUOTATION_MARKS = tuple("”»“›’‘\"'」』)")
_MAX_WORDS, _MAX_SECTION_WORDS, _MAX_SECTION_BLOCKS = 90, 110, 5
# Words of a paragraph in such a section that needs no sign.
_MAX_PLAIN_WORDS = 3
# Words of a paragraph in such a section whose only sign is a price.
_MAX_PRICED_WORDS = 20
# What the signs weigh, and how much they must weigh together: in a block, and in a section with its title.
_DEAL, _OWN_PRODUCT, _SPONSOR, _THANKS, _SMALL_SIGN = 2, 2, 2, 2, 1
_MIN_WEIGHT, _MIN_OWN_WEIGHT, _MIN_SECTION_WEIGHT = 4, 3, 5
# Words of a short notice about what the newsletter sells.
_MAX_OWN_WORDS = 45
# Words of a section with which an offer is compared, their number, and how many of them may speak to readers.
_MIN_STORY_WORDS, _MIN_OTHERS, _MAX_SHARE_OF_OTHERS = 18, 3, 1 / 2
# If promotions fill more of a mail, they are what it is about.
_MAX_SHARE = 0.3
# A code to enter, which has letters and perhaps figures.
_CODE = re.compile(
    r"(?i:code|kod[aeiuyęą]?|kódem|kód|koodi\w{0,4}|kuponu?|código|codice|cupón|cupom"
    r"|κωδικ\w{1,4}|промокод\w{0,3}|код\w{0,3}|mã|クーポン|コード|코드|优惠码|優惠碼|קוד|كود|कोड)\W{1,4}"
    r"[A-Z0-9][A-Z0-9-]{3,20}(?!\w)"
)
# Terms under which something is sold or drawn, which news leaves out.
_TERMS = re.compile(
    r"(?<!\w)(?:while (?:stocks?|supplies) lasts?|no purchase necessary|terms (?:and conditions )?apply"
    r"|solange der vorrat|(?:einsende|teilnahme)schluss|rechtsweg ist ausgeschlossen"
    r"|dans la limite des stocks|hasta agotar|fino a esaurimento|enquanto durar"
    r"|zolang de voorraad|så (?:længe|länge) lager|så lenge lager|do wyczerpania|do vyprodání"
    r"|a készlet erejéig|stoklarla sınırlı"
    r"|în limita stocului|пока есть в наличии)",
    re.IGNORECASE,
)


def find_promotions(page: Page, sponsored: AbstractSet[int], sponsors: Collection[str]) -> set[int]:
    """The numbers of blocks with offers, besides those that are `sponsored`.

    `sponsors` are words of the names in the mail's labels.
    """
    promotions: set[int] = set()
    stories = [
        section for section in sections(page) if count_words(page, section) >= _MIN_STORY_WORDS
    ]
    offers = {
        section.start for section in stories if any(offers_to_reader(page, one) for one in section)
    }
    for section in sections(page):
        rest = [number for number in section if number not in sponsored]
        others = len(stories) - (section in stories)
        is_usual = len(offers - {section.start}) > _MAX_SHARE_OF_OTHERS * max(others, _MIN_OTHERS)
        if rest:
            promotions |= promotions_in(page, rest, sponsors, is_usual)
    words = sum(page.blocks[number].word_count for number in promotions)
    total = sum(block.word_count for block in page.blocks)
    return promotions if words <= _MAX_SHARE * total else set()


def count_words(page: Page, section: Sequence[int]) -> int:
    return sum(page.blocks[number].word_count for number in section)


def sections(page: Page) -> Iterator[range]:
    """Runs of blocks that each begin with a heading or after a rule."""
    if not page.blocks:
        return
    start = 0
    for number, block in enumerate(page.blocks):
        if number > start and (block.kind is BlockKind.HEADING or block.after_rule):
            yield range(start, number)
            start = number
    yield range(start, len(page.blocks))


def promotions_in(
    page: Page, section: Sequence[int], sponsors: Collection[str], is_usual: bool
) -> set[int]:
    """The promotions in a section. `is_usual`: whether the other sections speak to readers, too."""
    blocks = [page.blocks[number] for number in section]
    words = sum(block.word_count for block in blocks)
    has_title = blocks[0].kind is BlockKind.HEADING and len(blocks) > 1
    is_short = words <= _MAX_SECTION_WORDS and len(blocks) <= _MAX_SECTION_BLOCKS
    if has_title and is_short:
        weights = [weigh(page, number, sponsors) for number in section]
        weight = sum(own for own, _ in weights) + any(has_link(page, number) for number in section)
        owns = any(is_own for _, is_own in weights)
        # A paragraph of a story has no sign, or only a price.
        is_all = all(
            own > (_SMALL_SIGN if block.word_count > _MAX_PRICED_WORDS else 0)
            or block.word_count <= _MAX_PLAIN_WORDS
            or is_pure_button(block)
            for block, (own, _) in zip(blocks[1:], weights[1:], strict=True)
        )
        has_strong_sign = any(own >= _DEAL for own, _ in weights)
        is_heavy = weight >= (_MIN_WEIGHT if owns else _MIN_SECTION_WEIGHT)
        is_spoken = owns or any(
            speaks_to_reader(page, number, sponsors, is_usual) for number in section
        )
        if is_all and has_strong_sign and is_heavy and is_spoken:
            return set(section)
    promotions: set[int] = set()
    for number in section:
        weight, owns = weigh(page, number, sponsors)
        weight += _SMALL_SIGN * (weight > 0 and has_link(page, number))
        is_notice = owns and page.blocks[number].word_count <= _MAX_OWN_WORDS
        is_heavy = weight >= (_MIN_OWN_WEIGHT if is_notice else _MIN_WEIGHT)
        if is_heavy and (owns or speaks_to_reader(page, number, sponsors, is_usual)):
            promotions.add(number)
            if number + 1 in section and is_pure_button(page.blocks[number + 1]):
                promotions.add(number + 1)
    return promotions


def speaks_to_reader(
    page: Page, number: int, sponsors: Collection[str], is_usual: bool = False
) -> bool:
    """Whether a block is an offer to its readers, or about a sponsor, rather than news of an offer.

    It has terms or a code to enter. If the mail does not do so elsewhere (`is_usual`), "you", "we" or a drawn
    button below it is enough.
    """
    text = page.blocks[number].text
    return (
        _CODE.search(text) is not None
        or _TERMS.search(text) is not None
        or thanks_somebody(text)
        or not names_among(text).isdisjoint(sponsors)
        or (not is_usual and offers_to_reader(page, number))
    )


def offers_to_reader(page: Page, number: int) -> bool:
    """Whether a block has "you" or "we" and a link, or a drawn button below it."""
    return has_drawn_button(page, number) or (
        has_link(page, number)
        and any(
            len(match[0]) > 1
            for code in page.mail.phrases.own_codes
            for purpose in ("readers", "first_person")
            if (pattern := compile_phrases(code, purpose))
            for match in pattern.finditer(page.blocks[number].text)
        )
    )


def has_terms_of_sale(text: str, mail: MailContext) -> bool:
    """Whether a text has a price, a code to enter, terms, or two phrases of offers."""
    if PRICE.search(text) or _CODE.search(text) or _TERMS.search(text):
        return True
    spans = (
        match.span() for one in ("deals", "offers") for match in mail.phrases[one].finditer(text)
    )
    return len(separate_spans(spans)) > 1


def has_words_of_offer(text: str, mail: MailContext) -> bool:
    """Whether a text has a phrase of offers that it does not quote."""
    return any(contains_unquoted(mail.phrases[purpose], text) for purpose in ("deals", "offers"))


def has_drawn_button(page: Page, number: int) -> bool:
    """Whether a drawn button below a block leads somewhere else than to the rest of a story."""
    following = page.blocks[number + 1] if number + 1 < len(page.blocks) else None
    return (
        following is not None
        and following.button
        and is_pure_button(following)
        and not is_read_more(following)
    )


def names_among(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"\w{4,}", text)}


def weigh(page: Page, number: int, sponsors: Collection[str]) -> tuple[int, bool]:
    """How much the signs of an offer in a block weigh, and whether it offers what the newsletter sells."""
    block = page.blocks[number]
    if block.word_count > _MAX_WORDS or block.kind is BlockKind.QUOTATION:
        return 0, False
    if block.text.startswith(QUOTATION_MARKS) and block.text.endswith(CLOSING_QUOTATION_MARKS):
        return 0, False
    phrases = page.mail.phrases
    deals = separate_spans(match.span() for match in phrases["deals"].finditer(block.text))
    offers = any(
        not any(start < match.end() and match.start() < end for start, end in deals)
        for match in phrases["offers"].finditer(block.text)
    )
    owns = phrases["own_products"].search(block.text) is not None
    weight = _DEAL * min(len(deals), 3)
    weight += _SMALL_SIGN * (offers + (PRICE.search(block.text) is not None))
    weight += _OWN_PRODUCT * owns + _SPONSOR * (not names_among(block.text).isdisjoint(sponsors))
    weight += _THANKS * (bool(deals) and thanks_somebody(block.text))
    return weight, owns


def separate_spans(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans without those that overlap an earlier one."""
    separate: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not separate or start >= separate[-1][1]:
            separate.append((start, end))
    return separate


def has_link(page: Page, number: int) -> bool:
    """Whether a block has a link, or a button below it that does not lead to the rest of a story."""
    if page.blocks[number].links:
        return True
    following = page.blocks[number + 1] if number + 1 < len(page.blocks) else None
    return following is not None and is_pure_button(following) and not is_read_more(following)
