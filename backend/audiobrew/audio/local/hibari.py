"""The engine hibari: English, female, a hundred times faster than real time. Runs in the child process."""

from collections.abc import Callable

import numpy as np
from hibari import Hibari

from audiobrew.audio.local.speech import Samples
from audiobrew.audio.local.table import VoiceRow, voice_table
from audiobrew.audio.local.weights import check_engine, read_checked

MODEL = "hibari/assets/hibari.onnx"
# In this engine's texts, `[word](/phonemes/)` would say something else than is written.
MARKUP = str.maketrans("[]", "  ")


class HibariEngine:
    """`phonemes` and `vocabulary` serve Kokoro as well, which has the same alphabet."""

    rate = 24_000

    def __init__(self, threads: int) -> None:
        """Raises UnusableWeights."""
        table = voice_table()
        check_engine(table, "hibari")
        # With a model given, it never looks for another one on the network.
        self.model = Hibari(model=read_checked(table.engines["hibari"], MODEL), threads=threads)
        self.vocabulary: dict[str, int] = self.model.vocab
        self.phonemes_of: Callable[[str], str] = self.model.g2p

    def phonemes(self, text: str) -> str:
        return self.phonemes_of(text.translate(MARKUP))

    def say(self, text: str, row: VoiceRow) -> Samples:
        """See `Engine.say`. The same text always has the same sound."""
        sound = self.model.from_phonemes(self.phonemes(text), speed=1 / row.lower, seed=0)
        return np.asarray(sound, np.float32)
