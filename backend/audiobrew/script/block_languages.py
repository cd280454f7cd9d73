"""The language of each block of a newsletter that is written in several.

A block has the newsletter's language, unless it belongs to a section with enough text that is clearly in
another one. Names, quotations and a few words never change the language of what is around them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from audiobrew.mail.language import find_clear_language, vote
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Newsletter
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.sentence_filter import spoken_length

# Characters of text in another language that make a section, about twenty words.
MIN_SECTION_LENGTH = 100
# A block with less text may be in any language.
MIN_BLOCK_WORDS, MIN_BLOCK_LENGTH = 6, 35
# The share of a block's votes for another language, and the largest one for the newsletter's own.
MIN_SHARE, MAX_OWN_SHARE = 0.85, 0.05
# Characters of a block that are looked at.
MAX_CHARACTERS = 600
# Languages that a detector takes for one another, and whose speakers understand each other.
_RELATED = (
    frozenset({"da", "no", "nb", "nn"}),
    frozenset({"bs", "hr", "sr", "sh"}),
    frozenset({"id", "ms"}),
)
_NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|[^\s@]{1,64}+@\S+|[#@]\w+|\d+|_+")
_QUOTATION_STARTS, _QUOTATION_ENDS = tuple('"“„«»‹「『'), tuple('"”“»«›」』')
_NO_PROSE = (
    BlockRole.CODE,
    BlockRole.IMAGE,
    BlockRole.CAPTION,
    BlockRole.BYLINE,
    BlockRole.FOOTNOTE,
)


@lru_cache(maxsize=256)
def block_languages(newsletter: Newsletter) -> Mapping[str, str]:
    """The language of each uncut block, by its id."""
    own = newsletter.language
    blocks = newsletter.uncut_blocks
    clear = clear_languages(newsletter)
    if not set(clear) - {None, own}:
        return {block.id: own for block in blocks}
    sections = list(split_at_headings(blocks))
    lengths = [section_lengths(blocks, clear, section) for section in sections]
    if not any(own in counts for counts in lengths):
        return {block.id: own for block in blocks}
    others = {
        code
        for counts in lengths
        for code, length in counts.items()
        if code != own and length >= MIN_SECTION_LENGTH
    }
    result: dict[str, str] = {}
    for section, counts in zip(sections, lengths, strict=True):
        languages = [
            code
            for code, length in counts.most_common()
            # A short section may be in a language in which the newsletter has a long one.
            if code == own or length >= MIN_SECTION_LENGTH or (code in others and own not in counts)
        ] or [own]
        result |= assign_languages(blocks, clear, section, languages)
    return result


@lru_cache(maxsize=256)
def clear_languages(newsletter: Newsletter) -> Sequence[str | None]:
    """What `find_block_language` finds for each uncut block, in order."""
    own = newsletter.language
    return tuple(find_block_language(block, own) for block in newsletter.uncut_blocks)


def languages_of(newsletter: Newsletter) -> list[str]:
    """The languages of a newsletter's blocks: its own, and then the others in order."""
    return list(dict.fromkeys([newsletter.language, *block_languages(newsletter).values()]))


def find_block_language(block: Block, own: str) -> str | None:
    """The language of a block's text, if it is clear; the newsletter's own, if it may be that."""
    text = prose_of(block)
    if count_words(text) < MIN_BLOCK_WORDS or spoken_length(text) < MIN_BLOCK_LENGTH:
        return None
    votes = vote(text)
    winner = find_clear_language(votes, len(text), MIN_SHARE)
    if winner == own or votes.get(own, 0.0) > MAX_OWN_SHARE * len(text):
        return own
    if winner and any(own in group and winner in group for group in _RELATED):
        return own
    return winner


def prose_of(block: Block) -> str:
    if block.role in _NO_PROSE:
        return ""
    return " ".join(_NOT_PROSE.sub(" ", block.text[:MAX_CHARACTERS]).split())


def split_at_headings(blocks: Sequence[Block]) -> Iterator[range]:
    """The numbers of the blocks of each section: its headings, and what is below them."""
    start = 0
    for number, block in enumerate(blocks):
        follows_text = number > start and blocks[number - 1].kind is not BlockKind.HEADING
        if block.kind is BlockKind.HEADING and follows_text:
            yield range(start, number)
            start = number
    yield range(start, len(blocks))


def section_lengths(
    blocks: Sequence[Block], clear: Sequence[str | None], section: range
) -> Counter[str]:
    """How much text of a section is clearly in which language, without quotations."""
    counts = Counter[str]()
    for number in section:
        code = clear[number]
        if code and is_own_text(blocks, number, section.start):
            counts[code] += spoken_length(blocks[number].text)
    return counts


def is_own_text(blocks: Sequence[Block], number: int, start: int) -> bool:
    """Whether a block is neither a heading nor a quotation. `start` is where its section starts."""
    block = blocks[number]
    is_introduced = number > start and blocks[number - 1].text.endswith((":", "："))
    is_text = block.kind not in (BlockKind.HEADING, BlockKind.QUOTATION)
    return is_text and not is_introduced and not is_quotation(block.text)


def assign_languages(
    blocks: Sequence[Block], clear: Sequence[str | None], section: range, languages: Sequence[str]
) -> dict[str, str]:
    """The language of each block of a section: one of these. What is not clear follows what is before it."""
    result: dict[str, str] = {}
    previous = languages[0]
    for number in section:
        code, block = clear[number], blocks[number]
        if code is None and len(languages) > 1 and (text := prose_of(block)):
            votes = vote(text)
            code = max(languages, key=lambda one: votes.get(one, 0.0))
            code = code if votes.get(code) else None
        if code is not None and code in languages:
            previous = code
        result[block.id] = previous
    return result


def count_unspoken(newsletter: Newsletter, speaks: Callable[[str], bool]) -> dict[str, int]:
    """How many paragraphs are in each language that a voice does not speak."""
    languages = block_languages(newsletter)
    codes = (
        languages[block.id]
        for block in newsletter.uncut_blocks
        if block.kind is not BlockKind.HEADING
    )
    return {code: count for code, count in Counter(codes).items() if not speaks(code)}


def count_short_texts(newsletter: Newsletter, speaks: Callable[[str], bool]) -> dict[str, int]:
    """How many paragraphs of each other language are too short to be told in it.

    Paragraphs of sections that the voice does not speak are not counted: `count_unspoken` counts them.
    """
    own, blocks = newsletter.language, newsletter.uncut_blocks
    clear, languages = clear_languages(newsletter), block_languages(newsletter)
    counts = Counter[str]()
    for section in split_at_headings(blocks):
        for number in section:
            code, language = clear[number], languages[blocks[number].id]
            is_text = speaks(language) and is_own_text(blocks, number, section.start)
            if code and code not in (own, language) and is_text:
                counts[code] += 1
    return dict(counts)


def is_quotation(text: str) -> bool:
    """Whether a text stands in quotation marks, whatever marks follow the last one."""
    start = text.lstrip()
    end = text.rstrip(" .,;:!?…)")
    return len(start) > 1 and start.startswith(_QUOTATION_STARTS) and end.endswith(_QUOTATION_ENDS)
