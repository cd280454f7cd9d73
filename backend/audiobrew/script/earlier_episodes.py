"""What a listener heard in earlier episodes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EarlierSentence:
    """A sentence of an earlier episode, by its number there. `day` is the episode's day.

    `episode` is None if that episode was deleted later.
    """

    episode: UUID | None
    number: int
    day: date


@dataclass(frozen=True, slots=True)
class HeardSentence:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class HeardStory:
    """A segment of an earlier episode: its sentences that were heard, and the texts that they cite."""

    episode: UUID
    day: date
    title: str
    language: str
    sentences: tuple[HeardSentence, ...]
    sources: tuple[str, ...]

    def reference(self, number: int) -> EarlierSentence:
        return EarlierSentence(self.episode, number, self.day)
