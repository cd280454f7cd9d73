"""Measures the paces of each language, with pauses and without, which are values in `lang/<code>.toml`.

Run from the root of the repository: `python -m benchmarks.pace`. With `local`, it measures those of the
voices in `audio/local/voices.toml` instead.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import anyio
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.join import Piece, Tags, join
from audiobrew.audio.local.local_voice import Installed, LocalVoice
from audiobrew.audio.local.speech_process import SpeechProcess
from audiobrew.audio.local.table import VoiceTable, voice_table
from audiobrew.audio.mp3 import FRAME_SECONDS
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.speech_length import speech_length
from audiobrew.audio.voice import Utterance, Voice
from audiobrew.script.script import Speaker

from tests.audio.samples import SAMPLES


async def paces(voice: Voice, language: str, sentences: list[str]) -> tuple[float, float]:
    """Characters per second in three chapters, in which both hosts take turns, and of speech alone."""
    utterances = [Utterance(tuple(sentences), speaker, language) for speaker in Speaker]
    lengths = [speech_length(utterance) for utterance in utterances]
    clips = [await make_clip(voice, utterance) for utterance in utterances]
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
    if sys.argv[1:] == ["local"]:
        await measure_local_voices()
        return
    for language, sentences in SAMPLES.items():
        pace, speech_pace = await paces(EspeakVoice(), language, sentences)
        print(f"{language}.toml: {pace = :.1f} {speech_pace = :.1f}", flush=True)


async def measure_local_voices() -> None:
    process, whole = SpeechProcess(threads=2), voice_table()
    for row in whole.voices:
        table = VoiceTable(whole.engines, tuple(replace(row, host=host) for host in Speaker))
        voice = LocalVoice(Installed(table, table), EspeakVoice(), process)
        pace, speech_pace = await paces(voice, row.language, SAMPLES[row.language])
        print(f"{row.language} {row.name}: {pace = :.1f} {speech_pace = :.1f}", flush=True)
    await process.aclose()


if __name__ == "__main__":
    anyio.run(main)
