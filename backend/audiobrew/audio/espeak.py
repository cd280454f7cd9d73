"""The voice that needs no account: espeak-ng, from a library that pip installs.

The library has global state, so one utterance is spoken at a time. That is fast enough: it speaks about a
hundred times faster than real time. The constants are from espeak-ng's `speak_lib.h`.
"""

import ctypes
import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio.to_thread

from audiobrew.audio import pcm
from audiobrew.audio.cues import WORD_TIME_TOLERANCE, starts_by_words
from audiobrew.audio.voice import (
    Cast,
    ClipFailed,
    LanguageNotSpoken,
    Sound,
    Utterance,
    VoiceMissing,
    WordTime,
)
from audiobrew.lang.language_tag import base_code
from audiobrew.models.usage import Usage
from audiobrew.script.script import Speaker

if TYPE_CHECKING:
    from audiobrew.lang.voice_sections import EspeakSettings

# Output mode and option of espeak_Initialize.
SYNCHRONOUS_OUTPUT, DO_NOT_EXIT = 2, 0x8000
# Parameters of espeak_SetParameter.
SPEED, LOUDNESS, PITCH, WORD_GAP = 1, 2, 3, 7
# Flags of espeak_Synth.
UTF_8, PAUSE_AT_END = 1, 0x1000
# Phonemes as IPA, and `^` between the letters of one.
JOINED_IPA = 0x02 | 0x80 | ord("^") << 8
# What marks a word that is read by the rules of another language.
LANGUAGE_SWITCH = re.compile(r"\([a-z]{2,3}(?:-[a-z]+)*\)")
# Types of events.
END, WORD = 0, 1
# The text position that espeak_Synth starts from is counted in characters.
CHARACTERS = 1


class Event(ctypes.Structure):
    """`espeak_EVENT`: something that happens while an utterance is synthesized."""

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


# The function that espeak-ng calls with sound and events.
SynthCallback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event)
)


# The pitch of the hosts, 0 to 99: the language's own voice is understood best, so nothing else differs.
PITCHES = {Speaker.FIRST: 60, Speaker.SECOND: 15}
# Seconds from a sentence to the next one. espeak's own pauses are shorter, by language.
SENTENCE_PAUSE = 0.45
# Seconds after a word's time by which it is heard; else its pause is not found.
MAX_WORD_DELAY = 0.15
VOLUME = 60  # of 200; at espeak's default of 100 the loudest vowels are distorted


class EspeakVoice:
    """Speaks with espeak-ng. `library` is the path of a library other than the bundled one."""

    def __init__(self, library: Path | None = None) -> None:
        self.library = library

    @property
    def name(self) -> str:
        """The last number is the version of our settings. Raise it when they would change the sound."""
        return f"espeak-ng-{self.library or '1.52.0'}-3"

    def speaks(self, language: str) -> bool:
        """See `Voice.speaks`."""
        return find_voice(language) is not None

    def pace(self, language: str) -> float:
        """See `Voice.pace`."""
        return voice_settings(language).pace

    def speech_pace(self, language: str) -> float:
        """See `Voice.speech_pace`."""
        return voice_settings(language).speech_pace

    def cast(self, language: str) -> Cast:
        """See `Voice.cast`."""
        voice_settings(language)
        return Cast("espeak", "espeak, lower")

    def forecast(self, text: str, language: str) -> Usage | None:
        """See `Voice.forecast`."""
        return None

    def settings(self, language: str) -> "EspeakSettings":
        """How a language is spoken. Raises LanguageNotSpoken."""
        return voice_settings(language)

    async def speak(self, utterance: Utterance) -> Sound:
        """See `Voice.speak`."""
        settings = self.settings(utterance.language)
        # NUL would end the text, and espeak reads other control characters as commands.
        text = "".join(c if c.isprintable() else " " for c in utterance.text)

        def synthesize() -> Sound:
            with _lock:
                engine = load_engine(self.library)
                sound, words = engine.synthesize(text, settings, PITCHES[utterance.speaker])
            if not pcm.audible_intervals(sound):
                raise ClipFailed
            return lengthen_pauses(utterance, pcm.render(sound, engine.rate), words)

        return await anyio.to_thread.run_sync(synthesize)


def lengthen_pauses(utterance: Utterance, sound: bytes, words: Sequence[WordTime]) -> Sound:
    """The sound with at least SENTENCE_PAUSE between sentences, where the times of its words are known."""
    audible = pcm.audible_intervals(sound)
    inserts: list[tuple[float, float]] = []  # where silence is inserted, and how much
    for start in (starts_by_words(utterance, words) or [])[1:]:
        ends = [one.end for one in audible if one.start < start - WORD_TIME_TOLERANCE]
        starts = [one.start for one in audible if one.start >= start - WORD_TIME_TOLERANCE]
        if ends and starts and starts[0] - start < MAX_WORD_DELAY:
            missing = SENTENCE_PAUSE - (starts[0] - ends[-1])
            inserts.append(((ends[-1] + starts[0]) / 2, max(0.0, missing)))
    parts, position = [], 0.0
    for time, seconds in inserts:
        parts += [pcm.cut(sound, pcm.Interval(position, time)), pcm.silence(seconds)]
        position = time
    parts.append(pcm.cut(sound, pcm.Interval(position, len(sound) / 2 / pcm.RATE)))

    def shift(word: WordTime) -> WordTime:
        audible_by = word.start + WORD_TIME_TOLERANCE
        return replace(
            word, start=word.start + sum(more for time, more in inserts if time < audible_by)
        )

    return Sound(b"".join(parts), tuple(map(shift, words)))


