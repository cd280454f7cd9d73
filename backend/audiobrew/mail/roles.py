"""Find out which blocks are captions, bylines, parts of an interview, and items of a list of links.

Markup says it for few of them. What it does not say is decided here, from a block's text, how it is
printed, and what stands around it. Blocks that were cut have no role beyond that of their markup.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from audiobrew.mail.cuts.credits import is_byline, is_credit, is_photo_credit
from audiobrew.mail.cuts.mail_context import MailContext, split_sentences
from audiobrew.mail.interviews import find_interview
from audiobrew.mail.newsletter import BlockKind, BlockRole, Cut
from audiobrew.mail.raw_block import RawBlock

_MAX_CAPTION_WORDS = 60
# If more of a mail's text is small, small print is its running text.
_MAX_SMALL_SHARE = 0.3

_MIN_LINKS = 3
_MIN_HEADLINE_WORDS, _MAX_HEADLINE_WORDS = 3, 40
# Characters of a headline in a script without spaces.
_MIN_DENSE_CHARACTERS = 8
_MIN_LINK_SHARE = 0.6
_DENSE = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
# They may stand between the items of a list.
_ASIDE_ROLES = (BlockRole.IMAGE, BlockRole.CAPTION, BlockRole.BYLINE)

_NOTE = re.compile(r"[^\W\d_][^:.!?]{0,20}:\s[^:]{1,60}")

FoundRoles = Iterator[tuple[int, BlockRole]]


def assign_roles(
    blocks: Sequence[RawBlock], cuts: Sequence[Cut | None], mail: MailContext
) -> tuple[RawBlock, ...]:
    """The same blocks, with their roles."""
    roles = [block.role for block in blocks]
    for number, role in (*find_captions(blocks), *find_credits(blocks, mail)):
        roles[number] = roles[number] or role
    uncut = [number for number, cut in enumerate(cuts) if cut is None]
    plain = [number for number in uncut if roles[number] is None]
    for number, role in find_interview(blocks, plain, mail):
        roles[number] = role
    links = [number for number in uncut if roles[number] not in _ASIDE_ROLES]
    for number, role in find_links(blocks, roles, links):
        roles[number] = role
    return tuple(
        block if block.role is role else replace(block, role=role)
        for block, role in zip(blocks, roles, strict=True)
    )


def find_captions(blocks: Sequence[RawBlock]) -> FoundRoles:
    """Short texts below an image that are printed small."""
    sizes = Counter[bool]()
    for block in blocks:
        sizes[block.small] += len(block.text)
    if sizes[True] > _MAX_SMALL_SHARE * sizes.total():
        return
    for number, block in enumerate(blocks):
        if not is_aside(block) or not block.after_picture:
            continue
        if block.small or has_only_labels(block):
            yield number, BlockRole.CAPTION


def has_only_labels(block: RawBlock) -> bool:
    """Whether a text below a picture consists of short notes on it: `Light: good. Dish: old.`"""
    parts = split_sentences(block.text)
    notes = [part for part in parts if _NOTE.fullmatch(part)]
    # What begins in lower case goes on after an abbreviation.
    return len(notes) > 1 and all(part in notes or part[:1].islower() for part in parts)


def is_aside(block: RawBlock) -> bool:
    """Whether a block's kind and length allow that it is a caption or a byline."""
    if block.kind is BlockKind.HEADING and block.level < 4:
        return False
    return (
        block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        and block.word_count <= _MAX_CAPTION_WORDS
    )


def find_credits(blocks: Sequence[RawBlock], mail: MailContext) -> FoundRoles:
    """Lines that only name who wrote or photographed something."""
    for number, block in enumerate(blocks):
        if is_aside(block) and is_credit(block, mail):
            bylines = (
                is_byline(line, mail, block) and not is_photo_credit(line, mail)
                for line in split_sentences(block.text)
            )
            yield number, BlockRole.BYLINE if any(bylines) else BlockRole.CAPTION


def find_links(
    blocks: Sequence[RawBlock], roles: Sequence[BlockRole | None], numbers: Sequence[int]
) -> FoundRoles:
    """Headlines of a list of links: at least three in a row that are links and hardly anything else."""
    run: list[int] = []
    for number in [*numbers, None]:
        if number is not None and roles[number] is None and is_headline(blocks[number]):
            run.append(number)
            continue
        if len(run) >= _MIN_LINKS:
            yield from ((member, BlockRole.LINK) for member in run)
        run = []


def is_headline(block: RawBlock) -> bool:
    dense = len(_DENSE.findall(block.text))
    return (
        block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        and (
            _MIN_HEADLINE_WORDS <= block.word_count <= _MAX_HEADLINE_WORDS
            or dense >= _MIN_DENSE_CHARACTERS
        )
        and 1 <= len(block.links) <= 3
        and block.link_share >= _MIN_LINK_SHARE
        and not block.text.startswith(("http://", "https://"))
    )
