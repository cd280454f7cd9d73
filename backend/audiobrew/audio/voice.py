"""Who speaks: text in, sound out."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from audiobrew.models.usage import Usage
from audiobrew.problems import Problem
from audiobrew.script.script import Speaker

MOST_CHARACTERS = 600
"""Of an utterance: long enough for speech to flow, short enough for voices to work side by side."""


class VoiceMissing(Problem):
    """The voice could not be started. Install AudioBrew again, then run `audiobrew doctor`."""

    type = "voice-missing"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class LanguageNotSpoken(Problem):
    """The voice does not speak this language."""

    type = "language-not-spoken"
    status = HTTPStatus.CONFLICT


class ClipFailed(Problem):
    """The voice gave no usable sound for a part of this episode. Retry it: finished parts are kept."""

    type = "clip-failed"
    status = HTTPStatus.BAD_GATEWAY
    again: int = 0  # so often it is worth to ask once more for what failed like this


@dataclass(frozen=True, slots=True)
class Utterance:
    """A few sentences of one speaker, already speakable; see `utterances.utterances_of` for how many."""

    sentences: tuple[str, ...]
    speaker: Speaker
    language: str

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class WordTime:
    """A word of the utterance's text: start in seconds, position and length in characters."""

    start: float
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Sound:
    """PCM: 24 kHz, mono, signed 16 bit little endian; word times where the voice knows them, and
    the units it took, as the table of prices names them."""

    pcm: bytes
    words: tuple[WordTime, ...] | None = None
    units: dict[str, float] | None = None


class Voice(Protocol):
    """`name` goes into the paid-once key, so it names model and version too."""

    @property
    def name(self) -> str: ...

    def speaks(self, language: str) -> bool: ...

    def pace(self, language: str) -> float:
        """Characters of text per second of finished audio, pauses included, measured beforehand."""
        ...

    def forecast(self, text: str, language: str) -> Usage | None:
        """What speaking is expected to take; None when it is free."""
        ...

    async def speak(self, utterance: Utterance) -> Sound:
        """Raises VoiceMissing, LanguageNotSpoken, ClipFailed."""
        ...
