"""`audiobrew sweep` reports and deletes orphaned files."""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from audiobrew.__main__ import main

EPISODE = f"media/episodes/{uuid4()}.mp3"


@pytest.fixture
def orphan(tmp_path: Path) -> Path:
    file = tmp_path / EPISODE
    file.parent.mkdir(parents=True)
    file.write_bytes(b"sound")
    return file


def run_sweep(data: Path, *words: str) -> int:
    return main(["sweep", "--data", str(data), *words])


def test_orphaned_files_are_deleted(
    tmp_path: Path, orphan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_sweep(tmp_path, "--grace", "0")

    assert code == 0
    assert "1 objects in storage, 1 of them without a row." in capsys.readouterr().out
    assert not orphan.exists()


def test_a_dry_run_reports_and_deletes_nothing(
    tmp_path: Path, orphan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_sweep(tmp_path, "--dry-run", "--grace", "0")

    assert code == 0
    assert "Nothing was deleted." in capsys.readouterr().out
    assert orphan.exists()


def test_young_files_are_kept(
    tmp_path: Path, orphan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_sweep(tmp_path) == 0
    assert "0 of them without a row." in capsys.readouterr().out
    assert orphan.exists()


def doctor(data: Path, capsys: pytest.CaptureFixture[str]) -> str:
    main(["doctor", "--data", str(data)])
    return next(line for line in capsys.readouterr().out.splitlines() if line[:9] == "deletions")


def test_doctor_reports_failed_deletions_and_the_sweep(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    well = doctor(tmp_path, capsys)
    with closing(sqlite3.connect(tmp_path / "audiobrew.sqlite")) as database:
        database.execute(
            "insert into pending_deletions (kind, key, requested_at, not_before, attempts)"
            " values ('media', 'episodes/a.mp3', '2026-11-28 08:00:00', '2026-11-28 08:00:00', 3)"
        )
        database.commit()
    refused = doctor(tmp_path, capsys)
    with closing(sqlite3.connect(tmp_path / "audiobrew.sqlite")) as database:
        database.execute("delete from pending_deletions")
        database.commit()
    monkeypatch.setenv("AUDIOBREW_SWEEP_HOURS", "0")
    by_hand = doctor(tmp_path, capsys)

    assert "every 6 hours" in well
    assert "1 refused so far" in refused
    assert "audiobrew sweep" in by_hand
