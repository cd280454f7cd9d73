"""The engine SVOX Pico: English, German, French, Spanish and Italian. Runs in the child process."""

import numpy as np
from py_nanotts import NanoTTS

from audiobrew.audio.local.speech import NotSpeech, Samples
from audiobrew.audio.local.table import VoiceRow, voice_table
from audiobrew.audio.local.weights import check_engine

# Pico reads tags, one of which plays a file.
MARKUP = str.maketrans("<>&\\", "    ")
# At its own volume, the loudest vowels are distorted.
VOLUME = 0.7


class PicoEngine:
    rate = 16_000

    def __init__(self, threads: int) -> None:
        """Raises UnusableWeights."""
        check_engine(voice_table(), "pico")
        self.engine = NanoTTS()

    def say(self, text: str, row: VoiceRow) -> Samples:
        """See `Engine.say`."""
        words = text.translate(MARKUP)
        try:
            raw = self.engine.speak(words, voice=row.voice, pitch=row.pitch, volume=VOLUME)
        except RuntimeError as error:  # a very long word, for example
            raise NotSpeech from error
        return np.frombuffer(raw[: len(raw) & ~1], "<i2").astype(np.float32) / np.float32(32768)
