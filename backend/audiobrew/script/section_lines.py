"""The lines of a section: suitable sentences, lists, tables, questions and answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from audiobrew.lang.language import language_or_default
from audiobrew.mail.code import holds_hash
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.block_shapes import (
    BULLET_COLUMN,
    is_enumeration,
    is_figure,
    is_label_of_list,
    is_label_text,
    is_note,
    is_step_heading,
    pieces_of,
    runs_of,
    without_links,
)
from audiobrew.script.framing import Form, forms_of
from audiobrew.script.interviews import (
    SPEAKER,
    is_spoken_name,
    label_of,
    name_of,
    speakers_of,
    without_stage_directions,
)
from audiobrew.script.lead_ins import is_lead_in
from audiobrew.script.line import Line, LineKind, Series
from audiobrew.script.line_collector import LineCollector
from audiobrew.script.page_references import (
    points_to_link,
    refers_to_page,
    without_last_link,
    without_page_remarks,
)
from audiobrew.script.sentence_filter import (
    MAX_SHORT_WORDS,
    clean_entry,
    clean_headline,
    clean_or_drop,
    clean_question,
    depends_on_paragraph,
    depends_on_previous,
    end_sentence,
    has_pronoun,
    is_aside,
    is_foreign,
    is_legend,
    is_prompt_injection,
    is_request,
    leaves_quotation_open,
    names_something,
    promises_answer,
)
from audiobrew.script.sentences import sentences
from audiobrew.script.speakability import is_code
from audiobrew.script.tables import (
    MAX_ENUMERATION_LENGTH,
    group_entries,
    say_table,
    without_end,
)

# Who is quoted, below a quotation.
ATTRIBUTION = re.compile(r"[—–―-]{1,2}\s?([^\W\d_].{1,120})")
MAX_ATTRIBUTION_WORDS = 10
# Words of a signature: `— Ed.`
MAX_SIGNATURE_WORDS = 3
QUOTATION_MARKS = ("“", "”", "„", "«", '"', "»", "‘", "'")
# A quotation and who said it, in one block. Without a dash, it is a name of two words or more.
_ATTRIBUTED = re.compile(
    r"([\"“„«»].{2,600}[\"”“»«])\s*(?:[—–―]\s?|-{1,2}\s)([^\W\d_][^\"“”„«»]{1,100})"
    r"|([\"“„«»].{2,600}[\"”“»«])\s+([A-ZÀ-ÞΑ-Ω][\w.’'-]{1,20}(?:\s[A-ZÀ-ÞΑ-Ω][\w.’'-]{1,20}){1,3})"
)
# What marks a question or an answer of a reader, outside an interview.
_INITIAL = re.compile(r"^(?:Q|A|F|R|P|D|V|O|В|О)\s?[:：]\s+(?=\S)")
# The label of a line: a word or two and a colon, at the start or after a space.
_FIELD = re.compile(r"(?<!\S)(?![a-zß-ÿ])[^\W\d_]{2,20}:(?=\s)")
SENTENCE_MARKS = tuple(".!?…,;。")
# Words of a sentence that needs the one before it in its paragraph if that is not told.
MAX_REST_WORDS = 6
# Words of a question outside an interview that only leads to its answer: `Canned beans?`
MAX_QUESTION_WORDS = 2


def lines_of(
    blocks: Sequence[Block],
    language: str,
    with_headlines: bool = False,
    only_speakable: bool = False,
) -> list[Line]:
    """The suitable sentences of a section, its lists and tables, and its headlines, in order.

    List items without a full stop are sentences, too; `with_headlines`, so are paragraphs. `only_speakable`:
    without those that cannot be understood by ear.
    """
    section = SectionLines(blocks, language, with_headlines, only_speakable)
    runs = list(runs_of(blocks))
    for run, following in zip_longest(runs, runs[1:]):
        if following and is_label_of_list(run, following):
            section.add_block(replace(run[0], kind=BlockKind.HEADING, level=6))
        elif is_enumeration(run):
            section.add_enumeration(run)
        elif not is_note(run, section.last_kind):
            section.add_run(run)
        section.last_kind = run[-1].kind
    return section.finish()


@dataclass
class SectionLines(LineCollector):
    """Collects the lines of one section from its blocks."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.speakers = speakers_of(self.blocks)

    def add_run(self, run: Sequence[Block]) -> None:
        """Add the blocks of a list of sentences, or one other block.

        An introduced list is told from its first entry on. The steps after a list of ingredients, or under a
        heading for steps, are told together.
        """
        is_list = run[0].kind is BlockKind.LIST_ITEM and len(run) > 1
        is_introduced = self.introduces()
        if self.label is not None:
            self.group = None
        previous = self.lines[-1] if self.lines else None
        starts_steps = self.label is not None and is_step_heading(self.label, self.language)
        follows = is_list and previous is not None and previous.series is not None
        if starts_steps or (follows and previous and previous.is_entry):
            self.start_steps()
        series = None
        if is_list and is_introduced and self.group is None:
            series = Series(self.lists, len(run))
            self.lists += 1
        for number, block in enumerate(run):
            self.add_block(block, goes_on=is_introduced and number > 0, series=series)
        if is_list:
            self.group = None

    def add_block(
        self, block: Block, *, goes_on: bool = False, series: Series | None = None
    ) -> None:
        """Add the sentences of a paragraph, list item or quotation.

        `goes_on`: it is a step or another entry of a list that cannot be told without the ones before.
        `series`: the list.
        """
        if self.add_special(block):
            return
        speaker, text = self.split_speaker(block)
        asks = block.role is BlockRole.QUESTION
        answers = block.role is BlockRole.ANSWER or (
            self.is_answer and block.role is None and block.kind is BlockKind.LIST_ITEM
        )
        text = without_stage_directions(text) if asks or answers else _INITIAL.sub("", text)
        kind = LineKind.QUESTION if asks else LineKind.ANSWER if answers else LineKind.SENTENCE
        if answers and self.is_unasked:
            self.gap = True
            return
        before = len(self.lines)
        labelled = self.label is not None and self.add_label()
        texts = list(self.tellable_texts(block, text, asks))
        # A paragraph may hold several short items: `Milk. Prices fell. Salt. The harvest was small.`
        has_labels = bool(texts) and is_label_text(texts[0][0])
        for number, (sentence, quoted) in enumerate(texts):
            if not sentence:
                self.gap = True
                continue
            is_label = has_labels and number + 1 < len(texts) and is_label_text(sentence)
            depends = quoted or (not is_label and depends_on_previous(sentence, self.language))
            depends |= number > 0 and (answers or depends_on_paragraph(sentence, self.language))
            depends |= number == 0 and (goes_on or labelled or (answers and self.is_answer))
            depends |= number > 0 and self.gap and not is_label and self.is_rest(sentence, block)
            line_text = sentence
            if answers and number == 0 and is_spoken_name(speaker) and speaker != self.last_speaker:
                name = name_of(speaker)
                is_first = not any(line.kind is LineKind.ANSWER for line in self.lines)
                is_known = is_first and any(name.split()[-1] in line.text for line in self.lines)
                line_text = sentence if is_known else f"{name}: {sentence}"
                self.last_speaker = speaker
            if depends and self.gap and series is not None and not asks:
                if number or quoted or depends_on_previous(sentence, self.language):
                    continue
                depends = False  # another entry of a list, of which one is left out
            awaits = asks or is_label or sentence.endswith((":", "："))
            awaits |= sentence.endswith("?") and count_words(sentence) <= MAX_QUESTION_WORDS
            self.add(
                line_text,
                [block.id],
                depends=depends and (not asks or self.leans_on_answer(sentence)),
                awaits=awaits,
                kind=kind,
                series=series,
                entries=int(series is not None and number == 0),
            )
            if number == 0 and sentence.endswith("?") and len(self.lines) == before and not asks:
                self.gap = True  # the rest answers a question that is not told
                break
        self.is_unasked = asks and len(self.lines) == before
        self.is_answer = (asks or answers) and len(self.lines) > before

    def add_special(self, block: Block) -> bool:
        """Add a block that is not told sentence by sentence. Returns False if it is none of these."""
        is_heading = block.kind is BlockKind.HEADING and block.role is not BlockRole.QUESTION
        is_paragraph = block.kind is BlockKind.PARAGRAPH and block.role is None
        if (is_heading or is_paragraph) and is_figure(block.text):
            text = end_sentence(clean_entry(block.text) or block.text)
            if is_paragraph:
                self.add_label()
            self.add(text, [block.id], awaits=True)
            return True
        if is_heading:
            self.label = block
            self.is_answer = False
            return True
        if block.role is BlockRole.CODE:
            self.add_code(block)
            return True
        return (
            block.role is BlockRole.CAPTION
            or self.add_attribution(block)
            or self.add_attributed(block)
            or self.add_fields(block)
            or self.add_pieces(block)
        )

    def add_attribution(self, block: Block) -> bool:
        """Say who is quoted before the quotation: `— Ada Brook` stands below it."""
        match = ATTRIBUTION.fullmatch(block.text.strip())
        if not match or count_words(match[1]) > MAX_ATTRIBUTION_WORDS:
            return False
        is_signature = block.role is None and count_words(match[1]) <= MAX_SIGNATURE_WORDS
        if not self.lines:
            return is_signature
        id = self.lines[-1].block
        first = next(place for place, line in enumerate(self.lines) if line.block == id)
        quotation = self.lines[first]
        if not quotation.text.startswith(QUOTATION_MARKS):
            return is_signature
        text = f"{match[1].rstrip('.')}: {quotation.text}"
        self.lines[first] = replace(quotation, text=text, blocks=(*quotation.blocks, block.id))
        return True

    def add_attributed(self, block: Block) -> bool:
        """Say who is quoted before the quotation, if both are in one block: `“No.” — Ada Brook`."""
        match = _ATTRIBUTED.fullmatch(block.text.strip())
        if not match:
            return False
        quotation, name = match[1] or match[3], match[2] or match[4]
        if count_words(name) > MAX_ATTRIBUTION_WORDS:
            return False
        if self.label is not None:
            self.add_label()
        parts = [one for one in sentences(quotation) if one]
        for number, part in enumerate(parts):
            text = part if number else f"{name.rstrip('.')}: {part}"
            ending = text if text.endswith(QUOTATION_MARKS) else end_sentence(text)
            self.add(ending, [block.id], depends=number > 0)
        return True

    def add_fields(self, block: Block) -> bool:
        """Add lines such as `Date: 5 December`, which a mail sets below each other in one paragraph."""
        text = block.text.strip()
        starts = [match.start() for match in _FIELD.finditer(text)]
        if len(starts) < 2 or starts[0] or block.role is not None or "://" in text:
            return False
        if any(text[:start].rstrip()[-1:] in SENTENCE_MARKS for start in starts[1:]):
            return False
        if self.speakers:
            return False
        fields = [text[a:b].strip() for a, b in pairwise([*starts, len(text)])]
        if any(len(field) > MAX_ENUMERATION_LENGTH for field in fields):
            return False
        if self.label is not None:
            self.add_label()
        series = Series(self.lists, len(fields))
        self.lists += 1
        for one in fields:
            if (text := clean_entry(one)) and self.is_clear(text):
                self.add(end_sentence(text), [block.id], depends=True, series=series, entries=1)
        return True

    def add_pieces(self, block: Block) -> bool:
        """Add a line such as `Serves 4 · Prep 20 min · Freezes? No`, without its questions."""
        pieces = pieces_of(block)
        if not pieces:
            return False
        texts = [text for piece in pieces if "?" not in piece and (text := clean_entry(piece))]
        text = end_sentence(", ".join(map(without_end, texts))) if texts else ""
        if len(texts) < 2 or not self.is_clear(text):
            self.gap = True
            return True
        if self.label is not None:
            self.add_label()
        self.add(text, [block.id])
        return True

    def add_code(self, block: Block) -> None:
        """Name the first code example of the section, unless the sentence before it only leads to it."""
        if self.lines and is_lead_in(self.lines[-1]):
            self.gap = True
            return
        forms = forms_of(self.language, Form.CODE)
        if forms and self.lines and not any(line.kind is LineKind.CODE for line in self.lines):
            text = forms[len(self.lines) % len(forms)]
            self.add(text, [block.id], depends=True, kind=LineKind.CODE)
        elif self.lines and self.lines[-1].awaits_next:
            self.lines.pop()
            self.gap = True

    def add_enumeration(self, run: Sequence[Block]) -> None:
        """Add the rows of a table, or the short entries of a list, several in a sentence."""
        # The row that names the column of a table with two columns.
        names = [block for block in run if block.role is BlockRole.CAPTION]
        heading = names[0].text.partition(": ")[2] if names else ""
        is_introduced = self.label is None and bool(self.lines and is_lead_in(self.lines[-1]))
        entries = [
            (text, block.id)
            for block in run
            if block.role is None
            and not is_prompt_injection(block.text)
            and (text := self.entry_text(block))
            and not holds_hash(text)
            and (block.kind is BlockKind.TABLE_ROW or self.is_clear_entry(text))
        ]
        listed = [block for block in run if block.role is None]
        if run[0].kind is BlockKind.LIST_ITEM and any(is_code(block.text) for block in listed):
            # Among names of commands, only entries of words are told, if most entries are.
            entries = [entry for entry in entries if not entry[0][:1].islower()]
            entries = entries if len(entries) * 2 >= len(listed) else []
        if not entries:
            self.gap = True
            return
        self.add_label()
        self.lists += 1
        kind = LineKind.ANSWER if self.is_answer else LineKind.SENTENCE
        if run[0].kind is BlockKind.TABLE_ROW:
            heads = [block.id for block in names]
            self.add_table(entries, kind, (heading, heads), is_introduced)
            return
        series = Series(self.lists, len(entries))
        for group in group_entries(entries):
            has_commas = any("," in text or "، " in text for text, _ in group)
            text = end_sentence(("; " if has_commas else ", ").join(text for text, _ in group))
            ids = [id for _, id in group]
            self.add(text, ids, depends=True, kind=kind, series=series, entries=len(group))

    def add_table(
        self,
        rows: Sequence[tuple[str, str]],
        kind: LineKind,
        heading: tuple[str, Sequence[str]],
        is_introduced: bool,
    ) -> None:
        """Add the rows of a table that are told, each as a sentence.

        `heading` is the name of its only column, and the blocks that say it.
        """
        table = say_table(
            [text for text, _ in rows],
            self.language,
            heading=heading[0],
            is_introduced=is_introduced,
        )
        series = Series(self.lists, len(table), is_table=True)
        before = len(self.lines)
        for text, row in table:
            sentence = end_sentence(without_end(text))
            if not self.is_clear(sentence):
                continue
            ids = [rows[row][1], *heading[1]]
            self.add(sentence, ids, depends=True, kind=kind, series=series, entries=1)
        self.gap = self.gap or len(self.lines) == before

    def entry_text(self, block: Block) -> str:
        """An entry of a list or a row of a table; empty if it cannot be understood by ear."""
        text = without_last_link(block, BULLET_COLUMN.sub("", block.text))
        text = without_page_remarks(text, self.language)
        if refers_to_page(text, self.language) or points_to_link(block, text):
            return ""
        return clean_entry(text)

    def is_rest(self, sentence: str, block: Block) -> bool:
        """Whether a sentence says too little if the one before it in its paragraph is not told."""
        if not names_something(sentence, self.language) or has_pronoun(sentence, self.language):
            return True
        if self.lines and self.lines[-1].block == block.id:
            return count_words(sentence) <= MAX_SHORT_WORDS
        articles = language_or_default(self.language).structure.definite_articles
        first = sentence.split(maxsplit=1)[0].casefold()
        return first in articles or count_words(sentence) <= MAX_REST_WORDS

    def split_speaker(self, block: Block) -> tuple[str, str]:
        """Who speaks in an interview, and what they say."""
        text = block.text.lstrip("*")
        match = SPEAKER.match(text)
        speaker = label_of(text)
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
        text = without_last_link(block, without_links(block, text))
        is_headline = block.role in (BlockRole.LINK, BlockRole.IMAGE)
        may_be_headline = block.kind is BlockKind.LIST_ITEM or self.with_headlines
        quoted = False
        for sentence in [text] if is_headline else sentences(text):
            if is_legend(sentence):
                continue
            if promises_answer(sentence):
                yield "", False
                return
            if is_aside(sentence, self.language):
                continue
            if is_prompt_injection(sentence):
                yield "", False
                return  # the rest of the block belongs to it
            plain = without_page_remarks(sentence, self.language)
            # Steps are told together, also with references to each other.
            needs_page = self.group is None and refers_to_page(plain, self.language)
            if needs_page or points_to_link(block, plain):
                yield "", quoted
                quoted = leaves_quotation_open(sentence, quoted)
                continue
            cleaned = "" if is_headline else clean_or_drop(plain)
            if not cleaned and (is_headline or (may_be_headline and sentence == text)):
                cleaned = clean_headline(plain)
            suitable = (
                self.is_clear(cleaned)
                and not (self.only_speakable and self.group is None and is_code(sentence))
                and not holds_hash(cleaned)
                and not is_request(cleaned, self.language)
                and not is_foreign(cleaned, self.language)
            )
            yield (cleaned if suitable else ""), quoted
            quoted = leaves_quotation_open(sentence, quoted)
