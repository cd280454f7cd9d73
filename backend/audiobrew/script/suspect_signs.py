"""Signs that a block is advertising or housekeeping, although no rule was sure enough to cut it.

No sign decides alone. `suspects.py` weighs them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from audiobrew.mail.cuts.mail_context import QUESTION_MARKS, QUOTATION_MARKS, SENTENCE_ENDS
from audiobrew.mail.cuts.phrases import (
    ADVERTISE_WITH_US,
    CALL_TO_ACTION,
    FOLLOW_US,
    LEGAL,
    SHARING,
    UNSUBSCRIBE,
    WHY_SENT,
    PhraseBook,
    compile_phrases,
)
from audiobrew.mail.cuts.sponsor_page import PRICE
from audiobrew.mail.newsletter import Block, BlockKind, Cut, Newsletter
from audiobrew.mail.text_cleanup import count_words

# Characters of a block in which signs are looked for.
MAX_CHARACTERS = 2_000
# How many different phrases of a purpose are told apart.
MAX_COUNT = 3
# Purposes of phrases (see `Boilerplate`) that count wherever they stand in a text.
_PURPOSES = (
    "requests", "readers", "first_person", "newsletter_words", "support", "advertise", "affiliate_notes",
    "own_products", "deals", "events", "places", "sign_ups", "non_subscribers", "offers", "unsubscribe",
    "why_sent", "legal", "sponsored_by",
)  # fmt: skip
# Purposes whose phrases are a whole title.
_TITLES = ("polls", "sections", "contents", "notices", "announcements", "sponsor_labels")
_PATTERNS = {
    "sharing": SHARING,
    "follow": FOLLOW_US,
    "advertise": ADVERTISE_WITH_US,
    "unsubscribe": UNSUBSCRIBE,
    "why_sent": WHY_SENT,
    "legal": LEGAL,
    "price": PRICE,
    "percent": re.compile(r"\d ?%"),
    "phone": re.compile(r"(?<![\d.,])\+?\(?\d{2,5}\)?[ /-]\d{2,6}[\d /-]{3,20}\d"),
    "address": re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,60}\.\w{2,20}"),
    "site": re.compile(
        r"(?<![\w@.-])[\w-]{2,40}\.(?:com|org|net|example|eu|io|co|shop|store|[a-z]{2})(?:/\S{0,80})?(?![\w.])",
        re.IGNORECASE,
    ),
    "time": re.compile(
        r"\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2}\.\s?\d{1,2}\.|(?<!\d)(?:19|20)\d{2}(?!\d)"
    ),
}
_CAMPAIGN = re.compile(
    r"[?&](?:utm_\w{2,10}|ref|aff\w{0,10}|via|partner\w{0,3}|erid|promo|coupon|voucher)=",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"(?<![a-z])(?:shop|store|tickets?|checkout|register|registration|sign-?up|subscribe|sponsors?|forms?|donate"
    r"|member(?:ship)?|course|kofi|ko-fi|patreon|poll|vote|survey|webinar|promo|deals?|offers?|buy|order|book)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_READ_MORE = re.compile(
    r"\b(?:read|full|story|watch|listen|weiter|mehr|lesen|lire|suite|leer|leyendo|leggi|continua|ler|leia|lees|verder|czyt|číst"
    r"|čít|läs|læs|les|lue|olvas|tovább|citește|διαβάστε|чита|прочита|oku|devam|đọc|baca|пълния|pročita)"
    r"|続き|読む|더 |읽|阅读|閱讀|اقرأ|קרא|पढ़",
    re.IGNORECASE,
)
_EXCLAMATION_MARKS = ("!", "！")
# Words of a link that asks for something.
_MAX_BUTTON_WORDS = 7
_MIN_LINK_SHARE = 0.8
# Characters of a paragraph that only a story has.
_STORY_CHARACTERS = 200
_LATE = 0.6
# Signs of one section's other blocks that count in a block.
_SHARED = frozenset(
    ("price", "deals", "offers", "own_products", "sign_ups", "support", "places", "action", "sponsored_by",
     "campaign", "form", "affiliate_notes", "code", "readers", "first_person", "advertise", "percent")
)  # fmt: skip
_MIN_OTHERS, _MAX_SHARE_OF_OTHERS = 2, 1 / 3
_MAX_SECTION_WORDS = 130
# Signs of a heading that count in the blocks below it.
_HEAD = frozenset(
    (*_TITLES[:-1], "support", "own_products", "deals", "events", "question", "requests", "readers",
     "first_person", "offers", "sign_ups", "own name", "newsletter_words")
)  # fmt: skip
# Signs that are worth more together with a reader who is spoken to; with "we"; and with the newsletter.
_SALE = frozenset(("deals", "offers", "price", "sign_ups", "action", "places", "button"))
_OWN = frozenset(("own_products", "events", "support", "sign_ups", "places", "newsletter_words"))
_ASKS = frozenset(("requests", "support", "sign_ups", "sharing", "follow"))
# Signs that show what a block is about. The others say only how it looks and where it stands, which makes no
# text a suspect.
EVIDENCE = frozenset(
    (*_TITLES, "requests", "support", "advertise", "affiliate_notes", "own_products", "deals", "sign_ups",
     "places", "non_subscribers", "offers", "unsubscribe", "why_sent", "legal", "sponsored_by", "sharing",
     "follow", "price", "phone", "address", "site", "campaign", "form", "action", "button",
     "readers + sale", "first_person + own", "asks back", "title: polls", "title: sections",
     "title: contents", "title: notices", "title: announcements", "title: support", "title: own_products",
     "title: deals", "title: requests", "title: offers", "title: sign_ups")
)  # fmt: skip
# Signs that say nothing where other sections have them, too.
_USUAL = EVIDENCE | {
    "readers",
    "first_person",
    "events",
    "link",
    "own name",
    "question",
    "exclamation",
}
# Signs of advertising, not of housekeeping.
SALE_SIGNS = frozenset(
    ("deals", "offers", "price", "sponsored_by", "sponsor_labels", "title: sponsor_labels", "affiliate_notes",
     "own_products", "beside advertising", "campaign")
)  # fmt: skip
# Words of blocks that are told apart.
_LENGTHS = (3, 7, 15, 30, 50, 90)


@dataclass(frozen=True)
class Page:
    """The blocks of a newsletter, with what their signs depend on."""

    newsletter: Newsletter

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return self.newsletter.blocks

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return PhraseBook([self.newsletter.language]).own_codes

    @cached_property
    def sender_words(self) -> frozenset[str]:
        return frozenset(re.findall(r"\w{4,}", self.newsletter.sender.casefold()))

    @cached_property
    def text_signs(self) -> list[frozenset[str]]:
        return [signs_in_text(block.text, self) | signs_in_links(block) for block in self.blocks]

    def own_signs(self, number: int) -> frozenset[str]:
        """The signs of a block's text and links, and of the button below it."""
        return self.text_signs[number] | self.actions[number]

    @cached_property
    def actions(self) -> list[frozenset[str]]:
        """Whether a link in a block, or the button below it, asks the reader for something."""
        nothing = frozenset[str]()
        signs = []
        for number, block in enumerate(self.blocks):
            own = {
                "read more" if _READ_MORE.search(link.text) else "action"
                for link in block.links
                if count_words(link.text) <= _MAX_BUTTON_WORDS
                and not is_button(block)  # which is a headline, if it is told
                and self.starts_button(link.text)
            }
            below = self.blocks[number + 1] if number + 1 < len(self.blocks) else None
            if below is not None and below.cut and is_button(below):
                own.add("read more" if _READ_MORE.search(below.text) else "button")
                if self.starts_button(below.text) and "button" in own:
                    own.add("action")
            signs.append(frozenset(own) or nothing)
        return signs

    def starts_button(self, text: str) -> bool:
        """Whether a link begins as a button does, or has words for signing up."""
        words = text.strip(" →»>👉➜[(").casefold()
        return CALL_TO_ACTION.match(words) is not None or any(
            (pattern := compile_phrases(code, purpose)) is not None and pattern.match(words)
            for code in self.codes
            for purpose in ("buttons", "sign_ups", "requests")
        )

    @cached_property
    def sections(self) -> list[range]:
        """For each block, the blocks from the heading above it to the next one."""
        starts = [n for n, block in enumerate(self.blocks) if block.kind is BlockKind.HEADING]
        borders = sorted({0, *starts, len(self.blocks)})
        result: list[range] = []
        for start, end in pairwise(borders):
            result += [range(start, end)] * (end - start)
        return result

    @cached_property
    def usual(self) -> list[frozenset[str]]:
        """For each block, the signs that many other sections with uncut text have."""
        sections = [
            section
            for section in dict.fromkeys(self.sections)
            if sum(count_words(self.blocks[n].text) for n in section if not self.blocks[n].cut)
            >= 12
        ]
        signs = {
            section: frozenset[str]().union(
                *(self.own_signs(n) for n in section if not self.blocks[n].cut)
            )
            for section in sections
        }
        counts = Counter(sign for own in signs.values() for sign in own if sign in _USUAL)
        result = []
        for section in self.sections:
            own = signs.get(section, frozenset())
            others = len(sections) - (section in signs)
            result.append(
                frozenset(
                    sign
                    for sign, count in counts.items()
                    if count - (sign in own) > _MAX_SHARE_OF_OTHERS * max(others, _MIN_OTHERS)
                )
            )
        return result

    @cached_property
    def last_story(self) -> int:
        """The last block that only a story can have; -1 if there is none."""
        return max(
            (
                number
                for number, block in enumerate(self.blocks)
                if block.cut is None
                and (
                    block.kind is BlockKind.QUOTATION
                    or (len(block.text) >= _STORY_CHARACTERS and not block.links)
                )
            ),
            default=-1,
        )


