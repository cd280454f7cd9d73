"""What the shape of blocks and their texts says about them: lists, labels, figures, links."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import median

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.lang.language import language_or_default
from audiobrew.mail.cuts.credits import SOURCES
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.list_entries import MAX_ENUMERATION_LENGTH
from audiobrew.script.sentence_filter import end_sentence, opens_with_reference, spoken_length
from audiobrew.script.sentences import sentences
from audiobrew.script.titles import clean_title

# Characters. The entries of a list that are shorter, most of them, are told several in a sentence.
MAX_ENTRY_LENGTH = 60
# A heading that is a figure, with its unit.
_FIGURE = re.compile(r"[$€£+−~≈-]?\s?\d[\d.,\s]{0,14}\s?[^\W\d_]{0,8}\s?[%€$£°‰]?[CF]?")
MAX_LABEL_WORDS = 2
# Words of a paragraph that is the title of the list or table after it: `For the bottom`.
MAX_LIST_LABEL_WORDS = 6
# Words of a paragraph that begins with the source of a table or a chart, and is only about that.
MAX_NOTE_WORDS = 25
# The mark of a note below a table.
_NOTE_MARK = re.compile(r"(?:[*†‡]{1,3}|[¹²³⁴-⁹]{1,2})\s?(?=[^\W_])")
# The ends of sentences in a list: an entry may end with a bracket, too.
LIST_ENDS = tuple(".!?…。！？।؟")
# A bullet that a mail sets in a column of its own.
BULLET_COLUMN = re.compile(r"^[^\w\s]{1,3}\s?:\s")
_PIECES = re.compile(r"(?<!\s)\s++[·•|∙●]\s++")
# Pieces of a line that are told like entries of a list, and their words.
MIN_PIECES, MAX_PIECE_WORDS = 3, 9
# Ingredients and steps of a list without a heading between them.
MIN_PARTS = 3
# Sentences of a log, and the words of one of its readings.
MIN_READINGS, MAX_READING_WORDS = 4, 5
_BESIDE = re.compile(r"\s[·•|]\s")


def runs_of(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Consecutive blocks that are list items or rows of a table, and every other block alone.

    The row that names the columns begins a table.
    """
    run: list[Block] = []
    for block in blocks:
        names_columns = block.kind is BlockKind.TABLE_ROW and block.role is BlockRole.CAPTION
        is_entry = names_columns or (
            block.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW) and block.role is None
        )
        if run and (not is_entry or names_columns or block.kind is not run[0].kind):
            yield run
            run = []
        if is_entry:
            run.append(block)
        else:
            yield [block]
    if run:
        yield run


