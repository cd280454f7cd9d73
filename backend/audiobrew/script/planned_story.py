"""A story while the show is planned by rules."""

from dataclasses import dataclass, field

from audiobrew.script.earlier_episodes import EarlierSentence
from audiobrew.script.items import Item
from audiobrew.script.line import Line
from audiobrew.script.script import Difference
from audiobrew.script.story_lines import choose_round_up_lines, choose_story_lines

# Seconds of a story, and of a newsletter's part of the round-up, when there is more to tell than time.
STORY_SECONDS, ROUND_UP_SECONDS = 22.0, 9.5
# The lead has this many times the usual share.
LEAD_FACTOR = 1.6
# About how many characters the sentence has that says how two newsletters differ.
DIFFERENCE_LENGTH = 60


@dataclass(slots=True)
class PlannedStory:
    """One story with its budget of characters and the lines that fit into it."""

    items: tuple[Item, ...]
    value: float
    round_up: bool = False
    lead: bool = False
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
        """Characters of the hand-overs, of headings in their place, and of differences."""
        texts = [text for text in self.handovers if text]
        if len(self.handovers) == len(self.parts):
            pairs = zip(self.handovers, self.parts, strict=True)
            headings = (item.unspoken_heading for text, (item, _) in pairs if not text)
            texts += [heading.text for heading in headings if heading]
        return sum(len(text) + 1 for text in texts) + len(self.differences) * DIFFERENCE_LENGTH

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