def is_button(block: Block) -> bool:
    links = sum(len(link.text) for link in block.links)
    return count_words(block.text) <= _MAX_BUTTON_WORDS + 1 and links >= _MIN_LINK_SHARE * len(
        block.text
    )


def signs_in_text(text: str, page: Page) -> frozenset[str]:
    """The signs that a text has in itself."""
    text = text[:MAX_CHARACTERS]
    signs: set[str] = set()
    for purpose in _PURPOSES:
        count = max((count_phrases(text, code, purpose) for code in page.codes), default=0)
        signs.update(name_count(purpose, count))
    title = text.strip(" :.?!…»«").casefold()
    signs.update(
        purpose
        for purpose in _TITLES
        if any(
            pattern.fullmatch(title)
            for code in page.codes
            if (pattern := compile_phrases(code, purpose)) is not None
        )
    )
    signs.update(name for name, pattern in _PATTERNS.items() if pattern.search(text))
    lower = text.casefold()
    if page.sender_words and all(word in lower for word in page.sender_words):
        signs.add("own name")
    if any(mark in text for mark in QUESTION_MARKS):
        signs.add("question")
    if any(mark in text for mark in _EXCLAMATION_MARKS):
        signs.add("exclamation")
    if any(map(str.isdigit, text)):
        signs.add("figure")
    if text.startswith(QUOTATION_MARKS):
        signs.add("quotation")
    if not text.endswith(SENTENCE_ENDS):
        signs.add("no end")
    return frozenset(signs)


