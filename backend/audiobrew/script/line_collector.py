"""Collect the lines of a section, each with what it needs and what needs it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from audiobrew.mail.newsletter import Block, BlockKind
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.block_shapes import pieces_of
from audiobrew.script.clarity import MANY_FIGURES, Clarity, clarity_of, find_problems
from audiobrew.script.framing import Form, forms_of
from audiobrew.script.lead_ins import QUESTION_MARKS, is_lead_in, needs_next
from audiobrew.script.line import Line, LineKind, Series
from audiobrew.script.list_entries import MAX_ENUMERATION_LENGTH, without_end
from audiobrew.script.sentence_filter import (
    clean_entry,
    depends_on_previous,
    end_sentence,
    opens_with_reference,
)
from audiobrew.script.sentences import sentences
from audiobrew.script.speakability import is_code, is_speakable, without_doubtful_remarks
from audiobrew.script.titles import NUMBER_ONLY, heading_line

# Who is quoted, below a quotation.
ATTRIBUTION = re.compile(r"[—–―-]{1,2}\s?([^\W\d_].{1,120})")
MAX_ATTRIBUTION_WORDS = 10
# The same without a dash: a name, and at most one remark.
_SPEAKER_BELOW = re.compile(
    r"([A-ZÀ-ÞΑ-ΩА-Я][\w.’'-]{1,20}(?:\s[A-ZÀ-ÞΑ-ΩА-Я][\w.’'-]{1,20}){1,3}"
    r"(?:,\s(?:[^,.!?:;]|\.(?=\d)){2,60})?)\.?"
)
# Words of a signature: `— Ed.`
MAX_SIGNATURE_WORDS = 3
QUOTATION_MARKS = ("“", "”", "„", "«", '"', "»", "‘", "'")
# A quotation and who said it, in one block. Without a dash, it is a name of two words or more.
ATTRIBUTED = re.compile(
    r"([\"“„«»].{2,600}[\"”“»«])\s*(?:[—–―]\s?|-{1,2}\s)([^\W\d_][^\"“”„«»]{1,100})"
    r"|([\"“„«»].{2,600}[\"”“»«])\s+([A-ZÀ-ÞΑ-Ω][\w.’'-]{1,20}(?:\s[A-ZÀ-ÞΑ-Ω][\w.’'-]{1,20}){1,3})"
)
# Words of a question that cannot be understood without the answer before it.
MAX_LEANING_WORDS = 3


# The label of a line: a word or two and a colon, at the start or after a space.
_FIELD = re.compile(r"(?<!\S)(?![a-zß-ÿ])[^\W\d_]{2,20}:(?=\s)")
SENTENCE_MARKS = tuple(".!?…,;。")


@dataclass
class LineCollector:
    """The lines of a section so far, and what the next line belongs to."""

    blocks: Sequence[Block]
    language: str
    with_headlines: bool
    clarity: Clarity = Clarity.UNCLEAR
    lines: list[Line] = field(default_factory=list)
    # Whether the text before the next line is not told, so that a line that depends on it cannot be.
    gap: bool = False
    # A heading within the section, which is told before what follows it.
    label: Block | None = None
    is_answer: bool = False
    # Whether the question before is not told, so that its answer cannot be.
    is_unasked: bool = False
    lists: int = 0
    last_speaker: str = ""
    # The names or initials before what is said in an interview.
    speakers: frozenset[str] = frozenset()
    # The kind of the block before.
    last_kind: BlockKind | None = None
    # The number of the steps that the next line belongs to, and how many steps there have been.
    group: int | None = None
    groups: int = 0

    def __post_init__(self) -> None:
        self.doubts = {block.id: block.doubt for block in self.blocks}

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
        is_heading: bool = False,
    ) -> None:
        """Add a line, unless it depends on one that is missing."""
        if self.gap and self.lines and needs_next(self.lines[-1]):
            self.lines.pop()  # what it leads to is not told
        if depends and self.gap and series is None:
            return
        is_punch_line = text.startswith("(") and text.endswith(")") and series is None
        if is_punch_line and self.lines and not self.gap:
            depends = True
            self.lines[-1] = replace(self.lines[-1], awaits_next=True)
        clarity = clarity_of(text, self.language) if self.leaves_out else Clarity.CLEAR
        ids = tuple(blocks)
        doubt = max((self.doubts.get(id, 0.0) for id in ids), default=0.0)
        place, group = len(self.lines), self.group
        line = Line(
            text,
            ids,
            place,
            depends,
            awaits,
            kind,
            series,
            entries,
            group,
            is_heading,
            doubt,
            clarity,
        )
        self.lines.append(line)
        self.gap = False

    def add_attribution(self, block: Block) -> bool:
        """Say who is quoted before the quotation: `— Ada Brook` or `Ada Brook, in May` stands below it."""
        match = ATTRIBUTION.fullmatch(block.text.strip())
        if not match and self.lines and self.lines[-1].text.endswith(QUOTATION_MARKS):
            match = _SPEAKER_BELOW.fullmatch(block.text.strip())
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
        match = ATTRIBUTED.fullmatch(block.text.strip())
        if not match:
            return False
        quotation, name = match[1] or match[3], match[2] or match[4]
        if count_words(name) > MAX_ATTRIBUTION_WORDS:
            return False
        if self.label is not None:
            self.add_label()
        parts = [one for one in sentences(quotation) if one]
        # What a reader asks is read by the host who does not reply.
        asks = parts[-1].rstrip('"”“»« ').endswith("?")
        kind = LineKind.LETTER if asks else LineKind.SENTENCE
        for number, part in enumerate(parts):
            text = part if number else f"{name.rstrip('.')}: {part}"
            ending = text if text.endswith(QUOTATION_MARKS) else end_sentence(text)
            awaits = asks and number + 1 == len(parts)
            self.add(ending, [block.id], depends=number > 0, awaits=awaits, kind=kind)
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

    def finish(self) -> list[Line]:
        """The lines. One that awaits a line that does not come is left out."""
        if self.gap and self.lines and needs_next(self.lines[-1]):
            self.lines.pop()
        while self.lines and self.lines[-1].awaits_next:
            self.lines.pop()
        self.drop_open_questions()
        counts = Counter[int]()
        for line in self.lines:
            if line.series:
                counts[line.series.number] += line.entries
        return [
            replace(line, series=replace(line.series, entries=counts[line.series.number]))
            if line.series and line.entries < 2 and counts[line.series.number] < line.series.entries
            else line
            for line in self.lines
        ]

    def leans_on_answer(self, question: str) -> bool:
        """Whether a question asks about the answer before it: `Half?`, `And when is that?`"""
        return (
            bool(self.lines)
            and self.lines[-1].kind is LineKind.ANSWER
            and (
                count_words(question) <= MAX_LEANING_WORDS
                or opens_with_reference(question, self.language)
                or (
                    count_words(question) <= MAX_LEANING_WORDS + 1
                    and depends_on_previous(question, self.language)
                )
            )
        )

    def drop_open_questions(self) -> None:
        """Leave out what an interviewer says if nobody answers it here, such as thanks at the end."""
        answering = (LineKind.QUESTION, LineKind.ANSWER, LineKind.CODE)
        following = [*(line.kind for line in self.lines[1:]), None][: len(self.lines)]
        lines = [
            line
            for line, kind in zip(self.lines, following, strict=True)
            if line.kind is not LineKind.QUESTION
            or kind in answering
            or (kind is LineKind.SENTENCE and line.text.endswith(QUESTION_MARKS))
        ]
        self.lines = [replace(line, place=place) for place, line in enumerate(lines)]

    def start_steps(self) -> None:
        """Begin a group, together with the ingredients before it and what leads to them."""
        self.group = self.groups
        self.groups += 1
        place = len(self.lines)
        if place and (series := self.lines[-1].series) and self.lines[-1].is_entry:
            while place and self.lines[place - 1].series == series:
                place -= 1
            if place and self.lines[place - 1].awaits_next:
                place -= 1
        self.lines[place:] = [replace(line, group=self.group) for line in self.lines[place:]]

    def add_label(self) -> bool:
        """Add the heading within the section, if there is one with words.

        Another one before it, of which nothing is told, is left out.
        """
        label, self.label = self.label, None
        if self.gap and self.lines and self.lines[-1].is_heading:
            self.lines.pop()
        line = heading_line(label, "", self.language, is_label=True)
        if line is None or label is None or NUMBER_ONLY.fullmatch(label.text.strip()):
            return False
        # What follows a list, as the steps of a recipe follow its ingredients, is not told without it.
        last = self.lines[-1] if self.lines else None
        depends = last is not None and (last.is_entry or last.group is not None)
        self.add(line.text, line.blocks, depends=depends, awaits=True, is_heading=True)
        return True

    def introduces(self) -> bool:
        """Whether what comes next belongs to a heading within the section or to a colon."""
        return self.label is not None or bool(self.lines and self.lines[-1].awaits_next)

    @property
    def leaves_out(self) -> bool:
        """Whether what cannot be understood by ear is not told."""
        return self.clarity is not Clarity.UNCLEAR

    def is_clear(self, text: str, kind: LineKind = LineKind.SENTENCE) -> bool:
        """Whether a sentence can be understood by ear. Steps of a recipe are told unless they are code.

        An answer is told whole, so less of it is left out.
        """
        needed = min(self.clarity, Clarity.DOUBTFUL) if kind is LineKind.ANSWER else self.clarity
        if not self.leaves_out or is_speakable(text, self.language, needed):
            return True
        return self.group is not None and not is_code(text)

    def is_clear_row(self, text: str) -> bool:
        """Whether a row of a table can be understood by ear. Figures with the names of their columns can."""
        if not self.leaves_out or self.is_clear(text):
            return True
        problems = find_problems(text, self.language)
        return problems.keys() == {MANY_FIGURES} and is_speakable(text, self.language)

    def is_unclear(self, text: str) -> bool:
        return self.leaves_out and not is_speakable(text, self.language, self.clarity)

    def without_remarks(self, text: str) -> str:
        """A sentence without remarks in brackets that make it hard to understand by ear."""
        return without_doubtful_remarks(text, self.language) if self.leaves_out else text

    def is_mostly_unclear(self, run: Sequence[Block]) -> bool:
        """Whether a list has more entries that begin with what cannot be understood by ear than others."""
        openings = [next(iter(sentences(block.text)), "") for block in run]
        return sum(not self.is_clear_entry(text) for text in openings) * 2 > len(run)

    def is_clear_entry(self, text: str) -> bool:
        """The same for an entry of a list. Ingredients are told in any case."""
        return not self.leaves_out or (
            not is_code(text)
            if text[:1].isnumeric()
            else is_speakable(text, self.language, self.clarity)
        )
