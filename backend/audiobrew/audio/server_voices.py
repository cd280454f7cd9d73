"""Which voice of a server for speech speaks which language for which host."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from audiobrew.audio.voice_names import KOKORO_HOSTS, kokoro_language, person_of
from audiobrew.lang.language_tag import base_code
from audiobrew.script.script import Speaker

# If one voice is both hosts, the second one is spoken faster and played slower, which lowers it.
LOWER = 0.84


@dataclass(frozen=True, slots=True)
class ServerVoiceName:
    """The server's names for a voice and its model. `lower`: it is played at this speed."""

    voice: str
    model: str
    lower: float = 1.0

    @property
    def person(self) -> str:
        """The name that listeners read."""
        return person_of(self.voice) + (", lower" if self.lower < 1 else "")


Hosts = tuple[ServerVoiceName, ServerVoiceName]


@dataclass(frozen=True, slots=True)
class ServerVoices:
    """`by_language` has base codes. `everywhere` speaks all other languages, if it is not None."""

    by_language: Mapping[str, Hosts]
    everywhere: Hosts | None = None

    @classmethod
    def of(
        cls, setting: tuple[str, str] | Mapping[str, tuple[str, str]] | None, model: str
    ) -> Self:
        """The voices of the setting AUDIOBREW_VOICES; without one, Kokoro's best ones.

        A pair of Kokoro's voices speaks their own language, any other pair every language.
        """
        if isinstance(setting, Mapping):
            return cls({base_code(code): hosts_of(pair, model) for code, pair in setting.items()})
        pair_language = kokoro_language(setting[0]) if setting else None
        if setting and not pair_language:
            return cls({}, hosts_of(setting, model))
        pairs = {**KOKORO_HOSTS, **({pair_language: setting} if setting and pair_language else {})}
        return cls({code: hosts_of(pair, model) for code, pair in pairs.items()})

    def of_language(self, language: str) -> Hosts | None:
        return self.by_language.get(base_code(language), self.everywhere)

    def host(self, language: str, speaker: Speaker) -> ServerVoiceName | None:
        hosts = self.of_language(language)
        return hosts[list(Speaker).index(speaker)] if hosts else None

    @property
    def all(self) -> list[ServerVoiceName]:
        """Every voice once."""
        pairs = [*self.by_language.values(), *([self.everywhere] if self.everywhere else [])]
        return list(dict.fromkeys(voice for pair in pairs for voice in pair))

    @property
    def fingerprint(self) -> str:
        """A short text that is different if another voice may speak."""
        text = repr((sorted(self.by_language.items()), self.everywhere))
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def hosts_of(pair: tuple[str, str], model: str) -> Hosts:
    """The voices of two hosts. `voice@model` names a voice of another model."""
    first, second = (
        ServerVoiceName(voice, own_model or model)
        for voice, _, own_model in (name.partition("@") for name in pair)
    )
    if first == second:
        second = ServerVoiceName(second.voice, second.model, LOWER)
    return first, second
