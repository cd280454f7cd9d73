"""Find out which blocks are captions, bylines, questions of an interview, and items of a list of links.

Markup says it for few of them. What it does not say is decided here, from a block's text, how it is
printed, and what stands around it. Blocks that were cut have no role beyond that of their markup.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from audiobrew.mail.cuts.credits import is_byline, is_credit, is_photo_credit
from audiobrew.mail.cuts.mail_context import MailContext, split_sentences
from audiobrew.mail.newsletter import BlockKind, BlockRole, Cut
from audiobrew.mail.raw_block import RawBlock

_MAX_CAPTION_WORDS = 60
# If more of a mail's text is small, small print is its running text.
_MAX_SMALL_SHARE = 0.3

_MAX_QUESTION_CHARACTERS = 400
_MIN_QUESTION_WORDS = 2
# In Greek, the question mark is a semicolon.
_QUESTION_END = re.compile(r"(?:[?？؟\u037e]|(?<=[\u0370-\u03ff\u1f00-\u1fff]);)[\"”»)*]{0,3}$")
_LABEL = re.compile(r"\**([^\W\d_][^:：?!\n*]{0,30})[:：]\**\s")
_QUESTION_LABELS = frozenset(
    (
        "q",
        "f",
        "frage",
        "question",
        "pregunta",
        "p",
        "domanda",
        "d",
        "vraag",
        "v",
        "fråga",
        "в",
        "вопрос",
    )
)
# Questions of a mail that are printed as such, without a label. A single one is rhetorical.
_MIN_QUESTIONS = 2
# Headings of a level are questions if at least this many and this share of them are.
_MIN_QUESTION_HEADINGS, _MIN_QUESTION_SHARE = 3, 0.66

_MIN_LINKS = 3
_MIN_HEADLINE_WORDS, _MAX_HEADLINE_WORDS = 3, 40
# Characters of a headline in a script without spaces.
_MIN_DENSE_CHARACTERS = 8
_MIN_LINK_SHARE = 0.6
_DENSE = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
# They may stand between the items of a list.
_ASIDE_ROLES = (BlockRole.IMAGE, BlockRole.CAPTION, BlockRole.BYLINE)

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
    for number, role in find_questions(blocks, plain):
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
        if is_aside(block) and block.after_picture and block.small:
            yield number, BlockRole.CAPTION


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


def find_questions(blocks: Sequence[RawBlock], numbers: Sequence[int]) -> FoundRoles:
    """Questions that the blocks after them answer: by their label, or by how they are printed."""
    candidates = [number for number in numbers if is_question(blocks[number])]
    labels = Counter(label for number in candidates if (label := label_of(blocks[number].text)))
    all_labels = Counter(label for number in numbers if (label := label_of(blocks[number].text)))
    labelled = [
        number
        for number in candidates
        if (label := label_of(blocks[number].text))
        and is_answered(blocks, number)
        and (
            label in _QUESTION_LABELS
            or (labels[label] >= _MIN_QUESTIONS and labels[label] * 3 >= all_labels[label] * 2)
        )
    ]
    levels = Counter(blocks[number].level for number in numbers)
    question_levels = Counter(blocks[number].level for number in candidates)
    printed = [
        number
        for number in candidates
        if number not in labelled
        and is_answered(blocks, number)
        and (
            blocks[number].bold
            if blocks[number].kind is not BlockKind.HEADING
            else blocks[number].level > 2
            and question_levels[blocks[number].level] >= _MIN_QUESTION_HEADINGS
            and question_levels[blocks[number].level]
            >= levels[blocks[number].level] * _MIN_QUESTION_SHARE
        )
    ]
    for number in labelled + (printed if len(labelled + printed) >= _MIN_QUESTIONS else []):
        yield number, BlockRole.QUESTION


def is_question(block: RawBlock) -> bool:
    return (
        block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        and len(block.text) <= _MAX_QUESTION_CHARACTERS
        and bool(_QUESTION_END.search(block.text))
        and (block.word_count >= _MIN_QUESTION_WORDS or bool(_DENSE.search(block.text)))
    )


def is_answered(blocks: Sequence[RawBlock], number: int) -> bool:
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    return (
        following is not None
        and following.kind is not BlockKind.HEADING
        and not _QUESTION_END.search(following.text)
        and not (following.bold and blocks[number].bold)
    )


def label_of(text: str) -> str:
    """Who speaks: `FQ: And the price?`. In lower case; empty if nobody is named."""
    match = _LABEL.match(text)
    label = match[1].strip().casefold() if match else ""
    return label if len(label.split()) <= 3 else ""


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
