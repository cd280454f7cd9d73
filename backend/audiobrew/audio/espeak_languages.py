"""Which languages espeak-ng speaks well enough to be listened to, with which voices, how fast."""

from dataclasses import dataclass

WORDS_PER_MINUTE = 168


@dataclass(frozen=True, slots=True)
class Spoken:
    """`voice` is espeak's name; `pace` characters of text per second of finished audio."""

    voice: str
    pace: float


LANGUAGES = {
    "en": Spoken("en-us", 14.0),
    "de": Spoken("de", 14.0),
}


def spoken(language: str) -> Spoken | None:
    """How a BCP 47 language is spoken: by region where a voice has one, else by its language."""
    parts = language.lower().replace("_", "-").split("-")
    return LANGUAGES.get("-".join(parts)) or LANGUAGES.get(parts[0])
