"""The engine Kokoro-82M: English, French, Spanish, Italian, Portuguese. Runs in the child process.

A voice of Kokoro is a vector for each length of a text. `kokoro_styles.npz` has those that the table names;
`scripts/kokoro_styles.py` makes it.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np

from audiobrew.audio.espeak import phonemes_of
from audiobrew.audio.local.hibari import HibariEngine
from audiobrew.audio.local.onnx_session import open_session, run
from audiobrew.audio.local.own_voices import STYLE_BYTES, style_files
from audiobrew.audio.local.phonemes import PUNCTUATION
from audiobrew.audio.local.speech import NotSpeech, Samples
from audiobrew.audio.local.table import VoiceRow, voice_table
from audiobrew.audio.local.weights import UnusableWeights, check_engine, read_checked

# The names of espeak-ng's voices for languages whose phonemes it supplies.
ESPEAK_VOICES = {"fr": "fr", "es": "es", "it": "it", "pt": "pt-br"}
MAX_PHONEMES = 509
# The steps in which the file stores the differences between the vectors of two lengths.
STEPS = 1024
STYLES = "kokoro_styles.npz"
# What Kokoro writes as one letter, in espeak's phonemes.
LETTERS = {
    "a^ɪ": "I",
    "a^ʊ": "W",
    "d^z": "ʣ",
    "d^ʒ": "ʤ",
    "e^ɪ": "A",
    "o^ʊ": "O",
    "ə^ʊ": "Q",
    "s^s": "S",
    "t^s": "ʦ",
    "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y",
}


class KokoroEngine:
    """`english` supplies the phonemes of English texts."""

    rate = 24_000

    def __init__(self, session: Any, styles: dict[str, Samples], english: HibariEngine) -> None:
        self.session, self.styles, self.english = session, styles, english
        types = {one.name: one.type for one in session.get_inputs()}
        self.text_input = "tokens" if "tokens" in types else "input_ids"
        self.speed_type = np.float32 if types.get("speed") == "tensor(float)" else np.int32

    @classmethod
    def of_packages(cls, threads: int, english: HibariEngine) -> Self:
        """Raises UnusableWeights."""
        table = voice_table()
        check_engine(table, "kokoro")
        engine = table.engines["kokoro"]
        model = b"".join(read_checked(engine, path) for path in engine.files)
        styles = load_styles((files(__package__) / STYLES).read_bytes())
        return cls(open_session(engine.title, model, threads), styles, english)

    @classmethod
    def of_files(cls, threads: int, english: HibariEngine, model: Path) -> Self:
        """A listener's own model, with the voices beside it. Raises UnusableWeights."""
        return cls(open_session(model.name, model, threads), read_styles(model.parent), english)

    def say(self, text: str, row: VoiceRow) -> Samples:
        """See `Engine.say`."""
        if row.language == "en":
            phonemes = self.english.phonemes(text)
        else:
            phonemes = espeak_phonemes(text, ESPEAK_VOICES[row.language])
        ids = [number for one in phonemes if (number := self.english.vocabulary.get(one))]
        if not ids:
            raise NotSpeech
        ids = ids[:MAX_PHONEMES]
        inputs = {
            self.text_input: np.array([[0, *ids, 0]], np.int64),
            "style": self.style(row.voice, len(ids)),
            "speed": np.array([1 / row.lower], self.speed_type),
        }
        return run(self.session, inputs)

    def style(self, voice: str, length: int) -> Samples:
        """The vector of a voice for a text of this many phonemes. `a:0.4+b:0.6` is a mixture of two."""
        vector = np.zeros((1, 256), np.float32)
        for part in voice.split("+"):
            name, _, share = part.partition(":")
            rows = self.styles[name]
            vector += float(share or 1) * rows[min(length, len(rows)) - 1]
        return vector


def load_styles(content: bytes) -> dict[str, Samples]:
    """Raises UnusableWeights."""
    from io import BytesIO

    try:
        with np.load(BytesIO(content), allow_pickle=False) as archive:
            steps = {name: archive[name] for name in archive.files}
    except (OSError, EOFError, ValueError, BadZipFile) as error:
        raise UnusableWeights("AudioBrew is installed without Kokoro's voices") from error
    return {
        name: (np.cumsum(rows.T, axis=0, dtype=np.int32) / STEPS).astype(np.float32)
        for name, rows in steps.items()
    }


def read_styles(folder: Path) -> dict[str, Samples]:
    """The vectors of all voices of Kokoro in a folder, by name. Raises UnusableWeights."""
    styles = dict[str, Samples]()
    for path in style_files(folder):
        try:
            if path.stat().st_size == STYLE_BYTES:
                styles[path.stem] = np.fromfile(path, "<f4").reshape(-1, 256)
            else:
                with np.load(path, allow_pickle=False) as archive:
                    styles |= {name: archive[name].reshape(-1, 256) for name in archive.files}
        except (OSError, EOFError, ValueError, BadZipFile) as error:
            raise UnusableWeights(f"{path.name} has no voices of Kokoro") from error
    return styles


def espeak_phonemes(text: str, voice: str) -> str:
    """The phonemes of a text in Kokoro's alphabet, with the punctuation, from espeak-ng."""
    parts = []
    for part in PUNCTUATION.split(text):
        if any(one.isalnum() for one in part):
            phonemes = phonemes_of(part, voice)
            for letters, letter in LETTERS.items():
                phonemes = phonemes.replace(letters, letter)
            parts.append(phonemes.replace("^", "").replace("-", ""))
        else:
            parts.append(part.replace("«", "“").replace("»", "”"))
    return "".join(parts)
