"""Which languages espeak-ng speaks well enough to be listened to, by which voice, and how fast.

It lists a hundred languages. Left out are those whose writing it does not read (Japanese and Cantonese
characters are announced one by one as "Chinese letter"; Arabic and Hebrew lack their vowels) and those
that nobody has listened for yet.
"""

from dataclasses import dataclass

SPEED = 168
"""Espeak's words a minute: unhurried English."""
SLOWER_SPEEDS = {"ca": 155, "de": 158, "fr": 142, "ru": 152}
"""Languages that would rush at that speed: their words are longer than espeak takes them for."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """`voice` and `speed` as espeak takes them; `pace` in characters of text per second of finished audio."""

    voice: str
    speed: int
    pace: float


PACE = {
    "en": 15.4, "de": 15.9, "fr": 16.5, "es": 15.8, "it": 15.7, "pt": 15.1, "nl": 15.8, "sv": 14.1,
    "da": 16.7, "nb": 13.8, "fi": 14.0, "is": 13.6, "pl": 13.7, "cs": 13.7, "sk": 14.0, "sl": 12.7,
    "hr": 14.5, "sr": 14.3, "hu": 13.1, "ro": 14.6, "bg": 13.9, "uk": 13.3, "ru": 15.8, "el": 15.4,
    "tr": 13.0, "et": 13.3, "lv": 14.0, "lt": 12.7, "ca": 15.7, "id": 14.3, "vi": 15.7, "ko": 6.2,
    "zh": 3.7,
}  # fmt: skip
"""Measured by `python -m benchmarks.pace` on 2026-11-23: four sentences of news in every language, said by
both hosts in three chapters, made into clips and joined; characters of text by seconds of that file."""

VOICES = {
    "en": "en-us",
    "en-gb": "en-gb-x-rp",
    "en-au": "en-gb-x-rp",
    "en-ie": "en-gb-x-rp",
    "en-in": "en-gb-x-rp",
    "en-nz": "en-gb-x-rp",
    "en-za": "en-gb-x-rp",
    "es-419": "es-419",
    "es-ar": "es-419",
    "es-cl": "es-419",
    "es-co": "es-419",
    "es-mx": "es-419",
    "es-us": "es-419",
    "fr-be": "fr-be",
    "fr-ch": "fr-ch",
    "pt-br": "pt-br",
    "zh": "cmn",
}
"""espeak's name where it is not the language's own."""

ALIASES = {"nn": "nb", "no": "nb"}
"""Languages spoken as another."""


def find_voice(language: str) -> VoiceSettings | None:
    """How a BCP 47 language is spoken: by its region where that has a voice, else by the language alone."""
    whole = language.lower().replace("_", "-")
    alone = ALIASES.get(whole.split("-")[0], whole.split("-")[0])
    if pace := PACE.get(alone):
        voice = VOICES.get(whole) or VOICES.get(alone, alone)
        return VoiceSettings(voice, SLOWER_SPEEDS.get(alone, SPEED), pace)
    return None
