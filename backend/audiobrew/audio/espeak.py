"""The voice that needs no account: espeak-ng, from a library that pip installs.

The library keeps one global state, so one utterance is spoken at a time; that is no loss, since it speaks
some hundred times faster than anybody listens.
"""

import ctypes
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import anyio.to_thread

from audiobrew.audio import pcm
from audiobrew.audio.voice import (
    ClipFailed,
    LanguageNotSpoken,
    Sound,
    Utterance,
    VoiceMissing,
    WordTime,
)
from audiobrew.lang.espeak_voices import VoiceSettings, find_voice
from audiobrew.models.usage import Usage
from audiobrew.script.script import Speaker

SYNCHRONOUS_OUTPUT, DO_NOT_EXIT = 2, 0x8000
SPEED, LOUDNESS, PITCH, PITCH_RANGE, WORD_GAP = 1, 2, 3, 4, 7
UTF_8, PAUSE_AT_END = 1, 0x1000
END, WORD = 0, 1
CHARACTERS = 1


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Listening = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True, slots=True)
class _Host:
    """One of the two voices: a variant of the language's own, a pitch and a melody (both 0 to 99)."""

    variant: str
    pitch: int
    melody: int


HOSTS = {
    Speaker.FIRST: _Host("Annie", 50, 60),
    Speaker.SECOND: _Host("Michael", 50, 60),
}
"""A woman's and a man's voice that no language clips, and that need the least limiting of those tried."""
VOLUME = 60  # of 200; at espeak's own 100 the loudest vowels clip


class EspeakVoice:
    """`library`: an espeak-ng of your own (its path), instead of the one installed with AudioBrew."""

    def __init__(self, library: Path | None = None) -> None:
        self.library = library

    @property
    def name(self) -> str:
        """The last number counts our own settings: raise it when they would change the sound."""
        return f"espeak-ng-{self.library or '1.52.0'}-1"

    def speaks(self, language: str) -> bool:
        return find_voice(language) is not None

    def pace(self, language: str) -> float:
        return _spoken(language).pace

    def forecast(self, text: str, language: str) -> Usage | None:
        """See `Voice.forecast`."""
        return None

    async def speak(self, utterance: Utterance) -> Sound:
        how = _spoken(utterance.language)
        return await anyio.to_thread.run_sync(self._speak, utterance, how)

    def _speak(self, utterance: Utterance, how: VoiceSettings) -> Sound:
        with _alone:
            engine = _engine(self.library)
            sound, words = engine.say(_plain(utterance.text), how, HOSTS[utterance.speaker])
        if not pcm.audible_stretches(sound):
            raise ClipFailed
        return Sound(pcm.render(sound, engine.rate), tuple(words))


def _spoken(language: str) -> VoiceSettings:
    if found := find_voice(language):
        return found
    raise LanguageNotSpoken


def _plain(text: str) -> str:
    """NUL would end the text and other controls give commands to espeak: each becomes a space."""
    return "".join(c if c.isprintable() else " " for c in text)


_alone = threading.Lock()


@cache
def _engine(library: Path | None) -> "_Engine":
    return _Engine(library)


class _Engine:
    """The loaded library. Raises VoiceMissing when it, or its data, is not there."""

    def __init__(self, library: Path | None) -> None:
        try:
            path, data = (library, None) if library else _installed()
            self.library = ctypes.CDLL(str(path))
            self.rate = self.library.espeak_Initialize(SYNCHRONOUS_OUTPUT, 0, data, DO_NOT_EXIT)
        except (ImportError, OSError, RuntimeError, AttributeError) as error:
            raise VoiceMissing from error
        if self.rate <= 0:
            raise VoiceMissing
        self.sound, self.words = bytearray(), list[WordTime]()
        self.listening = _Listening(self._hear)  # kept, or the library would call freed memory
        self.library.espeak_SetSynthCallback(self.listening)

    def say(self, text: str, how: VoiceSettings, host: _Host) -> tuple[bytes, list[WordTime]]:
        """PCM at the engine's rate. Raises ClipFailed, VoiceMissing."""
        self.sound, self.words = bytearray(), []
        self._set(how, host)
        raw = text.encode("utf-8", "replace") + b"\0"
        failed = self.library.espeak_Synth(
            raw, ctypes.c_size_t(len(raw)), 0, CHARACTERS, 0, UTF_8 | PAUSE_AT_END, None, None
        )
        if failed:
            raise ClipFailed
        return bytes(self.sound), self.words

    def _set(self, how: VoiceSettings, host: _Host) -> None:
        if self.library.espeak_SetVoiceByName(f"{how.voice}+{host.variant}".encode()):
            raise VoiceMissing
        for setting, value in (
            (SPEED, how.speed),
            (LOUDNESS, VOLUME),
            (PITCH, host.pitch),
            (PITCH_RANGE, host.melody),
            (WORD_GAP, 0),
        ):
            self.library.espeak_SetParameter(setting, value, 0)

    def _hear(self, wave: Any, samples: int, events: Any) -> int:
        if wave and samples > 0:
            self.sound += ctypes.string_at(wave, samples * 2)
        for event in _until_end(events):
            if event.type == WORD:
                start, position = event.audio_position / 1000, event.text_position - 1
                self.words.append(WordTime(start, position, event.length))
        return 0


def _until_end(events: Any) -> Iterator[_Event]:
    number = 0
    while events[number].type != END:
        yield events[number]
        number += 1


def _installed() -> tuple[str, bytes]:
    import espeakng_loader  # type: ignore[import-untyped]

    return espeakng_loader.get_library_path(), espeakng_loader.get_data_path().encode()
