"""The lines of a section: suitable sentences, lists, tables, questions and answers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from statistics import median

from audiobrew.mail.code import holds_hash
from audiobrew.mail.cuts.mail_context import coverage
from audiobrew.mail.cuts.phrases import Phrases, compile_phrases
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.framing import Form, forms_of
from audiobrew.script.line import Line, LineKind, Series
from audiobrew.script.sentence_filter import (
    SENTENCE_ENDS,
    clean_entry,
    clean_headline,
    clean_or_drop,
    clean_question,
    depends_on_previous,
    end_sentence,
    is_prompt_injection,
    spoken_length,
)
from audiobrew.script.sentences import sentences
from audiobrew.script.titles import NUMBER_ONLY, heading_line

# A larger table is told up to this row: the others cannot be followed by ear.
MAX_TABLE_ROWS = 8
ROWS_OF_LARGE_TABLE = 5
# Characters. The entries of a list that are shorter, most of them, are told several in a sentence.
MAX_ENTRY_LENGTH = 60
MAX_ENUMERATION_LENGTH = 190
# Phrases of newsletters that make up this share of a sentence that is no news.
_REQUESTS = ("requests", "unsubscribe", "advertise", "view_in_browser", "rights")
MIN_REQUEST_SHARE = 0.55
# Words of a sentence that is a request if it only begins with such a phrase.
MAX_REQUEST_WORDS = 9
# Who speaks, before what they say in an interview.
_SPEAKER = re.compile(
    r"\s{0,3}([^\W\d_](?:[\w.’'-]{0,20} ?){1,3}(?:& (?:[\w.’'-]{1,20} ?){1,3})?|[^\W\d_]{1,2})"
    r"\s?[:：]\s+(?=\S)|"
    r"\s{0,3}([QAFPRDVОВ])\.\s+(?=\S)"
)
# Initials for a question and its answer, in English, German, French, Spanish, Italian, Dutch and Russian.
_INITIALS = (("Q", "A"), ("F", "A"), ("Q", "R"), ("P", "R"), ("D", "R"), ("V", "A"), ("В", "О"))
# Who is quoted, below a quotation.
_ATTRIBUTION = re.compile(r"[—–―-]{1,2}\s?([^\W\d_].{1,120})")
MAX_ATTRIBUTION_WORDS = 10
QUOTATION_MARKS = ("“", "„", "«", '"', "»", "‘", "'")
# A bullet that a mail sets in a column of its own.
_BULLET_COLUMN = re.compile(r"^[^\w\s]{1,3}\s?:\s")


def lines_of(blocks: Sequence[Block], language: str, with_headlines: bool = False) -> list[Line]:
    """The suitable sentences of a section, its lists and tables, and its headlines, in order.

    List items without a full stop are sentences, too; `with_headlines`, so are paragraphs.
    """
    section = SectionLines(blocks, language, with_headlines)
    for run in runs_of(blocks):
        if is_enumeration(run):
            section.add_enumeration(run)
        else:
            is_introduced = section.introduces()
            for number, block in enumerate(run):
                section.add_block(block, goes_on=is_introduced and number > 0)
    return section.finish()


def runs_of(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Consecutive blocks that are list items or rows of a table, and every other block alone."""
    run: list[Block] = []
    for block in blocks:
        is_entry = block.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW) and block.role is None
        if run and (not is_entry or block.kind is not run[0].kind):
            yield run
            run = []
        if is_entry:
            run.append(block)
        else:
            yield [block]
    if run:
        yield run


def is_enumeration(run: Sequence[Block]) -> bool:
    """Whether a run of blocks is a table or a list of short entries, not of sentences."""
    first = run[0]
    if first.kind is BlockKind.TABLE_ROW:
        texts = [_BULLET_COLUMN.sub("", block.text) for block in run]
        bullets = sum(text != block.text for text, block in zip(texts, run, strict=True))
        return bullets * 2 <= len(run) and median(map(len, texts)) <= 2 * MAX_ENUMERATION_LENGTH
    if first.kind is not BlockKind.LIST_ITEM or len(run) < 2:
        return False
    ended = sum(block.text.rstrip().endswith(SENTENCE_ENDS) for block in run)
    return (
        ended * 2 < len(run)
        and median(spoken_length(block.text) for block in run) <= MAX_ENTRY_LENGTH
    )


