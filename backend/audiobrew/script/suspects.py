"""What resembles advertising or housekeeping in a newsletter, although it was not cut.

Cuts are careful, because a cut story is lost. A block with some doubt about it (`Block.doubt`) is a suspect:
it stays in the newsletter, and an episode leaves it out and shows it. A newsletter in which much of the text
is suspect is about such things, and one with nothing else is told all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from audiobrew.mail.cuts.phrases import PhraseBook, compile_phrases
from audiobrew.mail.cuts.sponsor_page import PRICE
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Cut, Newsletter
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.clear_notation import with_clear_notation
from audiobrew.script.interviews import split_exchange
from audiobrew.script.line_collector import ATTRIBUTED
from audiobrew.script.readers_letters import readers_question
from audiobrew.script.sentence_filter import opens_with_reference
from audiobrew.script.sentences import sentences
from audiobrew.script.writer import Rundown, Suspect, SuspectReason

# The doubt from which a block is left out. What has less is told after the rest (see `salience.py`).
MIN_DOUBT = 0.2
# If more of a newsletter's words are suspect, only blocks with more doubt are.
MAX_SHARE, MIN_DOUBT_OF_MANY = 0.4, 0.5
# Words of a suspect that the next text may refer to, and the end of a salutation, to which none does.
MIN_NEEDED_WORDS = 4
SALUTATION_ENDS = (",", "，", "!", "！")
_SALE_PHRASES = ("deals", "offers", "own_products", "sponsor_labels", "sponsored_by")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A newsletter without its suspects. The other blocks are unchanged."""

    newsletter: Newsletter
    suspects: tuple[Suspect, ...]


@lru_cache(maxsize=256)
def split_suspects(newsletter: Newsletter) -> Suspicion:
    """Take the suspects out of a newsletter, but not what the listener restored.

    Where nothing else would be left, its least suspect section stays.
    """
    blocks = newsletter.blocks
    numbers = find_suspects(blocks)
    numbers -= find_needed(blocks, numbers, newsletter.language)
    tellable = {number for number, block in enumerate(blocks) if block.cut is None}
    if not any(is_text(blocks[number]) for number in tellable - numbers):
        numbers -= least_suspect_section(blocks)
    if not numbers:
        return Suspicion(newsletter, ())
    rest = tuple(block for number, block in enumerate(blocks) if number not in numbers)
    suspects = (
        Suspect(blocks[number].text, blocks[number].id, reason_of(newsletter, number))
        for number in sorted(numbers)
    )
    return Suspicion(replace(newsletter, blocks=rest), tuple(suspects))


# What is told together or not at all: an answer says nothing without its question.
_INSEPARABLE = frozenset([BlockRole.CODE, BlockRole.QUESTION, BlockRole.ANSWER])


def may_be_suspect(block: Block) -> bool:
    """Whether a block would be told, and the listener did not say that it is to be."""
    return block.cut is None and not block.restored and block.role not in _INSEPARABLE


def is_text(block: Block) -> bool:
    return block.kind is not BlockKind.HEADING


def find_suspects(blocks: tuple[Block, ...]) -> set[int]:
    """The numbers of the suspects, with the headings that only stand above such.

    If they hold much of the newsletter, it is about such things.
    """
    numbers = suspects_with(blocks, MIN_DOUBT)
    words = [count_words(block.text) if block.cut is None else 0 for block in blocks]
    if sum(words[number] for number in numbers) > MAX_SHARE * sum(words):
        numbers = suspects_with(blocks, MIN_DOUBT_OF_MANY)
    return numbers


def find_needed(blocks: tuple[Block, ...], numbers: set[int], language: str) -> set[int]:
    """The suspects with little doubt that the text beside them needs: it refers to them, or lists them.

    A story goes on after them, as it does after no advertisement: `That is how many households …`.
    """
    needed = {
        number
        for number in numbers
        if is_text(blocks[number])
        and blocks[number].doubt < MIN_DOUBT_OF_MANY
        and len(blocks[number].text.split()) >= MIN_NEEDED_WORDS
        and not blocks[number].text.rstrip().endswith(SALUTATION_ENDS)
        and number + 1 < len(blocks)
        and number + 1 not in numbers
        and is_needed_by(blocks[number + 1], blocks[number], language)
    }
    if any(block.role is BlockRole.QUESTION for block in blocks):
        needed.update(one for one in numbers if is_turn(blocks[one]))
    needed.update(
        number
        for number in numbers
        if is_text(blocks[number])
        and blocks[number].doubt < MIN_DOUBT_OF_MANY
        and any(
            block.cut is None and asks_as_reader(block.text)
            for block in blocks[max(0, number - 1) : number + 1]
        )
    )
    for run in list_runs(blocks):
        suspects = numbers.intersection(run)
        if len(suspects) * 2 < len(run):
            needed.update(one for one in suspects if blocks[one].doubt < MIN_DOUBT_OF_MANY)
    return needed


