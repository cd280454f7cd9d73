"""Commands that are refused print one sentence, return 2, and show no traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.product import SAMPLES, clean_environment, run_product

NEWSLETTER = next(iter(sorted(SAMPLES.glob("*.eml"))))


def audiobrew(*words: object, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "audiobrew", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**clean_environment(), **env},
    )


def assert_refused(answer: subprocess.CompletedProcess[str], *words: str) -> None:
    assert answer.returncode == 2, answer.stderr
    assert "Traceback" not in answer.stderr
    assert not [word for word in words if word not in answer.stderr], answer.stderr


@pytest.fixture
def brew(tmp_path: Path):
    def call(*words: object) -> subprocess.CompletedProcess[str]:
        return audiobrew("brew", *words, "--data", tmp_path / "data", "-o", tmp_path / "out.mp3")

    yield call
    assert not list(tmp_path.glob(".*.part")), "a half-written file was left"


@pytest.mark.parametrize("minutes", [0, -1, 10_000])
def test_minutes_out_of_range(brew, minutes: int) -> None:
    assert_refused(brew(NEWSLETTER, f"--minutes={minutes}"), "minutes", "1", "120")


def test_minutes_that_are_no_number(brew) -> None:
    assert_refused(brew(NEWSLETTER, "--minutes", "five"), "five")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--style", "shouting"], ["shouting", "deep_dive"]),
        (["--language", "german"], ["german", "code of a language"]),
        (["--interests", "x" * 501], ["500 characters"]),
        (["--host-name", "R2D2"], ["R2D2", "letters"]),
        (["--host-name", "A" * 41], ["40 characters"]),
        (["--hosts", "1", "--host-name", "Ada", "--host-name", "Ben"], ["more names than hosts"]),
        (["--language", "de"], ["cannot translate"]),
    ],
)
def test_how_it_should_sound_is_not_possible(brew, options: list[str], words: list[str]) -> None:
    assert_refused(brew(NEWSLETTER, *options), *words)


def test_an_empty_file(brew, tmp_path: Path) -> None:
    (tmp_path / "empty.eml").touch()

    assert_refused(brew(tmp_path / "empty.eml"), "empty.eml", "no newsletter")


def test_a_file_that_is_not_a_mail(brew, tmp_path: Path) -> None:
    (tmp_path / "photo.eml").write_bytes(b"\xff\xd8\xff\xe0" + os.urandom(4096))

    assert_refused(brew(tmp_path / "photo.eml"), "photo.eml")


def test_a_file_that_is_not_there(brew, tmp_path: Path) -> None:
    assert_refused(brew(tmp_path / "gone.eml"), "gone.eml")


def test_a_folder_instead_of_a_file(brew, tmp_path: Path) -> None:
    assert_refused(brew(tmp_path), tmp_path.name)


def test_no_newsletter_among_mails(brew) -> None:
    other = [
        path
        for path in SAMPLES.glob("*.eml")
        if "receipt" in path.name or "invitation" in path.name
    ]

    assert len(other) == 2
    assert_refused(brew(*other), "no newsletter")


def test_an_output_that_exists_is_kept(brew, tmp_path: Path) -> None:
    (tmp_path / "out.mp3").write_bytes(b"precious")

    assert_refused(brew(NEWSLETTER), "out.mp3", "--force")
    assert (tmp_path / "out.mp3").read_bytes() == b"precious"


def test_an_output_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert_refused(
        audiobrew("brew", NEWSLETTER, "-o", tmp_path / "no" / "out.mp3"), "does not exist"
    )


def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert_refused(audiobrew("serve", "--data", tmp_path / "file" / "data"), "--data")


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        assert_refused(audiobrew("serve", "--port", port, "--data", tmp_path), str(port), "--port")


def test_a_second_start_on_the_same_data(tmp_path: Path) -> None:
    with run_product(tmp_path / "data"):
        assert_refused(
            audiobrew("serve", "--port", 0, "--data", tmp_path / "data"),
            "already running",
            "--data",
        )


def test_a_wrong_setting_is_named_without_its_value(tmp_path: Path) -> None:
    answer = audiobrew("serve", "--data", tmp_path, AUDIOBREW_MINUTES_MAX="secret-value")

    assert_refused(answer, "AUDIOBREW_MINUTES_MAX")
    assert "secret-value" not in answer.stderr


def test_production_is_refused_by_name_without_values(tmp_path: Path) -> None:
    answer = audiobrew("serve", "--data", tmp_path, OPENAI_API_KEY="sk-secret")

    assert_refused(answer, "SUPABASE_URL", "GOOGLE_CLIENT_ID", "AUDIOBREW_MODE")
    assert "sk-secret" not in answer.stderr


def test_no_other_address_than_loopback(tmp_path: Path) -> None:
    assert_refused(
        audiobrew("serve", "--data", tmp_path, AUDIOBREW_HOST="0.0.0.0"), "AUDIOBREW_HOST"
    )


def test_sign_in_without_a_running_server(tmp_path: Path) -> None:
    assert_refused(audiobrew("sign-in", "--data", tmp_path), "not running", "audiobrew serve")


def test_links_are_printed_by_the_command_of_this_kind_of_server(tmp_path: Path) -> None:
    """A link for the listener of a single machine would be a second way in on a server with accounts."""
    home = {"AUDIOBREW_PUBLIC_URL": "https://brew.example.org"}

    assert_refused(audiobrew("sign-in", "--data", tmp_path, **home), "audiobrew owner")
    assert_refused(audiobrew("owner", "--data", tmp_path), "AUDIOBREW_PUBLIC_URL")
    assert_refused(audiobrew("owner", "--data", tmp_path, **home), "No server has run")
    assert not list(tmp_path.iterdir())
    assert audiobrew("migrate", "--data", tmp_path, **home).returncode == 0
    owner = audiobrew("owner", "--data", tmp_path, **home)

    assert owner.stdout.startswith("https://brew.example.org/dashboard#invitation=")
    assert owner.returncode == 0