@dataclass
class SectionLines:
    """Collects the lines of one section."""

    blocks: Sequence[Block]
    language: str
    with_headlines: bool
    lines: list[Line] = field(default_factory=list)
    # Whether the text before the next line is not told, so that a line that depends on it cannot be.
    gap: bool = False
    # A heading within the section, which is told before what follows it.
    label: Block | None = None
    is_answer: bool = False
    lists: int = 0
    last_speaker: str = ""

    def __post_init__(self) -> None:
        self.speakers = speakers_of(self.blocks)

    def add(
        self,
        text: str,
        blocks: Iterable[str],
        *,
        depends: bool = False,
        awaits: bool = False,
        kind: LineKind = LineKind.SENTENCE,
        series: Series | None = None,
        entries: int = 0,
    ) -> None:
        """Add a line, unless it depends on one that is missing."""
        if depends and self.gap and series is None:
            return
        place = len(self.lines)
        line = Line(text, tuple(blocks), place, depends, awaits, kind, series, entries)
        self.lines.append(line)
        self.gap = False

    def finish(self) -> list[Line]:
        """The lines. One that awaits a line that does not come is left out."""
        while self.lines and self.lines[-1].awaits_next:
            self.lines.pop()
        return self.lines

    def add_label(self) -> bool:
        """Add the heading within the section, if there is one with words."""
        label, self.label = self.label, None
        line = heading_line(label, "", is_label=True)
        if line is None or label is None or NUMBER_ONLY.fullmatch(label.text.strip()):
            return False
        # What follows a list, as the steps of a recipe follow its ingredients, is not told without it.
        depends = bool(self.lines and self.lines[-1].series)
        self.add(line.text, line.blocks, depends=depends, awaits=True)
        return True

    def introduces(self) -> bool:
        """Whether what comes next belongs to a heading within the section or to a colon."""
        return self.label is not None or bool(self.lines and self.lines[-1].awaits_next)

    def add_block(self, block: Block, *, goes_on: bool = False) -> None:
        """Add the sentences of a paragraph, list item or quotation.

        `goes_on`: it is a step or another entry of a list that cannot be told without the ones before.
        """
        if block.kind is BlockKind.HEADING and block.role is not BlockRole.QUESTION:
            self.label = block
            return
        if block.role is BlockRole.CODE:
            self.add_code(block)
            return
        if self.add_attribution(block):
            return
        speaker, text = self.split_speaker(block)
        asks = block.role is BlockRole.QUESTION or (
            speaker in question_initials(self.speakers) and text.endswith(("?", "？"))
        )
        answers = (self.is_answer or speaker in answer_initials(self.speakers)) and not asks
        kind = LineKind.QUESTION if asks else LineKind.ANSWER if answers else LineKind.SENTENCE
        before = len(self.lines)
        labelled = self.label is not None and self.add_label()
        for number, (sentence, quoted) in enumerate(self.tellable_texts(block, text, asks)):
            if not sentence:
                self.gap = True
                continue
            depends = quoted or depends_on_previous(sentence, self.language)
            depends |= number == 0 and (goes_on or labelled or (answers and self.is_answer))
            line_text = sentence
            if answers and number == 0 and len(speaker) > 2 and speaker != self.last_speaker:
                line_text = f"{speaker}: {sentence}"
                self.last_speaker = speaker
            awaits = asks or sentence.endswith((":", "："))
            self.add(line_text, [block.id], depends=depends and not asks, awaits=awaits, kind=kind)
        self.is_answer = asks and len(self.lines) > before

    def add_attribution(self, block: Block) -> bool:
        """Say who is quoted before the quotation: `— Ada Brook` stands below it."""
        match = _ATTRIBUTION.fullmatch(block.text.strip())
        if not match or not self.lines or count_words(match[1]) > MAX_ATTRIBUTION_WORDS:
            return False
        id = self.lines[-1].block
        first = next(place for place, line in enumerate(self.lines) if line.block == id)
        quotation = self.lines[first]
        if not quotation.text.startswith(QUOTATION_MARKS):
            return False
        text = f"{match[1].rstrip('.')}: {quotation.text}"
        self.lines[first] = replace(quotation, text=text, blocks=(*quotation.blocks, block.id))
        return True

    def add_code(self, block: Block) -> None:
        """Name the first code example of the section, after the sentence before it."""
        forms = forms_of(self.language, Form.CODE)
        if forms and self.lines and not any(line.kind is LineKind.CODE for line in self.lines):
            text = forms[len(self.lines) % len(forms)]
            self.add(text, [block.id], depends=True, kind=LineKind.CODE)
        elif self.lines and self.lines[-1].awaits_next:
            self.lines.pop()
            self.gap = True

    def add_enumeration(self, run: Sequence[Block]) -> None:
        """Add the rows of a table or the short entries of a list, several in a sentence."""
        is_table = run[0].kind is BlockKind.TABLE_ROW
        entries = [
            (text, block.id)
            for block in run
            if not is_prompt_injection(block.text)
            and (text := clean_entry(_BULLET_COLUMN.sub("", block.text)))
            and not holds_hash(text)
        ]
        if is_table:
            texts = without_needless_headers([text for text, _ in entries])
            entries = [(text, id) for text, (_, id) in zip(texts, entries, strict=True)]
        series = Series(self.lists, len(entries))
        self.lists += 1
        large = is_table and len(entries) > MAX_TABLE_ROWS
        visible = entries[:ROWS_OF_LARGE_TABLE] if large else entries
        if not visible:
            self.gap = True
            return
        if self.label is not None:
            self.add_label()
        for group in group_entries(visible):
            separator = "; " if any("," in text or "، " in text for text, _ in group) else ", "
            text = end_sentence(separator.join(text for text, _ in group))
            ids = [id for _, id in group]
            self.add(text, ids, depends=True, series=series, entries=len(group))
        self.is_answer = False

    def split_speaker(self, block: Block) -> tuple[str, str]:
        """Who speaks in an interview, and what they say."""
        text = block.text.lstrip("*")
        match = _SPEAKER.match(text)
        speaker = (match[1] or match[2]).strip() if match else ""
        if match and speaker in self.speakers:
            return speaker, text[match.end() :].lstrip("* ")
        return "", block.text

    def tellable_texts(self, block: Block, text: str, asks: bool) -> Iterator[tuple[str, bool]]:
        """The sentences of one block, or its question or headline, and whether each is within a quotation.

        What is not suitable is an empty text.
        """
        if asks:
            yield clean_question(text), False
            return
        is_headline = block.role in (BlockRole.LINK, BlockRole.IMAGE)
        may_be_headline = block.kind is BlockKind.LIST_ITEM or self.with_headlines
        quoted = False
        for sentence in [text] if is_headline else sentences(text):
            if is_prompt_injection(sentence):
                yield "", False
                return  # the rest of the block belongs to it
            cleaned = "" if is_headline else clean_or_drop(sentence)
            if not cleaned and (is_headline or (may_be_headline and sentence == text)):
                cleaned = clean_headline(sentence)
            suitable = not holds_hash(cleaned) and not is_request(cleaned, self.language)
            yield (cleaned if suitable else ""), quoted
            quoted = leaves_quotation_open(sentence, quoted)


