"""The recognizer Whisper (base, multilingual) by faster-whisper. Runs in the child process."""

import io
from collections import deque
from collections.abc import Iterable
from typing import Any

import numpy as np
from faster_whisper import WhisperModel

from audiobrew.audio.hearing.weights import CONFIG, MODEL_PARTS, RECOGNIZER, TOKENIZER, VOCABULARY
from audiobrew.audio.local.speech import ABSOLUTE_SILENCE, Samples, resample
from audiobrew.audio.local.weights import read_checked
from audiobrew.audio.pcm import RATE

# Samples per second that Whisper expects.
WHISPER_RATE = 16_000
# Seconds that are resampled at a time: a whole clip of twenty minutes would take a gigabyte.
PART_SECONDS = 60
# How many times shorter a text becomes by compression. Nobody says the same words so often.
MAX_REPETITION = 2.4


class JoinedParts(io.RawIOBase):
    """A file of several parts in memory. A part that was read is given back."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = deque(map(io.BytesIO, parts))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._parts:
            if count := self._parts[0].readinto(buffer):
                return count
            self._parts.popleft()
        return 0


class Whisper:
    def __init__(self, threads: int) -> None:
        """Load the weights from memory: the files might change after they were checked. Raises
        UnusableWeights."""
        model = JoinedParts([read_checked(RECOGNIZER, path) for path in MODEL_PARTS])
        files: dict[str, Any] = {"model.bin": io.BufferedReader(model)}
        for path in (CONFIG, TOKENIZER, VOCABULARY):
            files[path.rpartition("/")[2]] = read_checked(RECOGNIZER, path)
        # With files given, it looks for none on the network; the first argument is only a name.
        self.model = WhisperModel(
            "base", device="cpu", compute_type="int8", cpu_threads=threads, files=files
        )

    def hear(self, pcm: bytes, language: str) -> str:
        """The words in a sound. `language` is a base code.

        Without words to hear, Whisper repeats a few of its own. They are left out.
        """
        sound = np.frombuffer(pcm[: len(pcm) & ~1], "<i2").astype(np.float32) / np.float32(32768)
        if np.abs(sound).max(initial=0.0) < ABSOLUTE_SILENCE:
            return ""
        segments, _ = self.model.transcribe(
            to_whisper_rate(sound),
            language=language,
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
        )
        return " ".join(
            segment.text.strip()
            for segment in segments
            if segment.compression_ratio < MAX_REPETITION
        )


def to_whisper_rate(sound: Samples) -> Samples:
    size = PART_SECONDS * RATE
    parts = [
        resample(sound[start : start + size], WHISPER_RATE / RATE)
        for start in range(0, len(sound), size)
    ]
    return np.concatenate(parts) if parts else sound
