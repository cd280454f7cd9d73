"""How well voices of this machine are understood: a recognizer listens to whole episodes.

Run from the root of the repository: `python -m benchmarks.hearing VOICE [LANGUAGE …]` (espeak, fast or
natural; by default in five languages). The voice brews two minutes of the sample newsletters in each
language, and of three labelled ones in Italian.
Printed are the words, names and figures that were not understood, the seconds of audio for each processor
second of the brew, the memory of the brewing process and the voice, the disk that its packages take, and in
a second line what FFmpeg hears (`tests/audio/episode_sound.py`).
The exit code is 1 if more words of a natural voice are misheard than `LIMITS` allow, or if FFmpeg finds a
fault.
"""

import logging
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import anyio
import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from audiobrew.audio.hearing.clarity import HeardText, KeyWord, key_words
from audiobrew.audio.hearing.local_ear import LocalEar
from audiobrew.audio.local.local_voice import LocalVoice
from audiobrew.audio.pcm import RATE
from audiobrew.audio.utterances import spoken_sentence
from audiobrew.db.stages import Stage
from audiobrew.episode.episode import Order
from audiobrew.episode.script_store import StoredSegment
from audiobrew.inbox.samples import SampleMailbox
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail
from audiobrew.ops.logging import configure_logging
from audiobrew.settings import Settings
from audiobrew.wiring import Ports, connect

from benchmarks.understood_words import (
    count_misheard,
    count_written,
    spoken_words,
    words_of,
)
from tests.audio.episode_sound import EpisodeSound, listen_to_episode
from tests.listeners import add_listener

MINUTES = 2
# Per cent of the words that may sound different with a natural voice: 6 in English, and half of what espeak
# had in the others on 2026-11-29.
LIMITS = {"en": 6.0, "de": 14.2, "fr": 30.8, "es": 15.6, "it": 20.0}
LABELLED = Path(__file__).parents[1] / "tests" / "mail" / "labelled"
ITALIAN = (
    "development_2/10-mailup-it-bussola.eml",
    "development_3/12-il-mercurino.eml",
    "development_4/13-it-carta-carbone.eml",
)