@lru_cache(maxsize=4096)
def is_request(sentence: str, language: str) -> bool:
    """Whether a sentence only asks the reader for something: to share, to reply, to subscribe."""
    patterns = filter(None, (compile_phrases(language, purpose) for purpose in _REQUESTS))
    is_short = count_words(sentence) <= MAX_REQUEST_WORDS
    return any(
        coverage(Phrases([pattern]), sentence) >= MIN_REQUEST_SHARE
        or (is_short and pattern.match(sentence))
        for pattern in patterns
    )


def leaves_quotation_open(sentence: str, is_open: bool) -> bool:
    """Whether a quotation goes on in the next sentence.

    German closes a quotation with the mark that English opens one with.
    """
    for character in sentence:
        if character == "”":
            is_open = False
        elif character in '“„«»"':
            is_open = not is_open
    return is_open


def without_needless_headers(rows: Sequence[str]) -> list[str]:
    """The rows of a table without the headers of columns that hold no figures: `1: Team Carrow, Points 31`.

    A row repeats the header before each cell, so the header is what the cells of a column begin with.
    """
    split_rows = [row.partition(": ") for row in rows]
    cells = [rest.split(", ") for _, _, rest in split_rows]
    if len(rows) < 2 or len({len(row) for row in cells}) > 1:
        return list(rows)
    columns = [strip_header(column) for column in zip(*cells, strict=True)]
    return [
        head + colon + ", ".join(row)
        for (head, colon, _), row in zip(split_rows, zip(*columns, strict=True), strict=True)
    ]


def strip_header(column: Sequence[str]) -> Sequence[str]:
    """The cells of a column without the words with which all begin, unless there are figures."""
    if any(map(str.isdigit, "".join(column))):
        return column
    words = [cell.split() for cell in column]
    common = 0
    for parts in zip(*words, strict=False):
        if len(set(parts)) > 1:
            break
        common += 1
    is_header = 0 < common < min(map(len, words))
    return [" ".join(part[common:]) for part in words] if is_header else column


def group_entries(entries: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Entries that fit into one sentence that can be followed by ear."""
    group: list[tuple[str, str]] = []
    length = 0
    for text, id in entries:
        if group and length + len(text) > MAX_ENUMERATION_LENGTH:
            yield group
            group, length = [], 0
        group.append((text.rstrip(".;,"), id))
        length += len(text) + 2
    if group:
        yield group


def speakers_of(blocks: Sequence[Block]) -> frozenset[str]:
    """The names or initials before the questions of an interview and before their answers."""
    pairs = [
        one for one in pairwise(blocks) if one[0].role is BlockRole.QUESTION and one[1].role is None
    ]
    matches = [_SPEAKER.match(block.text.lstrip("*")) for pair in pairs for block in pair]
    labels = Counter((match[1] or match[2]).strip() for match in matches if match)
    repeated = {label for label, count in labels.items() if count > 1 or len(label) <= 2}
    every = (_SPEAKER.match(block.text.lstrip("*")) for block in blocks)
    firsts = {(match[1] or match[2]).strip() for match in every if match}
    initials = {label for pair in _INITIALS if firsts.issuperset(pair) for label in pair}
    return frozenset(repeated | initials)


def question_initials(speakers: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one, other in _INITIALS if speakers.issuperset((one, other)))


def answer_initials(speakers: frozenset[str]) -> frozenset[str]:
    return frozenset(other for one, other in _INITIALS if speakers.issuperset((one, other)))
