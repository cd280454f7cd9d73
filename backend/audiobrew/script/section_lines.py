"""The lines of a section: suitable sentences, lists, tables, questions and answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from audiobrew.mail.code import holds_hash
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.announcements import with_announced
from audiobrew.script.block_shapes import (
    BULLET_COLUMN,
    is_enumeration,
    is_figure,
    is_label_of_list,
    is_label_text,
    is_log,
    is_note,
    is_step_heading,
    is_text,
    refers_back,
    runs_of,
    split_steps,
    without_links,
)
from audiobrew.script.clarity import Clarity
from audiobrew.script.independence import (
    begins_with_name,
    is_independent,
    is_remark,
    only_appeals,
)
from audiobrew.script.interviews import (
    SPEAKER,
    is_same_person,
    is_spoken_name,
    label_of,
    name_of,
    speakers_of,
    split_exchange,
    without_stage_directions,
)
from audiobrew.script.lead_ins import is_lead_in
from audiobrew.script.line import Line, LineKind, Series
from audiobrew.script.line_collector import LineCollector
from audiobrew.script.list_entries import group_entries, without_end
from audiobrew.script.page_references import (
    points_to_link,
    refers_to_page,
    without_last_link,
    without_page_remarks,
)
from audiobrew.script.pull_quotes import is_whole_quotation
from audiobrew.script.readers_letters import readers_letter, readers_question
from audiobrew.script.sentence_filter import (
    clean_entry,
    clean_headline,
    clean_or_drop,
    clean_question,
    depends_on_paragraph,
    depends_on_previous,
    end_sentence,
    is_aside,
    is_foreign,
    is_legend,
    is_prompt_injection,
    is_prose,
    is_request,
    leaves_quotation_open,
    promises_answer,
)
from audiobrew.script.sentences import open_brackets, sentences
from audiobrew.script.speakability import (
    is_code,
    without_unclear_remarks,
)
from audiobrew.script.tables import names_columns, say_table
from audiobrew.script.told_quotations import (
    is_said_by_other,
    places_before_rest,
    whole_quotations,
)

# What marks a question or an answer of a reader, outside an interview.
_INITIAL = re.compile(r"^(?:Q|A|F|R|P|D|V|O|В|О)\s?[:：]\s+(?=\S)")
# Words of a sentence that only says where to look: `Look at row four.`
MAX_POINTER_WORDS = 7
# Paragraphs of a text that is not told if its first sentence is not.
MAX_SHORT_TEXT = 3
# Words of a question outside an interview that only leads to its answer: `Canned beans?`
MAX_QUESTION_WORDS = 2


def lines_of(
    blocks: Sequence[Block],
    language: str,
    with_headlines: bool = False,
    clarity: Clarity = Clarity.UNCLEAR,
    names: frozenset[str] = frozenset(),
) -> list[Line]:
    """The suitable sentences of a section, its lists and tables, and its headlines, in order.

    List items without a full stop are sentences, too; `with_headlines`, so are paragraphs. `clarity`:
    how clear by ear a sentence must be to be told. `names`: those in the sections before, one word each.
    """
    section = SectionLines(blocks, language, with_headlines, clarity, names=names)
    runs = [part for run in runs_of(blocks) for part in split_steps(run)]
    for run, following in zip_longest(runs, runs[1:]):
        section.is_needed = following is not None and refers_back(following[0], language)
        if following and is_label_of_list(run, following):
            section.add_block(replace(run[0], kind=BlockKind.HEADING, level=6))
        elif is_enumeration(run):
            section.add_enumeration(run)
        elif not is_note(run, section.last_kind):
            section.add_run(run)
        section.last_kind = run[-1].kind
    lines = section.finish()
    return with_announced(lines, language) if section.leaves_out else lines


@dataclass
class SectionLines(LineCollector):
    """Collects the lines of one section from its blocks."""

    # Whether the next block begins with a reference to this one.
    is_needed: bool = False
    # Whether the next block is an entry of a list that a sentence leads to.
    is_listed: bool = False
    # Names in the sections before, one word each.
    names: frozenset[str] = frozenset()
    # Whether the first sentence below the heading is not told: what follows it continues a text that nobody
    # hears.
    is_opening_lost: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.speakers = speakers_of(self.blocks)
        self.is_interview = any(block.role is BlockRole.QUESTION for block in self.blocks)

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
        if is_list and self.is_mostly_unclear(run):
            self.gap = True
            return
        self.is_listed = series is not None
        for number, block in enumerate(run):
            self.add_block(block, goes_on=is_introduced and number > 0, series=series)
        self.is_listed = False
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
        texts = whole_quotations(list(self.tellable_texts(block, text, kind)))
        if self.is_rest_of_answer(texts) if answers else self.continues_untold_text(texts, kind):
            self.gap = True
            return
        self.is_opening_lost = False
        labelled = self.label is not None and self.add_label()
        # A paragraph may hold several short items: `Milk. Prices fell. Salt. The harvest was small.`
        quoting = places_before_rest(texts)
        has_labels = bool(texts) and is_label_text(texts[0][0])
        for number, (sentence, quoted) in enumerate(texts):
            if not sentence:
                self.gap = self.gap or number > 0 or not answers
                continue
            is_label = has_labels and number + 1 < len(texts) and is_label_text(sentence)
            depends = quoted or (not is_label and depends_on_previous(sentence, self.language))
            # An answer is told whole, as far as it can be told.
            follows = answers and not self.gap
            depends |= number > 0 and (follows or depends_on_paragraph(sentence, self.language))
            depends |= number == 0 and (goes_on or labelled or (answers and self.is_answer))
            is_inner = number > 0 and not is_label and not answers
            is_inner |= answers and number > 0 and self.gap
            depends |= is_inner and not is_independent(sentence, self.language)
            needs_name = is_inner and self.gap and not answers
            depends |= needs_name and not begins_with_name(sentence, text)
            depends |= number == 0 and self.follows_closely(sentence, block)
            line_text = sentence
            is_named = answers and number == 0 and is_spoken_name(speaker)
            if is_named and not is_same_person(speaker, self.last_speaker):
                name = name_of(speaker)
                is_known = self.answers_first(speaker) and self.has_heard(name)
                line_text = sentence if is_known else f"{name}: {sentence}"
                self.last_speaker = speaker
            if depends and self.gap and series is not None and not asks:
                if number or quoted or depends_on_previous(sentence, self.language):
                    continue
                depends = False  # another entry of a list, of which one is left out
            awaits = asks or is_label or sentence.endswith((":", "："))
            awaits |= sentence.endswith("?") and count_words(sentence) <= MAX_QUESTION_WORDS
            awaits |= number in quoting
            awaits |= self.group is None and only_appeals(sentence, self.language)
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
        is_lost = not self.lines and is_text(block) and texts[:1] == [("", False)]
        is_beside = is_request(block.text, self.language) or is_foreign(block.text, self.language)
        self.is_opening_lost = is_lost and not is_beside
        is_told = bool(self.lines) and block.id in self.lines[-1].blocks
        self.gap = self.gap or (answers and not is_told)
        self.is_unasked = asks and not is_told
        self.is_answer = (asks or answers) and is_told

    def is_rest_of_answer(self, texts: Sequence[tuple[str, bool]]) -> bool:
        """Whether an answer has lost its first sentence, and the rest does not stand alone."""
        rest = next((text for text, _ in texts if text), "")
        return bool(rest) and not texts[0][0] and not is_independent(rest, self.language)

    def continues_untold_text(self, texts: Sequence[tuple[str, bool]], kind: LineKind) -> bool:
        """Whether the text below a heading has lost its opening, and goes on here."""
        if not self.is_opening_lost or self.label or kind is not LineKind.SENTENCE or not texts:
            return False
        is_short = sum(map(is_text, self.blocks)) <= MAX_SHORT_TEXT
        return is_short or not is_independent(texts[0][0] or "-", self.language)

    def follows_closely(self, sentence: str, block: Block) -> bool:
        """Whether the first sentence of a paragraph says nothing without the paragraph before it.

        It is a remark of a few words, or what somebody says who was named there.
        """
        follows = is_text(block) and bool(self.lines)
        return follows and (is_remark(sentence) or is_said_by_other(sentence))

    def answers_first(self, speaker: str) -> bool:
        """Whether nobody else with a name answers here, or nobody before."""
        others = (label_of(block.text) for block in self.blocks if block.role is BlockRole.ANSWER)
        names = [one for one in others if one in self.speakers and is_spoken_name(one)]
        is_alone = all(is_same_person(speaker, one) for one in names)
        return is_alone or not any(line.kind is LineKind.ANSWER for line in self.lines)

    def has_heard(self, name: str) -> bool:
        """Whether the text before an answer says who answers: by the name, or one part of it."""
        parts = name.split()
        return any(part in self.names for part in parts) or any(
            parts[-1] in line.text for line in self.lines
        )

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
            or self.add_exchange(block)
            or self.add_letter(block)
            or self.add_attributed(block)
            or self.add_fields(block)
            or self.add_pieces(block)
        )

    def add_exchange(self, block: Block) -> bool:
        """Add a short question and its answer in one paragraph, among those of an interview."""
        turns = split_exchange(block) if block.role is None and self.is_interview else None
        for turn in turns or ():
            self.add_block(turn)
        return turns is not None

    def add_letter(self, block: Block) -> bool:
        """Add what a reader writes and the reply: `“Why?” (M. L.) Because …`"""
        is_told = block.role is None and not self.speakers
        letter = readers_letter(block.text) if is_told else None
        question = readers_question(block.text) if is_told and letter is None else ""
        if letter is None and not question:
            return False
        if self.label is not None:
            self.add_label()
        parts = [(LineKind.LETTER, letter.text if letter else question)]
        parts += [(LineKind.SENTENCE, letter.reply)] if letter else []
        for kind, text in parts:
            texts = [one for one, _ in self.tellable_texts(block, text, kind) if one]
            is_letter = kind is LineKind.LETTER
            for number, one in enumerate(texts):
                awaits = is_letter and number + 1 == len(texts)
                self.add(
                    one, [block.id], depends=not is_letter or number > 0, awaits=awaits, kind=kind
                )
            self.gap = self.gap or not texts
        return True

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
        is_table = run[0].kind is BlockKind.TABLE_ROW
        if is_table and names_columns([text for text, _ in entries]):
            entries = entries[1:]
        if not entries or (not is_table and self.is_mostly_unclear(listed)):
            self.gap = True
            return
        self.add_label()
        self.lists += 1
        kind = LineKind.ANSWER if self.is_answer else LineKind.SENTENCE
        if is_table:
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
            is_clear=self.is_clear_row,
        )
        series = Series(self.lists, len(table), is_table=True)
        before = len(self.lines)
        all_rows = [
            (end_sentence(self.without_remarks(without_end(text))), row) for text, row in table
        ]
        clear_rows = [(text, row) for text, row in all_rows if self.is_clear_row(text)]
        for sentence, row in clear_rows if len(clear_rows) * 3 >= len(all_rows) * 2 else ():
            ids = [rows[row][1], *heading[1]]
            self.add(sentence, ids, depends=True, kind=kind, series=series, entries=1)
        self.gap = self.gap or len(self.lines) == before

    def entry_text(self, block: Block) -> str:
        """An entry of a list or a row of a table; empty if it cannot be understood by ear."""
        own_text = without_last_link(block, BULLET_COLUMN.sub("", block.text))
        text = without_page_remarks(own_text, self.language)
        if refers_to_page(text, self.language) or points_to_link(block, text):
            return ""
        is_row = block.kind is BlockKind.TABLE_ROW  # whose remarks may hold units
        if is_row and text != own_text:
            return ""  # another part of the newsletter says what it means: `17: Final score (see below)`
        entry = clean_entry(text)
        return entry if is_row else self.clear_start(self.without_remarks(entry))

    def clear_start(self, entry: str) -> str:
        """An entry up to its first comma, if the rest is hard to understand: `90 g butter, v. soft`."""
        start = entry.partition(", ")[0]
        is_better = self.is_unclear(entry) and not self.is_unclear(start)
        return start if is_better and count_words(start) > 1 else entry

    def split_speaker(self, block: Block) -> tuple[str, str]:
        """Who speaks in an interview, and what they say."""
        text = block.text.lstrip("*")
        match = SPEAKER.match(text)
        speaker = label_of(text)
        if match and speaker in self.speakers:
            return speaker, text[match.end() :].lstrip("* ")
        return "", block.text

    def tellable_texts(self, block: Block, text: str, kind: LineKind) -> Iterator[tuple[str, bool]]:
        """The sentences of one block, or its question or headline, and whether each is within a quotation.

        What is not suitable is an empty text.
        """
        if kind is LineKind.QUESTION:
            yield clean_question(text), False
            return
        text = without_last_link(block, without_links(block, text))
        quoted = False
        is_headline = block.role in (BlockRole.LINK, BlockRole.IMAGE)
        parts = [(text, False)] if is_headline else open_brackets(sentences(text))
        if is_log([sentence for sentence, _ in parts]) and self.group is None:
            yield "", False
            return
        for number, (sentence, in_brackets) in enumerate(parts):
            if is_legend(sentence) or is_aside(sentence, self.language):
                continue
            if promises_answer(sentence) or is_prompt_injection(sentence):
                yield "", False
                return  # the rest of the block belongs to it
            following = parts[number + 1][0] if number + 1 < len(parts) else ""
            if not quoted and self.is_pointer(sentence, following):
                continue
            yield self.clean_text(block, text, sentence, kind), quoted or in_brackets
            quoted = leaves_quotation_open(sentence, quoted)

    def is_pointer(self, sentence: str, following: str) -> bool:
        """Whether a short sentence only says where to look, and the one after it does not need it."""
        return (
            self.needs_page(sentence)
            and count_words(sentence) <= MAX_POINTER_WORDS
            and not (following and depends_on_previous(following, self.language))
        )

    def needs_page(self, sentence: str) -> bool:
        """Whether a sentence needs the page. Steps are told together, also with references to each other."""
        plain = without_page_remarks(sentence, self.language)
        return self.group is None and refers_to_page(plain, self.language)

    def clean_text(self, block: Block, text: str, sentence: str, kind: LineKind) -> str:
        """A sentence of a text as it is told; empty if it is not suitable."""
        plain = without_page_remarks(sentence, self.language)
        if self.needs_page(sentence) or points_to_link(block, plain):
            return ""
        is_headline = block.role in (BlockRole.LINK, BlockRole.IMAGE)
        may_be_headline = block.kind is BlockKind.LIST_ITEM or self.with_headlines
        cleaned = "" if is_headline else clean_or_drop(plain, is_prose(text))
        if not cleaned and (is_headline or (may_be_headline and sentence == text)):
            cleaned = clean_headline(plain)
        is_entry = self.is_listed and not block.links and count_words(plain) > 1
        if not cleaned and (self.is_needed or is_entry) and sentence == text:
            cleaned = end_sentence(clean_entry(plain))
        if cleaned and not self.is_clear(cleaned):
            cleaned = without_unclear_remarks(cleaned, self.language)
        cleaned = self.without_remarks(cleaned)
        suitable = (
            self.is_clear(cleaned, kind)
            and not (self.leaves_out and self.group is None and is_code(sentence))
            and not holds_hash(cleaned)
            and not is_request(cleaned, self.language)
            and not is_foreign(text if is_whole_quotation(block) else cleaned, self.language)
        )
        return cleaned if suitable else ""