def asks_as_reader(text: str) -> bool:
    """Whether a text is the question of a reader with a name, which the next text answers."""
    if readers_question(text):
        return True
    match = ATTRIBUTED.fullmatch(text.strip())
    return match is not None and (match[1] or match[3]).rstrip(' "”“»').endswith("?")


def is_turn(block: Block) -> bool:
    """Whether a block of an interview with little doubt is one of its short questions with the answer."""
    is_doubtful = block.doubt >= MIN_DOUBT_OF_MANY
    return block.role is None and not is_doubtful and split_exchange(block) is not None


def is_needed_by(following: Block, block: Block, language: str) -> bool:
    """Whether the next block is told, and refers to this one or is what it leads to."""
    if following.cut is not None or not is_text(following):
        return False
    if block.text.rstrip().endswith((":", "：")):
        return following.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
    first = next(iter(sentences(following.text)), "")
    return opens_with_reference(first, language)


def list_runs(blocks: tuple[Block, ...]) -> list[range]:
    """The lists of entries that are not cut: the ingredients of a recipe, its steps."""
    starts = [
        number
        for number in range(len(blocks) + 1)
        if number == len(blocks) or not is_entry(blocks[number])
    ]
    return [range(a + 1, b) for a, b in pairwise([-1, *starts]) if b - a > 1]


def is_entry(block: Block) -> bool:
    return block.kind is BlockKind.LIST_ITEM and block.cut is None


def suspects_with(blocks: tuple[Block, ...], limit: float) -> set[int]:
    numbers: set[int] = set()
    for section in sections_of(blocks):
        candidates = [number for number in section if may_be_suspect(blocks[number])]
        texts = [number for number in candidates if is_text(blocks[number])]
        suspects = {number for number in texts if blocks[number].doubt >= limit}
        numbers.update(candidates if suspects and suspects.issuperset(texts) else suspects)
    return numbers


def sections_of(blocks: tuple[Block, ...]) -> list[range]:
    """The sections of a newsletter: a heading and what follows it, up to the next one."""
    starts = (number for number, block in enumerate(blocks) if not is_text(block))
    return [range(start, end) for start, end in pairwise(sorted({0, *starts, len(blocks)}))]


def least_suspect_section(blocks: tuple[Block, ...]) -> set[int]:
    """The blocks of the section that is most like news, so that the newsletter has something to tell."""

    def largest_doubt(section: range) -> float:
        return max(blocks[n].doubt for n in section if blocks[n].cut is None and is_text(blocks[n]))

    sections = (
        section
        for section in sections_of(blocks)
        if any(blocks[n].cut is None and is_text(blocks[n]) for n in section)
    )
    return set(min(sections, key=largest_doubt, default=()))


def reason_of(newsletter: Newsletter, number: int) -> SuspectReason:
    """What a suspect resembles: advertising if it has a price or words of a sale, or stands beside such."""
    blocks = newsletter.blocks
    neighbours = blocks[max(0, number - 1) : number + 2]
    codes = PhraseBook([newsletter.language]).own_codes
    patterns = [compile_phrases(code, purpose) for code in codes for purpose in _SALE_PHRASES]
    is_sale = (
        any(block.cut is Cut.SPONSOR for block in neighbours)
        or PRICE.search(blocks[number].text) is not None
        or any(pattern.search(blocks[number].text) for pattern in patterns if pattern)
    )
    return SuspectReason.ADVERTISING if is_sale else SuspectReason.HOUSEKEEPING


def without_suspects(newsletters: Iterable[Newsletter]) -> list[Newsletter]:
    """The newsletters as writers see them: without suspects, and with clear dates."""
    return [
        split_suspects(with_clear_notation(newsletter)).newsletter for newsletter in newsletters
    ]


def add_suspects(rundown: Rundown, newsletters: Iterable[Newsletter]) -> Rundown:
    """The rundown with the suspects of the newsletters that it tells."""
    digests = {digest for story in rundown.stories for digest in story.newsletters}
    own = (split_suspects(one) for one in newsletters if one.digest in digests)
    return replace(rundown, suspects=tuple(suspect for one in own for suspect in one.suspects))
