"""The audio of one utterance, levelled and encoded once, with the time of every sentence in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from audiobrew.audio.mp3 import SECONDS


@dataclass(frozen=True, slots=True)
class Cue:
    """When one sentence is heard, in seconds from the start of its clip or episode."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Clip:
    """`mp3` holds whole frames as `audio/mp3.py` describes them, no tags; one cue a sentence."""

    mp3: bytes
    frames: int
    cues: tuple[Cue, ...]
    units: Mapping[str, float] | None = None  # what the voice says it took

    @property
    def seconds(self) -> float:
        return self.frames * SECONDS