def count_phrases(text: str, code: str, purpose: str) -> int:
    pattern = compile_phrases(code, purpose)
    if pattern is None:
        return 0
    return min(MAX_COUNT, len({match[0].casefold() for match in pattern.finditer(text)}))


def name_count(purpose: str, count: int) -> Iterator[str]:
    if count:
        yield purpose
    if count > 1:
        yield f"{purpose} twice"
    if count > 2:
        yield f"{purpose} often"


def signs_in_links(block: Block) -> frozenset[str]:
    signs: set[str] = set()
    if not block.links:
        return frozenset()
    urls = " ".join(link.url[:300] for link in block.links[:10])
    signs.add("link")
    if _CAMPAIGN.search(urls):
        signs.add("campaign")
    if _FORM.search(urls):
        signs.add("form")
    share = sum(len(link.text) for link in block.links) / max(1, len(block.text))
    signs.add("all link" if share >= _MIN_LINK_SHARE else "some link")
    return frozenset(signs)


def signs_of_place(page: Page, number: int) -> Iterator[str]:
    """The signs that a block has from what stands around it."""
    blocks = page.blocks
    previous = blocks[number - 1].cut if number else None
    following = blocks[number + 1].cut if number + 1 < len(blocks) else Cut.FOOTER
    if previous is Cut.SPONSOR or following is Cut.SPONSOR:
        yield "beside advertising"
    if previous and following:
        yield "between cuts"
    elif previous:
        yield "after a cut"
    elif following:
        yield "before a cut"
    # It must not count against the few paragraphs of a short letter.
    if number > page.last_story >= 0:
        yield "after the stories"
    if number >= len(blocks) * _LATE:
        yield "late"
    if all(one.cut for one in blocks[number + 1 :]):
        yield "last"


