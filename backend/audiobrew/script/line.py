"""One line of an item: a sentence to tell, and how it depends on the lines beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from audiobrew.script.clarity import Clarity


class LineKind(StrEnum):
    """What a line is, where it matters for telling it."""

    SENTENCE = "sentence"
    QUESTION = "question"
    ANSWER = "answer"
    # What a reader writes, outside an interview. The reply follows.
    LETTER = "letter"
    # Names a code example that is not told.
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Series:
    """A list or a table, and how many entries it has; `number` counts the lists of an item."""

    number: int
    entries: int
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence to tell, the ids of the blocks that it is from, and its place in the item, from 0.

    With `depends_on_previous` it can be understood only after the line before it. With `awaits_next` it is
    told only together with the line after it, as a question is with its answer. A line of a list or a table
    holds `entries` entries of its `series`. Lines with the same `group` are told together or not at all, as
    the ingredients and the steps of a recipe. A heading within a section is a line, too. `doubt` is the
    largest of its blocks (see `Block`). What is less than clear by ear is told if there is nothing better.
    An announcement `brings` so many lines after it: it is told only together with them.
    """

    text: str
    blocks: tuple[str, ...]
    place: int
    depends_on_previous: bool
    awaits_next: bool = False
    kind: LineKind = LineKind.SENTENCE
    series: Series | None = None
    entries: int = 0
    group: int | None = None
    is_heading: bool = False
    doubt: float = 0.0
    clarity: Clarity = Clarity.CLEAR
    brings: int = 0

    @property
    def is_entry(self) -> bool:
        """Whether the line is a row of a table, or consists of short entries of a list."""
        return self.entries > 1 or (self.series is not None and self.series.is_table)

    @property
    def block(self) -> str:
        """The first block. A sentence that a mail contains literally has only one."""
        return self.blocks[0]


def only_asks(lines: Sequence[Line]) -> bool:
    """Whether an item consists of its heading and questions that nobody answers, such as a quiz."""
    return all(
        line.kind is LineKind.QUESTION
        or line.text.endswith(("?", "？", "؟"))
        or (line.awaits_next and line.place == 0)
        for line in lines
    )
