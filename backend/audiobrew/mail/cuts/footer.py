"""Find a newsletter's footer: from its first reliable sign to the last block."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.phrases import (
    ADDRESS,
    COPYRIGHT,
    LEGAL,
    LEGAL_LINKS,
    RIGHTS,
    UNSUBSCRIBE,
    WHY_SENT,
)
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import RawBlock

_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=\S)")
_QUOTES = "“„«‹‘\"'"
# A footer begins in the last three fifths of the blocks, or anywhere in a mail that is only a footer.
_EARLIEST = 0.4
# Words of other text that a footer may hold, in all and in one block.
_MAX_OTHER_WORDS = 90
_MAX_OTHER_BLOCK_WORDS = 45
# With fewer words before it, the footer is the whole content of the mail.
_ONLY_FOOTER = 40
# How a sentence addresses its reader.
_ADDRESSES_READER = re.compile(
    r"(?:^to unsubscribe|\b(?:unsubscribe (?:here|at|from this|by|at any)|click|you can|reply|visit|"
    r"this (?:newsletter|e-?mail)|our (?:newsletter|e-?mails)|mailing"
    r"|klick\w*|hier|sie können|du kannst|diese\w* newsletter|cliquez|pour vous|vous pouvez|"
    r"cette (?:lettre|newsletter)|haz clic|puedes|puede|si no|clicca|puoi|per "
    r"|clique|você pode|para (?:cancelar|deixar|darte|dejar)|klik|je kunt|u kunt|wil je)\b)",
    re.IGNORECASE,
)


def find_footer(blocks: Sequence[RawBlock]) -> dict[int, Cut]:
    """The blocks of the footer, and blocks elsewhere that can only belong to one."""
    signs = {
        number: cut
        for number, block in enumerate(blocks)
        if (cut := footer_reason(block, _is_late(number, blocks)))
    }
    tail: dict[int, Cut] = {}
    for number in range(footer_start(blocks, signs), len(blocks)):
        text = blocks[number].text
        legal = LEGAL.search(text) or LEGAL_LINKS.search(text)
        tail[number] = signs.get(number) or (Cut.LEGAL if legal else Cut.FOOTER)
    return signs | tail


def footer_reason(block: RawBlock, late: bool) -> Cut | None:
    """Why a block belongs to a footer, by its words, its length and its links; None if it need not.

    `late`: whether the block is near the end of the mail.
    """
    if block.kind is BlockKind.QUOTATION:
        return None
    if is_unsubscribe(block, late) or (
        mostly_contains(WHY_SENT, block.text) and block.word_count <= 60
    ):
        return Cut.FOOTER
    short = block.word_count <= 25 and len(block.text) <= 250
    if is_copyright(block) or (late and short and ADDRESS.match(block.text)):
        return Cut.FOOTER
    if (
        block.word_count <= 250
        and mostly_contains(LEGAL, block.text)
        and (late or block.small or block.word_count <= 35)
    ):
        return Cut.LEGAL
    first_sentence = _SENTENCES.split(block.text, maxsplit=1)[0]
    if (
        block.word_count <= 60
        and (late or block.small)
        and contains_unquoted(LEGAL, first_sentence)
    ):
        return Cut.LEGAL
    if (
        block.word_count <= 15
        and LEGAL_LINKS.search(block.text)
        and (late or block.link_share > 0.5)
    ):
        return Cut.LEGAL
    return None


def is_unsubscribe(block: RawBlock, late: bool) -> bool:
    """Whether the block holds a link to unsubscribe, or is a short text near the end that says how."""
    has_link = (
        any(len(link.text.split()) <= 8 and UNSUBSCRIBE.search(link.text) for link in block.links)
        and block.word_count <= 90
    )
    explains = block.word_count <= 40 and late and UNSUBSCRIBE.search(block.text) is not None
    short = block.word_count <= 6 and UNSUBSCRIBE.match(block.text) is not None
    if has_link and not late and block.word_count > 25:
        return mostly_contains(UNSUBSCRIBE, block.text)
    if explains and not has_link and block.word_count > 12 and not block.small:
        # A sentence that does not speak to its reader may be a story about mailing lists.
        return any(
            UNSUBSCRIBE.search(sentence) and _ADDRESSES_READER.search(sentence)
            for sentence in _SENTENCES.split(block.text)
        )
    return has_link or explains or (short and block.kind is not BlockKind.HEADING)


def is_copyright(block: RawBlock) -> bool:
    begins = COPYRIGHT.match(block.text) is not None and block.word_count <= 60
    return begins or (block.word_count <= 40 and RIGHTS.search(block.text) is not None)


def mostly_contains(phrases: re.Pattern[str], text: str) -> bool:
    """Whether the sentences that contain a phrase make up at least half of the text."""
    matching = sum(
        len(sentence) for sentence in _SENTENCES.split(text) if contains_unquoted(phrases, sentence)
    )
    return matching * 2 >= len(text) > 0


def contains_unquoted(phrases: re.Pattern[str], sentence: str) -> bool:
    """Whether the sentence contains a phrase that does not begin with a quotation mark.

    In quotation marks, the sentence is about the phrase.
    """
    return any(
        sentence[match.start() - 1 : match.start()] not in tuple(_QUOTES)
        for match in phrases.finditer(sentence)
    )


def _is_late(number: int, blocks: Sequence[RawBlock]) -> bool:
    return number >= len(blocks) * 0.6 or number >= len(blocks) - 8


def footer_start(blocks: Sequence[RawBlock], signs: dict[int, Cut]) -> int:
    """The first sign after which little other text follows; past the end if there is none."""
    start, other_words = len(blocks), 0
    words_before = sum(block.word_count for block in blocks)
    for number in range(len(blocks) - 1, -1, -1):
        words = blocks[number].word_count
        words_before -= words
        other_words += 0 if number in signs else words
        if other_words > _MAX_OTHER_WORDS or (
            number not in signs and words > _MAX_OTHER_BLOCK_WORDS
        ):
            break
        if number in signs and (number >= len(blocks) * _EARLIEST or words_before < _ONLY_FOOTER):
            start = number
    return start
