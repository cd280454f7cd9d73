"""Piper's models, from a listener's own files. Runs in the child process.

The program piper-tts is under the GPL, so it is not used: onnxruntime runs the model, and espeak-ng supplies
the phonemes.
"""

import unicodedata
from pathlib import Path

import numpy as np

from audiobrew.audio.espeak import phonemes_of
from audiobrew.audio.local.onnx_session import open_session, run
from audiobrew.audio.local.phonemes import PUNCTUATION
from audiobrew.audio.local.piper_config import read_piper_config
from audiobrew.audio.local.speech import NotSpeech, Samples
from audiobrew.audio.local.table import VoiceRow

# What begins, ends and separates the phonemes of a text.
START, END, SEPARATOR = "^", "$", "_"


class PiperEngine:
    def __init__(self, threads: int, model: Path) -> None:
        """Raises UnusableWeights."""
        self.config = read_piper_config(model)
        self.session = open_session(model.name, model, threads)
        self.rate = self.config.audio.sample_rate

    def say(self, text: str, row: VoiceRow) -> Samples:
        """See `Engine.say`."""
        ids = self.phoneme_ids(text)
        if not ids:
            raise NotSpeech
        settings = self.config.inference
        scales = [settings.noise_scale, settings.length_scale * row.lower, settings.noise_w]
        inputs = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array(scales, np.float32),
        }
        if self.config.num_speakers > 1:
            inputs["sid"] = np.array([0], np.int64)
        return run(self.session, inputs)

    def phoneme_ids(self, text: str) -> list[int]:
        """The numbers of the phonemes of a text; empty if it has none."""
        numbers, voice = self.config.phoneme_id_map, self.config.espeak.voice
        parts = (
            phonemes_of(part, voice).replace("^", "") if any(map(str.isalnum, part)) else part
            for part in PUNCTUATION.split(text)
        )
        phonemes = [one for one in unicodedata.normalize("NFD", "".join(parts)) if one in numbers]
        if not any(one.isalpha() for one in phonemes):
            return []
        ids = list(numbers.get(START, ()))
        for one in ("", *phonemes):
            ids += [*numbers.get(one, ()), *numbers.get(SEPARATOR, ())]
        return [*ids, *numbers.get(END, ())]
