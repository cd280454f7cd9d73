"""A listener's show as podcast apps see it: the finished episodes with their chapters and sources."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from audiobrew.mail.newsletter import Link
from audiobrew.problems import Problem
from audiobrew.script.script import Speaker


class RecordingNotFound(Problem):
    """There is no finished recording of this episode here. If it is being brewed, wait until it is ready."""

    type = "recording-not-found"
    status = HTTPStatus.NOT_FOUND


@dataclass(frozen=True, slots=True)
class Edition:
    """The content of a feed. It changes with every episode that is finished, changed or deleted."""

    episodes: tuple[UUID, ...]
    fingerprint: str
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class StorySource:
    """One newsletter that a story comes from."""

    sender: str
    subject: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One chapter. Times are in seconds of the episode."""

    title: str
    start: float
    end: float
    sources: tuple[StorySource, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One finished episode."""

    id: UUID
    title: str
    language: str | None
    hosts: int
    note: str | None
    seconds: float
    bytes: int
    published_at: datetime
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One spoken sentence. Times are in seconds of the episode."""

    text: str
    speaker: Speaker
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Recording:
    """A finished episode that can be played. `media` is the storage key of its MP3."""

    episode: UUID
    title: str
    media: str
