"""The voice of this machine: for each language and host the best one that is installed, and espeak else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import structlog

from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.local.own_voices import find_own_voices
from audiobrew.audio.local.speech_process import SpeechProcess
from audiobrew.audio.local.table import Choice, VoiceRow, VoiceTable, voice_table
from audiobrew.audio.local.weights import UnusableWeights, check_engine
from audiobrew.audio.recorder import retry_unusable_clip
from audiobrew.audio.voice import Cast, ClipFailed, Sound, Utterance
from audiobrew.models.usage import Usage
from audiobrew.script.script import Speaker
from audiobrew.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Installed:
    """The voices of a choice: all that there are, those that can speak here, why engines cannot, and what is
    wrong with the listener's own files."""

    whole: VoiceTable
    usable: VoiceTable
    reasons: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @classmethod
    def find(cls, choice: Choice, folder: Path | None = None) -> "Installed":
        """Check the files of every engine that the choice needs, and the listener's own voices in a folder.

        These come first. Reads up to 120 MB, and the folder's models.
        """
        packages, own = voice_table(), find_own_voices(folder)
        voices = packages.restricted_to(choice, packages.engines).voices
        table = VoiceTable({**packages.engines, **own.table.engines}, (*own.table.voices, *voices))
        reasons = {}
        for engine in sorted({row.engine for row in table.voices}):
            try:
                check_engine(table, engine)
            except UnusableWeights as problem:
                reasons[engine] = str(problem)
        usable = VoiceTable(
            table.engines, tuple(row for row in table.voices if row.engine not in reasons)
        )
        return cls(table, usable, reasons, own.faults)

    @classmethod
    def elsewhere(cls, choice: Choice) -> "Installed":
        """Whatever the workers on other machines may have: everything."""
        table = voice_table()
        whole = table.restricted_to(choice, table.engines)
        return cls(whole, whole)


def find_local_voices(settings: Settings) -> Installed | None:
    """The natural voices of this machine; None if the setting chooses other ones. Reads their files."""
    if not settings.has_local_voices:
        return None
    choice: Choice = "natural" if settings.voice == "natural" else "fast"
    if not settings.brews:  # the workers have voices
        return Installed.elsewhere(choice)
    return Installed.find(choice, settings.voice_files)


class LocalVoice:
    """Speaks with the engines of this machine."""

    def __init__(self, installed: Installed, espeak: EspeakVoice, process: SpeechProcess) -> None:
        self.installed, self.espeak, self.process = installed, espeak, process

    @property
    def name(self) -> str:
        """All engines with their versions: with another engine, a clip sounds different."""
        return f"local-{self.installed.usable.fingerprint}+{self.espeak.name}"[:200]

    def speaks(self, language: str) -> bool:
        """See `Voice.speaks`. espeak speaks all languages that packages have."""
        return self.espeak.speaks(language) or self._best(language, Speaker.FIRST) is not None

    @property
    def languages(self) -> list[str]:
        """The languages that the table names."""
        return list(dict.fromkeys(row.language for row in self.installed.whole.voices))

    def pace(self, language: str) -> float:
        """See `Voice.pace`. The average of both hosts."""
        rows = [self._best(language, host) for host in Speaker]
        return sum(row.pace if row else self.espeak.pace(language) for row in rows) / len(rows)

    def speech_pace(self, language: str) -> float:
        """See `Voice.speech_pace`. The average of both hosts."""
        rows = [self._best(language, host) for host in Speaker]
        paces = (row.speech_pace if row else self.espeak.speech_pace(language) for row in rows)
        return sum(paces) / len(rows)

    def _best(self, language: str, host: Speaker) -> VoiceRow | None:
        return next(iter(self.installed.usable.of(language, host)), None)

    def forecast(self, text: str, language: str) -> Usage | None:
        """See `Voice.forecast`."""
        return None

    def cast(self, language: str) -> Cast:
        """See `Voice.cast`."""
        names, missing = [], list(self.installed.faults)
        for host in Speaker:
            best = self._best(language, host)
            names.append(best.name if best else self.espeak.cast(language).of(host))
            for row in self.installed.whole.of(language, host):
                if row == best:
                    break
                missing.append(self.installed.reasons[row.engine])
        return Cast(names[0], names[1], "; ".join(dict.fromkeys(missing)))

    async def speak(self, utterance: Utterance) -> Sound:
        """See `Voice.speak`.

        If a voice gives silence or noise for a text, such as one in another script, or if its process dies
        of it twice, the next one speaks it, in the end espeak.
        """
        for row in self.installed.usable.of(utterance.language, utterance.speaker):
            try:
                return await retry_unusable_clip(
                    partial(self.process.speak, row, utterance.sentences)
                )
            except ClipFailed:
                log.warning("voice.unusable", engine=row.engine, language=row.language)
        if not self.espeak.speaks(utterance.language) and self.speaks(utterance.language):
            raise ClipFailed
        return await self.espeak.speak(utterance)

    async def aclose(self) -> None:
        await self.process.aclose()