def split_steps(run: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """A list as it is, or its entries and the sentences after them: ingredients, and the steps below."""
    ends = [block.text.rstrip(' "”’»)').endswith(LIST_ENDS) for block in run]
    start = next((number for number, ended in enumerate(ends) if ended), 0)
    is_list = run[0].kind is BlockKind.LIST_ITEM
    if is_list and start >= MIN_PARTS and len(run) - start >= MIN_PARTS and all(ends[start:]):
        yield run[:start]
        yield run[start:]
    else:
        yield run


def is_enumeration(run: Sequence[Block]) -> bool:
    """Whether a run of blocks is a table or a list of short entries, not of sentences."""
    first = run[0]
    if first.kind is BlockKind.TABLE_ROW:
        texts = [BULLET_COLUMN.sub("", block.text) for block in run]
        bullets = sum(text != block.text for text, block in zip(texts, run, strict=True))
        return bullets * 2 <= len(run) and median(map(len, texts)) <= 2 * MAX_ENUMERATION_LENGTH
    if first.kind is not BlockKind.LIST_ITEM or len(run) < 2:
        return False
    ended = sum(block.text.rstrip(' "”’»)').endswith(LIST_ENDS) for block in run)
    return (
        ended * 2 < len(run)
        and median(spoken_length(block.text) for block in run) <= MAX_ENTRY_LENGTH
    )


def is_label_of_list(run: Sequence[Block], following: Sequence[Block]) -> bool:
    """Whether a short paragraph is the title of the list or table that follows it."""
    block = run[0]
    text = block.text.strip()
    return (
        len(run) == 1
        and len(following) > 1
        and block.kind is BlockKind.PARAGRAPH
        and block.role is None
        and following[0].kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
        and text[-1:].isalnum()
        and text[:1].isupper()
        and 0 < count_words(text) <= MAX_LIST_LABEL_WORDS
        and not _BESIDE.search(text)
    )


def is_text(block: Block) -> bool:
    """Whether a block is a paragraph of the newsletter's own text."""
    return block.kind is BlockKind.PARAGRAPH and block.role is None


def is_log(texts: Sequence[str]) -> bool:
    """Whether the sentences of a text are readings and dates: `Tue 13. 1.4 / –9. Pipe burst. Wed 14.`"""
    readings = [
        any(map(str.isdigit, text))
        and ":" not in text
        and len(text.split()) <= MAX_READING_WORDS
        and FUNCTION_WORDS.isdisjoint(word.strip(".,;").casefold() for word in text.split())
        for text in texts
    ]
    return len(texts) >= MIN_READINGS and sum(readings) * 2 >= len(texts)


def refers_back(block: Block, language: str) -> bool:
    """Whether a paragraph begins with a reference to what stands before it: `That is how many …`"""
    first = next(iter(sentences(block.text)), "") if is_text(block) else ""
    return bool(first) and opens_with_reference(first, language)


def is_note(run: Sequence[Block], last_kind: BlockKind | None) -> bool:
    """Whether a short text is a note for the eyes: where figures are from, or what an asterisk means.

    `last_kind` is the kind of the block before it: below a table, an asterisk looks like a bullet.
    """
    block = run[0]
    if len(run) > 1 or block.role is not None or count_words(block.text) > MAX_NOTE_WORDS:
        return False
    if block.kind is BlockKind.LIST_ITEM:
        return last_kind is BlockKind.TABLE_ROW
    is_paragraph = block.kind is BlockKind.PARAGRAPH
    return is_paragraph and bool(SOURCES.match(block.text) or _NOTE_MARK.match(block.text))


def pieces_of(block: Block) -> list[str]:
    """The pieces of a line such as `Serves 4 · Prep 20 min · Freezes? No`; none of other texts."""
    pieces = [piece.strip() for piece in _PIECES.split(block.text)]
    is_line = block.role is None and not block.links and block.kind is BlockKind.PARAGRAPH
    short = len(pieces) >= MIN_PIECES and max(map(count_words, pieces)) <= MAX_PIECE_WORDS
    return pieces if is_line and short else []


def without_links(block: Block, text: str) -> str:
    """The text without links that stand beside each other, as a list of other articles or a button does."""
    parts = _BESIDE.split(text)
    labels = {link.text.strip(" .") for link in block.links}
    if len(parts) < 2 or not labels:
        return text
    own = [part for part in parts if part.strip(" .") not in labels]
    is_list = len(parts) - len(own) > 1 or (len(own) < len(parts) and len(block.links) > 1)
    return "" if is_list else end_sentence(" · ".join(own))


def is_label_text(sentence: str) -> bool:
    """Whether the first sentence of a block is only its subject: `Bakery.`, `Lost dog.`"""
    words = sentence.rstrip(".!?…").split()
    return (
        sentence.endswith(".")
        and 0 < len(words) <= MAX_LABEL_WORDS
        and not any(map(str.isdigit, sentence))
        and words[0].casefold() not in FUNCTION_WORDS
    )


def is_figure(text: str) -> bool:
    """Whether a heading is a figure, which the paragraph below it explains: `61%`, `1.2 million`."""
    return text[:1] in "$€£+-−~≈" + "0123456789" and bool(_FIGURE.fullmatch(text.strip()))


def is_step_heading(heading: Block, language: str) -> bool:
    patterns = step_headings(language)
    return bool(
        patterns and patterns.fullmatch(clean_title(heading.text).casefold().strip(" :.?!…"))
    )


@cache
def step_headings(language: str) -> re.Pattern[str] | None:
    patterns = language_or_default(language).structure.step_headings
    return re.compile("|".join(patterns)) if patterns else None
