"""Only the files that were tried are loaded: a missing, cut or other file is named in a sentence."""

import shutil
import threading
from pathlib import Path

import pytest
from audiobrew.audio.local import local_voice, weights
from audiobrew.audio.local.kokoro import STYLES, load_styles
from audiobrew.audio.local.local_voice import Installed
from audiobrew.audio.local.table import EngineFiles, VoiceTable, voice_table
from audiobrew.audio.local.weights import UnusableWeights, check_engine, find_file, read_checked
from audiobrew.wiring import open_ports

from tests.settings_factory import make_migrated_settings

ENGINES = sorted(voice_table().engines)
MODEL = "hibari/assets/hibari.onnx"
HIBARI = voice_table().engines["hibari"]


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with copies of all files, which the checks read instead."""
    for engine in voice_table().engines.values():
        for path in engine.files:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(find_file(path), tmp_path / path)
    monkeypatch.setattr(weights, "find_file", lambda path: tmp_path / path)
    return tmp_path


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_installed_is_what_was_tried(engine: str) -> None:
    check_engine(voice_table(), engine)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def replace_with_another(file: Path) -> None:
    file.write_bytes(find_file("hibari/assets/oov.onnx").read_bytes() + b" ")


@pytest.mark.parametrize("damage", [Path.unlink, cut, replace_with_another])
@pytest.mark.parametrize("engine", ENGINES)
def test_damage_to_any_engine_is_said_and_the_next_voice_speaks(
    copies: Path, engine: str, damage: object
) -> None:
    assert callable(damage)
    damage(copies / next(iter(voice_table().engines[engine].files)))
    installed = Installed.find("natural")
    title = voice_table().engines[engine].title

    assert engine not in {row.engine for row in installed.usable.voices}
    assert installed.reasons[engine].startswith(f"{title} ")
    assert installed.reasons[engine].endswith("pip install 'audiobrew[voices]'")


def test_kokoro_is_not_used_without_what_it_needs(copies: Path) -> None:
    cut(copies / "hibari/assets/vocab.json")

    assert set(Installed.find("natural").reasons) == {"hibari", "kokoro"}


def test_a_file_that_changes_after_the_check_is_not_loaded(copies: Path) -> None:
    check_engine(voice_table(), "hibari")
    replace_with_another(copies / MODEL)

    with pytest.raises(UnusableWeights, match=r"other files than version 0\.2\.1"):
        read_checked(HIBARI, MODEL)


def test_an_engine_that_is_not_installed_is_said() -> None:
    table = voice_table()
    missing = EngineFiles("Nobody", "1", ("no_such_package",), {})

    with pytest.raises(UnusableWeights, match="Nobody is not installed: pip install"):
        check_engine(type(table)({"nobody": missing}, ()), "nobody")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + b"\0" * 60])
def test_voices_that_cannot_be_read_are_said(content: bytes) -> None:
    with pytest.raises(UnusableWeights):
        load_styles(content)


def test_half_of_the_voices_is_not_used() -> None:
    whole = Path(weights.__file__).with_name(STYLES).read_bytes()

    assert {
        part.partition(":")[0]
        for row in voice_table().voices
        if row.engine == "kokoro"
        for part in row.voice.split("+")
    } == set(load_styles(whole))
    with pytest.raises(UnusableWeights):
        load_styles(whole[: len(whole) // 2])


async def test_files_are_checked_beside_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []

    def check(table: VoiceTable, name: str) -> None:
        threads.append(threading.current_thread())
        check_engine(table, name)

    monkeypatch.setattr(local_voice, "check_engine", check)
    async with open_ports(make_migrated_settings(tmp_path, voice="fast")):
        pass

    assert threads
    assert threading.main_thread() not in threads
