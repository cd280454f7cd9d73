"""The languages that espeak-ng speaks well enough to listen to, their voices and their pace.

espeak-ng offers about a hundred languages. Left out are those whose script it cannot read (it announces
Japanese and Cantonese characters one by one as "Chinese letter", and Arabic and Hebrew lack vowels), and
those that nobody has listened to yet.
"""

from dataclasses import dataclass

# espeak-ng's words per minute for unhurried English.
SPEED = 168
# Lower speeds for languages whose words are longer than espeak-ng assumes.
SLOWER_SPEEDS = {"ca": 155, "de": 158, "fr": 142, "ru": 152}


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """`voice` and `speed` are espeak-ng's parameters; `pace` is characters per second of finished audio."""

    voice: str
    speed: int
    pace: float


# Characters of text per second of finished audio, measured by `python -m benchmarks.pace` on 2026-11-23: four
# sentences of news in every language, spoken by both hosts in three chapters, made into clips and joined.
PACE = {
    "en": 15.4, "de": 15.9, "fr": 16.5, "es": 15.8, "it": 15.7, "pt": 15.1, "nl": 15.8, "sv": 14.1,
    "da": 16.7, "nb": 13.8, "fi": 14.0, "is": 13.6, "pl": 13.7, "cs": 13.7, "sk": 14.0, "sl": 12.7,
    "hr": 14.5, "sr": 14.3, "hu": 13.1, "ro": 14.6, "bg": 13.9, "uk": 13.3, "ru": 15.8, "el": 15.4,
    "tr": 13.0, "et": 13.3, "lv": 14.0, "lt": 12.7, "ca": 15.7, "id": 14.3, "vi": 15.7, "ko": 6.2,
    "zh": 3.7,
}  # fmt: skip

# espeak-ng's name of the voice, if that is not the language's own code.
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

# Languages that are spoken as another one.
ALIASES = {"nn": "nb", "no": "nb"}


def find_voice(language: str) -> VoiceSettings | None:
    """The voice for a BCP 47 tag: its region's, else its language's; None if there is neither."""
    tag = language.lower().replace("_", "-")
    code = tag.split("-")[0]
    code = ALIASES.get(code, code)
    if pace := PACE.get(code):
        voice = VOICES.get(tag) or VOICES.get(code, code)
        return VoiceSettings(voice, SLOWER_SPEEDS.get(code, SPEED), pace)
    return None
