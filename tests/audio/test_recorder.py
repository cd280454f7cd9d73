"""An utterance becomes a clip of whole frames with the right loudness and cues, or it fails."""

import math
import random
import struct
from array import array
from itertools import pairwise
from pathlib import Path

import pytest
from audiobrew.audio import mp3, pcm
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.voice import ClipFailed, Sound, Utterance
from audiobrew.script.script import Speaker

from tests.audio.samples import SAMPLES
from tests.audio.sound import count_samples, decode, measure_level


class FixedVoice:
    """A voice that always returns the same sound."""

    name = "fixed"

    def __init__(self, sound: bytes) -> None:
        self.sound = sound

    def speaks(self, language: str) -> bool:
        return True

    def pace(self, language: str) -> float:
        return 15.0

    def speech_pace(self, language: str) -> float:
        return 18.0

    async def speak(self, utterance: Utterance) -> Sound:
        return Sound(self.sound)


def utterance(*sentences: str, language: str = "en") -> Utterance:
    return Utterance(sentences, Speaker.FIRST, language)


def tone(seconds: float, loudness: float) -> bytes:
    """A sine wave of 440 Hz. `loudness` is its peak, from 0 to 1."""
    return b"".join(
        struct.pack("<h", round(32767 * loudness * math.sin(2 * math.pi * 440 * n / pcm.RATE)))
        for n in range(round(seconds * pcm.RATE))
    )


async def test_a_clip_has_whole_frames_and_their_number(tmp_path: Path) -> None:
    clip = await make_clip(EspeakVoice(), utterance(*SAMPLES["en"]))
    file = tmp_path / "clip.mp3"
    file.write_bytes(clip.mp3)

    assert clip.frames == mp3.count_frames(clip.mp3)
    assert count_samples(file) == clip.frames * mp3.FRAME_SAMPLES
    assert clip.seconds == pytest.approx(clip.frames * 0.024)


async def test_cues_follow_one_another_inside_the_clip() -> None:
    clip = await make_clip(EspeakVoice(), utterance(*SAMPLES["en"]))

    assert len(clip.cues) == 4
    assert clip.cues[0].start < 0.1
    assert all(cue.start < cue.end <= clip.seconds for cue in clip.cues)
    assert all(one.end <= other.start for one, other in pairwise(clip.cues))


async def test_a_clip_ends_with_silence(tmp_path: Path) -> None:
    clip = await make_clip(EspeakVoice(), utterance("A short one."))
    file = tmp_path / "clip.mp3"
    file.write_bytes(clip.mp3)
    tail = array("h", decode(file))[-round(0.25 * mp3.RATE) :]

    assert max(map(abs, tail)) < 100
    assert 0.3 < clip.seconds - clip.cues[-1].end < 0.5


@pytest.mark.parametrize("text", ["Yes.", "No.", "I.", "Oh!"])
async def test_a_word_too_short_to_be_measured_has_the_right_loudness(
    text: str, tmp_path: Path
) -> None:
    clip = await make_clip(EspeakVoice(), utterance(text))
    sound = decode(write_clip(clip.mp3, tmp_path))
    repetitions = pcm.cut(sound, pcm.Interval(0, 9)) * 6
    file = tmp_path / "again.wav"
    file.write_bytes(as_wav(repetitions))
    loudness, peak = measure_level(file)

    assert clip.seconds < 1.2
    assert -20 < loudness < -14
    assert peak <= -1


@pytest.mark.parametrize("loudness", [0.006, 0.05, 1.0])
async def test_quiet_and_loud_voices_get_the_right_loudness(
    loudness: float, tmp_path: Path
) -> None:
    clip = await make_clip(FixedVoice(tone(3, loudness)), utterance("A tone of three seconds."))
    loudness_after, peak = measure_level(write_clip(clip.mp3, tmp_path))

    assert loudness_after == pytest.approx(-16, abs=0.5)
    assert peak <= -1


async def test_clicks_are_limited_and_the_loudness_is_right(tmp_path: Path) -> None:
    sound = array("h", tone(6, 0.1))
    for place in range(0, len(sound), 2400):
        sound[place : place + 3] = array("h", [32767, -32768, 32767])
    clip = await make_clip(
        FixedVoice(sound.tobytes()), utterance("Clicks, ten a second, over a tone.")
    )
    loudness_after, peak = measure_level(write_clip(clip.mp3, tmp_path))

    assert loudness_after == pytest.approx(-16, abs=1)
    assert peak <= -1


@pytest.mark.parametrize(
    "sound",
    [
        b"",
        b"\0",
        pcm.silence(5),
        struct.pack("<h", 20000) * 100 + pcm.silence(2),
        random.Random(1).randbytes(48000).replace(b"\xff", b"\0")[:200],
    ],
)
async def test_silence_and_clicks_are_a_failed_clip(sound: bytes) -> None:
    with pytest.raises(ClipFailed, match="finished parts are kept"):
        await make_clip(FixedVoice(sound), utterance("Something."))


async def test_faint_noise_is_a_failed_clip() -> None:
    noise = array("h", (random.Random(n).randint(-3, 3) for n in range(48000)))
    with pytest.raises(ClipFailed):
        await make_clip(FixedVoice(noise.tobytes()), utterance("Something."))


async def test_a_sound_too_short_for_its_text_is_a_failed_clip() -> None:
    with pytest.raises(ClipFailed):
        await make_clip(FixedVoice(tone(1, 0.5)), utterance("A long sentence. " * 12))


async def test_an_incomplete_last_sample_is_ignored() -> None:
    clip = await make_clip(FixedVoice(tone(2, 0.5) + b"\x01"), utterance("A tone."))

    assert clip.frames > 80


def write_clip(content: bytes, folder: Path) -> Path:
    file = folder / "clip.mp3"
    file.write_bytes(content)
    return file


def as_wav(sound: bytes) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, mp3.RATE, mp3.RATE * 2, 2, 16)
    body = b"WAVE" + form + b"data" + len(sound).to_bytes(4, "little") + sound
    return b"RIFF" + len(body).to_bytes(4, "little") + body
