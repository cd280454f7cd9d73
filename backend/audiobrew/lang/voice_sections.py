"""The section of a language's file for voices. The classes explain every key."""

from pydantic import Field

from audiobrew.lang.sections import Section


class EspeakSettings(Section):
    """`voice`, that of a region and `speed` are espeak-ng's parameters. `pace` and `speech_pace` are
    characters per second, with pauses and without; see `Voice`."""

    voice: str
    pace: float
    speech_pace: float
    # Words per minute; lower where words are longer than espeak-ng assumes.
    speed: int = 168
    # Other voices, by the region of a BCP 47 tag in lower case.
    regions: dict[str, str] = Field(default_factory=dict)


class Voices(Section):
    """A voice that is missing does not speak the language."""

    # Characters of text per second of finished audio.
    openai_pace: float | None = None
    characters_per_token: float = 4.0
    espeak: EspeakSettings | None = None
