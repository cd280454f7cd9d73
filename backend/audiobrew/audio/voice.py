"""The port for voices, which turn text into sound."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from audiobrew.audio.pronunciation import Pronunciation
from audiobrew.models.usage import Usage
from audiobrew.problems import Problem
from audiobrew.script.script import Speaker

# Characters of an utterance: long enough for fluent speech, short enough to speak several in parallel.
MAX_CHARACTERS = 600


class VoiceMissing(Problem):
    """The voice could not be started. Install AudioBrew again, then run `audiobrew doctor`."""

    type = "voice-missing"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class LanguageNotSpoken(Problem):
    """The voice does not speak this language. Order the episode in another language."""

    type = "language-not-spoken"
    status = HTTPStatus.CONFLICT


class ClipFailed(Problem):
    """The voice gave no usable sound for a part of this episode. Retry it: finished parts are kept."""

    type = "clip-failed"
    status = HTTPStatus.BAD_GATEWAY
    retries: int = 0  # how many times a call that failed like this may be repeated


@dataclass(frozen=True, slots=True)
class Utterance:
    """A few sentences of one speaker, as `speech_text` returns them. See `utterances_of`.

    The sentences follow the `pronunciations`; a transcript may have the words that these are for.
    """

    sentences: tuple[str, ...]
    speaker: Speaker
    language: str
    pronunciations: tuple[Pronunciation, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class WordTime:
    """When a word of the utterance is heard: start in seconds, position and length in characters."""

    start: float
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Sound:
    """What a voice returns.

    `pcm` is 24 kHz, mono, signed 16 bit, little endian. `words` is None if the voice does not know the times
    of its words. `units` is the usage, in the units of the price table.
    """

    pcm: bytes
    words: tuple[WordTime, ...] | None = None
    units: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """The names of the voices that speak for the two hosts. `note` says which better ones are missing, and
    how to get them; it is empty if none is."""

    first: str
    second: str
    note: str = ""

    def of(self, host: Speaker) -> str:
        return self.first if host is Speaker.FIRST else self.second


class Voice(Protocol):
    """Speaks utterances.

    `name` is part of the keys under which clips are cached, so it must contain the model and a version.
    """

    @property
    def name(self) -> str: ...

    def speaks(self, language: str) -> bool:
        """Whether the voice speaks this language (BCP 47)."""
        ...

    def pace(self, language: str) -> float:
        """Characters of text per second of finished audio, pauses included.

        Raises LanguageNotSpoken.
        """
        ...

    def speech_pace(self, language: str) -> float:
        """Characters per second of speech, without pauses and with figures in words; see `speech_length`.

        Raises LanguageNotSpoken.
        """
        ...

    def cast(self, language: str) -> Cast:
        """Who speaks this language. Raises LanguageNotSpoken."""
        ...

    def forecast(self, text: str, language: str) -> Usage | None:
        """The expected usage of speaking this text; None if it is free."""
        ...

    async def speak(self, utterance: Utterance) -> Sound:
        """Speak an utterance. Raises VoiceMissing, LanguageNotSpoken, ClipFailed."""
        ...


def describe_voice(voice: Voice) -> str:
    """Who speaks English, in words; the voice's name if nobody does."""
    if not voice.speaks("en"):
        return voice.name
    cast = voice.cast("en")
    return " and ".join(dict.fromkeys((cast.first, cast.second)))
