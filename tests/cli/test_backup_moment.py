"""A backup contains one moment: every row has its file, and two databases agree."""

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli.backups import back_up, restore
from tests.settings_factory import make_migrated_settings, sqlite_only

pytestmark = sqlite_only
LIVE_FILES = 20


def connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, timeout=60)


@contextmanager
def writing(data: Path) -> Iterator[None]:
    """Another program that stores files before their rows, and deletes rows before their files, as a server
    does. The engine's database follows, one step behind."""
    stop = threading.Event()
    all_written = threading.Event()
    folder = data / "media" / "episodes"
    folder.mkdir(parents=True)

    def write() -> None:
        live: deque[int] = deque()
        with (
            closing(connect(data / "audiobrew.sqlite")) as rows,
            closing(connect(data / "engine.sqlite")) as engine,
        ):
            number = 0
            while not stop.is_set():
                number += 1
                (folder / ".new").write_bytes(b"audio")
                (folder / ".new").rename(folder / f"{number}.mp3")
                rows.execute("insert into test_files values (?)", [number])
                engine.execute("insert into test_files values (?)", [number])
                live.append(number)
                if len(live) > LIVE_FILES:
                    all_written.set()
                    oldest = live.popleft()
                    rows.execute("delete from test_files where number = ?", [oldest])
                    engine.execute("delete from test_files where number = ?", [oldest])
                    (folder / f"{oldest}.mp3").unlink()

    for name in ("audiobrew.sqlite", "engine.sqlite"):
        with closing(connect(data / name)) as database:
            database.execute("create table test_files (number integer)")
    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert all_written.wait(60), "the program wrote too few files in a minute"
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("time", range(3))
def test_every_row_has_its_file_and_the_databases_agree(tmp_path: Path, time: int) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    make_migrated_settings(data)
    with writing(data):
        back_up(data, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", copy)

    numbers = [read_numbers(copy / name) for name in ("audiobrew.sqlite", "engine.sqlite")]
    files = {int(path.stem) for path in (copy / "media" / "episodes").iterdir()}
    assert len(numbers[0]) >= LIVE_FILES
    assert numbers[0] <= files
    assert len(numbers[0] ^ numbers[1]) <= 1


def read_numbers(file: Path) -> set[int]:
    with closing(connect(file)) as database:
        return {number for (number,) in database.execute("select number from test_files")}
