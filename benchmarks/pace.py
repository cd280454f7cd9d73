"""Measures the pace of each language, which is a value in `lang/<code>.toml`.

Run from the root of the repository: `python -m benchmarks.pace`.
"""

import tempfile
from pathlib import Path

import anyio
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.join import Piece, Tags, join
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.voice import Utterance
from audiobrew.script.script import Speaker

from tests.audio.samples import SAMPLES


async def pace(language: str, sentences: list[str]) -> float:
    """Characters per second in three chapters, in which both hosts take turns."""
    utterances = [Utterance(tuple(sentences), speaker, language) for speaker in Speaker]
    clips = [await make_clip(EspeakVoice(), utterance) for utterance in utterances]
    pieces = [
        Piece(clip.mp3, chapter, speaker)
        for chapter in range(3)
        for clip, speaker in zip(clips, Speaker, strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        tags = Tags("Pace", "Pace", language, ("One", "Two", "Three"))
        episode = join(pieces, Path(folder) / "pace.mp3", tags)
    return len(pieces) * len(utterances[0].text) / episode.seconds


async def main() -> None:
    for language, sentences in SAMPLES.items():
        print(f"{language}.toml: pace = {await pace(language, sentences):.1f}", flush=True)


if __name__ == "__main__":
    anyio.run(main)
