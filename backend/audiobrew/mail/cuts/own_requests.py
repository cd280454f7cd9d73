"""Find short texts in which a newsletter asks or offers something, by contrast with its stories.

A story may speak to its readers or say "we", too. A request does so although the other texts of its mail do
not, leads somewhere, and has a word for the newsletter or for what newsletters ask for.
"""

import re
from collections.abc import Mapping, Sequence

from audiobrew.mail.cuts.mail_context import (
    MailContext,
    begins_with_quotation,
    has_phrase,
    has_question,
    is_in_last_part,
)
from audiobrew.mail.cuts.self_reference import (
    has_date,
    is_short_link,
    last_story,
    names_itself,
    signs_in_words,
)
from audiobrew.mail.cuts.sponsor_page import PRICE, is_read_more
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import RawBlock
from audiobrew.mail.text_cleanup import count_words

_MAX_WORDS, _SHORT = 50, 22
# Requests begin in this part of a mail.
_EARLIEST = 0.45
# Characters of a text with which a request is compared; how many there must be; and the share of them that
# may have a sign.
_MIN_CHARACTERS, _MIN_OTHERS, _MAX_SHARE_OF_OTHERS = 60, 2, 1 / 4
_MIN_WEIGHT = 7
# Words of the link with which a request ends.
_MAX_LINK_WORDS = 6
_MAX_TITLE_WORDS = 6
_TITLES = ("polls", "sections", "notices", "announcements")
_EDGES = " \t:：.!?？…•·|–—-→›»👉📣📢💬🗳📊🎁☕_*#[]【】"
_POSTSCRIPT = re.compile(r"P\.? ?(?:P\.? ?)?S\.?[:.]?(?!\w)|П\.? ?С\.?(?!\w)|PD[.:]|追伸|추신")
_PLATFORM = re.compile(
    r"(?<!\w)(?:youtube|youtu\.be|spotify|apple podcasts?|podcasts\.apple|patreon|ko-fi|buymeacoffee|paypal"
    r"|steadyhq|instagram|facebook|whatsapp|wa\.me|telegram|t\.me|discord|tiktok|bluesky|bsky|mastodon"
    r"|linkedin|app store|google play)(?!\w)",
    re.IGNORECASE,
)


def find_own_requests(
    blocks: Sequence[RawBlock], mail: MailContext, cuts: Mapping[int, Cut]
) -> set[int]:
    """The numbers of such texts. `cuts` are those of other rules."""
    others = [
        (number, signs_in_words(block.text, mail))
        for number, block in enumerate(blocks)
        if number not in cuts and len(block.text) >= _MIN_CHARACTERS
    ]
    end_of_stories = last_story(blocks)

    def is_rare(purpose: str, own: int) -> bool:
        compared = [signs[purpose] > 0 for number, signs in others if number != own]
        return len(compared) >= _MIN_OTHERS and sum(compared) <= _MAX_SHARE_OF_OTHERS * len(
            compared
        )

    def weigh(number: int) -> int:
        block = blocks[number]
        words = signs_in_words(block.text, mail)
        asks = has_question(block.text)
        signs_up = has_phrase(mail, "sign_ups", block.text)
        is_own = words["newsletter_words"] + words["requests"] + asks + signs_up > 0
        if not is_own and words["support"] < 2:
            return 0
        we, you = words["first_person"] > 0, words["readers"] > 0
        weight = 2 * (we and is_rare("first_person", number))
        weight += 2 * (you and is_rare("readers", number))
        weight += words["newsletter_words"] + words["support"] + words["requests"]
        weight += signs_up + asks + names_itself(block.text, mail)
        weight += number > end_of_stories and is_in_last_part(number, blocks)
        weight += (block.word_count <= _SHORT) + (PRICE.search(block.text) is not None)
        weight += 2 * (_POSTSCRIPT.match(block.text) is not None)
        weight += leads_to_platform(block) + is_below_title(blocks, number, mail)
        return weight + 1 - has_date(block.text)

    return {
        number
        for number, block in enumerate(blocks)
        if number not in cuts
        and number >= len(blocks) * _EARLIEST
        and block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        and block.word_count <= _MAX_WORDS
        and not begins_with_quotation(block.text)
        and leads_to_answer(blocks, number)
        and weigh(number) >= _MIN_WEIGHT
    }


def is_below_title(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> bool:
    """Whether a text stands below a title of polls, appeals or announcements."""
    title = blocks[number - 1] if number else None
    if title is None or title.word_count > _MAX_TITLE_WORDS:
        return False
    text = title.text.strip(_EDGES)
    return any(mail.phrases[purpose].fullmatch(text) is not None for purpose in _TITLES)


def leads_to_platform(block: RawBlock) -> bool:
    """Whether a link leads to a platform on which newsletters are followed, heard or paid."""
    return any(_PLATFORM.search(f"{link.url[:200]} {link.text}") for link in block.links[:10])


def leads_to_answer(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a text writes a mail, ends with a short link, asks with a link, or stands above a button."""
    block = blocks[number]
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    if block.mails or "@" in block.text:
        return True
    if following is not None and not following.small and is_short_link(following):
        return not is_read_more(following)
    if not block.links:
        return False
    last = block.links[-1].text.strip(" .→›»!")
    ends = block.text.rstrip(" .→›»!").endswith(last) and count_words(last) <= _MAX_LINK_WORDS
    is_story = is_read_more(RawBlock(BlockKind.PARAGRAPH, last))
    return (ends and not is_story) or has_question(block.text)
