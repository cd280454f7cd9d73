"""What the names that servers and files give to voices mean: who is it, and which language does it speak."""

import re
from collections.abc import Mapping

# The first letter of Kokoro's names says which language a voice speaks, the second its sex.
KOKORO_NAME = re.compile(r"([abefhijpz])[fm]_(?:v\d+_?)?([a-z]+)")
KOKORO_LANGUAGES = {
    "a": "en",
    "b": "en",
    "e": "es",
    "f": "fr",
    "h": "hi",
    "i": "it",
    "j": "ja",
    "p": "pt",
    "z": "zh",
}
# Kokoro's best voices for the two hosts. For French it has one.
KOKORO_HOSTS: Mapping[str, tuple[str, str]] = {
    "en": ("af_heart", "am_michael"),
    "es": ("ef_dora", "em_alex"),
    "fr": ("ff_siwis", "ff_siwis"),
    "hi": ("hf_alpha", "hm_omega"),
    "it": ("if_sara", "im_nicola"),
    "ja": ("jf_alpha", "jm_kumo"),
    "pt": ("pf_dora", "pm_alex"),
    "zh": ("zf_xiaoxiao", "zm_yunxi"),
}
# A language's code before a name, and a quality after it, as Piper's files have them.
_LOCALE = re.compile(r"^[a-z]{2,3}[_-][A-Za-z]{2}[_-]")
_QUALITY = re.compile(r"[_-](x_low|x-low|low|medium|high)$")
_WEIGHT = re.compile(r"\([0-9.]*\)|:[0-9.]+")


def kokoro_language(voice: str) -> str | None:
    """The language (a base code) of a Kokoro voice, or of the first one of a mixture; None for others."""
    match = KOKORO_NAME.match(voice)
    return KOKORO_LANGUAGES[match[1]] if match else None


def voice_parts(voice: str) -> list[str]:
    """The names of the voices that a mixture such as `ff_siwis(1)+im_nicola(2)` consists of."""
    return [part.strip() for part in _WEIGHT.sub("", voice).split("+")]


def person_of(voice: str) -> str:
    """A name for listeners: `Heart` for `af_heart`, `Thorsten` for `de_DE-thorsten-medium`."""
    return " and ".join(filter(None, map(_person_of_part, voice_parts(voice)))) or voice


def _person_of_part(part: str) -> str:
    if match := KOKORO_NAME.fullmatch(part):
        return match[2].capitalize()
    words = re.split(r"[\s_./-]+", _QUALITY.sub("", _LOCALE.sub("", part)))
    return " ".join(word[:1].upper() + word[1:] for word in words if word)
