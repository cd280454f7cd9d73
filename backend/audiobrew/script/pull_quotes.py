"""Leave out what a page prints twice: pull quotes, and sentences that stand in a box once more."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.mail_context import QUOTATION_MARKS
from audiobrew.mail.newsletter import Block, BlockKind
from audiobrew.mail.text_cleanup import count_words

# A repeated text has at least so many letters and at most so many words.
MIN_LETTERS, MAX_WORDS = 12, 45
# A newsletter with more blocks is a list, and comparing each with every other one takes too long.
MAX_BLOCKS = 500
# Words of the name before a quotation: "Gwen Loxley, in the dark: “…”".
MAX_NAME_WORDS = 7
_LETTERS = re.compile(r"[\W_]+")
_QUOTATION = re.compile('[“„«»「‘"](?P<text>.+)[”“»«」’"][.!?]?')


def without_pull_quotes(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without short texts that are part of another one."""
    if len(blocks) > MAX_BLOCKS:
        return list(blocks)
    letters = [letters_of(block.text) for block in blocks]
    texts = [
        own
        for own, block in zip(letters, blocks, strict=True)
        if block.kind is not BlockKind.HEADING
    ]
    rest = []
    for number, (block, own) in enumerate(zip(blocks, letters, strict=True)):
        quoted = quoted_letters(block)
        # A title may quote the text below it.
        others = letters[:number] if is_quoted_title(block) else texts
        is_repeated = quoted and any(
            len(quoted) < len(text) and quoted in text != own for text in others
        )
        may_be_quote = block.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTATION)
        if not is_repeated or not (may_be_quote or is_quoted_title(block)):
            rest.append(block)
    return rest


def is_quoted_title(block: Block) -> bool:
    return block.kind is BlockKind.HEADING and block.text.startswith(QUOTATION_MARKS)


def quoted_letters(block: Block) -> str:
    """The letters of a short text, without the name before what it quotes; empty for other texts."""
    if count_words(block.text) > MAX_WORDS:
        return ""
    match = _QUOTATION.search(block.text)
    rest = block.text[: match.start()] + block.text[match.end() :] if match else ""
    is_quotation = match is not None and count_words(rest) <= MAX_NAME_WORDS
    letters = letters_of(match["text"] if match and is_quotation else block.text)
    return letters if len(letters) >= MIN_LETTERS else ""


def letters_of(text: str) -> str:
    return _LETTERS.sub("", text.casefold())
