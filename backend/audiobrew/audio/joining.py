"""Clips become one episode: their MP3 frames are copied, never encoded again."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from audiobrew.audio.clip import Cue
from audiobrew.problem import Problem
from audiobrew.script.script import Speaker


class DiskFull(Problem):
    """There is no room left for the episode. Free some disk space, then retry it: finished parts are kept."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


@dataclass(frozen=True, slots=True)
class Piece:
    """A clip's MP3 frames, the chapter it belongs to (from 0, rising) and who speaks."""

    mp3: bytes
    chapter: int
    speaker: Speaker


@dataclass(frozen=True, slots=True)
class Tags:
    """What players show. `chapters` are titles in order; `language` is BCP 47."""

    title: str
    show: str
    language: str
    chapters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Seconds are exact to the frame. `starts`: where each piece begins; `chapters`: from when to when."""

    seconds: float
    bytes: int
    starts: tuple[float, ...]
    chapters: tuple[Cue, ...]


def join(pieces: Iterable[Piece], out: Path, tags: Tags) -> Joined:
    """Write `out` whole or not at all; one clip in memory at a time, so hand in an iterator.

    Blocking: call it in a worker thread. Raises DiskFull, ClipFailed.
    """
    raise NotImplementedError
