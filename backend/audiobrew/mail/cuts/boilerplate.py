"""Decide which blocks of a mail are not read aloud: sponsors, navigation, footers and legal text.

A block is judged by its words together with its length, its links and its place, because a story
about advertising or about leaving mailing lists is a story.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from audiobrew.mail.cuts.contents import find_table_of_contents, is_running_text
from audiobrew.mail.cuts.credits import are_names, find_credits
from audiobrew.mail.cuts.dateline import is_dateline
from audiobrew.mail.cuts.footer import find_footer
from audiobrew.mail.cuts.housekeeping import find_housekeeping
from audiobrew.mail.cuts.likelihood import Judgement, find_doubts, find_likely_boilerplate
from audiobrew.mail.cuts.link_lists import find_job_boards, find_link_lists
from audiobrew.mail.cuts.mail_context import (
    QUOTATION_MARKS,
    SENTENCE_ENDS,
    MailContext,
    begins_with_quotation,
    coverage,
    has_phrase,
    is_in_last_part,
    split_sentences,
)
from audiobrew.mail.cuts.named_boxes import blocks_in_named_boxes
from audiobrew.mail.cuts.navigation import find_masthead, find_navigation
from audiobrew.mail.cuts.notices import find_notices
from audiobrew.mail.cuts.own_requests import find_own_requests
from audiobrew.mail.cuts.replies import find_quoted_mail
from audiobrew.mail.cuts.self_reference import signs_in_words
from audiobrew.mail.cuts.sponsor_page import is_pure_button, is_read_more
from audiobrew.mail.cuts.sponsors import find_sponsors
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import RawBlock
from audiobrew.mail.text_cleanup import count_words

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
_READING_TIME = re.compile(
    r"[^\w]{0,3}\d{1,3}(?:\s?[-–]\s?|\s?)(?:min|мин|хв|分|분|phút|menit|λεπτ|dk|dak|perc|דק|دق)",
    re.IGNORECASE,
)
_MAX_TIME_WORDS = 10
# The part of a mail after which closing requests may begin; their words; and those of a request before one.
_CLOSING_PART, _MAX_CLOSING_WORDS, _MIN_REQUEST_WORDS = 0.55, 35, 4
# Words of a text below a title that is cut with it, and of the lines of greeting below that.
_MIN_NOTICE_WORDS, _MAX_GREETING_WORDS = 7, 12
# Words of a name below a letter.
_MAX_SIGNATURE_WORDS = 5
# What stands between a name and what its bearer does; and words of both.
_ROLE = re.compile(r"(\s?[,|·•]\s|\s[–—-]\s)")
_MAX_ROLE_WORDS = 10
# The share of a sentence that a request makes up.
_MIN_REQUEST_SHARE = 0.3
# Characters of a block that the rules look at.
_MAX_CHARACTERS = 2_000
# Parts of the class names and ids that senders give to footers.
_FOOTER_PARTS = (
    "footer", "unsubscribe", "preheader", "social", "subscription-widget", "captioned-button-wrap",
    "embedded-post", "kg-cta", "kg-email-cta", "feedback-button", "subscription-details", "latest-post",
    "comment-cta", "view-online", "view-in-browser", "viewinbrowser", "webversion", "mcnfollow", "mcnshare",
    "mcesocial", "share-button", "app-embed", "app-cta", "community-chat", "poll-embed",
    "forward-to-friend", "referral",
)  # fmt: skip
_FOOTER_WORDS = frozenset(
    ("poll", "unsub", "optout", "disclaimer", "copyright", "imprint", "impressum")
)


def judge_blocks(raw_blocks: Sequence[RawBlock], mail: MailContext) -> list[Judgement]:
    """For each block the reason why it is cut, or how much doubt there is about what may be read aloud."""
    blocks = [replace(block, text=block.text[:_MAX_CHARACTERS]) for block in raw_blocks]
    cuts = find_cuts_by_rules(blocks, mail)
    doubts = find_doubts(blocks, cuts, mail)
    cuts |= find_likely_boilerplate(blocks, cuts, doubts)
    cuts |= cut_empty_headings(blocks, cuts, mail)
    return [
        Judgement(cuts[number])
        if number in cuts
        else Judgement(doubt=doubts[number].probability if number in doubts else 0.0)
        for number in range(len(blocks))
    ]


def find_cuts_by_rules(blocks: Sequence[RawBlock], mail: MailContext) -> dict[int, Cut]:
    """What the rules cut, by the number of the block, with the reason."""
    footer_boxes = blocks_in_named_boxes(blocks, _FOOTER_WORDS, _MAX_FOOTER_SHARE, _FOOTER_PARTS)
    cuts: dict[int, Cut] = dict.fromkeys(footer_boxes, Cut.FOOTER)
    cuts |= dict.fromkeys(find_navigation(blocks, mail), Cut.NAVIGATION)
    cuts |= dict.fromkeys(find_housekeeping(blocks, mail), Cut.NAVIGATION)
    cuts |= dict.fromkeys(find_link_lists(blocks, mail), Cut.NAVIGATION)
    cuts |= dict.fromkeys(find_job_boards(blocks, mail), Cut.SPONSOR)
    credits = find_credits(blocks, mail)
    cuts |= dict.fromkeys(credits, Cut.NAVIGATION)
    cuts |= find_footer(blocks, mail)
    cuts |= dict.fromkeys(find_notices(blocks, mail, cuts), Cut.NAVIGATION)
    cuts |= dict.fromkeys(find_sponsors(blocks, mail, cuts), Cut.SPONSOR)
    cuts |= dict.fromkeys(find_own_requests(blocks, mail, cuts), Cut.NAVIGATION)
    cuts |= find_buttons_below(blocks, cuts, mail)
    cuts |= dict.fromkeys(find_quoted_mail(blocks, mail), Cut.NAVIGATION)
    cuts |= dict.fromkeys(find_closing_requests(blocks, cuts, mail), Cut.NAVIGATION)
    for number in titles_of_text(blocks, cuts, credits, mail):
        del cuts[number]
    return cuts | cut_empty_headings(blocks, cuts, mail)


def find_closing_requests(
    blocks: Sequence[RawBlock], cuts: dict[int, Cut], mail: MailContext
) -> set[int]:
    """Short paragraphs between boilerplate at the end, where newsletters speak about themselves.

    One of them stands between two blocks that are cut, has words of a request, or signs the letter, and no
    story follows it.
    """
    numbers: set[int] = set()
    for number in range(len(blocks) - 1, int(len(blocks) * _CLOSING_PART), -1):
        block = blocks[number]
        if number in cuts:
            continue
        is_line = block.kind is BlockKind.PARAGRAPH and block.word_count <= _MAX_CLOSING_WORDS
        # A share is the result of a poll, which is told.
        if not is_line or "%" in block.text or number + 1 not in {*cuts, *numbers}:
            break
        if not (
            is_between_requests(blocks, number, cuts, mail)
            or asks_reader(block, mail)
            or signs_letter(blocks, number)
            or (cuts.get(number + 1) is Cut.NAVIGATION and introduces_button(blocks, number))
        ):
            break
        numbers.add(number)
    return numbers


def find_buttons_below(
    blocks: Sequence[RawBlock], cuts: dict[int, Cut], mail: MailContext
) -> dict[int, Cut]:
    """Buttons in which the reader speaks or signs up, below what is cut: "Put me on the list"."""
    return {
        number: cuts[number - 1]
        for number, block in enumerate(blocks)
        if number not in cuts
        and cuts.get(number - 1) in (Cut.SPONSOR, Cut.NAVIGATION)
        and blocks[number - 1].word_count >= _MIN_NOTICE_WORDS
        and block.link_share >= _MIN_BUTTON_SHARE
        and block.word_count <= _MAX_BUTTON_WORDS
        and (block.kind is BlockKind.PARAGRAPH or block.level > 3)
        and (
            has_phrase(mail, "first_person", block.text) or has_phrase(mail, "sign_ups", block.text)
        )
    }


def asks_reader(block: RawBlock, mail: MailContext) -> bool:
    """Whether a text has a request, and neither figures nor a quotation."""
    if begins_with_quotation(block.text) or re.search(r"\d", block.text):
        return False
    requests = mail.phrases["requests"]
    return any(
        coverage(requests, sentence) >= _MIN_REQUEST_SHARE
        for sentence in split_sentences(block.text)
    )


def signs_letter(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a line below a text is a name or two at the end of a letter: "Ada and the Corve team"."""
    block, before = blocks[number], blocks[number - 1]
    name, separator, role = (*_ROLE.split(block.text, maxsplit=1), "", "")[:3]
    return (
        block.word_count <= (_MAX_ROLE_WORDS if separator else _MAX_SIGNATURE_WORDS)
        and not block.links
        and not re.search(r"[\d\W]$|[:：]|\d", block.text)
        and are_names(name)
        and (not separator or count_words(name) > 1 or bool(role))
        and before.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        and not before.text.startswith(QUOTATION_MARKS)
        and not before.text.endswith((":", "："))
        and is_in_last_part(number, blocks)
    )


