"""Brews that cannot succeed print what to do, return 1, and leave no file."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.cli.test_refusals import audiobrew
from tests.script.mails import TUNNEL

HEAD = "From: The Roast <news@roast.example>\nList-Id: <roast.example>\nSubject: {subject}\n\n"
FOOTER = "Unsubscribe: https://roast.example/u\n\nCopyright 2026 The Roast. All rights reserved.\n"
TIBETAN = "བོད་ཀྱི་སྐད་ཡིག་ནི་བོད་མི་རིགས་ཀྱི་སྐད་ཡིག་ཡིན། དེ་ནི་ཧི་མ་ལ་ཡའི་ས་ཁུལ་དུ་བཤད་བཞིན་ཡོད།"
Brewer = Callable[..., CompletedProcess[str]]


@pytest.fixture
def brew(tmp_path: Path) -> Brewer:
    def call(text: str, **env: str) -> CompletedProcess[str]:
        mail = tmp_path / "mail.eml"
        mail.write_text(HEAD.format(subject="Nothing much") + text, encoding="utf-8")
        words = [
            "brew",
            mail,
            "-o",
            tmp_path / "out.mp3",
            "--minutes",
            1,
            "--data",
            tmp_path / "data",
        ]
        return audiobrew(*words, **env)

    return call


def assert_failed(answer: CompletedProcess[str], tmp_path: Path, *words: str) -> None:
    output = " ".join(answer.stderr.split())

    assert answer.returncode == 1, output
    assert "Traceback" not in output
    assert not [word for word in words if word not in output], output
    assert not (tmp_path / "out.mp3").exists()
    assert not list((tmp_path / "data").rglob("*.part"))


def test_only_boilerplate(brew: Brewer, tmp_path: Path) -> None:
    assert_failed(
        brew(FOOTER), tmp_path, "nothing to tell", "all 2 blocks are marked as footers", "restore"
    )


def test_a_language_that_the_voice_lacks(brew: Brewer, tmp_path: Path) -> None:
    assert_failed(brew(f"{TIBETAN}\n" * 5), tmp_path, "language")


def test_a_voice_library_that_is_missing(brew: Brewer, tmp_path: Path) -> None:
    missing = {"AUDIOBREW_ESPEAK_LIBRARY": str(tmp_path / "nowhere.so")}

    assert_failed(
        brew(TUNNEL, **missing), tmp_path, "voice could not be started", "audiobrew doctor"
    )


def test_a_failed_brew_succeeds_once_the_voice_is_installed(brew: Brewer, tmp_path: Path) -> None:
    brew(TUNNEL, AUDIOBREW_ESPEAK_LIBRARY=str(tmp_path / "nowhere.so"))

    again = brew(TUNNEL)

    assert again.returncode == 0, again.stderr
    assert (tmp_path / "out.mp3").stat().st_size > 50_000
