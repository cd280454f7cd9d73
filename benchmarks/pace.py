"""Measures the paces of each language, with pauses and without, which are values in `lang/<code>.toml`.

Run from the root of the repository: `python -m benchmarks.pace`. With `local`, it measures those of the
voices in `audio/local/voices.toml` instead, and then what each engine costs: processor time, memory and disk.
"""

import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic

import anyio
import psutil
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.local.local_voice import Installed, LocalVoice
from audiobrew.audio.local.speech_process import SpeechProcess
from audiobrew.audio.local.table import VoiceTable, voice_table
from audiobrew.audio.local.weights import find_file
from audiobrew.audio.mp3 import FRAME_SECONDS
from audiobrew.audio.pauses import Pauses, Place
from audiobrew.audio.pcm import RATE
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.speech_length import speech_length
from audiobrew.audio.voice import Utterance, Voice
from audiobrew.script.script import Speaker

from tests.audio.samples import SAMPLES

THREADS = 2
HEAD = (
    "engine",
    "languages",
    "× real time, per processor",
    "× real time",
    "to load",
    "memory",
    "files",
)


async def paces(voice: Voice, language: str, sentences: list[str]) -> tuple[float, float]:
    """Characters per second of one story, in which both hosts take turns, and of speech alone."""
    utterances = [Utterance(tuple(sentences), speaker, language) for speaker in Speaker]
    lengths = [speech_length(utterance) for utterance in utterances]
    clips = [await make_clip(voice, utterance) for utterance in utterances]
    places = [Place(0, language, speaker) for speaker in Speaker] * 3
    frames = [clip.frames for clip in clips] * 3
    pauses = Pauses.of(False)
    story = pauses.seconds(zip(frames, places, strict=True)) - pauses.breaks.edges
    seconds = sum(clip.frames * FRAME_SECONDS for clip in clips)
    return (
        len(places) * len(utterances[0].text) / story,
        sum(length.characters for length in lengths)
        / (seconds - sum(length.pauses for length in lengths)),
    )


async def main() -> None:
    if sys.argv[1:] == ["local"]:
        await measure_local_voices()
        await measure_engines()
        return
    for language, sentences in SAMPLES.items():
        pace, speech_pace = await paces(EspeakVoice(), language, sentences)
        print(f"{language}.toml: {pace = :.1f} {speech_pace = :.1f}", flush=True)


async def measure_local_voices() -> None:
    process, whole = SpeechProcess(THREADS), voice_table()
    for row in whole.voices:
        table = VoiceTable(whole.engines, tuple(replace(row, host=host) for host in Speaker))
        voice = LocalVoice(Installed(table, table), EspeakVoice(), process)
        pace, speech_pace = await paces(voice, row.language, SAMPLES[row.language])
        print(f"{row.language} {row.name}: {pace = :.1f} {speech_pace = :.1f}", flush=True)
    await process.aclose()


async def measure_engines() -> None:
    """What each engine takes: seconds of speech for a second of a processor and of time, memory and disk."""
    table = voice_table()
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for name, engine in table.engines.items():
        process, sound, rows = (
            SpeechProcess(THREADS),
            0,
            [row for row in table.voices if row.engine == name],
        )
        await process.speak(rows[0], ["Taxi."])
        child = psutil.Process(process.process.pid)
        load, start = processor_seconds(child), monotonic()
        for row in rows:
            sound += len((await process.speak(row, SAMPLES[row.language])).pcm) / 2 / RATE
        seconds, processor = monotonic() - start, processor_seconds(child) - load
        cells = (
            f"{engine.title} {engine.version}",
            " ".join(dict.fromkeys(row.language for row in rows)),
            f"{sound / processor:.1f}",
            f"{sound / seconds:.1f}",
            f"{load:.1f} s",
            f"{peak_megabytes(child):.0f} MB",
            f"{disk_megabytes(name):.0f} MB",
        )
        print(f"| {' | '.join(cells)} |", flush=True)
        await process.aclose()


def processor_seconds(child: psutil.Process) -> float:
    times = child.cpu_times()
    return times.user + times.system


def peak_megabytes(child: psutil.Process) -> float:
    """The most memory that the process had so far, as Linux counts it."""
    status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def disk_megabytes(engine: str) -> float:
    """The files that are loaded for an engine."""
    files = voice_table().engines[engine]
    own = sum(find_file(path).stat().st_size for path in files.files) / 2**20
    return own + sum(map(disk_megabytes, files.needs))


if __name__ == "__main__":
    anyio.run(main)