def introduces_button(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a text stands above a button that does not lead to the rest of a story."""
    button = blocks[number + 1]
    return (
        is_pure_button(button)
        and len(button.links) == 1
        and not is_read_more(button)
        and blocks[number - 1].kind is not BlockKind.HEADING
        and is_in_last_part(number, blocks)
    )


def is_between_requests(
    blocks: Sequence[RawBlock], number: int, cuts: dict[int, Cut], mail: MailContext
) -> bool:
    """Whether the block before is cut, and is no caption or button of a story."""
    before = number - 1
    if before < 1 or before not in cuts or cuts[before] is Cut.SPONSOR:
        return False
    is_aside = blocks[before].word_count < _MIN_REQUEST_WORDS or blocks[before].after_picture
    block = blocks[number]
    is_sentence = block.text.endswith(SENTENCE_ENDS) and not block.links
    speaks = not is_sentence or signs_in_words(block.text, mail).total() > 0
    return speaks and not is_aside and blocks[before].kind is BlockKind.PARAGRAPH


def titles_of_text(
    blocks: Sequence[RawBlock], cuts: dict[int, Cut], credits: set[int], mail: MailContext
) -> list[int]:
    """Headings that were cut for their words, above running text that is told: "Share", "Signal".

    The newsletter's name and date, contents and labels of sponsors stand above text of something else.
    """
    own = credits | find_masthead(blocks, mail) | find_table_of_contents(blocks, mail)
    return [
        number
        for number, block in enumerate(blocks[:-1])
        if block.kind is BlockKind.HEADING
        and cuts.get(number, Cut.SPONSOR) is not Cut.SPONSOR
        and number not in own
        and not is_dateline(block, mail)
        and not block.links
        and number + 1 not in cuts
        and is_running_text(blocks[number + 1])
        and blocks[number + 1].kind is not BlockKind.HEADING
        and not asks_for_support(blocks[number + 1], mail)
    ]


def asks_for_support(block: RawBlock, mail: MailContext) -> bool:
    """Whether a text addresses its reader, and has a word for what newsletters ask for."""
    signs = signs_in_words(block.text, mail)
    return signs["readers"] > 0 and signs["support"] > 0


def cut_empty_headings(
    blocks: Sequence[RawBlock], cuts: dict[int, Cut], mail: MailContext
) -> dict[int, Cut]:
    """Cut a heading if every block below it is cut, for the reason of the first of them."""
    heading_cuts: dict[int, Cut] = {}
    first_cut: Cut | None = None
    has_content = False
    last = len(blocks)
    for number in range(len(blocks) - 1, -1, -1):
        if blocks[number].kind is not BlockKind.HEADING:
            first_cut, has_content = cuts.get(number), has_content or number not in cuts
            continue
        section, last = range(number + 1, last), number
        if has_content and ends_with_greeting(blocks, section, cuts):
            has_content = False
        if (
            number not in cuts
            and first_cut
            and not (has_content or is_content(blocks, number, cuts, mail))
            and not is_ruled_off(blocks, number, first_cut)
        ):
            heading_cuts[number] = first_cut
        first_cut, has_content = None, False
    return heading_cuts


def is_ruled_off(blocks: Sequence[RawBlock], number: int, cut: Cut) -> bool:
    """Whether a rule separates a heading from the advertisement below, so that it is not its title."""
    below = blocks[number + 1] if number + 1 < len(blocks) else None
    return cut is Cut.SPONSOR and below is not None and below.after_rule


def ends_with_greeting(
    blocks: Sequence[RawBlock], section: Sequence[int], cuts: dict[int, Cut]
) -> bool:
    """Whether a section at the end of a mail begins with a cut text and has only short lines else."""
    if not section or not is_in_last_part(section[0], blocks) or section[0] not in cuts:
        return False
    others = sum(blocks[number].word_count for number in section if number not in cuts)
    return blocks[section[0]].word_count >= _MIN_NOTICE_WORDS and others <= _MAX_GREETING_WORDS


def is_content(
    blocks: Sequence[RawBlock], number: int, cuts: dict[int, Cut], mail: MailContext
) -> bool:
    """Whether a heading needs no text below it: it is long, the last of a row, or leads to a story."""
    if leads_to_story(blocks, number, cuts) or has_reading_time(blocks, number):
        return True
    if names_event(blocks, number, cuts, mail):
        return True
    row = range(max(0, number - _ROW_OF_HEADINGS + 1), number + 1)
    levels = {blocks[one].level for one in row}
    is_row = len(row) == _ROW_OF_HEADINGS and len(levels) == 1 and 0 not in levels
    is_uncut = not any(one in cuts for one in row)
    return (is_row and is_uncut) or blocks[number].word_count > _MAX_TITLE_WORDS


def names_event(
    blocks: Sequence[RawBlock], number: int, cuts: dict[int, Cut], mail: MailContext
) -> bool:
    """Whether only a button stands below a heading that asks for nothing, between stories."""
    above = [one for one in range(number) if blocks[one].kind is not BlockKind.HEADING]
    below = next((one for one in range(number + 2, len(blocks)) if one not in cuts), None)
    return (
        number + 2 < len(blocks)
        and blocks[number].word_count >= _MIN_HEADLINE_WORDS
        and cuts.get(number + 1) is Cut.NAVIGATION
        and is_pure_button(blocks[number + 1])
        and blocks[number + 2].kind is BlockKind.HEADING
        and any(one not in cuts for one in above)
        and below is not None
        and not asks_reader(blocks[number], mail)
        and signs_in_words(blocks[number].text, mail).total() == 0
    )


def has_reading_time(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether the minutes that a story takes stand below its headline."""
    return (
        number + 1 < len(blocks)
        and blocks[number].word_count >= _MIN_HEADLINE_WORDS
        and blocks[number + 1].word_count <= _MAX_TIME_WORDS
        and _READING_TIME.match(blocks[number + 1].text) is not None
    )


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
