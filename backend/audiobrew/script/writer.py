"""Who writes the script: first which stories in which order, then each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Protocol

from audiobrew.inbox.newsletter import Newsletter
from audiobrew.problem import Problem
from audiobrew.script.script import Segment


class NothingToTell(Problem):
    """There is nothing to tell in these mails: no newsletter, or only what was cut."""

    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class Brief:
    """What the listener asked for.

    `pace` is characters of shown text per second of finished audio, by language: the voice's measured
    pace, so that minutes become a budget of characters.
    """

    minutes: int
    show: str
    day: date
    pace: dict[str, float]
    hosts: int = 2


@dataclass(frozen=True, slots=True)
class Story:
    """One item, told by one or more newsletters: the blocks it is made of, best first by newsletter.

    `characters` is its budget, framing included.
    """

    id: str
    title: str
    language: str
    newsletters: tuple[str, ...]  # digests
    blocks: tuple[str, ...]
    characters: int


@dataclass(frozen=True, slots=True)
class Rundown:
    """The chosen stories in order."""

    title: str
    language: str
    stories: tuple[Story, ...]


class Writer(Protocol):
    """`name` goes into the paid-once key, so it names the model and version too."""

    @property
    def name(self) -> str: ...

    async def plan(self, newsletters: Sequence[Newsletter], brief: Brief) -> Rundown:
        """Choose stories and give each its budget. Raises NothingToTell."""
        ...

    async def write(
        self, rundown: Rundown, number: int, newsletters: Sequence[Newsletter], brief: Brief
    ) -> Segment:
        """Tell story `number` (from 0) of the rundown.

        The first segment opens the show, the others are handed over to, the last one closes it.
        """
        ...