def signs_of_section(page: Page, number: int) -> Iterator[str]:
    """The signs that a block has from its heading, and from the other blocks of a short section."""
    blocks = page.blocks
    section = page.sections[number]
    head = blocks[section.start]
    if head.kind is BlockKind.HEADING and section.start != number:
        signs = page.text_signs[section.start]
        yield from (f"title: {sign}" for sign in signs if sign in _HEAD)
        if head.cut:
            yield "title: cut"
    if sum(count_words(blocks[n].text) for n in section if not blocks[n].cut) <= _MAX_SECTION_WORDS:
        shared = frozenset[str]().union(
            *(page.own_signs(n) for n in section if n not in (number, section.start))
        )
        yield from (f"beside: {sign}" for sign in shared & _SHARED)


def signs_of_kind(block: Block) -> Iterator[str]:
    yield block.kind.value
    if block.role:
        yield block.role.value
    words = count_words(block.text)
    yield next((f"up to {most} words" for most in _LENGTHS if words <= most), "long")


def find_signs(page: Page, number: int, text: str | None = None) -> frozenset[str]:
    """All signs of a block, or of one of its sentences."""
    block = page.blocks[number]
    own = page.own_signs(number) if text is None else signs_in_text(text, page)
    signs = set(own)
    signs.update(signs_of_place(page, number))
    signs.update(signs_of_section(page, number))
    signs.update(signs_of_kind(block if text is None else replace(block, text=text)))
    usual = page.usual[number] & own
    signs.update(f"usual: {sign}" for sign in usual)
    own -= usual
    if "readers" in own and own & _SALE:
        signs.add("readers + sale")
    if "first_person" in own and own & _OWN:
        signs.add("first_person + own")
    if own & _ASKS and "newsletter_words" in own:
        signs.add("request + newsletter")
    if "price" in own and "support" in own:
        signs.add("price + support")
    if "question" in own and "readers" in own and "late" in signs:
        signs.add("asks back")
    if "late" in signs and own & (_ASKS | _SALE):
        signs.add("late + asks")
    return frozenset(signs)


def has_evidence(page: Page, number: int, text: str | None, signs: frozenset[str]) -> bool:
    """Whether one of the signs of a block, or those of its sentence's text, shows what it is about."""
    own = signs if text is None else signs_in_text(text, page)
    return bool((own - page.usual[number]) & EVIDENCE)