def phonemes_of(text: str, voice: str) -> str:
    """The phonemes of a text in the International Phonetic Alphabet, for engines that have no own rules.

    `voice` is espeak-ng's name. `^` joins the letters of one phoneme. Raises VoiceMissing.
    """
    with _lock:
        return load_engine(None).phonemes(text, voice)


def find_voice(language: str) -> "EspeakSettings | None":
    """The voice for a BCP 47 tag: its region's where there is one, else its language's; None without.

    espeak-ng offers about a hundred languages. Left out are those whose script it cannot read (it announces
    Japanese and Cantonese characters one by one as "Chinese letter", and Arabic and Hebrew lack vowels), and
    those that nobody has listened to yet.
    """
    from audiobrew.lang.language import language_or_default

    settings = language_or_default(base_code(language)).voices.espeak
    if settings is None:
        return None
    region = language.lower().replace("_", "-").partition("-")[2]
    voice = settings.regions.get(region, settings.voice)
    return settings.model_copy(update={"voice": voice})


def voice_settings(language: str) -> "EspeakSettings":
    """Raises LanguageNotSpoken."""
    if settings := find_voice(language):
        return settings
    raise LanguageNotSpoken


# Held while the engine is loaded or used.
_lock = threading.Lock()


@cache
def load_engine(library: Path | None) -> "Engine":
    """Raises VoiceMissing."""
    return Engine(library)


class Engine:
    """The espeak-ng library in this process. Raises VoiceMissing when it, or its data, cannot be loaded."""

    def __init__(self, library: Path | None) -> None:
        try:
            path, data = (library, None) if library else bundled_library()
            self.library = ctypes.CDLL(str(path))
            self.rate = self.library.espeak_Initialize(SYNCHRONOUS_OUTPUT, 0, data, DO_NOT_EXIT)
        except (ImportError, OSError, RuntimeError, AttributeError) as error:
            raise VoiceMissing from error
        if self.rate <= 0:
            raise VoiceMissing
        self.sound, self.words = bytearray(), list[WordTime]()
        # This reference keeps the callback alive: without it the library would call freed memory.
        self.callback = SynthCallback(self._collect)
        self.library.espeak_SetSynthCallback(self.callback)

    def synthesize(
        self, text: str, settings: "EspeakSettings", pitch: int
    ) -> tuple[bytes, list[WordTime]]:
        """PCM at the engine's rate, and the times of its words. Raises ClipFailed, VoiceMissing."""
        self.sound, self.words = bytearray(), []
        if self.library.espeak_SetVoiceByName(settings.voice.encode()):
            raise VoiceMissing
        for parameter, value in (
            (SPEED, settings.speed),
            (LOUDNESS, VOLUME),
            (PITCH, pitch),
            (WORD_GAP, 0),
        ):
            self.library.espeak_SetParameter(parameter, value, 0)
        raw = text.encode("utf-8", "replace") + b"\0"
        failed = self.library.espeak_Synth(
            raw, ctypes.c_size_t(len(raw)), 0, CHARACTERS, 0, UTF_8 | PAUSE_AT_END, None, None
        )
        if failed:
            raise ClipFailed
        return bytes(self.sound), self.words

    def phonemes(self, text: str, voice: str) -> str:
        """See `phonemes_of`."""
        if self.library.espeak_SetVoiceByName(voice.encode()):
            raise VoiceMissing
        raw = ctypes.create_string_buffer(text.encode("utf-8", "replace"))
        place = ctypes.c_void_p(ctypes.addressof(raw))
        self.library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        clauses = []
        while place.value:
            clause = self.library.espeak_TextToPhonemes(ctypes.byref(place), UTF_8, JOINED_IPA)
            clauses.append((clause or b"").decode())
        return LANGUAGE_SWITCH.sub("", " ".join(filter(None, clauses)))

    def _collect(self, wave: Any, samples: int, events: Any) -> int:
        """Called by the library with a piece of sound and the events in it."""
        if wave and samples > 0:
            self.sound += ctypes.string_at(wave, samples * 2)
        number = 0
        while events[number].type != END:
            event = events[number]
            if event.type == WORD:
                start, position = event.audio_position / 1000, event.text_position - 1
                self.words.append(WordTime(start, position, event.length))
            number += 1
        return 0


def bundled_library() -> tuple[str, bytes]:
    """The paths of the library that pip installed, and of its data."""
    import espeakng_loader  # type: ignore[import-untyped]

    return espeakng_loader.get_library_path(), espeakng_loader.get_data_path().encode()
