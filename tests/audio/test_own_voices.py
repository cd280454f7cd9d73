"""A listener's own files of voices: Piper's and Kokoro's speak, and what is wrong with others is said."""

import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from audiobrew.audio import pcm
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.audio.local.local_voice import Installed, LocalVoice
from audiobrew.audio.local.own_voices import find_own_voices, kokoro_rows
from audiobrew.audio.local.piper import PiperEngine
from audiobrew.audio.local.speech_process import SpeechProcess
from audiobrew.audio.local.table import voice_table
from audiobrew.audio.local.weights import find_file
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.voice import ClipFailed, Utterance, VoiceMissing
from audiobrew.script.script import Speaker

from tests.audio.onnx_writer import FLOAT, INT_64, model
from tests.standins.speech_server.sounds import hiss, resampled

FIRST, SECOND = Speaker
RATE = 22_050
NEWS = "The council approved a new tram line."
PIPER = {"input": INT_64, "input_lengths": INT_64, "scales": FLOAT}
KOKORO = {"tokens": INT_64, "style": FLOAT, "speed": FLOAT}
SYMBOLS = "^$_ ,.!?abcdefghijklmnopqrstuvwxyzæçðøħŋœɐɑɒɔəɚɛɜɡɪɹɾʃʊʌʒθɣβɲʎˈˌː"
CONFIG: dict[str, Any] = {
    "audio": {"sample_rate": RATE, "quality": "medium"},
    "espeak": {"voice": "en-us"},
    "language": {"code": "en_US", "family": "en"},
    "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
    "phoneme_type": "espeak",
    "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(SYMBOLS)},
    "num_speakers": 1,
    "speaker_id_map": {},
    "piper_version": "1.0.0",
}


@pytest.fixture(scope="session")
def speech() -> bytes:
    async def speak() -> bytes:
        return (await EspeakVoice().speak(Utterance((NEWS,), FIRST, "en"))).pcm

    return resampled(anyio.run(speak), RATE)


def add_piper(folder: Path, name: str, sound: bytes, **config: Any) -> Path:
    inputs = {**PIPER, "sid": INT_64} if config.get("num_speakers", 1) > 1 else PIPER
    path = folder / f"{name}.onnx"
    path.write_bytes(model(inputs, sound))
    Path(f"{path}.json").write_text(json.dumps({**CONFIG, **config}))
    return path


def add_kokoro(folder: Path) -> None:
    """The model of the packages with all voices that AudioBrew has, as kokoro-onnx names both files."""
    import numpy as np
    from audiobrew.audio.local.kokoro import STYLES, load_styles

    parts = voice_table().engines["kokoro"].files
    (folder / "kokoro-v1.0.onnx").write_bytes(
        b"".join(find_file(part).read_bytes() for part in parts)
    )
    styles = load_styles(Path(find_file("audiobrew/audio/local"), STYLES).read_bytes())
    with (folder / "voices-v1.0.bin").open("wb") as file:
        np.savez(file, **{name: rows[:, None] for name, rows in styles.items()})


@asynccontextmanager
async def voice_of(folder: Path) -> AsyncIterator[LocalVoice]:
    voice = LocalVoice(Installed.find("fast", folder), EspeakVoice(), SpeechProcess(threads=1))
    yield voice
    await voice.aclose()


def seconds(sound: bytes) -> float:
    return len(sound) / 2 / pcm.RATE


async def test_a_piper_voice_is_both_hosts_and_lower_as_the_second(
    tmp_path: Path, speech: bytes
) -> None:
    add_piper(tmp_path, "en_US-joe-medium", speech)
    async with voice_of(tmp_path) as voice:
        cast = voice.cast("en")
        clip = await make_clip(voice, Utterance((NEWS, NEWS), FIRST, "en"))
        first, second = [await voice.speak(Utterance((NEWS,), host, "en")) for host in Speaker]

    assert (cast.first, cast.second, cast.note) == ("Joe", "Joe, lower", "")
    assert voice.cast("de").first == "Pico"
    assert len(clip.cues) == 2
    # The model does not follow its scale, so what is played slower takes longer.
    assert seconds(second.pcm) == pytest.approx(seconds(first.pcm) / 0.84, rel=0.05)


