"""`audiobrew doctor` reports the daily spending limit, and the models that are not offered or end."""

from pathlib import Path

import pytest
from audiobrew.__main__ import main
from audiobrew.audio.local import weights
from audiobrew.cli.doctor import ignored_settings, imports_result, uses_vendor
from audiobrew.http.readiness import State
from audiobrew.settings import Settings

from tests.standins import speech_server
from tests.standins.openai import OpenAI
from tests.standins.openai.local_server import serving
from tests.standins.speech_server import KokoroServer


@pytest.fixture(autouse=True)
def _quick_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOBREW_VOICE", "espeak")


@pytest.mark.parametrize(
    ("missing", "english", "german"),
    [
        (set(), "ready Heart and Heart, lower", "ready Pico and Pico, lower"),
        (
            {"hibari", "py_nanotts"},
            "warning espeak and espeak, lower. hibari is not installed",
            "warning espeak and espeak, lower. Pico is not installed",
        ),
    ],
)
def test_doctor_tries_each_voice_and_says_which_is_missing(
    missing: set[str],
    english: str,
    german: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find = weights.find_spec
    monkeypatch.setattr(weights, "find_spec", lambda name: None if name in missing else find(name))
    monkeypatch.setenv("AUDIOBREW_VOICE", "fast")
    monkeypatch.setenv("COLUMNS", "200")
    main(["doctor", "--data", str(tmp_path)])
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]

    assert any(line.startswith(f"voice en {english}") for line in lines)
    assert any(line.startswith(f"voice de {german}") for line in lines)


@pytest.mark.parametrize(
    ("setting", "missing", "line"),
    [
        (
            "off",
            "",
            "hearing ready off. To listen to what is spoken, pip install 'audiobrew[hearing]'",
        ),
        ("on", "", "hearing ready a recognizer listens to what is spoken"),
        (
            "on",
            "faster_whisper",
            "hearing warning nobody listens to what is spoken. The recognizer Whisper is not installed:"
            " pip install 'audiobrew[hearing]'",
        ),
    ],
)
def test_doctor_says_whether_somebody_listens(
    setting: str,
    missing: str,
    line: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find = weights.find_spec
    monkeypatch.setattr(weights, "find_spec", lambda name: None if name == missing else find(name))
    monkeypatch.setenv("AUDIOBREW_HEARING", setting)
    monkeypatch.setenv("COLUMNS", "200")
    main(["doctor", "--data", str(tmp_path)])
    lines = [" ".join(one.split()) for one in capsys.readouterr().out.splitlines()]

    assert any(one.startswith(line) for one in lines)


@pytest.mark.parametrize(
    ("voices", "code", "lines"),
    [
        (
            '{"en": ["af_heart", "am_michael"], "fr": ["ff_siwis", "ff_siwis"]}',
            0,
            [
                "voice ready kokoro, on a server of your own",
                "voice en ready Heart and Michael",
                "voice fr ready Siwis and Siwis, lower",
            ],
        ),
        (
            '{"en": ["af_hart", "am_michael"]}',
            1,
            [
                "voice missing kokoro, on a server of your own: The server has no voice af_hart:"
                " AUDIOBREW_VOICES. It has af_heart, af_bella,",
                "voice en missing Hart and Michael: The voice's server rejected",
            ],
        ),
    ],
)
def test_doctor_tries_the_voices_of_a_server_of_ones_own(
    voices: str,
    code: int,
    lines: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUDIOBREW_VOICE", "auto")
    monkeypatch.setenv("AUDIOBREW_VOICES", voices)
    monkeypatch.setenv("COLUMNS", "300")
    with speech_server.serving(KokoroServer()) as url:
        monkeypatch.setenv("AUDIOBREW_VOICE_URL", url)
        assert main(["doctor", "--data", str(tmp_path)]) == code
    output = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]

    for start in lines:
        assert any(line.startswith(start) for line in output), output


@pytest.mark.parametrize(
    ("limit", "line"),
    [
        (None, "no daily limit for each listener: AUDIOBREW_DAILY_CAP_USD sets one"),
        ("1.5", "at most $1.5 for each listener and day (UTC)"),
    ],
)
def test_doctor_reports_the_daily_spending_limit(
    limit: str | None,
    line: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    if limit:
        monkeypatch.setenv("AUDIOBREW_DAILY_CAP_USD", limit)
    main(["doctor", "--data", str(tmp_path)])

    [spending] = [one for one in capsys.readouterr().out.splitlines() if one[:8] == "spending"]
    assert "ready" in spending
    assert line in spending


@pytest.mark.parametrize(
    ("limit", "state", "words"),
    [("1048576", "ready", "files of up to 1 MB"), (str(2**50), "warning", "MB are free")],
)
def test_doctor_reports_the_space_for_imports(
    limit: str,
    state: str,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("AUDIOBREW_IMPORT_BYTES", limit)
    main(["doctor", "--data", str(tmp_path)])

    [line] = [one for one in capsys.readouterr().out.splitlines() if one[:7] == "imports"]
    assert state in line and words in line


def test_the_space_is_known_before_there_is_a_data_folder(tmp_path: Path) -> None:
    """With Postgres, doctor creates none."""
    settings = Settings(data=tmp_path / "a" / "b", import_bytes=1)

    assert imports_result(settings).state is State.READY


def test_doctor_names_the_models_that_are_not_offered_or_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = OpenAI()
    stand_in.shutdown_dates["gpt-realtime-2.1"] = "2026-01-20"
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("AUDIOBREW_MODE", "embedded")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-stand-in")
    monkeypatch.setenv("AUDIOBREW_VOICE", "auto")
    monkeypatch.setenv("AUDIOBREW_WRITER_MODEL", "gpt-9")
    monkeypatch.setenv("AUDIOBREW_VOICE_MODEL", "gpt-realtime-2.1")
    with serving(stand_in) as url:
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        code = main(["doctor", "--data", str(tmp_path)])

    output = capsys.readouterr().out
    assert code == 1
    assert (
        "gpt-9: OpenAI does not offer it to this key: choose another with AUDIOBREW_WRITER_MODEL"
        in output
    )
    assert (
        "gpt-realtime-2.1 was shut down on 2026-01-20: choose another with AUDIOBREW_VOICE_MODEL"
        in output
    )


@pytest.mark.parametrize(("base_url", "has_table"), [("", True), ("http://127.0.0.1:9", False)])
def test_doctor_speaks_of_the_vendors_models_only_where_they_are_used(
    base_url: str, has_table: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"OPENAI_API_KEY": "sk-stand-in", "OPENAI_BASE_URL": base_url}.items():
        monkeypatch.setenv(name, value)

    assert uses_vendor(Settings()) is has_table
    monkeypatch.delenv("OPENAI_API_KEY")
    assert not uses_vendor(Settings())


def test_doctor_says_at_home_which_variables_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_URL", "https://a.supabase.co")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-stand-in")
    settings = Settings(mode="home", public_url="https://brew.example.org")

    [result] = ignored_settings(settings)

    assert result.detail == "SUPABASE_URL is ignored, because AUDIOBREW_MODE is home"
