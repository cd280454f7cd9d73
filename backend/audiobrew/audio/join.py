"""Clips become one episode: their MP3 frames are copied, never encoded again."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from audiobrew.audio import id3, mp3
from audiobrew.audio.clip import Cue
from audiobrew.audio.voice import ClipFailed
from audiobrew.media.storage import DiskFull
from audiobrew.script.script import Speaker

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
LEAD_IN, BETWEEN_SPEAKERS, BETWEEN_CHAPTERS, LEAD_OUT = 9, 11, 33, 42
"""Silent frames of 24 ms, on top of the breath at the end of every clip."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A clip's MP3 frames, the chapter it belongs to (from 0, rising by one) and who speaks."""

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
class JoinedAudio:
    """Seconds are exact to the frame. `starts`: where each piece begins; `chapters`: from when to when."""

    seconds: float
    bytes: int
    starts: tuple[float, ...]
    chapters: tuple[Cue, ...]


def join(pieces: Iterable[Piece], out: Path, tags: Tags) -> JoinedAudio:
    """Write `out` whole or not at all; one clip in memory at a time, so hand in an iterator.

    Blocking: call it in a worker thread. Raises DiskFull, ClipFailed.
    """
    with _unfinished(out) as file:
        head = _head(tags, [Cue(0, 0)] * len(tags.chapters), b"")
        file.write(head)
        tape = _Tape(file)
        for piece in pieces:
            tape.add(piece)
        joined = tape.ended(len(head), len(tags.chapters))
        file.seek(0)
        file.write(_head(tags, joined.chapters, tape.info()))
    return joined


def joined_seconds(pieces: Iterable[tuple[int, int, Speaker]]) -> float:
    """How long `join` would make it, from each piece's frames, chapter and speaker."""
    frames, last = LEAD_OUT, None
    for count, chapter, speaker in pieces:
        piece = Piece(b"", chapter, speaker)
        frames += _pause_before(piece, last) + count
        last = piece
    return frames * mp3.SECONDS


class _Tape:
    """The frames written so far: how many, how many bytes, and where each second begins."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.frames = 0
        self.bytes = 0
        self.places: list[tuple[int, int]] = []  # (frame, byte) of every run of frames
        self.starts: list[int] = []
        self.chapters: list[int] = []
        self.last: Piece | None = None

    def add(self, piece: Piece) -> None:
        self._pause(_pause_before(piece, self.last))
        if len(self.chapters) == piece.chapter:
            self.chapters.append(self.frames)
        self.starts.append(self.frames)
        self._write(piece.mp3, _counted(piece.mp3))
        self.last = piece

    def ended(self, head: int, chapters: int) -> JoinedAudio:
        """`head` is the size of what stands before the frames."""
        if len(self.chapters) != chapters:
            raise ValueError(f"{chapters} chapters were told, {len(self.chapters)} were given")
        self._pause(LEAD_OUT)
        # The first chapter takes in the silence before it: players expect one to begin at 0.
        marks = [0, *self.chapters[1:], self.frames]
        return JoinedAudio(
            self.frames * mp3.SECONDS,
            head + self.bytes,
            tuple(frame * mp3.SECONDS for frame in self.starts),
            tuple(Cue(start * mp3.SECONDS, end * mp3.SECONDS) for start, end in pairwise(marks)),
        )

    def info(self) -> bytes:
        """The header frame, with the byte at which each hundredth of the time begins."""
        return mp3.info(self.frames, mp3.SIZE + self.bytes, list(self._hundredths()))

    def _hundredths(self) -> Iterator[int]:
        places = iter([*self.places, (self.frames, self.bytes)])
        frame, byte = next(places)
        after = next(places, (frame, byte))
        for hundredth in range(100):
            wanted = self.frames * hundredth / 100
            while after[0] <= wanted and after[0] < self.frames:
                (frame, byte), after = after, next(places)
            share = (wanted - frame) / max(after[0] - frame, 1)
            yield mp3.SIZE + byte + round(share * (after[1] - byte))

    def _pause(self, frames: int) -> None:
        self._write(mp3.silence(frames), frames)

    def _write(self, sound: bytes, frames: int) -> None:
        self.places.append((self.frames, self.bytes))
        self.file.write(sound)
        self.frames += frames
        self.bytes += len(sound)


def _pause_before(piece: Piece, last: Piece | None) -> int:
    if last is None:
        return LEAD_IN
    if piece.chapter != last.chapter:
        return BETWEEN_CHAPTERS
    return BETWEEN_SPEAKERS if piece.speaker is not last.speaker else 0


def _counted(sound: bytes) -> int:
    try:
        return mp3.count(sound)
    except mp3.NotOurFrames as error:
        raise ClipFailed from error


def _head(tags: Tags, chapters: Iterable[Cue], info: bytes) -> bytes:
    """Everything before the sound; as long before the times are known as afterwards."""
    texts = [
        ("TIT2", tags.title),
        ("TPE1", tags.show),
        ("TALB", tags.show),
        ("TCON", "Podcast"),
        ("TLAN", id3.language_code(tags.language)),
    ]
    named = list(zip(tags.chapters, chapters, strict=True))
    return id3.tag(texts, _cover(), named) + (info or bytes(mp3.SIZE))


@cache
def _cover() -> bytes:
    return Path(__file__).with_name("cover_small.jpg").read_bytes()


@contextmanager
def _unfinished(out: Path) -> Iterator[BinaryIO]:
    """A file beside `out` that takes its place when all went well, also if the power fails then."""
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull from error
        raise
    finally:
        part.unlink(missing_ok=True)
