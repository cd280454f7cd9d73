"""What all voices with OpenAI's API share: the names of two hosts, the languages and the pace."""

from abc import ABC, abstractmethod
from typing import ClassVar

from audiobrew.audio.voice import LanguageNotSpoken, Sound, Utterance
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.models.usage import Usage
from audiobrew.script.script import Speaker

# Characters of text per second of finished audio, to begin with. Measured paces replace them.
PACE = {
    "en": 15.0, "de": 14.5, "fr": 15.0, "es": 15.5, "it": 15.0, "pt": 15.0, "nl": 14.5, "sv": 14.0,
    "da": 14.5, "no": 14.0, "nb": 14.0, "nn": 14.0, "fi": 14.0, "is": 13.5, "pl": 13.5, "cs": 13.5,
    "sk": 13.5, "sl": 13.5, "hr": 14.0, "bs": 14.0, "sr": 14.0, "mk": 14.0, "bg": 14.0, "hu": 13.0,
    "ro": 14.5, "uk": 13.5, "be": 13.5, "ru": 14.0, "el": 14.5, "tr": 13.0, "az": 13.0, "et": 13.5,
    "lv": 13.5, "lt": 13.0, "ca": 15.0, "gl": 15.0, "cy": 13.5, "mi": 13.0, "af": 14.5, "sw": 13.0,
    "id": 14.0, "ms": 14.0, "tl": 14.0, "vi": 14.5, "kk": 13.0, "hy": 13.0, "ar": 11.0, "he": 11.0,
    "fa": 11.5, "ur": 12.0, "hi": 12.0, "mr": 12.0, "ne": 12.0, "kn": 12.0, "ta": 12.5, "th": 11.5,
    "ko": 6.0, "ja": 6.5, "zh": 4.2,
}  # fmt: skip

# Characters of text per token of the model.
CHARACTERS_PER_TOKEN = {"zh": 1.3, "ja": 1.3, "ko": 1.6, "th": 2.0, "hi": 2.5, "ar": 2.8, "he": 2.5}
DEFAULT_CHARACTERS_PER_TOKEN = 4.0


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
        return base_language(language) in PACE

    def pace(self, language: str) -> float:
        """See `Voice.pace`. Raises LanguageNotSpoken."""
        if not self.speaks(language):
            raise LanguageNotSpoken
        return PACE[base_language(language)]

    @abstractmethod
    def forecast(self, text: str, language: str) -> Usage:
        """See `Voice.forecast`."""

    @abstractmethod
    async def speak(self, utterance: Utterance) -> Sound:
        """See `Voice.speak`. Raises the problems of OpenAICalls as well."""


def estimate_tokens(text: str, language: str) -> float:
    """The expected number of tokens of a text."""
    return len(text) / CHARACTERS_PER_TOKEN.get(
        base_language(language), DEFAULT_CHARACTERS_PER_TOKEN
    )


def base_language(language: str) -> str:
    """The language of a BCP 47 tag, without its region: `pt` of `pt-BR`."""
    return language.lower().replace("_", "-").split("-")[0]
