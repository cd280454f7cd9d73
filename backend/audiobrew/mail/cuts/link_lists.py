"""Find lists of links to a newsletter's other texts, below titles such as "Most read", and boards of jobs.

A digest of headlines is such a list, too. So only lists beside running text are cut, and only if they have
nothing but links.
"""

from collections.abc import Sequence

from audiobrew.mail.cuts.mail_context import SENTENCE_ENDS, MailContext, is_in_last_part
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

# Words of a title, of a link below it, and of a job with its employer.
_MAX_TITLE_WORDS, _MAX_LINK_WORDS, _MAX_JOB_WORDS = 8, 18, 30
_MAX_ITEMS = 15
# The share of an item that links make up.
_MIN_LINK_SHARE = 0.6
# Characters of the text of a story; and the share of a mail's words that such lists make up at most.
_STORY_CHARACTERS, _MAX_SHARE = 45, 0.4
# Items of a list whose title names the newsletter, or is that of jobs.
_MIN_ITEMS = 2
_EDGES = " \t:：.!…•·|–—-→›»👉📚📖🔥⭐📰🗂💼🎧_*#[]【】■●◆▼"


def find_link_lists(blocks: Sequence[RawBlock], mail: MailContext) -> set[int]:
    """The titles and items of lists of links to other texts of the newsletter."""
    numbers: set[int] = set()
    for number, block in enumerate(blocks):
        if number in numbers or not may_be_title(block):
            continue
        is_titled = has_title(block, "link_lists", mail)
        if is_titled or (names_sender(block, mail) and is_in_last_part(number, blocks)):
            items = links_below(blocks, number)
            if len(items) >= (1 if is_titled else _MIN_ITEMS):
                numbers.update((number, *items))
    words = sum(blocks[number].word_count for number in numbers)
    total = sum(block.word_count for block in blocks)
    has_stories = any(
        block.is_plain and len(block.text) >= _STORY_CHARACTERS
        for number, block in enumerate(blocks)
        if number not in numbers
    )
    return numbers if has_stories and words <= _MAX_SHARE * total else set()


def find_job_boards(blocks: Sequence[RawBlock], mail: MailContext) -> set[int]:
    """The titles and items of lists of jobs that employers pay for."""
    numbers: set[int] = set()
    for number, block in enumerate(blocks):
        if may_be_title(block) and has_title(block, "job_boards", mail):
            linked = [item for item in jobs_below(blocks, number) if blocks[item].links]
            if len(linked) >= _MIN_ITEMS:
                numbers.update(range(number, linked[-1] + 1))
    return numbers


def may_be_title(block: RawBlock) -> bool:
    return (
        block.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH)
        and block.word_count <= _MAX_TITLE_WORDS
        and not block.links
        and not block.text.endswith(SENTENCE_ENDS[:2])
    )


def has_title(block: RawBlock, purpose: str, mail: MailContext) -> bool:
    return mail.phrases[purpose].fullmatch(block.text.strip(_EDGES)) is not None


def names_sender(block: RawBlock, mail: MailContext) -> bool:
    """Whether a title of more words than the newsletter's name has that name: "More from the Courier"."""
    text = block.text.casefold()
    return (
        bool(mail.sender_words)
        and block.word_count > len(mail.sender_words)
        and any(word in text for word in mail.sender_words)
    )


def links_below(blocks: Sequence[RawBlock], title: int) -> list[int]:
    """The run of links below a title. They are no buttons, and nothing is said of them."""
    items: list[int] = []
    for number in range(title + 1, min(len(blocks), title + 1 + _MAX_ITEMS)):
        block = blocks[number]
        is_linked = (
            block.link_share >= _MIN_LINK_SHARE
            and not block.small
            and block.word_count <= _MAX_LINK_WORDS
        )
        is_subtitle = block.kind is BlockKind.HEADING and block.level <= blocks[title].level
        if not is_linked or is_subtitle or (block.after_rule and items):
            break
        items.append(number)
    return items


def jobs_below(blocks: Sequence[RawBlock], title: int) -> list[int]:
    items: list[int] = []
    for number in range(title + 1, min(len(blocks), title + 1 + _MAX_ITEMS)):
        block = blocks[number]
        if block.kind is BlockKind.HEADING or block.after_rule:
            break
        if block.word_count > _MAX_JOB_WORDS:
            break
        items.append(number)
    return items
