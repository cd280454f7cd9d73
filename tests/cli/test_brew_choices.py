"""The choices of `audiobrew brew` are heard in the episode."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.test_refusals import audiobrew
from tests.product import SAMPLES

MAILS = [SAMPLES / "03-harbour-notes.eml", SAMPLES / "06-the-long-count.eml"]


def brew(folder: Path, *choices: str) -> tuple[dict[str, object], list[str]]:
    """The summary and the spoken sentences."""
    words = ["brew", *MAILS, "--data", folder / "data", "-o", folder / "out.mp3", "--minutes", 2]
    answer = audiobrew(*words, "--json", *choices, AUDIOBREW_VOICE="espeak")
    assert answer.returncode == 0, answer.stderr
    with closing(sqlite3.connect(folder / "data" / "audiobrew.sqlite")) as database:
        rows = database.execute("SELECT text FROM sentences ORDER BY number").fetchall()
    return json.loads(answer.stdout), [text for (text,) in rows]


@pytest.mark.parametrize(
    ("interests", "is_first"), [("ferries", True), ("nothing about ferries", False)]
)
def test_interests_decide_which_story_comes_first(
    tmp_path: Path, interests: str, is_first: bool
) -> None:
    summary, _ = brew(tmp_path, "--interests", interests)

    assert ("ferry" in summary["stories"][0].casefold()) == is_first


def test_roles_decide_who_tells_the_stories(tmp_path: Path) -> None:
    brew(tmp_path, "--host-roles", "second-asks")
    with closing(sqlite3.connect(tmp_path / "data" / "audiobrew.sqlite")) as database:
        rows = database.execute("SELECT DISTINCT kind, speaker FROM sentences").fetchall()

    assert set(rows) == {
        ("greeting", "second"),
        ("handover", "second"),
        ("signoff", "second"),
        ("sourced", "first"),
    }


def test_hosts_say_their_names(tmp_path: Path) -> None:
    _, sentences = brew(
        tmp_path, "--style", "deep-dive", "--host-name", "Ada", "--host-name", "Ben"
    )
    opening = " ".join(sentences[:4])

    assert "Ada" in opening and "Ben" in opening
