"""The recognizer of this machine hears what natural voices say, and its failures are sentences."""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from audiobrew.audio import pcm
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.hearing import process
from audiobrew.audio.hearing.clarity import find_unclear
from audiobrew.audio.hearing.ear import MAX_SECONDS, HearingFailed
from audiobrew.audio.hearing.local_ear import LocalEar
from audiobrew.audio.hearing.weights import MODEL_PARTS, RECOGNIZER
from audiobrew.audio.local import weights
from audiobrew.audio.local.local_voice import Installed, LocalVoice
from audiobrew.audio.local.speech_process import SpeechProcess
from audiobrew.audio.local.weights import check_files, find_file
from audiobrew.audio.voice import Utterance
from audiobrew.script.script import Speaker

from tests.audio.test_recorder import tone

HEARD = {
    "en": "The city council of Warsaw hired 40 engineers, and Sarah Jensen leads them.",
    "de": "Der Stadtrat von Hamburg hat am Montag 40 neue Busse bestellt.",
}


@pytest.fixture(scope="module")
async def ear() -> AsyncIterator[LocalEar]:
    ear = LocalEar(threads=1, load_seconds=600)
    yield ear
    await ear.aclose()


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with copies of the recognizer's files, which are read instead."""
    for path in RECOGNIZER.files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(find_file(path), tmp_path / path)
    monkeypatch.setattr(weights, "find_file", lambda path: tmp_path / path)
    return tmp_path


async def test_natural_voices_are_heard_right(ear: LocalEar) -> None:
    voice = LocalVoice(Installed.find("fast"), EspeakVoice(), SpeechProcess(threads=1))
    try:
        for language, sentence in HEARD.items():
            sound = await voice.speak(Utterance((sentence,), Speaker.FIRST, language))
            text = await ear.hear(sound.pcm, language)

            assert text is not None
            assert find_unclear((sentence,), text, language) == ((),)
    finally:
        await voice.aclose()


async def test_silence_and_noise_have_no_words(ear: LocalEar) -> None:
    hum = tone(1, 0.2)
    for sound in (pcm.silence(1.0), b"", b"\0\0", pcm.silence(0.1) + b"\0", hum, hum[:100]):
        assert len(await ear.hear(sound, "en") or "") < 60


async def test_a_process_that_dies_while_it_listens_is_said_and_replaced(ear: LocalEar) -> None:
    await ear.hear(pcm.silence(0.1), "en")
    pid = ear.process.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    listening = asyncio.create_task(ear.hear(pcm.silence(1.0), "en"))
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGKILL)

    with pytest.raises(HearingFailed, match="died"):
        await listening
    assert await ear.hear(pcm.silence(0.1), "en") is not None
    assert ear.process.pid not in (None, pid)


async def test_other_languages_and_long_sounds_start_no_process() -> None:
    ear = LocalEar(threads=1, load_seconds=600)

    assert await ear.hear(pcm.silence(1.0), "ja") is None
    with pytest.raises(HearingFailed, match="too long"):
        await ear.hear(pcm.silence(MAX_SECONDS + 1), "en-US")
    assert ear.process.pid is None


PROGRAMS = {
    "does not start": "import sys; sys.exit(1)",
    "died": (
        "import sys; from audiobrew.ops.child_process import *; a = redirect_prints(); send_frame(a, b'R');"
        " receive_frame(sys.stdin.buffer); send_frame(a, b'no JSON'); receive_frame(sys.stdin.buffer)"
    ),
    "is missing": (
        "import sys; from audiobrew.ops.child_process import *; a = redirect_prints(); send_frame(a, b'R');"
        ' receive_frame(sys.stdin.buffer); send_frame(a, b\'{"problem": "a library is missing"}\');'
        " receive_frame(sys.stdin.buffer)"
    ),
}


@pytest.mark.parametrize("reason", PROGRAMS)
async def test_a_broken_recognizer_is_said(reason: str) -> None:
    ear = LocalEar(threads=1, command=(sys.executable, "-P", "-c", PROGRAMS[reason]))
    try:
        with pytest.raises(HearingFailed, match=reason):
            await ear.hear(pcm.silence(0.1), "en")
    finally:
        await ear.aclose()


async def test_a_recognizer_that_takes_too_long_is_left_alone_for_a_while() -> None:
    """Every clip of an episode would wait for it."""
    program = (
        "import sys, time; from audiobrew.ops.child_process import *; a = redirect_prints();"
        " send_frame(a, b'R'); receive_frame(sys.stdin.buffer); time.sleep(60)"
    )
    command = (sys.executable, "-P", "-c", program)
    ear = LocalEar(threads=1, command=command, load_seconds=0.1, rest_seconds=0.5)
    with pytest.raises(HearingFailed, match="too long"):
        await ear.hear(pcm.silence(0.1), "en")
    with pytest.raises(HearingFailed, match="rests"):
        await ear.hear(pcm.silence(0.1), "en")
    assert ear.process.pid is None

    async with asyncio.timeout(60):
        while True:
            with pytest.raises(HearingFailed) as caught:
                await ear.hear(pcm.silence(0.1), "en")
            if "too long" in str(caught.value):
                break
            await asyncio.sleep(0.05)
    await ear.aclose()


async def test_it_ends_when_nothing_was_to_be_heard_for_a_while() -> None:
    ear = LocalEar(threads=1, idle_seconds=0.05)
    try:
        # Nothing is enough for an answer.
        await ear.hear(b"", "en")
        pid = ear.process.pid
        while pid and psutil.pid_exists(pid) and ear.process.pid:
            await asyncio.sleep(0.02)
    finally:
        await ear.aclose()


# -- the weights ------------------------------------------------------------------------------


def test_what_is_installed_is_what_was_tried() -> None:
    check_files(RECOGNIZER)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("damage", [Path.unlink, cut])
def test_other_weights_are_not_loaded_and_the_command_is_named(
    copies: Path, damage: object
) -> None:
    assert callable(damage)
    damage(copies / MODEL_PARTS[1])
    request = json.dumps({"language": "en"}).encode() + b"\n" + pcm.silence(0.1)
    problem = process.answer(request, 1)["problem"]

    assert problem.startswith("The recognizer Whisper ")
    assert problem.endswith("pip install 'audiobrew[hearing]'")


def test_a_package_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    monkeypatch.delitem(sys.modules, "audiobrew.audio.hearing.whisper", raising=False)
    problem = process.answer(b'{"language": "en"}\n', 1)["problem"]

    assert "faster_whisper" in problem
    assert problem.endswith("pip install 'audiobrew[hearing]'")