async def test_two_models_of_a_language_are_two_hosts(tmp_path: Path, speech: bytes) -> None:
    add_piper(tmp_path, "en_US-amy-low", speech)
    add_piper(tmp_path, "en_US-libritts-high", speech, num_speakers=904)
    async with voice_of(tmp_path) as voice:
        cast = voice.cast("en")
        sounds = [await voice.speak(Utterance((NEWS,), host, "en")) for host in Speaker]

    assert (cast.first, cast.second) == ("Amy", "Libritts")
    assert all(seconds(sound.pcm) > 1 for sound in sounds)


async def test_a_language_that_only_the_own_voice_speaks_is_spoken(
    tmp_path: Path, speech: bytes
) -> None:
    kazakh = {"espeak": {"voice": "kk"}, "language": {"family": "kk"}}
    add_piper(tmp_path, "kk_KZ-issai-high", speech, **kazakh)
    async with voice_of(tmp_path) as voice:
        spoken = voice.speaks("kk"), voice.speaks("ja")
        sound = await voice.speak(Utterance(("Сәлем, әлем!",), SECOND, "kk"))
        pace = voice.pace("kk")

    assert spoken == (True, False)
    assert not EspeakVoice().speaks("kk")
    assert seconds(sound.pcm) > 1
    assert pace > 10


async def test_silence_of_an_own_voice_is_spoken_by_the_next_one_or_said(tmp_path: Path) -> None:
    add_piper(tmp_path, "en_US-joe-medium", bytes(RATE * 2))
    add_piper(
        tmp_path, "kk_KZ-issai-high", hiss(2), espeak={"voice": "kk"}, language={"family": "kk"}
    )
    async with voice_of(tmp_path) as voice:
        assert seconds((await voice.speak(Utterance((NEWS,), FIRST, "en"))).pcm) > 1
        with pytest.raises(ClipFailed):
            await voice.speak(Utterance(("Сәлем, әлем!",), FIRST, "kk"))


async def test_a_kokoro_model_speaks_with_its_own_voices(tmp_path: Path) -> None:
    add_kokoro(tmp_path)
    async with voice_of(tmp_path) as voice:
        english, french = voice.cast("en"), voice.cast("fr")
        for language, text in (("en", "It opens on Monday."), ("fr", "Bonjour à tous.")):
            for host in Speaker:
                sound = await voice.speak(Utterance((text,), host, language))
                assert 0.5 < seconds(sound.pcm) < 4

    assert (english.first, english.second) == ("Michael", "Michael, lower")
    assert (french.first, french.second) == ("Siwis", "Siwis and Nicola")


@pytest.mark.parametrize(
    ("names", "hosts"),
    [
        (["af_bella"], ["Bella", "Bella, lower"]),
        (["bm_lewis", "af_bella"], ["Bella", "Lewis"]),
        (["am_michael", "af_bella", "af_heart"], ["Heart", "Michael"]),
    ],
)
def test_other_voices_of_kokoro_are_used_where_the_best_are_missing(
    names: list[str], hosts: list[str]
) -> None:
    assert [row.name for row in kokoro_rows("kokoro x", names)] == hosts


def test_another_file_is_another_voice(tmp_path: Path, speech: bytes) -> None:
    path = add_piper(tmp_path, "en_US-joe-medium", speech)
    before = Installed.find("fast", tmp_path).usable.fingerprint
    path.write_bytes(path.read_bytes() + b"\x12\x00")

    assert Installed.find("fast", tmp_path).usable.fingerprint != before


# -- files that are not used ------------------------------------------------------------------

Damage = Callable[[Path], object]


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def page(path: Path) -> None:
    path.write_text("<!DOCTYPE html><html><title>Sign in</title></html>" * 40)


def pointer(path: Path) -> None:
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 63201294\n")


def another_model(path: Path) -> None:
    shutil.copy(find_file("hibari/assets/oov.onnx"), path)


JOE = "en_US-joe-medium.onnx"


