"""Find advertisements without a label by what sets them apart from the stories around them.

A story may speak to its readers, end with a button, stand in a box or tell of a free trial, too. An
advertisement does several of these things at once, and the other sections of its mail do not. So a sign
counts only if few other sections have it, and one of the signs must be that of a sale.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from audiobrew.mail.block_pattern import long_date_words
from audiobrew.mail.cuts.label_words import has_partner_words
from audiobrew.mail.cuts.mail_context import QUESTION_MARKS, SENTENCE_ENDS, split_sentences
from audiobrew.mail.cuts.phrases import compile_phrases
from audiobrew.mail.cuts.sponsor_page import PRICE, Page, is_pure_button, is_read_more
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import Box, RawBlock
from audiobrew.mail.text_cleanup import strip_accents

# Words of an advertisement, and of a section with which it is compared.
_MIN_WORDS, _MAX_WORDS, _MIN_STORY_WORDS = 10, 130, 18
# Sections before it, and sections with which it is compared.
_MIN_BEFORE, _MIN_OTHERS = 1, 2
# A sign that more of the other sections have says nothing.
_MAX_SHARE_OF_OTHERS = 1 / 3
# What signs must weigh together.
_MIN_WEIGHT = 9
# Words with which a section speaks to its reader.
_MIN_ADDRESSES, _MANY_ADDRESSES = 2, 4
_MAX_DEALS = 2
_MIN_NAME_CHARACTERS = 4
_MAX_LABEL_WORDS = 9
# Parameters by which a shop knows the newsletter that sent a buyer.
_CAMPAIGN = re.compile(r"utm_\w{2,10}|ref|aff\w{0,10}|via|partner\w{0,3}|erid|promo|coupon|voucher")
_EMBEDDED = re.compile(r"https?(?::|%3A)(?:/|%2F){2}", re.IGNORECASE)
_QUOTED_NAME = re.compile(r"[«„“\"「『]([^«»„“”\"「」『』]{2,24})[»“”\"」』]")
_WORD = re.compile(r"[^\W\d_][\w&'’-]{2,30}")
# These languages write all nouns with a capital letter.
_CAPITAL_NOUNS = frozenset({"de", "lb"})
# Signs that the reader is to do something, one of which an advertisement has.
_ACTIONS = ("button", "box", "campaign")
# Signs of a sale.
_SALE = frozenset({"deals", "campaign", "terms", "label", "own voice", "box"})


@dataclass(frozen=True, eq=False)
class Passage:
    """Blocks that belong together: below a heading, between rules, or in one box.

    `ruled`: whether it begins and ends at a rule or at the edge of a box; `boxed`: whether it fills a box;
    `alone`: whether it is one paragraph.
    """

    page: Page
    numbers: Sequence[int]
    ruled: bool = False
    boxed: bool = False
    alone: bool = False

    @cached_property
    def blocks(self) -> list[RawBlock]:
        return [self.page.blocks[number] for number in self.numbers]

    @cached_property
    def word_count(self) -> int:
        return sum(block.word_count for block in self.blocks)

    @cached_property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)

    @cached_property
    def addresses(self) -> int:
        """How often it speaks to the reader, in the one language that has most of the words."""
        return max(count_phrases(self.page, "readers", self.text), default=0)

    @cached_property
    def has_button(self) -> bool:
        """Whether it has a button that does not lead to the rest of a story."""
        return any(is_pure_button(block) and not is_read_more(block) for block in self.blocks)

    @cached_property
    def urls(self) -> list[str]:
        urls = [link.url for block in self.blocks for link in block.links[:10]]
        urls += [block.picture_url for block in self.blocks]
        return [find_target(url) for url in urls if url]

    @cached_property
    def hosts(self) -> frozenset[str]:
        return frozenset(host for url in self.urls if (host := host_of(url)))

    @cached_property
    def campaign(self) -> frozenset[str]:
        """The parameters of its links that name a campaign."""
        queries = [url.partition("?")[2].partition("#")[0] for url in self.urls]
        return frozenset(
            name
            for query in queries
            for part in query.split("&")[:50]
            if _CAMPAIGN.fullmatch(name := part.partition("=")[0].lower())
        )

    @cached_property
    def has_linked_picture(self) -> bool:
        return any(block.picture_url for block in self.blocks)


def count_phrases(page: Page, purpose: str, text: str) -> Iterator[int]:
    """For each language of the mail, how many phrases of at least two letters the text has."""
    for code in page.mail.phrases.own_codes:
        if pattern := compile_phrases(code, purpose):
            yield sum(len(match[0]) > 1 for match in pattern.finditer(text))


def find_target(url: str) -> str:
    """Where a link leads, if its URL contains another one; else the URL."""
    starts = [match.start() for match in _EMBEDDED.finditer(url[:2_000], 8)]
    return unquote(url[starts[-1] : 2_000]) if starts else url[:2_000]


def host_of(url: str) -> str:
    try:
        return (urlsplit(url[:300]).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def find_unlabelled_ads(
    page: Page, labelled: AbstractSet[int], cuts: Mapping[int, Cut]
) -> set[int]:
    """The numbers of the blocks of advertisements that no label discloses.

    `labelled` are blocks of other advertisements; `cuts`, those of the rules for other boilerplate.
    """
    ads: set[int] = set()
    for passages in (split_passages(page, cuts), split_paragraphs(page, cuts)):
        free = [one for one in passages if labelled.isdisjoint(one.numbers)]
        stories = [one for one in free if count_words_told(one, cuts) >= _MIN_STORY_WORDS]
        for passage in filter(may_be_ad, free):
            others = [one for one in stories if one is not passage]
            before = sum(one.numbers[0] < passage.numbers[0] for one in others)
            if len(others) >= _MIN_OTHERS and before >= _MIN_BEFORE and is_ad(passage, others):
                ads.update(passage.numbers)
                if is_label_line(page, passage.numbers[0] - 1):
                    ads.add(passage.numbers[0] - 1)
    return ads


def may_be_ad(passage: Passage) -> bool:
    """Whether a passage leads somewhere, and is as long as advertisements are."""
    return bool(passage.urls) and _MIN_WORDS <= passage.word_count <= _MAX_WORDS


def is_ad(passage: Passage, others: Sequence[Passage]) -> bool:
    """Whether a passage that may be one has signs enough, one of them of a sale."""
    signs = weigh_signs(passage, others)
    if passage.alone and not signs["campaign"]:
        return False
    return (
        any(signs[sign] for sign in _ACTIONS)
        and any(signs[sign] for sign in _SALE)
        and signs.total() >= _MIN_WEIGHT
    )


def count_words_told(passage: Passage, cuts: Mapping[int, Cut]) -> int:
    return sum(
        block.word_count
        for number, block in zip(passage.numbers, passage.blocks, strict=True)
        if number not in cuts
    )


def split_passages(page: Page, cuts: Mapping[int, Cut]) -> list[Passage]:
    """The passages of a mail. One ends at boilerplate, too, unless that is a button."""
    blocks = page.blocks
    boxes = inset_boxes(blocks)

    def is_boilerplate(number: int) -> bool:
        return number in cuts and not is_pure_button(blocks[number])

    starts: list[int] = []
    edges: set[int] = {len(blocks)}
    has_text = False
    for number, block in enumerate(blocks):
        before = blocks[number - 1] if number else None
        is_edge = block.after_rule or (number > 0 and boxes[number] is not boxes[number - 1])
        in_box = boxes[number] is not None and not is_edge
        is_title = block.kind is BlockKind.HEADING and has_text and not in_box
        ends = before is not None and is_pure_button(before) and not in_box
        follows_button = ends and not block.small and not is_pure_button(block)
        is_other = is_boilerplate(number) != (number > 0 and is_boilerplate(number - 1))
        if number == 0 or is_edge or is_title or follows_button or is_other:
            starts.append(number)
            has_text = False
        if is_edge or number == 0:
            edges.add(number)
        is_line = block.word_count <= _MAX_LABEL_WORDS and not block.text.endswith(SENTENCE_ENDS)
        has_text = has_text or not (block.kind is BlockKind.HEADING or is_line)
    return [
        Passage(page, range(start, end), {start, end} <= edges, boxes[start] is not None)
        for start, end in pairwise([*starts, len(blocks)])
    ]


def split_paragraphs(page: Page, cuts: Mapping[int, Cut]) -> list[Passage]:
    """Each paragraph that is no boilerplate as a passage, for mails without titles between their stories."""
    return [
        Passage(page, [number], alone=True)
        for number, block in enumerate(page.blocks)
        if block.kind is BlockKind.PARAGRAPH and number not in cuts
    ]


def inset_boxes(blocks: Sequence[RawBlock]) -> list[Box | None]:
    """For each block, the largest box around it that is tinted and may hold an advertisement."""
    counts: Counter[Box] = Counter()
    for block in blocks:
        for box in block.box.with_ancestors():
            if box.tinted:
                counts[box] += block.word_count
    return [
        next(
            (
                box
                for box in reversed([*block.box.with_ancestors()])
                if box.tinted and _MIN_WORDS <= counts[box] <= _MAX_WORDS
            ),
            None,
        )
        for block in blocks
    ]


def is_label_line(page: Page, number: int) -> bool:
    """Whether a short line may be the label of what follows it."""
    if number < 1:
        return False
    block = page.blocks[number]
    return (
        block.kind is BlockKind.PARAGRAPH
        and block.word_count <= _MAX_LABEL_WORDS
        and not block.links
        and not block.text.endswith(SENTENCE_ENDS)
    )


def weigh_signs(passage: Passage, others: Sequence[Passage]) -> Counter[str]:
    """What each sign of an advertisement in a passage weighs, compared with the stories."""

    def is_rare(has_sign: Callable[[Passage], bool]) -> bool:
        return sum(map(has_sign, others)) <= _MAX_SHARE_OF_OTHERS * len(others)

    signs: Counter[str] = Counter()
    rate = passage.addresses / passage.word_count
    if passage.addresses >= _MIN_ADDRESSES and is_rare(
        lambda one: one.addresses >= _MIN_ADDRESSES and one.addresses / one.word_count > rate / 2
    ):
        signs["reader"] = 2 + (passage.addresses >= _MANY_ADDRESSES)
        signs["hook"] = is_hook(passage)
    if passage.has_button and is_rare(lambda one: one.has_button):
        signs["button"] = 2
        signs["own voice"] = 2 * speaks_for_reader(passage)
        signs["terms"] = 2 * has_terms(passage)
    signs["box"] = 2 * (passage.boxed and is_rare(lambda one: one.boxed))
    signs["ruled"] = int(passage.ruled and is_rare(lambda one: one.ruled))
    signs["picture"] = int(
        passage.has_linked_picture and is_rare(lambda one: one.has_linked_picture)
    )
    signs["twice"] = int(max(Counter(passage.urls).values(), default=0) > 1)
    if passage.hosts and is_foreign(passage, others):
        signs["host"] = 1
    if passage.campaign and not any(passage.campaign & one.campaign for one in others):
        signs["campaign"] = 2
    deals = max(count_phrases(passage.page, "deals", passage.text), default=0)
    offers = max(count_phrases(passage.page, "offers", passage.text), default=0)
    signs["deals"] = 2 * min(deals, _MAX_DEALS)
    signs["offers"] = int(offers > 0)
    signs["price"] = int(PRICE.search(passage.text) is not None)
    signs["label"] = 2 * has_odd_label(passage)
    names = set(find_names(passage)) - words_of(others)
    if any(is_named_in_link(passage, name) for name in names):
        signs["brand's link"] = 3
    elif names:
        signs["brand"] = 2
    return +signs


def is_hook(passage: Passage) -> bool:
    """Whether its title or first sentence asks or speaks to the reader."""
    first = [block for block in passage.blocks if block.kind is not BlockKind.HEADING][:1]
    titles = [block.text for block in passage.blocks if block.kind is BlockKind.HEADING]
    sentences = [
        *titles,
        *(sentence for one in first for sentence in split_sentences(one.text)[:1]),
    ]
    return any(
        sentence.endswith(QUESTION_MARKS) or any(count_phrases(passage.page, "readers", sentence))
        for sentence in sentences
    )


def speaks_for_reader(passage: Passage) -> bool:
    """Whether a button says "I" or "my"."""
    return any(
        any(count_phrases(passage.page, "first_person", block.text))
        for block in passage.blocks
        if is_pure_button(block)
    )


def has_terms(passage: Passage) -> bool:
    """Whether small print stands below a button."""
    last = passage.blocks[-1]
    return last.small and not is_pure_button(last) and any(map(is_pure_button, passage.blocks[:-1]))


def is_foreign(passage: Passage, others: Sequence[Passage]) -> bool:
    """Whether it links to a host that is not the newsletter's, and to which no story links."""
    domain = passage.page.mail.domain
    elsewhere = {host for one in others for host in one.hosts}
    return not elsewhere & passage.hosts and not any(
        host == domain or host.endswith(f".{domain}") for host in passage.hosts
    )


