"""Find short texts in which a newsletter speaks to its readers about itself.

No single word shows it: stories address readers, name newsletters, and tell of members and donations, too.
Several signs together do: what newsletters ask for, a word for the newsletter, "you", "we", a request, a link
or a button beside it, and a place after the last story.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from audiobrew.mail.block_pattern import long_date_words
from audiobrew.mail.cuts.mail_context import (
    QUOTATION_MARKS,
    SENTENCE_ENDS,
    MailContext,
    begins_with_quotation,
    is_in_last_part,
    split_sentences,
)
from audiobrew.mail.cuts.phrases import compile_phrases
from audiobrew.mail.cuts.sponsor_page import PRICE
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

_MAX_WORDS, _MAX_CHARACTERS = 60, 420
# A paragraph of a story has so many characters.
_STORY_CHARACTERS = 200
# The signs in the words, and the signs of all kinds, that a block needs; a long one needs one more.
_MIN_WORD_SIGNS, _MIN_SIGNS, _LONG = 3, 5, 28
# The share of the text that sentences with signs make up, each with so many.
_MIN_SHARE, _MIN_SENTENCE_SIGNS = 0.6, 1
_SHORT = 22
# Words of a paragraph with advice.
_MIN_ADVICE_WORDS = 10
_MAX_BUTTON_WORDS, _MIN_BUTTON_SHARE = 8, 0.8
_QUESTION_MARKS = ("?", "？", "؟", ";")
# Times and dates, which invitations and stories have. Prices are not among them.
_DATES = re.compile(
    r"\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2}\.\s?\d{1,2}\.|(?<!\d)(?:19|20)\d{2}(?!\d)|\d ?(?:%|percent|prozent)"
)
# For each purpose, how many different phrases count.
_PURPOSES = {"newsletter_words": 1, "support": 2, "readers": 1, "first_person": 1, "requests": 2}


def find_self_references(
    blocks: Sequence[RawBlock], mail: MailContext, housekeeping: Collection[int]
) -> set[int]:
    end_of_stories = last_story(blocks)
    return {
        number
        for number, block in enumerate(blocks)
        if number not in housekeeping
        and block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        and block.word_count <= _MAX_WORDS
        and len(block.text) <= _MAX_CHARACTERS
        and not begins_with_quotation(block.text)
        and not is_advice(block, number, blocks, mail)
        and is_self_reference(blocks, number, mail, housekeeping, number > end_of_stories)
    }


def last_story(blocks: Sequence[RawBlock]) -> int:
    """The number of the last block that only a story can have: a long text without links, or a quotation."""
    return max(
        (
            number
            for number, block in enumerate(blocks)
            if block.kind is BlockKind.QUOTATION
            or (len(block.text) >= _STORY_CHARACTERS and not block.links and not block.small)
        ),
        default=-1,
    )


def is_self_reference(
    blocks: Sequence[RawBlock],
    number: int,
    mail: MailContext,
    housekeeping: Collection[int],
    after_stories: bool,
) -> bool:
    """Whether enough signs show that a block is about the newsletter.

    `after_stories`: whether it stands there.
    """
    block = blocks[number]
    words = signs_in_words(block.text, mail)
    if words["support"] + words["requests"] == 0 or words.total() < _MIN_WORD_SIGNS:
        return False
    if words["first_person"] + words["newsletter_words"] == 0:
        return False
    under_title = number > 0 and blocks[number - 1].kind is BlockKind.HEADING
    asks = words["requests"] > 0 or PRICE.search(block.text) is not None
    if under_title and not asks and not is_in_last_part(number, blocks):
        return False  # a story about what its readers can do
    # It speaks to its readers, or speaks of itself and names two things that it asks for.
    speaks_of_itself = words["first_person"] > 0 or names_itself(block.text, mail)
    is_addressed = words["readers"] + words["requests"] > 0
    if not is_addressed and not (speaks_of_itself and words["support"] >= 2):
        return False
    if not asks and number > 0 and blocks[number - 1].text.startswith(QUOTATION_MARKS):
        return False  # the answer to a reader's letter
    signs = words.total() + sum(signs_of_place(blocks, number, mail, housekeeping, after_stories))
    signs -= has_date(block.text)
    min_signs = _MIN_SIGNS + (block.word_count > _LONG)
    return signs >= min_signs and share_of_signs(block.text, mail) >= _MIN_SHARE


def is_advice(block: RawBlock, number: int, blocks: Sequence[RawBlock], mail: MailContext) -> bool:
    """Whether a paragraph under its own title asks for something, but not for the newsletter.

    It has no link and no button. At the end of a mail, it speaks neither of "us" nor of the newsletter.
    """
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    if number == 0 or blocks[number - 1].kind is not BlockKind.HEADING:
        return False
    if block.links or block.small or (following is not None and following.button):
        return False
    if block.word_count < _MIN_ADVICE_WORDS or not block.text.endswith(SENTENCE_ENDS):
        return False
    signs = signs_in_words(block.text, mail)
    late = is_in_last_part(number, blocks)
    return not late or not signs["first_person"] + signs["newsletter_words"]


def has_date(text: str) -> bool:
    words = text.casefold().split()
    return _DATES.search(text) is not None or any(
        word[:1].isdigit() and following.strip(".,;") in long_date_words()
        for word, following in pairwise(words)
    )


def signs_in_words(text: str, mail: MailContext) -> Counter[str]:
    """How many different phrases a text has for each purpose, in the one language that has most of them.

    The same word may be "you" in one language and a common word in another.
    """
    signs = mail.signs.get(text)
    if signs is None:
        counts = (count_phrases(text, code) for code in mail.phrases.own_codes)
        mail.signs[text] = signs = max(counts, key=Counter.total)
        signs["newsletter_words"] += names_itself(text, mail)
    return signs


def count_phrases(text: str, code: str) -> Counter[str]:
    signs: Counter[str] = Counter()
    for purpose, limit in _PURPOSES.items():
        if pattern := compile_phrases(code, purpose):
            phrases = {match[0].casefold() for match in pattern.finditer(text)}
            signs[purpose] = min(limit, len(phrases))
    return signs


def signs_of_place(
    blocks: Sequence[RawBlock],
    number: int,
    mail: MailContext,
    housekeeping: Collection[int],
    after_stories: bool,
) -> list[bool]:
    block = blocks[number]
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    leads_to_button = following is not None and is_short_link(following)
    return [
        after_stories and is_in_last_part(number, blocks),
        bool(block.links) or block.mails or leads_to_button,
        block.small,
        bool({number - 1, number + 1}.intersection(housekeeping)),
        any(mark in block.text for mark in _QUESTION_MARKS),
        block.word_count <= _SHORT,
    ]


def is_short_link(block: RawBlock) -> bool:
    return block.word_count <= _MAX_BUTTON_WORDS and (
        block.button or block.link_share >= _MIN_BUTTON_SHARE
    )


def names_itself(text: str, mail: MailContext) -> bool:
    lower = text.casefold()
    return bool(mail.sender_words) and all(word in lower for word in mail.sender_words)


def share_of_signs(text: str, mail: MailContext) -> float:
    """The share of the text that sentences about the newsletter or to its readers make up."""
    length = sum(
        len(sentence)
        for sentence in split_sentences(text)
        if signs_in_words(sentence, mail).total() >= _MIN_SENTENCE_SIGNS
    )
    return length / len(text) if text else 0.0