@pytest.mark.parametrize(
    ("name", "damage", "words"),
    [
        (JOE, half, f"{JOE} is only a part of a model: get it again"),
        (JOE, page, f"{JOE} is no model: get it again"),
        (JOE, pointer, f"{JOE} is no model: get it again"),
        (JOE, lambda path: path.write_bytes(b""), f"{JOE} is no model: get it again"),
        (JOE, another_model, f"{JOE} is a model of something else than Piper or Kokoro"),
        (JOE, Path.unlink, f"{JOE}.json needs {JOE} beside it"),
        (f"{JOE}.json", Path.unlink, f"{JOE} needs {JOE}.json beside it"),
        (f"{JOE}.json", half, f"{JOE}.json does not describe a Piper voice"),
        (f"{JOE}.json", lambda path: path.write_text('{"audio": 1}'), "does not describe a Piper voice"),
        (
            f"{JOE}.json",
            lambda path: path.write_text(json.dumps({**CONFIG, "phoneme_type": "text"})),
            f"{JOE} does not read espeak's phonemes",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_not_used_is_named_and_the_next_voice_speaks(
    tmp_path: Path, speech: bytes, name: str, damage: Damage, words: str
) -> None:
    add_piper(tmp_path, "en_US-joe-medium", speech)
    damage(tmp_path / name)
    voice = LocalVoice(Installed.find("fast", tmp_path), EspeakVoice(), SpeechProcess(1))

    assert voice.cast("en").first == "Heart"
    assert words in voice.cast("en").note
    assert voice.cast("en").note.endswith("(AUDIOBREW_VOICE_FILES)")
    assert str(tmp_path) not in voice.cast("en").note


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (Path.unlink, "Kokoro needs its voices"),
        (half, "voices.bin is only a part of Kokoro's voices"),
        (page, "Kokoro needs its voices"),
    ],
)
def test_kokoro_without_its_voices_is_not_used(tmp_path: Path, damage: Damage, words: str) -> None:
    import numpy as np

    (tmp_path / "kokoro.onnx").write_bytes(model(KOKORO, b"\0\0"))
    voices = tmp_path / "voices.bin"
    with voices.open("wb") as file:
        np.savez(file, af_heart=np.zeros((510, 1, 256), np.float32))
    assert find_own_voices(tmp_path).faults == ()
    damage(voices)

    [fault] = find_own_voices(tmp_path).faults
    assert words in fault


def test_half_of_a_voice_of_kokoro_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "kokoro.onnx").write_bytes(model(KOKORO, b"\0\0"))
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "af_heart.bin").write_bytes(bytes(1000))

    [fault] = find_own_voices(tmp_path).faults
    assert fault.startswith("af_heart.bin is not a whole voice of Kokoro: get it again")


@pytest.mark.parametrize("folder", ["empty", "missing", "file"])
def test_a_folder_without_voices_is_said(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")

    [fault] = find_own_voices(tmp_path / folder).faults
    assert fault.startswith("AUDIOBREW_VOICE_FILES ")


@pytest.mark.parametrize("inputs", [PIPER, KOKORO])
async def test_a_model_that_cannot_be_loaded_is_said_in_a_sentence(
    tmp_path: Path, inputs: dict[str, int]
) -> None:
    (tmp_path / "x.onnx").write_bytes(model(inputs, b"\0\0", operator="NoSuchOperator"))
    (tmp_path / "x.onnx.json").write_text(json.dumps(CONFIG))
    (tmp_path / "af_heart.bin").write_bytes(bytes(510 * 256 * 4))
    async with voice_of(tmp_path) as voice:
        with pytest.raises(VoiceMissing, match=r"x\.onnx cannot be loaded: it is damaged"):
            await voice.speak(Utterance((NEWS,), FIRST, "en"))


def test_the_phonemes_of_a_text_are_numbered_as_piper_does(tmp_path: Path, speech: bytes) -> None:
    engine = PiperEngine(1, add_piper(tmp_path, "en_US-joe-medium", speech))
    ids = engine.phoneme_ids("Hi, you.")
    symbols = "".join(SYMBOLS[number] for number in ids)

    assert symbols[0] == "^" and symbols[-1] == "$"
    assert symbols[1:-1:2] == "_" * (len(symbols[1:-1]) // 2 + 1)
    assert symbols[2:-1:2].replace("ˈ", "").replace("ː", "") == "haɪ, ju."
    assert engine.phoneme_ids("…") == []
