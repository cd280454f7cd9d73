"""The encoded audio of one utterance, with the time of every sentence in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from audiobrew.audio.mp3 import FRAME_SECONDS


@dataclass(frozen=True, slots=True)
class Cue:
    """The start and end of one sentence, in seconds from the start of its clip or episode."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Clip:
    """`mp3` holds whole frames of the format in `audio/mp3.py`, without tags. Each sentence has one cue.

    `unclear` has for each sentence the names and figures that a recognizer did not understand; it is empty
    if none listened.
    """

    mp3: bytes
    frames: int
    cues: tuple[Cue, ...]
    units: Mapping[str, float] | None = None  # the usage that the voice reports
    unclear: tuple[tuple[str, ...], ...] = ()

    @property
    def seconds(self) -> float:
        return self.frames * FRAME_SECONDS
