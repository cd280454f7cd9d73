"""Joins clips to one episode. Their MP3 frames are copied and never encoded again."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO

from audiobrew.audio import id3, mp3
from audiobrew.audio.chimes import chime_mp3
from audiobrew.audio.clip import Cue
from audiobrew.audio.pauses import Pause, Pauses, Place
from audiobrew.audio.voice import ClipFailed
from audiobrew.media.storage import DiskFull

# Characters.
MAX_DESCRIPTION = 1000
SEPARATOR = " · "
VOICES_NOTE = "Told by synthetic voices."
DISK_FULL_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Piece:
    """A clip's MP3 frames, and where it is heard."""

    mp3: bytes
    place: Place


@dataclass(frozen=True, slots=True)
class Tags:
    """What players show. `chapters` are the titles in order; `language` is a BCP 47 tag; `day` is that of the
    episode; `cover` is a PNG."""

    title: str
    show: str
    language: str
    chapters: tuple[str, ...]
    day: date
    cover: bytes

    @property
    def description(self) -> str:
        """The first chapters that fit, in whole."""
        lengths = accumulate(len(chapter) + len(SEPARATOR) for chapter in self.chapters)
        count = sum(length <= MAX_DESCRIPTION for length in lengths)
        chapters = list(self.chapters[:count])
        more = ["…"] if count < len(self.chapters) else []
        return f"{SEPARATOR.join([*chapters, *more])}. {VOICES_NOTE}"


@dataclass(frozen=True, slots=True)
class JoinedAudio:
    """The length, the size, the start of each piece, and the start and end of each chapter.

    Times are in seconds, exact to the frame. A chapter begins with the sound before its first piece.
    """

    seconds: float
    bytes: int
    starts: tuple[float, ...]
    chapters: tuple[Cue, ...]


def join(pieces: Iterable[Piece], out: Path, tags: Tags, pauses: Pauses) -> JoinedAudio:
    """Write the episode to `out`. If that fails, `out` is left as it was.

    Only one clip is in memory at a time if `pieces` is an iterator. The call blocks, so run it in a worker
    thread. Raises DiskFull, ClipFailed.
    """
    with replace_when_complete(out) as file:
        placeholder = header(tags, [Cue(0, 0)] * len(tags.chapters), b"")
        file.write(placeholder)
        writer = FrameWriter(file, pauses)
        for piece in pieces:
            writer.add(piece)
        joined = writer.finish(len(placeholder), len(tags.chapters))
        file.seek(0)
        file.write(header(tags, joined.chapters, writer.info_frame()))
    return joined


class FrameWriter:
    """Writes frames to a file and remembers where each piece and chapter begins."""

    def __init__(self, file: BinaryIO, pauses: Pauses) -> None:
        self.file, self.pauses = file, pauses
        self.frames = 0
        self.bytes = 0
        self.runs: list[tuple[int, int]] = []  # first frame and first byte of every write
        self.starts: list[int] = []
        self.chapters: list[int] = []
        self.previous: Place | None = None

    def add(self, piece: Piece) -> None:
        """Write the pause before a piece, and the piece. Raises ClipFailed."""
        mark = self._write_pause(self.pauses.before(piece.place, self.previous))
        if len(self.chapters) == piece.place.chapter:
            self.chapters.append(mark)
        self.starts.append(self.frames)
        try:
            count = mp3.count_frames(piece.mp3)
        except mp3.InvalidFrames as error:
            raise ClipFailed from error
        self._write(piece.mp3, count)
        self.previous = piece.place

    def finish(self, header_size: int, chapters: int) -> JoinedAudio:
        """Write the end. `header_size` is the size in bytes of what precedes the frames."""
        if len(self.chapters) != chapters:
            raise ValueError(f"expected {chapters} chapters, got {len(self.chapters)}")
        self._write_pause(self.pauses.closing)
        # The first chapter includes the silence before it, because players expect one to begin at 0.
        marks = [0, *self.chapters[1:], self.frames]
        return JoinedAudio(
            self.frames * mp3.FRAME_SECONDS,
            header_size + self.bytes,
            tuple(frame * mp3.FRAME_SECONDS for frame in self.starts),
            tuple(
                Cue(start * mp3.FRAME_SECONDS, end * mp3.FRAME_SECONDS)
                for start, end in pairwise(marks)
            ),
        )

    def info_frame(self) -> bytes:
        """The header frame, with the byte at which each hundredth of the time begins.

        Positions within a run of frames are interpolated.
        """
        positions = []
        runs = iter([*self.runs, (self.frames, self.bytes)])
        frame, byte = next(runs)
        following = next(runs, (frame, byte))
        for hundredth in range(100):
            target = self.frames * hundredth / 100
            while following[0] <= target and following[0] < self.frames:
                (frame, byte), following = following, next(runs)
            share = (target - frame) / max(following[0] - frame, 1)
            positions.append(mp3.FRAME_BYTES + byte + round(share * (following[1] - byte)))
        return mp3.info_frame(self.frames, mp3.FRAME_BYTES + self.bytes, positions)

    def _write_pause(self, pause: Pause) -> int:
        """Returns the frame at which what follows begins: with the sound, or else after the silence."""
        self._write(mp3.silence(pause.before), pause.before)
        mark = self.frames
        if pause.chime:
            self._write(chime_mp3(pause.chime), pause.chime.frames)
        self._write(mp3.silence(pause.after), pause.after)
        return mark

    def _write(self, sound: bytes, frames: int) -> None:
        self.runs.append((self.frames, self.bytes))
        self.file.write(sound)
        self.frames += frames
        self.bytes += len(sound)


def header(tags: Tags, chapters: Iterable[Cue], info_frame: bytes) -> bytes:
    """Everything before the sound. Its size does not depend on the times, nor on the info frame."""
    texts = [
        ("TIT2", tags.title),
        ("TPE1", tags.show),
        ("TALB", tags.show),
        ("TCON", "Podcast"),
        ("TLAN", id3.language_code(tags.language)),
        # The year, and the day and month: version 2.3 of the tag has no field for a date.
        ("TYER", f"{tags.day:%Y}"),
        ("TDAT", f"{tags.day:%d%m}"),
    ]
    titles_and_times = list(zip(tags.chapters, chapters, strict=True))
    tag = id3.tag(texts, tags.description, tags.cover, titles_and_times)
    return tag + (info_frame or bytes(mp3.FRAME_BYTES))


@contextmanager
def replace_when_complete(out: Path) -> Iterator[BinaryIO]:
    """A temporary file beside `out` that replaces it on success, synced against power failure.

    Raises DiskFull.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as error:
        if error.errno in DISK_FULL_ERRORS:
            raise DiskFull from error
        raise
    finally:
        part.unlink(missing_ok=True)
