"""A newsletter divided into items, and an item into sentences that can be told."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise

from audiobrew.mail.code import holds_hash
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Newsletter
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.sentence_filter import (
    clean_headline,
    clean_or_drop,
    clean_question,
    clean_table_row,
    depends_on_previous,
    is_prompt_injection,
    spoken_length,
)
from audiobrew.script.sentences import sentences

# Characters of one newsletter that are considered: several times what the longest episode can tell.
# Without this limit, a hostile newsletter took a minute, and delayed a server's shutdown.
MAX_CHARACTERS = 300_000
# Characters. A section with less text to tell is not an item.
MIN_ITEM_CHARACTERS = 70
MAX_TITLE_LENGTH = 90
# A heading with fewer words, such as “And finally”, tells a listener nothing.
MIN_HEADING_WORDS = 3
# Rows of a table that is told. A larger one cannot be followed by ear.
MAX_TABLE_ROWS = 8
# What is shown to the listener, but is not news.
_SILENT_ROLES = (BlockRole.CODE, BlockRole.IMAGE, BlockRole.CAPTION, BlockRole.BYLINE)
# Who speaks, before what they say in an interview.
_SPEAKER = re.compile(r"\s{0,3}([^\W\d_](?:[\w.-]{0,20} ?){1,3}|[^\W\d_]{1,2})\s?[:：]\s+(?=\S)")
_LIST_NUMBER = re.compile(r"^\s*(?:\d{1,2}|[ivxIVX]{1,4})[.):]\s+")
_WORD = re.compile(r"\w+")
# The first word of a sentence has a capital in any case.
_WORD_WITHIN_SENTENCE = re.compile(r"(?<=[^.!?:…\s] )\w+|(?<=[^.!?:…\s]  )\w+|(?<=[(“„«\"-])\w+")
_DECORATION = re.compile(r"^[^\w<\"“„«¿¡(\[]+|(?<![\s–—:|•·→»])[\s–—:|•·→»]++$|\s>++$")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence to tell, the ids of the blocks that it is from, and its place in the item, from 0.

    With `depends_on_previous` it can be understood only after the line before it. With `awaits_next` it is
    told only together with the line after it, as a question is with its answer.
    """

    text: str
    blocks: tuple[str, ...]
    place: int
    depends_on_previous: bool
    awaits_next: bool = False

    @property
    def block(self) -> str:
        """The first block. A sentence that a mail contains literally has only one."""
        return self.blocks[0]


@dataclass(frozen=True, slots=True)
class Item:
    """What a newsletter tells under one heading. `place` is the section's number in the newsletter.

    `headlines`: whether it is a list of links, which says less than a story. A model adds how much the story
    matters to this listener (`value`, 0 to 10), a `hook` for the start of the show, and whether it is an
    essay.
    """

    title: str
    newsletter: Newsletter
    place: int
    lines: tuple[Line, ...]
    language: str
    headlines: bool = False
    value: float | None = None
    hook: Line | None = None
    essay: bool = False

    @property
    def characters(self) -> int:
        return sum(len(line.text) + 1 for line in self.lines)


@lru_cache(maxsize=256)
def items_of(newsletter: Newsletter) -> tuple[Item, ...]:
    """The newsletter's items in order. Sections with too little to tell are left out."""
    items = []
    uncut_blocks = tellable_blocks(newsletter.uncut_blocks)
    for place, (heading, blocks) in enumerate(sections_of(truncate(uncut_blocks))):
        lines = tuple(lines_of(blocks, newsletter.language))
        if text_length(lines) < MIN_ITEM_CHARACTERS:
            lines = tuple(lines_of(blocks, newsletter.language, with_headlines=True))
        lines = prepend_heading(heading, lines)
        if text_length(lines) >= MIN_ITEM_CHARACTERS:
            words = " ".join(block.text for block in blocks)
            texts = (heading.text if heading else "", newsletter.subject, lines[0].text)
            titles = (clean_title(text, words) for text in texts)
            title = next((shorten(one) for one in titles if len(one) >= 3), None)
            title = title or spoken_name(newsletter)
            headlines = sum(block.role is BlockRole.LINK for block in blocks) * 2 > len(blocks)
            items.append(Item(title, newsletter, place, lines, newsletter.language, headlines))
    return tuple(items)


def text_length(lines: Iterable[Line]) -> int:
    return sum(spoken_length(line.text) for line in lines)


