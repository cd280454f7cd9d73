"""Which voice of this machine speaks which language for which host: `voices.toml`, as values."""

import hashlib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from audiobrew.lang.language_tag import base_code
from audiobrew.script.script import Speaker

# What the setting may ask for: the best voices, or those that speak a hundred times faster than real time.
Choice = Literal["natural", "fast"]
# Engines that take about as long to speak as the speech lasts.
SLOW_ENGINES = {"kokoro"}


@dataclass(frozen=True, slots=True)
class EngineFiles:
    """An engine as packages install it.

    `modules`: what must be installed. `files`: the paths that are loaded, from the folder of packages, with
    their SHA-256. `needs`: engines whose files are loaded as well. `revision` is the version of our own code
    and settings: raise it when they would change the sound. `extra` of
    AudioBrew installs the packages.
    """

    title: str
    version: str
    modules: tuple[str, ...]
    files: Mapping[str, str]
    needs: tuple[str, ...] = ()
    revision: int = 1
    extra: str = "voices"

    @property
    def installation(self) -> str:
        """The command that installs it."""
        return f"pip install 'audiobrew[{self.extra}]'"


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One voice of an engine for one language (a base code) and one host.

    `voice` is the engine's name for it, `name` ours. A listener's own engine is its kind and the path of its
    file, with a space in between. `pitch` is a parameter of Pico. `lower`: the sound is
    played at this speed, which lowers the voice, and spoken as much faster before.
    """

    engine: str
    voice: str
    name: str
    language: str
    host: Speaker
    pace: float
    speech_pace: float
    pitch: float = 1.0
    lower: float = 1.0

    @property
    def is_slow(self) -> bool:
        """Whether the engine takes about as long as the speech lasts."""
        return self.engine.partition(" ")[0] in SLOW_ENGINES


@dataclass(frozen=True, slots=True)
class VoiceTable:
    """`voices` are in the order of the file: the best voice of a language and host comes first."""

    engines: Mapping[str, EngineFiles]
    voices: tuple[VoiceRow, ...]

    def restricted_to(self, choice: Choice, usable: Collection[str]) -> "VoiceTable":
        """The table without voices that are too slow for the choice or whose engine is not usable."""
        rows = (row for row in self.voices if row.engine in usable)
        if choice == "fast":
            rows = (row for row in rows if not row.is_slow)
        return VoiceTable(self.engines, tuple(rows))

    def of(self, language: str, host: Speaker) -> tuple[VoiceRow, ...]:
        """The voices for a BCP 47 tag and a host, best first."""
        code = base_code(language)
        return tuple(row for row in self.voices if (row.language, row.host) == (code, host))

    @property
    def fingerprint(self) -> str:
        """A short text that is different whenever the same utterance could sound different."""
        engines = {row.engine for row in self.voices}
        # The name of a listener's own engine has a path, so these are only part of the digest.
        versions = [
            f"{name}-{self.engines[name].version}-{self.engines[name].revision}"
            for name in sorted(engines)
            if " " not in name
        ]
        own = [self.engines[name].version for name in sorted(engines) if " " in name]
        text = repr(self.voices) + repr(own) * bool(own)
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        return "+".join([*versions, digest])


@cache
def voice_table() -> VoiceTable:
    """The whole table."""
    data = tomllib.loads((files(__package__) / "voices.toml").read_text(encoding="utf-8"))
    return VoiceTable(
        {
            name: EngineFiles(**{key: as_value(value) for key, value in engine.items()})
            for name, engine in data["engines"].items()
        },
        tuple(VoiceRow(**{**row, "host": Speaker(row["host"])}) for row in data["voices"]),
    )


def as_value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
