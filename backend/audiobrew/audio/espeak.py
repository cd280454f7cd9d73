"""The voice that needs no account: espeak-ng, from a library that pip installs."""

from pathlib import Path

from audiobrew.audio.voice import Sound, Utterance


class EspeakVoice:
    """`library`: an espeak-ng of your own (its path), instead of the one installed with AudioBrew."""

    def __init__(self, library: Path | None = None) -> None:
        self.library = library

    @property
    def name(self) -> str:
        return "espeak-ng-1.52.0-1"

    def speaks(self, language: str) -> bool:
        raise NotImplementedError

    def pace(self, language: str) -> float:
        raise NotImplementedError

    async def speak(self, utterance: Utterance) -> Sound:
        raise NotImplementedError
