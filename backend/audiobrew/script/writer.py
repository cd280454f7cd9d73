"""Who writes the script: first which stories in which order, then each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from audiobrew.mail.mail import MailSize
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.usage import Once, Use
from audiobrew.problems import Problem
from audiobrew.script.script import Rejection, Segment

DEFAULT_PACE = 15.0
"""Characters a second, where the voice says nothing else."""


class NothingToTell(Problem):
    """There is nothing to tell in these mails: no newsletter, or only what was cut."""

    type = "nothing-to-tell"
    status = HTTPStatus.CONFLICT


class Style(StrEnum):
    """A briefing is read, a host a story; in a conversation the hosts take turns within it."""

    BRIEFING = "briefing"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Brief:
    """What the listener asked for.

    `pace` is characters of shown text per second of finished audio, by language: the voice's measured
    pace, so that minutes become a budget of characters. `language` is that of the whole script, ISO
    639-1; without it each story keeps the language of its mail. `first` are the newsletters (digests)
    to choose from before the others, in this order, where not all can be told.
    """

    minutes: int
    show: str
    day: date
    pace: dict[str, float]
    hosts: int = 2
    style: Style = Style.BRIEFING
    language: str | None = None
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a newsletter says, and the blocks that say it."""

    text: str
    newsletter: str  # digest
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One item, told by one or more newsletters: the blocks it is made of, best first by newsletter.

    `characters` is its budget, framing included. `points` are there when a model found them.
    """

    id: str
    title: str
    language: str
    newsletters: tuple[str, ...]  # digests
    blocks: tuple[str, ...]
    characters: int
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Rundown:
    """The chosen stories in order. `empty` are the newsletters (digests) in which nothing can be told."""

    title: str
    language: str
    stories: tuple[Story, ...]
    empty: tuple[str, ...] = ()


class Writer(Protocol):
    """`name` goes into the paid-once key, so it names the model and version too. `translates`: whether
    it can write in another language than the mail's."""

    translates: bool

    @property
    def name(self) -> str: ...

    def forecast(self, mails: Sequence[MailSize], brief: Brief) -> list[Use]:
        """What a script is expected to take, a call each; nothing, when it is free."""
        ...

    async def plan(self, newsletters: Sequence[Newsletter], brief: Brief, once: Once) -> Rundown:
        """Choose stories and give each its budget. Raises NothingToTell."""
        ...

    async def write(
        self,
        rundown: Rundown,
        numbers: Sequence[int],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: Once,
    ) -> list[Segment]:
        """Tell some stories (numbers from 0) of the rundown, which follow each other in it.

        The first segment opens the show, the others are handed over to, the last one closes it.
        """
        ...

    async def mend(
        self,
        segment: Segment,
        wrong: Sequence[Rejection],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: Once,
    ) -> Segment:
        """The segment with its wrong sentences said again, or left as they are: they are then dropped."""
        ...
