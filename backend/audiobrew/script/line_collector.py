"""Collect the lines of a section, each with what it needs and what needs it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from audiobrew.mail.newsletter import Block, BlockKind
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.lead_ins import needs_next
from audiobrew.script.line import Line, LineKind, Series
from audiobrew.script.sentence_filter import depends_on_previous
from audiobrew.script.speakability import is_code, is_speakable
from audiobrew.script.titles import NUMBER_ONLY, heading_line

# Words of a question that cannot be understood without the answer before it.
MAX_LEANING_WORDS = 3


@dataclass
class LineCollector:
    """The lines of a section so far, and what the next line belongs to."""

    blocks: Sequence[Block]
    language: str
    with_headlines: bool
    only_speakable: bool = False
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
        ids = tuple(blocks)
        doubt = max((self.doubts.get(id, 0.0) for id in ids), default=0.0)
        place, group = len(self.lines), self.group
        line = Line(
            text, ids, place, depends, awaits, kind, series, entries, group, is_heading, doubt
        )
        self.lines.append(line)
        self.gap = False

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
                or depends_on_previous(question, self.language)
            )
        )

    def drop_open_questions(self) -> None:
        """Leave out what an interviewer says if nobody answers it here, such as thanks at the end."""
        answering = (LineKind.QUESTION, LineKind.ANSWER, LineKind.CODE)
        following = [*(line.kind for line in self.lines[1:]), None][: len(self.lines)]
        lines = [
            line
            for line, kind in zip(self.lines, following, strict=True)
            if line.kind is not LineKind.QUESTION or kind in answering
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

    def is_clear(self, text: str) -> bool:
        """Whether a sentence can be understood by ear. Steps of a recipe are told unless they are code."""
        if not self.only_speakable or is_speakable(text, self.language):
            return True
        return self.group is not None and not is_code(text)

    def is_clear_entry(self, text: str) -> bool:
        """The same for an entry of a list. Ingredients are told in any case."""
        return not self.only_speakable or (
            not is_code(text) if text[:1].isnumeric() else is_speakable(text, self.language)
        )
