"""`audiobrew backup`: copies the data folder into one file, also while a server uses it.

A backup contains what a power cut would leave behind at one moment, and a start after a restore continues
from there as after a power cut. Files of the data folder never change once they are in place, so those that
exist before that moment are copied first, and those that are new at that moment are opened before anybody can
delete them.
"""

import argparse
import hashlib
import os
import signal
import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO

from rich.console import Console

from audiobrew import __version__
from audiobrew.cli.backup_format import (
    COPY_BYTES,
    FORMAT,
    HEADER,
    MANIFEST,
    POSTGRES_DUMP,
    PREFIX,
    SAFE_NAME,
    Entry,
    Header,
    encode_manifest,
    member,
)
from audiobrew.cli.byte_progress import ByteBar
from audiobrew.cli.options import data_option, settings_of
from audiobrew.cli.refusal import Refusal

if TYPE_CHECKING:
    from audiobrew.settings import Settings

# Unfinished work, which is done again, and the old application's files until they are imported.
TEMPORARY_FOLDERS = {"joining", "adopting"}
# Where a running server answers.
TEMPORARY_FILES = {"address"}
JOURNALS = ("-wal", "-shm", "-journal")
# At most this many new files are opened while nobody can write to the databases.
FEW = 100
# How long to wait for a process that writes to a database.
BUSY_SECONDS = 60.0
CLOUD = (
    "This is AudioBrew in the cloud: its rows are in Postgres and its audio is in Supabase, which have"
    " backups of their own."
)
NO_PG_DUMP = (
    "The rows are in Postgres, and pg_dump is not installed here. Install it (on Debian: apt-get install"
    " postgresql-client), or dump Postgres yourself first and add --without-postgres to back up the files."
)


