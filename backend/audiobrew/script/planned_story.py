"""A story while the show is planned by rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from audiobrew.script.announcements import announced_count
from audiobrew.script.content_words import content_words
from audiobrew.script.day_headings import is_day_heading
from audiobrew.script.earlier_episodes import EarlierSentence
from audiobrew.script.items import Item
from audiobrew.script.line import Line
from audiobrew.script.script import Difference
from audiobrew.script.story_lines import choose_round_up_lines, choose_story_lines
from audiobrew.script.titles import is_title

# Seconds of a story, and of a newsletter's part of the round-up, when there is more to tell than time.
STORY_SECONDS, ROUND_UP_SECONDS = 22.0, 9.5
# The lead has this many times the usual share.
LEAD_FACTOR = 1.6
# About how many characters the sentence has that says how two newsletters differ.
DIFFERENCE_LENGTH = 60
# Lines at the start of a story that say what it is about, if its heading is not told.
OPENING_LINES = 2
# Letters of a word that its forms share.
STEM = 5


@dataclass(slots=True)
class PlannedStory:
    """One story with its budget of characters and the lines that fit into it."""

    items: tuple[Item, ...]
    value: float
    round_up: bool = False
    lead: bool = False
    opens_show: bool = False  # because the listener wants its newsletter first
    characters: int = 0
    handovers: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    parts: list[tuple[Item, list[Line]]] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.items[0].language

    @property
    def main(self) -> Item:
        return max(self.items, key=lambda item: item.characters)

    @property
    def stays(self) -> bool:
        """Whether it is told however little time there is."""
        return self.lead or self.opens_show

    @property
    def lines(self) -> list[Line]:
        """The chosen lines."""
        return [line for _, lines in self.parts for line in lines]

    @property
    def length(self) -> int:
        """Characters of the chosen lines."""
        return sum(len(line.text) + 1 for line in self.lines)

    @property
    def factor(self) -> float:
        """How large the story's share of the time is."""
        if self.round_up:
            return len(self.items) * ROUND_UP_SECONDS / STORY_SECONDS
        return (LEAD_FACTOR if self.lead else 1.0) + 0.3 * (len(self.items) - 1)

    @property
    def framing(self) -> int:
        """Characters of the hand-overs and of differences."""
        handovers = sum(len(text) + 1 for text in self.handovers if text)
        return handovers + len(self.differences) * DIFFERENCE_LENGTH

    @property
    def headings(self) -> int:
        """Characters of the headings that are said before the chosen lines."""
        handovers = self.handovers[-len(self.parts) :]
        if len(handovers) != len(self.parts):
            return 0
        pairs = zip(handovers, self.parts, strict=True)
        headings = (heading_before(item, lines, text) for text, (item, lines) in pairs)
        return sum(len(heading.text) + 1 for heading in headings if heading)

    @property
    def update(self) -> EarlierSentence | None:
        """The sentence of an earlier episode that told the story."""
        return next((item.update for item in self.items if item.update), None)

    def choose(self, characters: int) -> None:
        """Give the story a budget, and choose its lines."""
        self.characters = characters
        selection = (
            choose_round_up_lines(self.items, characters)
            if self.round_up
            else choose_story_lines(self.items, characters, self.differences)
        )
        self.parts = [(item, lines) for item, lines in selection if lines]


def heading_before(item: Item, lines: Sequence[Line], handover: str) -> Line | None:
    """The heading, if it is said before these lines: in place of a hand-over, or if they lack its words.

    A short heading replaces no hand-over.
    """
    heading = item.unspoken_heading
    if heading and announced_count(heading.text, item.language) > len({one.block for one in lines}):
        return None
    if heading is None or not lines or (not handover and is_title(heading.text)):
        return heading
    if is_day_heading(heading.text, item.language):
        return heading
    words = set(content_words(heading.text))
    opening = " ".join(line.text for line in lines[:OPENING_LINES]).casefold()
    return heading if sum(word[:STEM] in opening for word in words) * 2 < len(words) else None