def has_odd_label(passage: Passage) -> bool:
    """Whether it begins with a line of which the words are those of labels, such as "Presented"."""
    first = passage.blocks[0]
    is_line = first.kind is BlockKind.PARAGRAPH and first.word_count <= _MAX_LABEL_WORDS
    return is_line and has_partner_words(first.text, passage.page.mail)


def find_names(passage: Passage) -> Iterator[str]:
    """Words that may be the name of what is sold: with a capital letter, or in quotation marks."""
    mail = passage.page.mail
    has_capital_nouns = not _CAPITAL_NOUNS.isdisjoint(mail.phrases.own_codes)
    for block in passage.blocks:
        if block.kind is BlockKind.HEADING or is_pure_button(block):
            continue
        for match in _QUOTED_NAME.finditer(block.text):
            yield strip_accents(match[1].casefold())
        for sentence in split_sentences(block.text):
            for match in _WORD.finditer(sentence):
                word = match[0].casefold()
                is_name = match[0][0].isupper() and len(word) >= _MIN_NAME_CHARACTERS
                if is_name and word not in mail.sender_words and word not in long_date_words():
                    starts = match.start() <= 1 or has_capital_nouns
                    if not starts or is_named_in_link(passage, strip_accents(word)):
                        yield strip_accents(word)


def is_named_in_link(passage: Passage, name: str) -> bool:
    """Whether a name is that of a host to which the passage links, or the text of its picture."""
    plain = re.sub(r"\W", "", name)
    sites = [host.rpartition(".")[0].rpartition(".")[2] for host in passage.hosts]
    pictures = [strip_accents(block.picture_text.casefold()) for block in passage.blocks]
    return len(plain) >= _MIN_NAME_CHARACTERS and any(
        plain in re.sub(r"\W", "", one) for one in [*sites, *pictures]
    )


def words_of(passages: Sequence[Passage]) -> set[str]:
    return {strip_accents(word.casefold()) for one in passages for word in _WORD.findall(one.text)}
