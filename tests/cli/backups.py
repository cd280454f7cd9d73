"""Runs `audiobrew backup` and `audiobrew restore`, and compares data folders."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.test_refusals import audiobrew

Rows = dict[str, list[tuple[object, ...]]]
# Rows of running processes, which a restored server replaces.
PROCESSES = {"executors"}


def back_up(data: Path, file: Path, *words: str, **env: str) -> None:
    answer = audiobrew("backup", file, "--data", data, *words, **env)
    assert answer.returncode == 0, answer.stderr


def restore(file: Path, data: Path, **env: str) -> None:
    answer = audiobrew("restore", file, "--data", data, **env)
    assert answer.returncode == 0, answer.stderr


def rows(database_file: Path) -> Rows:
    """All rows of all tables of an SQLite database, by table."""
    uri = f"{database_file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        names = database.execute("select name from sqlite_master where type = 'table'").fetchall()
        return {
            name: sorted(database.execute(f'select * from "{name}"').fetchall(), key=repr)
            for (name,) in names
            if name not in PROCESSES
        }


def files(data: Path) -> dict[str, tuple[int, str]]:
    """Files that are neither databases nor temporary: their times and hashes."""
    found = {}
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        is_temporary = path.suffix == ".lock" or name == "address" or "/." in f"/{name}"
        if path.is_file() and ".sqlite" not in name and not is_temporary:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[name] = (path.stat().st_mtime_ns, digest)
    return found
