"""What all voices with OpenAI's API share: the names of two hosts, the languages and the pace."""

from abc import ABC, abstractmethod
from typing import ClassVar

from audiobrew.audio.voice import Cast, LanguageNotSpoken, Sound, Utterance
from audiobrew.lang.language import language_or_default
from audiobrew.lang.language_tag import base_code
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.models.usage import Usage
from audiobrew.script.script import Speaker

# How much faster speech is without its pauses, and with figures in words: about as much in all languages.
SPEECH_RATIO = 1.2


class OpenAIVoice(ABC):
    """A voice of a server with OpenAI's API. `voices` are the server's names for the two hosts' voices."""

    kind: ClassVar[str]
    # The version of our instructions and settings. Raise it when they would change the sound.
    version: ClassVar[int]

    def __init__(
        self, calls: OpenAICalls, model: str, voices: tuple[str, str] = ("marin", "cedar")
    ) -> None:
        self.calls, self.model = calls, model
        self.voices = dict(zip(Speaker, voices, strict=True))

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.model}-{'-'.join(self.voices.values())}-{self.version}"

    def speaks(self, language: str) -> bool:
        """Whether any such server is known to speak the language: servers do not say what they speak."""
        return language_or_default(base_code(language)).voices.openai_pace is not None

    def pace(self, language: str) -> float:
        """See `Voice.pace`. Raises LanguageNotSpoken."""
        # Only to begin with: measured paces replace it.
        pace = language_or_default(base_code(language)).voices.openai_pace
        if pace is None:
            raise LanguageNotSpoken
        return pace

    def speech_pace(self, language: str) -> float:
        """See `Voice.speech_pace`. Raises LanguageNotSpoken."""
        return self.pace(language) * SPEECH_RATIO

    def cast(self, language: str) -> Cast:
        """See `Voice.cast`."""
        self.pace(language)
        return Cast(*(f"{voice} ({self.model})" for voice in self.voices.values()))

    @abstractmethod
    def forecast(self, text: str, language: str) -> Usage:
        """See `Voice.forecast`."""

    @abstractmethod
    async def speak(self, utterance: Utterance) -> Sound:
        """See `Voice.speak`. Raises the problems of OpenAICalls as well."""


def estimate_tokens(text: str, language: str) -> float:
    """The expected number of tokens of a text."""
    return len(text) / language_or_default(base_code(language)).voices.characters_per_token
