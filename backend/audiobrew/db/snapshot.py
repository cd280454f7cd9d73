"""Copies SQLite databases as they are at one moment, while other processes write to them."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from audiobrew.db.engine import BUSY, PRIMARY_CODE_MASK, DatabaseBusy


class DatabaseDamaged(Exception):
    """The message says which file is no intact database."""


@contextmanager
def snapshots(
    files: Sequence[Path], wait: float, at_that_moment: Callable[[], None]
) -> Iterator[list[sqlite3.Connection]]:
    """Connections that read all of these databases as they are at one moment.

    Nobody can write to any of them while `at_that_moment` runs, so it must be short. Afterwards, others
    write again, and the connections still read that moment. Raises DatabaseBusy if another process writes for
    longer than `wait` seconds, and DatabaseDamaged.
    """
    with ExitStack() as stack:
        readers = [stack.enter_context(open_file(file, wait)) for file in files]
        with ExitStack() as locks:
            for file in files:
                locks.enter_context(write_lock(file, wait))
            for file, reader in zip(files, readers, strict=True):
                with translate_errors(file):
                    reader.execute("BEGIN")
                    # The transaction begins with its first read.
                    reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            at_that_moment()
        yield readers


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """Copy what the connection reads into a new file."""
    with translate_errors(target), closing(sqlite3.connect(target)) as output:
        source.backup(output)


def check_database(file: Path) -> str:
    """The schema revision of a complete copy that nobody uses. Raises DatabaseDamaged."""
    with translate_errors(file), closing(connect(file, "immutable=1", 0)) as database:
        [result] = database.execute("PRAGMA quick_check(1)").fetchone()
        if result != "ok":
            raise DatabaseDamaged(f"{file.name} is damaged")
        return read_revision(database)


def read_revision(database: sqlite3.Connection) -> str:
    """The number of the newest migration of this database; empty for a database that is not AudioBrew's."""
    with suppress(sqlite3.OperationalError):
        if row := database.execute("SELECT version_num FROM alembic_version").fetchone():
            return str(row[0])
    return ""


@contextmanager
def open_file(file: Path, wait: float) -> Iterator[sqlite3.Connection]:
    with translate_errors(file), closing(connect(file, "mode=rw", wait)) as connection:
        yield connection


@contextmanager
def write_lock(file: Path, wait: float) -> Iterator[None]:
    with open_file(file, wait) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.rollback()


def connect(file: Path, mode: str, wait: float) -> sqlite3.Connection:
    uri = f"{file.absolute().as_uri()}?{mode}"
    return sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None)


@contextmanager
def translate_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE_MASK in BUSY:
            raise DatabaseBusy from error
        raise DatabaseDamaged(f"{file.name} cannot be read as a database ({error})") from error
