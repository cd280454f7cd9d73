"""Measures the paces of each language, with pauses and without, which are values in `lang/<code>.toml`.

Run from the root of the repository: `python -m benchmarks.pace`.
"""

import tempfile
from pathlib import Path

import anyio
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.join import Piece, Tags, join
from audiobrew.audio.mp3 import FRAME_SECONDS
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.speech_length import speech_length
from audiobrew.audio.voice import Utterance
from audiobrew.script.script import Speaker

from tests.audio.samples import SAMPLES


async def paces(language: str, sentences: list[str]) -> tuple[float, float]:
    """Characters per second in three chapters, in which both hosts take turns, and of speech alone."""
    utterances = [Utterance(tuple(sentences), speaker, language) for speaker in Speaker]
    lengths = [speech_length(utterance) for utterance in utterances]
    clips = [await make_clip(EspeakVoice(), utterance) for utterance in utterances]
    pieces = [
        Piece(clip.mp3, chapter, speaker)
        for chapter in range(3)
        for clip, speaker in zip(clips, Speaker, strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        tags = Tags("Pace", "Pace", language, ("One", "Two", "Three"))
        episode = join(pieces, Path(folder) / "pace.mp3", tags)
    seconds = sum(clip.frames * FRAME_SECONDS for clip in clips)
    return (
        len(pieces) * len(utterances[0].text) / episode.seconds,
        sum(length.characters for length in lengths)
        / (seconds - sum(length.pauses for length in lengths)),
    )


async def main() -> None:
    for language, sentences in SAMPLES.items():
        pace, speech_pace = await paces(language, sentences)
        print(f"{language}.toml: {pace = :.1f} {speech_pace = :.1f}", flush=True)


if __name__ == "__main__":
    anyio.run(main)
