"""What resembles advertising or housekeeping in a newsletter, although no rule was sure enough to cut it.

Rules for cuts are careful, because a cut story is lost. What only resembles advertising or housekeeping is a
suspect: it stays in the newsletter, and an episode leaves it out and shows it. A newsletter in which most of
the text is suspect is about such things, and one with nothing else is told all the same.
"""

import math
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Newsletter
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.sentences import sentences
from audiobrew.script.suspect_signs import SALE_SIGNS, Page, find_signs, has_evidence
from audiobrew.script.writer import Rundown, Suspect, SuspectReason

# The weights of a block's signs add up to the logarithm of the odds that it is no content. A sentence within
# a paragraph needs more, and the other paragraphs of a short section with a suspect need less.
BLOCK_ODDS, SENTENCE_ODDS, SECTION_ODDS = 1.0, 2.2, -0.6
# Words and blocks of a section that is left out as one.
MAX_SECTION_WORDS, MAX_SECTION_BLOCKS = 130, 6
# If more of a newsletter's words are suspect, only what has these odds is.
MAX_SHARE, CERTAIN_ODDS = 0.4, 3.5
# Words of a sentence that is left out of its paragraph.
MAX_SENTENCE_WORDS = 30


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A newsletter without its suspects. Blocks keep their ids; some lose sentences."""

    newsletter: Newsletter
    suspects: tuple[Suspect, ...]


@lru_cache(maxsize=256)
def split_suspects(newsletter: Newsletter) -> Suspicion:
    """Take the suspects out of a newsletter, but not what the listener restored.

    Where nothing else would be left, its least suspect section stays.
    """
    page = Page(newsletter)
    odds = [
        odds_of(page, number) if may_be_suspect(block) else -math.inf
        for number, block in enumerate(newsletter.blocks)
    ]
    numbers = find_suspect_blocks(page, odds)
    tellable = {n for n, block in enumerate(newsletter.blocks) if block.cut is None}
    if not any(is_text(newsletter.blocks[n]) for n in tellable - numbers):
        numbers -= least_suspect_section(page, odds, tellable)
    blocks: list[Block] = []
    suspects: list[Suspect] = []
    for number, block in enumerate(newsletter.blocks):
        if number in numbers:
            suspects.append(Suspect(block.text, block.id, reason_of(page, number)))
            continue
        rest, removed = split_sentences(page, number) if may_be_suspect(block) else (block.text, ())
        suspects += [Suspect(text, block.id, reason_of(page, number, text)) for text in removed]
        blocks.append(replace(block, text=rest) if removed else block)
    if not suspects:
        return Suspicion(newsletter, ())
    return Suspicion(replace(newsletter, blocks=tuple(blocks)), tuple(suspects))


def may_be_suspect(block: Block) -> bool:
    """Whether a block would be told, and the listener did not say that it is to be."""
    return block.cut is None and not block.restored and block.role is not BlockRole.CODE


def is_text(block: Block) -> bool:
    return block.kind is not BlockKind.HEADING


def odds_of(page: Page, number: int, text: str | None = None) -> float:
    """The logarithm of the odds that a block, or a sentence of it, is no content."""
    signs = find_signs(page, number, text)
    if not has_evidence(page, number, text, signs):
        return -math.inf
    weights = suspect_weights()
    return weights["bias"] + sum(weights.get(sign, 0.0) for sign in signs)


@cache
def suspect_weights() -> dict[str, float]:
    return tomllib.loads(files(__package__).joinpath("suspect_weights.toml").read_text("utf-8"))


def find_suspect_blocks(page: Page, odds: Sequence[float]) -> set[int]:
    """The numbers of the suspects, with the headings that only stand above such.

    If they hold much of the newsletter, it is about such things.
    """
    numbers = suspects_with(page, odds, BLOCK_ODDS)
    words = [count_words(block.text) if block.cut is None else 0 for block in page.blocks]
    if sum(words[n] for n in numbers) > MAX_SHARE * sum(words):
        numbers = suspects_with(page, odds, CERTAIN_ODDS)
    return numbers


def suspects_with(page: Page, odds: Sequence[float], limit: float) -> set[int]:
    numbers = {number for number, own in enumerate(odds) if own > limit}
    for section in dict.fromkeys(page.sections):
        uncut = [n for n in section if page.blocks[n].cut is None and not page.blocks[n].restored]
        texts = [n for n in uncut if is_text(page.blocks[n])]
        suspect = numbers.intersection(texts)
        if not suspect:
            numbers -= {n for n in uncut if n not in texts and texts}
            continue
        words = sum(count_words(page.blocks[n].text) for n in texts)
        is_short = words <= MAX_SECTION_WORDS and len(texts) <= MAX_SECTION_BLOCKS
        has_title = not is_text(page.blocks[section.start])
        if is_short and has_title and max(odds[n] for n in suspect) > limit:
            numbers |= {n for n in texts if odds[n] > limit + SECTION_ODDS - BLOCK_ODDS}
        if numbers.issuperset(texts):
            numbers |= set(uncut)
        else:
            numbers -= {n for n in uncut if n not in texts}
    return numbers


def least_suspect_section(page: Page, odds: Sequence[float], tellable: set[int]) -> set[int]:
    """The blocks of the section that is most like news, so that the newsletter has something to tell."""
    sections = [
        section
        for section in dict.fromkeys(page.sections)
        if any(n in tellable and is_text(page.blocks[n]) for n in section)
    ]
    if not sections:
        return set()

    worst = [
        max(odds[n] for n in section if n in tellable and is_text(page.blocks[n]))
        for section in sections
    ]
    return set(sections[worst.index(min(worst))])


def split_sentences(page: Page, number: int) -> tuple[str, tuple[str, ...]]:
    """A block's text without its suspect sentences, and those."""
    block = page.blocks[number]
    texts = sentences(block.text) if is_text(block) else []
    if len(texts) < 2:
        return block.text, ()
    removed = tuple(
        text
        for text in texts
        if count_words(text) <= MAX_SENTENCE_WORDS and odds_of(page, number, text) > SENTENCE_ODDS
    )
    rest = " ".join(block.text.split())
    for text in removed:
        before, separator, after = rest.partition(text)
        if not separator:
            return block.text, ()
        rest = f"{before.rstrip()} {after.lstrip()}".strip()
    return (rest, removed) if rest else (block.text, ())


def reason_of(page: Page, number: int, text: str | None = None) -> SuspectReason:
    is_sold = bool(find_signs(page, number, text) & SALE_SIGNS)
    return SuspectReason.ADVERTISING if is_sold else SuspectReason.HOUSEKEEPING


def without_suspects(newsletters: Iterable[Newsletter]) -> list[Newsletter]:
    """The newsletters as writers see them."""
    return [split_suspects(newsletter).newsletter for newsletter in newsletters]


def add_suspects(rundown: Rundown, newsletters: Iterable[Newsletter]) -> Rundown:
    """The rundown with the suspects of the newsletters that it tells."""
    digests = {digest for story in rundown.stories for digest in story.newsletters}
    own = (split_suspects(one) for one in newsletters if one.digest in digests)
    return replace(rundown, suspects=tuple(suspect for one in own for suspect in one.suspects))
