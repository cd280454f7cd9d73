"""Find tables of contents: entries that repeat the headings below, in the same words or in others."""

import re
from collections import Counter
from collections.abc import Sequence

from audiobrew.mail.cuts.mail_context import SENTENCE_ENDS, MailContext, normalize
from audiobrew.mail.cuts.phrases import TABLE_OF_CONTENTS
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

# Items of a table of contents: their number, and their words.
_MAX_ENTRIES = 25
_MAX_ENTRY_WORDS = 18
# A table of contents begins among the first blocks.
LATEST_CONTENTS = 15
# Characters of a paragraph that can be a story.
_STORY_CHARACTERS = 70
# The share of a story that links make up at most.
_MAX_LINK_SHARE = 0.4
# Characters of an entry that names a heading in other words, and of the line above such entries.
_MAX_PREVIEW_CHARACTERS, _MAX_TITLE_CHARACTERS = 110, 60


def find_table_of_contents(blocks: Sequence[RawBlock], mail: MailContext) -> set[int]:
    """The line that announces the contents with its entries, lines that repeat a heading further down,
    and links to other places in the mail."""
    heading_numbers: dict[str, int] = {}
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            heading_numbers[normalize(block.text)] = number
    entries = {
        number
        for number, block in enumerate(blocks)
        # A heading may link to itself.
        if block.kind is not BlockKind.HEADING
        and (block.anchored or heading_numbers.get(normalize(block.text), -1) > number)
    }
    for number, block in enumerate(blocks):
        label = block.text.strip(" :：■●◆▼▽-–—*【】[]📰📋👇⬇️")
        if TABLE_OF_CONTENTS.fullmatch(label) or (
            block.word_count <= 7 and mail.phrases["contents"].fullmatch(label)
        ):
            items = entries_after(blocks, number) if number < LATEST_CONTENTS else []
            if items and not announces(blocks, items):
                continue
            if items or not is_title_of_story(blocks, number):
                entries.update((number, *items))
    return entries


def announces(blocks: Sequence[RawBlock], entries: Sequence[int]) -> bool:
    """Whether a longer text follows the entries, which is else the mail's content itself."""
    below = blocks[entries[-1] + 1 :]
    text = sum(block.word_count for block in below if is_running_text(block))
    return text > sum(blocks[number].word_count for number in entries)


def is_running_text(block: RawBlock) -> bool:
    return not block.small and not block.button and block.link_share < _MAX_LINK_SHARE


def is_title_of_story(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a paragraph of a story stands below a title that may be navigation, too: "Comment"."""
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    return (
        following is not None
        and (blocks[number].kind is BlockKind.HEADING or blocks[number].bold)
        and not blocks[number].links
        and following.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        and len(following.text) >= _STORY_CHARACTERS
        and following.link_share < _MAX_LINK_SHARE
        and not following.small
        and following.text.endswith(SENTENCE_ENDS)
    )


def find_previews(blocks: Sequence[RawBlock], contents: set[int]) -> set[int]:
    """Lists among the first blocks that name the headings below in other words, with the line above them."""
    numbers: set[int] = set()
    number = 0
    while number < min(len(blocks), LATEST_CONTENTS):
        end = number
        while end < min(len(blocks), number + _MAX_ENTRIES) and is_preview(blocks[end]):
            end += 1
        run = range(number, end)
        number = end + 1
        if not run or not names_headings([blocks[one].text for one in run], blocks[end:]):
            continue
        numbers.update(run)
        before = run.start - 1
        if before >= 0 and before not in contents and is_title_of_list(blocks[before]):
            numbers.add(before)
    return numbers


def is_preview(block: RawBlock) -> bool:
    """Whether a block may be an entry of a table of contents: a few words, and no sentence."""
    is_line = block.kind is BlockKind.LIST_ITEM or (
        block.kind is BlockKind.PARAGRAPH and not block.text.endswith((":", "："))
    )
    return (
        is_line
        and len(block.text) <= _MAX_PREVIEW_CHARACTERS
        and not block.text.endswith((".", "。", "।", "!", "！", ","))
    )


def is_title_of_list(block: RawBlock) -> bool:
    return len(block.text) <= _MAX_TITLE_CHARACTERS and (
        (block.kind is BlockKind.HEADING and block.level > 1) or block.text.endswith((":", "："))
    )


def names_headings(entries: Sequence[str], blocks_below: Sequence[RawBlock]) -> bool:
    """Whether most of the entries share rare words with headings below, each with another one."""
    headings = [stems(block.text) for block in blocks_below if block.kind is BlockKind.HEADING]
    counts = Counter(stem for heading in headings for stem in heading)
    heading_numbers: set[int] = set()
    matches = 0
    for entry in entries:
        words = {stem for stem in stems(entry) if counts[stem] <= 2}
        own = {number for number, heading in enumerate(headings) if words & heading}
        heading_numbers |= own
        matches += bool(own)
    if len(entries) == 1:
        return len(heading_numbers) >= 2 and sum(
            counts[stem] > 0 for stem in stems(entries[0])
        ) * 3 >= len(stems(entries[0]))
    return len(heading_numbers) >= 2 and matches >= 2 and matches * 2 >= len(entries)


def stems(text: str) -> set[str]:
    """The beginnings of the words of a text; pairs of characters in scripts without spaces."""
    words = re.findall(r"[^\W\d_]{2,}", text.casefold())
    return {
        stem
        for word in words
        for stem in (
            [word[start : start + 2] for start in range(len(word) - 1)]
            if word[0] > "\u2e80"
            else [word[:5]] * (len(word) >= 5)
        )
    }


def entries_after(blocks: Sequence[RawBlock], label: int) -> list[int]:
    """The list items, or short links, that follow a title of contents."""
    numbers: list[int] = []
    texts: set[str] = set()
    for number in range(label + 1, min(len(blocks), label + 1 + _MAX_ENTRIES)):
        block = blocks[number]
        # In plain text, the stories begin with the entries themselves.
        if normalize(block.text) in texts:
            break
        texts.add(normalize(block.text))
        is_item = block.kind is BlockKind.LIST_ITEM or (block.links and block.link_share > 0.8)
        if not is_item and number == label + 1 and is_preview(block) and block.small is False:
            is_item = block.kind is BlockKind.PARAGRAPH and is_title_of_list(blocks[label])
        if not is_item or block.word_count > _MAX_ENTRY_WORDS:
            break
        numbers.append(number)
    return numbers