def tellable_blocks(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without code, bylines and captions; the texts of images only if there is nothing else."""
    tellable = [block for block in blocks if block.role not in _SILENT_ROLES]
    return tellable or [block for block in blocks if block.role is BlockRole.IMAGE]


def truncate(blocks: Iterable[Block]) -> Iterator[Block]:
    """The first blocks, with about `MAX_CHARACTERS` characters."""
    remaining = MAX_CHARACTERS
    for block in blocks:
        if remaining <= 0:
            return
        yield block
        remaining -= len(block.text)


def sections_of(blocks: Iterable[Block]) -> Iterator[tuple[Block | None, list[Block]]]:
    """Each heading with the blocks below it; the first section has no heading.

    Of headings in a row, the last one that can be a title counts.
    """
    heading: Block | None = None
    body: list[Block] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING and block.role is not BlockRole.QUESTION:
            if heading and not body and is_title(heading.text) and not is_title(block.text):
                continue
            yield heading, body
            heading, body = block, []
        else:
            body.append(block)
    yield heading, body


def is_title(text: str) -> bool:
    """Whether a heading says what its section is about: a kicker or a price does not."""
    words = [word for word in re.split(r"[^\w]+", text) if any(map(str.isalpha, word))]
    return len(words) >= MIN_HEADING_WORDS or count_words(text) > max(len(words), MIN_HEADING_WORDS)


def lines_of(
    blocks: Sequence[Block], language: str, with_headlines: bool = False
) -> Iterator[Line]:
    """The suitable sentences of a section, the rows of its small tables, and its headlines.

    List items without a full stop are sentences, too; `with_headlines`, so are paragraphs.
    """
    headline_kinds = {BlockKind.LIST_ITEM} | ({BlockKind.PARAGRAPH} if with_headlines else set())
    place = 0
    is_answer = False
    speakers = speakers_of(blocks)
    for table, run in groupby(blocks, key=lambda block: block.kind is BlockKind.TABLE_ROW):
        if table:
            rows = list(run)
            if len(rows) <= MAX_TABLE_ROWS:
                for row in rows:
                    if text := clean_table_row(row.text):
                        # A table is told from its first row, after what introduces it.
                        yield Line(text, (row.id,), place, depends_on_previous=True)
                        place += 1
            continue
        for block in run:
            asks = block.role is BlockRole.QUESTION
            texts = list(tellable_texts(block, speakers, block.kind in headline_kinds))
            for number, text in enumerate(texts):
                depends = (is_answer and number == 0) or depends_on_previous(text, language)
                yield Line(text, (block.id,), place, depends and not asks, awaits_next=asks)
                place += 1
            is_answer = asks and bool(texts)


def tellable_texts(block: Block, speakers: frozenset[str], may_be_headline: bool) -> Iterator[str]:
    """The sentences of one block that are suitable, or its question or headline."""
    text = strip_speaker(block.text, speakers)
    is_headline = block.role in (BlockRole.LINK, BlockRole.IMAGE)
    whole = is_headline or block.role is BlockRole.QUESTION
    for sentence in [text] if whole else sentences(text):
        if is_prompt_injection(sentence):
            return  # the rest of the block belongs to it
        if block.role is BlockRole.QUESTION:
            cleaned = clean_question(sentence)
        else:
            cleaned = "" if is_headline else clean_or_drop(sentence)
            if not cleaned and (is_headline or (may_be_headline and sentence == text)):
                cleaned = clean_headline(sentence)
        if cleaned and not holds_hash(cleaned):
            yield cleaned


def speakers_of(blocks: Sequence[Block]) -> frozenset[str]:
    """The names or initials before the questions of an interview and before their answers."""
    pairs = [
        one for one in pairwise(blocks) if one[0].role is BlockRole.QUESTION and one[1].role is None
    ]
    matches = [_SPEAKER.match(block.text.lstrip("*")) for pair in pairs for block in pair]
    labels = Counter(match[1] for match in matches if match)
    return frozenset(label for label, count in labels.items() if count > 1 or len(label) <= 2)


def strip_speaker(text: str, speakers: frozenset[str]) -> str:
    """The text without the name before it, if that is a speaker's."""
    match = _SPEAKER.match(text.lstrip("*"))
    return text.lstrip("*")[match.end() :] if match and match[1] in speakers else text


def prepend_heading(heading: Block | None, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Add the heading as the first line if the first sentence refers to it (“It is called Lantern.”)."""
    if heading is None or not lines or not lines[0].depends_on_previous:
        return lines
    title = clean_title(heading.text)
    too_short, too_long = len(title.split()) < MIN_HEADING_WORDS, len(title) > MAX_TITLE_LENGTH
    if too_short or too_long or is_prompt_injection(heading.text):
        return lines
    text = title if title[-1] in ".!?…" else f"{title}."
    following = (replace(line, place=line.place + 1) for line in lines)
    return (Line(text, (heading.id,), 0, depends_on_previous=False), *following)


def clean_title(text: str, body: str = "") -> str:
    """The text without list number and decoration, on one line, and not all in capitals.

    Words of a title in capitals are written as in the body, so that names and acronyms stay.
    """
    title = " ".join(_DECORATION.sub("", _LIST_NUMBER.sub("", text)).split())
    words = title.split()
    if not title.isupper() or len(words) <= 1:
        return title
    forms: dict[str, str] = {}
    for match in _WORD_WITHIN_SENTENCE.finditer(body[:20_000]):
        word = match[0]
        if word.islower() or word.casefold() not in forms:
            forms[word.casefold()] = word
    lowered = _WORD.sub(lambda match: forms.get(match[0].casefold(), match[0].lower()), title)
    return lowered[:1].upper() + lowered[1:]


def shorten(title: str) -> str:
    """Cut a title that is too long at the end of a word."""
    if len(title) <= MAX_TITLE_LENGTH:
        return title
    return title[:MAX_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"