@dataclass
class Score:
    """What a recognizer understood of an episode. Of `words`, `misheard` sound different, and `written` are
    written in another way."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    words: int = 0
    misheard: int = 0
    written: int = 0
    names: int = 0
    wrong_names: int = 0
    figures: int = 0
    wrong_figures: int = 0
    megabytes: float = 0.0
    disk_megabytes: float = 0.0

    def add_words(self, key_words: Sequence[KeyWord], text: HeardText) -> None:
        for word in key_words:
            is_wrong = not text.has(word)
            if word.figure:
                self.figures += 1
                self.wrong_figures += is_wrong
            else:
                self.names += 1
                self.wrong_names += is_wrong

    @property
    def misheard_percent(self) -> float:
        return 100 * self.misheard / max(1, self.words)

    def __str__(self) -> str:
        written = 100 * self.written / max(1, self.words)
        return (
            f"{self.seconds:4.0f} s of audio | {self.misheard_percent:4.1f} % of {self.words} words misheard"
            f" | {written:4.1f} % written otherwise"
            f" | {self.wrong_names} of {self.names} names | {self.wrong_figures} of {self.figures} figures"
            f" | {self.seconds / max(0.1, self.cpu_seconds):4.1f} × real time"
            f" | {self.megabytes:.0f} MB | {self.disk_megabytes:.0f} MB on disk"
        )


def newsletters(language: str) -> list[Newsletter]:
    if language == "it":
        contents = ((LABELLED / name).read_bytes() for name in ITALIAN)
        return [read_mail(content, limits=Limits()) for content in contents]
    return [one for one in SampleMailbox().newsletters() if one.bulk and one.language == language]


async def measure(
    voice: str, language: str, folder: Path, ear: LocalEar
) -> tuple[Score, EpisodeSound]:
    """Brew an episode with a new data folder and listen to it."""
    settings = Settings.model_validate(
        {"data": folder / "data", "voice": voice, "writer": "extractive", "hearing": "off"}
    )
    async with connect(settings, alone=True) as ports:
        cpu_before = cpu_seconds()
        episode = await brew(ports, newsletters(language))
        score = Score(episode.seconds, cpu_seconds() - cpu_before)
        score.megabytes = sum(peak_megabytes(one) for one in processes())
        script = await ports.scripts.get(episode.id)
        mp3 = b"".join([part async for part in ports.media.read(episode.media, 0, episode.bytes)])
        score.disk_megabytes = sum(map(megabytes_on_disk, modules_of(ports)))
    sound = decode(mp3)
    for segment in script.segments:
        await listen(ear, segment, sound, score)
    file = folder / "episode.mp3"
    file.write_bytes(mp3)
    stories = [
        (segment.start or 0.0, [one.start for one in segment.sentences if one.start is not None])
        for segment in script.segments
    ]
    return score, listen_to_episode(file, [story for story in stories if story[1]])


async def brew(ports: Ports, mails: Sequence[Newsletter]) -> Any:
    listener = await add_listener(ports.listeners)
    stored = await ports.mails.add(listener, mails)
    order = Order(tuple(mail.id for mail in stored), MINUTES, datetime.now(UTC).date())
    episode = await ports.orders.start(listener, order)
    async for _ in ports.orders.events(episode.id):
        pass
    episode = await ports.episodes.get(listener, episode.id)
    assert episode.stage is Stage.READY, episode.trouble
    return episode


async def listen(ear: LocalEar, segment: StoredSegment, sound: bytes, score: Score) -> None:
    """Listen to a chapter, and count what is not understood."""
    heard_sentences = [one for one in segment.sentences if one.start is not None]
    if not heard_sentences:
        return
    first, last = (segment.start or 0.0), (segment.end or 0.0)
    part = sound[round(first * RATE) * 2 : round(last * RATE) * 2]
    text = await ear.hear(part, segment.language) or ""
    sentences = [spoken_sentence(one.sentence.text, segment.language) for one in heard_sentences]
    expected = " ".join(sentences)
    texts = (expected, text)
    score.words += len(words_of(expected, segment.language))
    score.misheard += count_misheard(*(spoken_words(one, segment.language) for one in texts))
    score.written += count_written(*(words_of(one, segment.language) for one in texts))
    heard_text = HeardText(text, segment.language)
    for words in key_words(sentences, segment.language):
        score.add_words(words, heard_text)


def decode(mp3: bytes) -> bytes:
    """The sound of an episode: 24 kHz, mono, 16 bit."""
    import av

    sound = bytearray()
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(BytesIO(mp3), "r", format="mp3") as container:
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                sound += bytes(part.planes[0])[: part.samples * 2]
    return bytes(sound)


def processes() -> Iterator[psutil.Process]:
    """This process and its children, without the one that listens."""
    own = psutil.Process()
    yield own
    for child in own.children(recursive=True):
        if "audio.hearing" not in " ".join(child.cmdline()):
            yield child


def cpu_seconds() -> float:
    times = [one.cpu_times() for one in processes()]
    return sum(one.user + one.system for one in times)


def peak_megabytes(process: psutil.Process) -> float:
    """The most memory that a process has used."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return float(status.partition("VmHWM:")[2].split()[0]) / 1024


def modules_of(ports: Ports) -> set[str]:
    """The packages that the voice needs."""
    if not isinstance(ports.voice, LocalVoice):
        return {"espeakng_loader"}
    table = ports.voice.installed.usable
    engines = {row.engine for row in table.voices}
    return {"espeakng_loader", *(name for one in engines for name in table.engines[one].modules)}


def megabytes_on_disk(module: str) -> float:
    spec = find_spec(module)
    folders = spec.submodule_search_locations if spec else None
    files = (file for folder in folders or () for file in Path(folder).rglob("*"))
    sizes = [file.stat().st_size for file in files if file.is_file()]
    return sum(sizes) / 2**20


async def main(*words: str) -> None:
    voice, *languages = words
    faults: list[str] = []
    ear = LocalEar(threads=1, load_seconds=3600)
    for language in languages or LIMITS:
        with tempfile.TemporaryDirectory(prefix="audiobrew-hearing-") as name:
            score, sound = await measure(voice, language, Path(name), ear)
        print(f"{voice:8} {language} | {score}\n            | {sound}", flush=True)
        faults += [f"{language}: {fault}" for fault in sound.faults]
        if voice != "espeak" and score.misheard_percent > LIMITS.get(language, 100.0):
            faults.append(f"{language}: more than {LIMITS[language]} % of the words misheard")
    await ear.aclose()
    if faults:
        sys.exit(f"Faults of {voice}: {'; '.join(faults)}.")


if __name__ == "__main__":
    configure_logging(logging.ERROR)
    anyio.run(main, *sys.argv[1:])
