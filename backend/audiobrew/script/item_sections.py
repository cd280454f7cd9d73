"""The sections of a newsletter: a heading and what stands below it, in one language."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from audiobrew.lang.language import language_or_default
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Newsletter
from audiobrew.script.block_languages import block_languages
from audiobrew.script.block_shapes import is_figure
from audiobrew.script.day_headings import is_day_heading
from audiobrew.script.title_exclusions import is_no_title
from audiobrew.script.titles import NUMBER_ONLY, clean_title, is_title


@dataclass(frozen=True, slots=True)
class Section:
    heading: Block | None
    body: list[Block]
    language: str


def sections_by_language(blocks: Sequence[Block], newsletter: Newsletter) -> list[Section]:
    """The sections of each language of a newsletter, in the order in which they begin.

    A heading in another language ends a section, too, unless it only repeats the section's own heading.
    """
    languages = block_languages(newsletter)
    places = {block.id: place for place, block in enumerate(blocks)}
    codes = dict.fromkeys(languages[block.id] for block in blocks)
    sections = [
        Section(heading, body, code)
        for code in codes or [newsletter.language]
        for run in runs_of(blocks, languages, code)
        for heading, body in sections_of(run, code)
    ]
    if len(codes) < 2:
        return sections
    full = [section for section in sections if section.heading or section.body]
    return sorted(full, key=lambda one: places[(one.heading or one.body[0]).id])


def runs_of(
    blocks: Iterable[Block], languages: Mapping[str, str], code: str
) -> Iterator[list[Block]]:
    """The blocks of one language, divided at the headings of others."""
    run: list[Block] = []
    for block in blocks:
        if languages[block.id] == code:
            run.append(block)
        elif block.kind is BlockKind.HEADING and run and run[-1].kind is not BlockKind.HEADING:
            yield run
            run = []
    yield run


def sections_of(
    blocks: Sequence[Block], language: str
) -> Iterator[tuple[Block | None, list[Block]]]:
    """Each heading with the blocks below it; the first section has no heading.

    Of headings in a row, the highest one that can be a title counts, or the last of the same level. A heading
    above several others of one level is the title of a chapter, not of the first story in it. A heading that
    only continues a text, such as “III” or “Ingredients”, is one of the blocks.
    """
    heading: Block | None = None
    body: list[Block] = []
    for number, block in enumerate(blocks):
        is_heading = (
            block.kind is BlockKind.HEADING
            and block.role is not BlockRole.QUESTION
            and not (heading and not body and is_figure(block.text))
        )
        is_caption = is_heading and heading and heads_part(heading.level, blocks, number, language)
        if not is_heading or is_caption or ((heading or body) and continues(block, language)):
            body.append(block)
        elif heading and not body and is_better_title(heading, blocks, number, language):
            continue
        else:
            yield heading, body
            heading, body = block, []
    yield heading, body


def heads_part(level: int, blocks: Sequence[Block], number: int, language: str) -> bool:
    """Whether a heading below a higher one is a day of a calendar, or the title of its only table."""
    if is_day_heading(blocks[number].text, language):
        return 0 < level < blocks[number].level
    following = blocks[number + 1 : number + 2]
    if not any(block.kind is BlockKind.TABLE_ROW for block in following):
        return False
    before = takewhile(lambda block: block.kind is not BlockKind.HEADING, blocks[number - 1 :: -1])
    section = blocks[number - len(list(before)) - 1]
    later = (block for block in blocks[number + 1 :] if block.kind is BlockKind.HEADING)
    is_lone = section.level == level and next(later, section).level <= level
    is_lower = 0 < level < blocks[number].level
    return is_lone and is_lower and blocks[number - 1].kind is not BlockKind.HEADING


def is_better_title(heading: Block, blocks: Sequence[Block], number: int, language: str) -> bool:
    """Whether a heading, and not the one right below it, names what stands below both."""
    below = blocks[number]
    if not can_be_title(heading, language):
        return False
    if not can_be_title(below, language):
        return True
    return heading.level < below.level and not heads_chapter(heading.level, blocks, number)


def can_be_title(heading: Block, language: str) -> bool:
    return is_title(heading.text) and not is_no_title(heading.text, language)


def heads_chapter(level: int, blocks: Sequence[Block], number: int) -> bool:
    """Whether another heading like this one follows before the next heading of `level` or higher."""
    for block in blocks[number + 1 :]:
        if block.kind is BlockKind.HEADING and block.role is not BlockRole.QUESTION:
            if block.level <= level:
                return False
            if block.level == blocks[number].level:
                return True
    return False


def continues(heading: Block, language: str) -> bool:
    """Whether a heading divides a story instead of beginning another one."""
    text = heading.text.strip()
    if NUMBER_ONLY.fullmatch(text):
        return True
    patterns = continuing_headings(language)
    return bool(patterns and patterns.fullmatch(clean_title(text).casefold().strip(" :.?!…")))


@cache
def continuing_headings(language: str) -> re.Pattern[str] | None:
    structure = language_or_default(language).structure
    patterns = (*structure.continuing_headings, *structure.step_headings)
    return re.compile("|".join(patterns)) if patterns else None
