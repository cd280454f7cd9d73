"""Find advertisements below a title that presents the sender's own partner, as in "Meet our partner Acme".

No link, button or offer is needed: what stands below is about the partner, who paid for it.
"""

import re
from collections.abc import Iterable

from audiobrew.lang.language import language_or_default
from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.cuts.sponsor_page import MAX_BLOCKS, Page, has_story
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

# Words of a title, and of the advertisement below it.
_MAX_TITLE_WORDS, _MAX_AD_WORDS = 10, 110
# Words in which the text below names the partner, if its title has words that titles of stories have, too.
_FIRST_WORDS = 3
_EDGES = " \t:：|·.!–—-_*✨🤝💛"
# The beginning of a paragraph up to its first full stop or mark before a sentence.
_HEAD = re.compile(r"(.{2,80}?)(?:\s[–—-]|[.!:])\s(?=[^\W\d_])")
# Up to four capitalized words, after a comma or a colon.
_NAME_WORD = r"[A-ZÀ-ÞΑ-ΩА-Я0-9][\w&.’'-]{0,30}"
_NAME = re.compile(
    r"\s?[,:–—-]?\s?(?:the |at |die |der |das )?"
    rf"({_NAME_WORD}(?: (?:& )?{_NAME_WORD}){{0,3}})"
)


def partner_section(page: Page, number: int) -> set[int]:
    """A title that presents a partner, and what is below it, up to the next heading or rule.

    Empty if the block is no such title, or if another title follows at once.
    """
    title = page.blocks[number]
    if title.kind in (BlockKind.QUOTATION, BlockKind.TABLE_ROW):
        return set()
    name = presented_partner(title, page.mail)
    is_sure = name is not None
    name = name if is_sure else named_collaborator(title, page.mail)
    if name is None:
        return set()
    members, is_closed = blocks_below(page, number)
    if not members:
        return set()
    if not is_sure:
        # News of a partner has a day, which what a partner paid for has only beside an offer.
        text = page.blocks[members[0]]
        if not begins_with_name(text, name) or names_weekday(page, members):
            return set()
    naming = [one for one in members if name and name in page.blocks[one].text.casefold()]
    is_early = not has_story(page.blocks[:number])
    is_title = title.kind is BlockKind.HEADING or title.bold
    if is_early or not (is_closed and is_title):
        # The first paragraph of the letter or the story may follow.
        return {number, *range(number + 1, naming[-1] + 1)} if naming else set()
    words = sum(page.blocks[one].word_count for one in members)
    return {number, *members} if words <= _MAX_AD_WORDS else set()


def blocks_below(page: Page, number: int) -> tuple[list[int], bool]:
    """The blocks below a title, and whether a heading or a rule ends them."""
    title, members = page.blocks[number], list[int]()
    for following in range(number + 1, min(len(page.blocks), number + 1 + MAX_BLOCKS)):
        block = page.blocks[following]
        is_below = title.kind is BlockKind.HEADING and block.level > title.level
        if block.kind is BlockKind.HEADING and not (members and is_below):
            return members, True
        if members and block.after_rule:
            return members, True
        members.append(following)
    return members, False


def begins_with_partner(block: RawBlock, mail: MailContext) -> bool:
    """Whether a paragraph begins with such a title, as in "Meet our partner Acme. Acme makes …"."""
    if block.kind is not BlockKind.PARAGRAPH or block.word_count > _MAX_AD_WORDS:
        return False
    head = _HEAD.match(block.text)
    return head is not None and _name_after(head[1], mail, "partner_titles") is not None


def presented_partner(block: RawBlock, mail: MailContext) -> str | None:
    """The first word of the partner's name in a title that presents one; empty without a name."""
    if block.word_count > _MAX_TITLE_WORDS:
        return None
    return _name_after(block.text, mail, "partner_titles")


def named_collaborator(block: RawBlock, mail: MailContext) -> str | None:
    """The first word of the name in a title such as "In partnership with Acme"."""
    if block.word_count > _MAX_TITLE_WORDS:
        return None
    return _name_after(block.text, mail, "partnered_with") or None


def names_weekday(page: Page, members: Iterable[int]) -> bool:
    """Whether blocks name a day of the week in a language of the mail."""
    days = [
        day.casefold()
        for code in page.mail.phrases.own_codes
        if (rules := language_or_default(code).relative_days)
        for day in rules.weekdays
    ]
    texts = [page.blocks[one].text.casefold() for one in members]
    return any(day in text for text in texts for day in days)


def begins_with_name(block: RawBlock, name: str) -> bool:
    return name in " ".join(block.text.split()[:_FIRST_WORDS]).casefold()


def _name_after(text: str, mail: MailContext, purpose: str) -> str | None:
    text = text.strip(_EDGES)
    for pattern in mail.phrases[purpose]:
        if match := pattern.match(text):
            rest = text[match.end() :]
            if not rest:
                return ""
            if name := _NAME.fullmatch(rest):
                return name[1].split()[0].casefold()
    return None
