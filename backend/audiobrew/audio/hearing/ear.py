"""The port for recognizers, which turn sound into text."""

from typing import Protocol

# Whisper's base model understands these well, and others badly.
LANGUAGES = frozenset(("en", "de", "fr", "es", "it", "pt", "nl"))
# A clip lasts 40 seconds, or longer if a sentence is very long. What is longer than this is not listened to.
MAX_SECONDS = 300


class HearingFailed(Exception):
    """Says why a sound was not listened to."""


class Ear(Protocol):
    """Writes down what it hears."""

    async def hear(self, pcm: bytes, language: str) -> str | None:
        """The words in a sound (24 kHz, mono, 16 bit); None if it does not listen in this language (BCP 47).

        Raises HearingFailed.
        """
        ...