def options(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE.tar", help="The file to write.")
    data_option(command)
    command.add_argument("--force", action="store_true", help="Replace FILE.tar if it exists.")
    command.add_argument(
        "--without-postgres",
        action="store_true",
        help="With DATABASE_URL: back up the files only, because you dump Postgres yourself.",
    )


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    file: Path = arguments.file.absolute()
    check_target(settings, file, force=arguments.force)
    dumps = settings.database_url is not None and not arguments.without_postgres
    if dumps:
        from audiobrew.db.postgres_dump import has_program

        if not has_program("pg_dump"):
            raise Refusal(NO_PG_DUMP)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        count, bytes_ = write_backup(settings, file, dumps=dumps)
    except OSError as error:
        raise Refusal(
            f"The backup could not be written to {file} ({error.strerror or error})."
        ) from error
    print(
        f"{file} has {count} files, {bytes_ / 2**20:,.1f} MB. It contains keys: keep it as safe as they are."
    )
    if settings.database_url is not None and not dumps:
        print("The rows in Postgres are not in it: keep the dump that pg_dump made beside it.")
    if settings.encryption_keys or settings.signing_key:
        print("Your variables ENCRYPTION_KEYS and SIGNING_KEY are not in it: keep them, too.")
    return 0


def check_target(settings: "Settings", file: Path, *, force: bool) -> None:
    """Raises Refusal before anything is written."""
    from audiobrew.db.engine import database_file

    data = settings.data
    if settings.production:
        raise Refusal(CLOUD)
    if settings.database_url is None and not database_file(settings).is_file():
        raise Refusal(f"There is no data of AudioBrew in {data}. Choose the folder with --data.")
    if not data.is_dir():
        raise Refusal(f"The data folder {data} does not exist. Choose the folder with --data.")
    if file.parent.resolve().is_relative_to(data.resolve()):
        raise Refusal(
            f"{file} is inside the data folder, of which it is a backup. Choose another folder."
        )
    if not file.parent.is_dir():
        raise Refusal(f"The folder {file.parent} does not exist.")
    linked = {identify(folder) for folder, _ in walk(data)}
    if any(identify(folder) in linked for folder in (file.parent, *file.parent.resolve().parents)):
        raise Refusal(
            f"{file} is in a folder to which the data folder links, so the next backup would contain it."
            " Choose another folder."
        )
    if file.is_dir():
        raise Refusal(f"{file} is a folder. Name a file, such as {file / 'audiobrew.tar'}.")
    if file.exists() and not force:
        raise Refusal(f"{file} exists already. Choose another name, or replace it with --force.")


def write_backup(settings: "Settings", file: Path, *, dumps: bool) -> tuple[int, int]:
    """Returns how many files are in the backup, and how large it is. Raises Refusal, Problem, OSError."""
    from audiobrew.db.postgres_dump import DumpFailed
    from audiobrew.db.snapshot import DatabaseDamaged
    from audiobrew.media.folder import sync_to_disk

    total = sum(map(size_of, data_files(settings.data).values()))
    with (
        TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as name,
        ByteBar(Console(stderr=True), "Backing up", total) as bar,
    ):
        folder = Path(name)
        partial = folder / "backup.tar"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(descriptor, "wb") as output,
            tarfile.open(fileobj=output, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            archive = Archive(tar, bar)
            try:
                fill(archive, settings, folder, dumps=dumps)
            except DatabaseDamaged as error:
                raise Refusal(f"Nothing was backed up: {error}.") from error
            except DumpFailed as error:
                raise Refusal(
                    f"Nothing was backed up, because Postgres refused: {error}."
                ) from error
            archive.write_manifest()
        sync_to_disk(partial)
        partial.replace(file)
        sync_to_disk(file.parent)
    return len(archive.entries), file.stat().st_size


class Archive:
    """A tar archive that is being written, and what its manifest will say."""

    def __init__(self, tar: tarfile.TarFile, bar: ByteBar) -> None:
        self._tar, self._bar = tar, bar
        self._header: Header | None = None
        self.entries: dict[str, Entry] = {}

    def write_header(self, header: Header) -> None:
        self._header = header
        self._write(HEADER, header.encode())

    def add(self, name: str, source: BinaryIO) -> None:
        status = os.fstat(source.fileno())
        reader = HashingReader(source, self._bar)
        self._tar.addfile(member(name, status.st_size, status.st_mtime_ns), reader)
        self.entries[name] = Entry(status.st_size, reader.hexdigest(), status.st_mtime_ns)

    def write_manifest(self) -> None:
        assert self._header
        self._write(MANIFEST, encode_manifest(self._header, self.entries))

    def _write(self, name: str, content: bytes) -> None:
        self._tar.addfile(member(name, len(content), 0), BytesIO(content))


class HashingReader:
    """Reads a file in large pieces, and hashes what is read."""

    def __init__(self, source: BinaryIO, bar: ByteBar) -> None:
        self._source, self._bar, self._hash = source, bar, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        content = self._source.read(size)
        self._hash.update(content)
        self._bar.advance(len(content))
        return content

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def fill(archive: Archive, settings: "Settings", folder: Path, *, dumps: bool) -> None:
    """Write everything but the manifest. `folder` is for temporary files."""
    from audiobrew.db.postgres_dump import dump_postgres
    from audiobrew.db.snapshot import copy_database, snapshots

    kind = (
        "sqlite" if settings.database_url is None else "postgres" if dumps else "postgres elsewhere"
    )
    created = datetime.now(UTC).isoformat(timespec="seconds")
    archive.write_header(Header(FORMAT, __version__, schema_of(settings), created, kind))
    if dumps:
        dump_postgres(settings, folder / POSTGRES_DUMP)
        with (folder / POSTGRES_DUMP).open("rb") as dump:
            archive.add(POSTGRES_DUMP, dump)
    add_files(archive, settings.data)
    files = {name: path for name, path in data_files(settings.data).items() if is_database(name)}
    with ExitStack() as stack:
        sources: dict[str, BinaryIO] = {}

        def open_new_files() -> None:
            sources.update(open_files(archive, settings.data, stack))

        with snapshots(list(files.values()), BUSY_SECONDS, open_new_files) as readers:
            for name, source in sources.items():
                archive.add(PREFIX + name, source)
            for name, reader in zip(files, readers, strict=True):
                copy = folder / "copy.sqlite"
                copy_database(reader, copy)
                with copy.open("rb") as source:
                    archive.add(PREFIX + name, source)
                copy.unlink()


def add_files(archive: Archive, data: Path) -> None:
    """Add all files until few new ones appear while this is done."""
    while True:
        new = new_files(archive, data)
        for name, path in new.items():
            with open_if_exists(path) as source:
                if source:
                    archive.add(PREFIX + name, source)
        if len(new) < FEW:
            return


def open_files(archive: Archive, data: Path, stack: ExitStack) -> Iterator[tuple[str, BinaryIO]]:
    for name, path in new_files(archive, data).items():
        if source := stack.enter_context(open_if_exists(path)):
            yield name, source


def new_files(archive: Archive, data: Path) -> dict[str, Path]:
    """The files that are not in the archive yet, and are no databases."""
    return {
        name: path
        for name, path in data_files(data).items()
        if not is_database(name) and PREFIX + name not in archive.entries
    }


@contextmanager
def open_if_exists(path: Path) -> Iterator[BinaryIO | None]:
    """None if the file was deleted meanwhile."""
    try:
        source = path.open("rb", buffering=COPY_BYTES)
    except FileNotFoundError:
        yield None
        return
    with closing(source):
        yield source


def data_files(data: Path) -> dict[str, Path]:
    """Everything in the data folder that a backup contains, by its name in the folder.

    A link to a folder on another disk is followed. Hidden files are unfinished ones.
    """
    files = {}
    for folder, names in walk(data):
        for name in sorted(set(names) - TEMPORARY_FILES):
            path = folder / name
            relative = path.relative_to(data).as_posix()
            is_journal = name.endswith((".lock", *JOURNALS))
            if SAFE_NAME.fullmatch(relative) and not is_journal and path.is_file():
                files[relative] = path
    return files


def walk(data: Path) -> Iterator[tuple[Path, list[str]]]:
    """The folders of the data folder, also those to which it links, each once and with the names of files."""
    visited = set()
    for name, folders, names in os.walk(data, followlinks=True):
        folder = Path(name)
        if (identity := identify(folder)) in visited:
            folders.clear()
            continue
        visited.add(identity)
        folders[:] = sorted(set(folders) - TEMPORARY_FOLDERS)
        yield folder, names


def identify(folder: Path) -> tuple[int, int]:
    """Equal for equal folders, whatever links lead there."""
    status = folder.stat()
    return status.st_dev, status.st_ino


def size_of(path: Path) -> int:
    """0 if the file was deleted meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def is_database(name: str) -> bool:
    return name.endswith(".sqlite")


def schema_of(settings: "Settings") -> str:
    """The newest migration that the database has. Raises DatabaseDamaged, DatabaseUnavailable, Refusal."""
    from audiobrew.db.engine import database_file
    from audiobrew.db.postgres_dump import postgres_revision
    from audiobrew.db.snapshot import open_file, read_revision

    if settings.database_url is None:
        with open_file(database_file(settings), BUSY_SECONDS) as database:
            revision = read_revision(database)
    else:
        revision = postgres_revision(settings)
    if not revision:
        raise Refusal("The database has no tables of AudioBrew yet. Start `audiobrew serve` once.")
    return revision
