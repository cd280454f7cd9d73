"""Leave out what a page prints twice: pull quotes, and sentences that stand in a box once more."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.mail_context import QUOTATION_MARKS
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole
from audiobrew.mail.text_cleanup import count_words

# A repeated text has at least so many letters and at most so many words.
MIN_LETTERS, MAX_WORDS = 12, 45
# A newsletter with more blocks is a list, and comparing each with every other one takes too long.
MAX_BLOCKS = 500
# Words of the name before a quotation: "Gwen Loxley, in the dark: “…”".
MAX_NAME_WORDS = 7
# Words of a quotation that repeats an answer with other words, and how many of them the answer has.
MIN_RETOLD_WORDS, MIN_RETOLD_SHARE = 6, 0.85
WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[\W_]+")
_NAMED_QUOTATION = re.compile('[^:“„«»「‘"]{2,50}:\\s?[“„«»「‘"]')
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
    is_interview = any(block.role is BlockRole.QUESTION for block in blocks)
    answers = [
        frozenset(WORD.findall(block.text.casefold()))
        for block in blocks
        if block.role is BlockRole.ANSWER
    ]
    rest = []
    for number, (block, own) in enumerate(zip(blocks, letters, strict=True)):
        quoted = quoted_letters(block)
        # A title may quote the text below it, but not in an interview, where another voice says it.
        others = letters[:number] if is_quoted_title(block) and not is_interview else texts
        is_repeated = quoted and any(
            len(quoted) < len(text) and quoted in text != own for text in others
        )
        if is_whole_quotation(block):
            beside = [*blocks[max(0, number - 1) : number], *blocks[number + 1 : number + 2]]
            is_repeated = is_repeated or any(block.text.strip() in one.text for one in beside)
        if quoted and not is_repeated and block.kind is BlockKind.QUOTATION:
            # A box may begin with another word: “It is a ferry.” of “That last one is a ferry.”
            rest_of_quotation = letters_of(block.text.partition(" ")[2])
            is_repeated = len(rest_of_quotation) >= MIN_LETTERS and any(
                rest_of_quotation in text != own for text in texts
            )
        is_repeated = is_repeated or is_retold(block, answers)
        may_be_quote = block.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTATION)
        if not is_repeated or not (may_be_quote or is_quoted_title(block)):
            rest.append(block)
    return rest


def is_quoted_title(block: Block) -> bool:
    """Whether a heading quotes somebody, perhaps after a name: `Ada Brook: “No.”`"""
    return block.kind is BlockKind.HEADING and bool(
        block.text.startswith(QUOTATION_MARKS) or _NAMED_QUOTATION.match(block.text)
    )


def is_whole_quotation(block: Block) -> bool:
    text = block.text.strip()
    return text.startswith(QUOTATION_MARKS) and _QUOTATION.fullmatch(text) is not None


def is_retold(block: Block, answers: Sequence[frozenset[str]]) -> bool:
    """Whether a quotation between the turns of an interview has almost all words of one answer.

    A page prints what somebody says once more, shortened: “Bread is bread the day after.”
    """
    if not answers or block.role is not None or not is_whole_quotation(block):
        return False
    words = WORD.findall(block.text.casefold())
    if not MIN_RETOLD_WORDS <= len(words) <= MAX_WORDS:
        return False
    return any(
        sum(word in answer for word in words) >= MIN_RETOLD_SHARE * len(words) for answer in answers
    )


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
