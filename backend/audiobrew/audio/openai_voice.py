"""What OpenAI's voices, and those of servers like it, share: two hosts, many languages, about one pace."""

from abc import ABC, abstractmethod
from typing import ClassVar

from audiobrew.audio.voice import LanguageNotSpoken, Sound, Utterance
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.models.usage import Usage
from audiobrew.script.script import Speaker

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
"""Characters of text a second of finished audio: where to begin. What is measured takes its place."""

CHARACTERS_A_TOKEN = {"zh": 1.3, "ja": 1.3, "ko": 1.6, "th": 2.0, "hi": 2.5, "ar": 2.8, "he": 2.5}
USUAL_CHARACTERS_A_TOKEN = 4.0


class OpenAIVoice(ABC):
    """`voices`: the first and the second host's, as the server names them."""

    kind: ClassVar[str]
    version: ClassVar[int]
    """Counts our own orders and settings: raise it when they would change the sound."""

    def __init__(
        self, calls: OpenAICalls, model: str, voices: tuple[str, str] = ("marin", "cedar")
    ) -> None:
        self.calls, self.model = calls, model
        self.voices = dict(zip(Speaker, voices, strict=True))

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.model}-{'-'.join(self.voices.values())}-{self.version}"

    def speaks(self, language: str) -> bool:
        """Servers do not say, so every language that one of them is known to speak."""
        return _alone(language) in PACE

    def pace(self, language: str) -> float:
        """See `Voice.pace`. Raises LanguageNotSpoken."""
        if not self.speaks(language):
            raise LanguageNotSpoken
        return PACE[_alone(language)]

    @abstractmethod
    def forecast(self, text: str, language: str) -> Usage:
        """See `Voice.forecast`."""

    @abstractmethod
    async def speak(self, utterance: Utterance) -> Sound:
        """Raises as `Voice.speak`, and as OpenAICalls does."""


def tokens(text: str, language: str) -> float:
    """How many a text is expected to be."""
    return len(text) / CHARACTERS_A_TOKEN.get(_alone(language), USUAL_CHARACTERS_A_TOKEN)


def _alone(language: str) -> str:
    """The language without its region."""
    return language.lower().replace("_", "-").split("-")[0]
