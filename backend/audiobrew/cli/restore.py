"""`audiobrew restore`: puts a backup into an empty data folder, completely or not at all.

Everything is unpacked into a hidden folder inside the data folder and checked there, and moved into place at
the end. While the hidden folder exists, no other command uses the data folder, so an interrupted restore can
only be repeated.
"""

import argparse
import hashlib
import os
import shutil
import signal
import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from audiobrew.cli.backup_format import (
    COPY_BYTES,
    FORMAT,
    HEADER,
    MANIFEST,
    MAX_HEADER_BYTES,
    MAX_MANIFEST_BYTES,
    POSTGRES_DUMP,
    PREFIX,
    SAFE_NAME,
    Entry,
    Header,
    NotABackup,
    decode_header,
    decode_manifest,
)
from audiobrew.cli.byte_progress import ByteBar
from audiobrew.cli.data_folder import RESTORING, is_in_use, lock_data_folder
from audiobrew.cli.options import data_option, settings_of
from audiobrew.cli.refusal import Refusal

if TYPE_CHECKING:
    from audiobrew.settings import Settings

# What an empty data folder may contain: locks of earlier processes, and what a file system has of its own.
EMPTY = {"lost+found", RESTORING}
CUT = "it is incomplete. Was it cut in half while it was copied?"
# What tarfile raises for bytes that are no archive.
TAR_ERRORS = (tarfile.TarError, ValueError, EOFError, RecursionError, OverflowError)


def options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file", type=Path, metavar="FILE.tar", help="A file of `audiobrew backup`."
    )
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    file: Path = arguments.file
    if settings.production:
        raise Refusal(
            "AudioBrew in the cloud has no data folder. Restore with Postgres and Supabase."
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with open_archive(file) as archive:
            header = read_header(archive)
            check_header(header, settings)
            check_folder(settings.data, file.stat().st_size)
            with empty_folder(settings.data):
                count = restore(archive, header, settings, file.stat().st_size)
    except NotABackup as error:
        raise Refusal(f"{file} cannot be restored: {error}") from error
    except OSError as error:
        where = error.filename or settings.data
        raise Refusal(f"Nothing was restored: {where} ({error.strerror or error}).") from error
    print(f"Restored {count} files of {header.created} into {settings.data}.")
    if header.database == "postgres elsewhere":
        print(
            "The rows are not in this backup: restore the dump of Postgres that was made beside it."
        )
    print("Start AudioBrew with the same variables as before, such as ENCRYPTION_KEYS.")
    return 0


@contextmanager
def open_archive(file: Path) -> Iterator[tarfile.TarFile]:
    """Raises NotABackup, Refusal."""
    try:
        source = file.open("rb", buffering=COPY_BYTES)
    except OSError as error:
        raise Refusal(f"{file} cannot be opened ({error.strerror}).") from error
    with source, ExitStack() as stack:
        try:
            archive = stack.enter_context(tarfile.open(fileobj=source, mode="r:"))
        except (*TAR_ERRORS, OSError):
            raise NotABackup("it was not made by `audiobrew backup`.") from None
        yield archive


def next_member(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    """The next plain file; None at the end. Raises NotABackup."""
    try:
        info = archive.next()
    except (*TAR_ERRORS, OSError):
        raise NotABackup(CUT) from None
    archive.members = []  # type: ignore[attr-defined]  # it would remember every file
    if info is not None and (info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or info.sparse):
        raise NotABackup(f"it contains {info.name!r}, which is no plain file.")
    return info


def read_small(archive: tarfile.TarFile, info: tarfile.TarInfo, limit: int) -> bytes:
    content = archive.extractfile(info)
    if info.size > limit or content is None:
        raise NotABackup(f"its {info.name} is too large.")
    try:
        return content.read()
    except (*TAR_ERRORS, OSError):
        raise NotABackup(CUT) from None


def read_header(archive: tarfile.TarFile) -> Header:
    info = next_member(archive)
    if info is None or info.name != HEADER:
        raise NotABackup("it was not made by `audiobrew backup`.")
    return decode_header(read_small(archive, info, MAX_HEADER_BYTES))


def check_header(header: Header, settings: "Settings") -> None:
    """Raises NotABackup, Refusal, DatabaseUnavailable."""
    from audiobrew.db.engine import latest_revision
    from audiobrew.db.postgres_dump import has_program, schemas_with_tables

    if header.format > FORMAT or header.schema > latest_revision():
        raise NotABackup(f"a newer AudioBrew ({header.version}) made it. Update AudioBrew first.")
    in_postgres = header.database != "sqlite"
    if in_postgres and settings.database_url is None:
        raise Refusal(
            "The rows of this backup belong in Postgres: set DATABASE_URL to an empty database."
        )
    if not in_postgres and settings.database_url is not None:
        raise Refusal(
            "The rows of this backup are in SQLite, without Postgres: unset DATABASE_URL."
        )
    if header.database != "postgres":
        return
    if not has_program("pg_restore"):
        raise Refusal(
            "This needs pg_restore. Install it (on Debian: apt-get install postgresql-client)."
        )
    if schemas := schemas_with_tables(settings):
        raise Refusal(
            f"The database at DATABASE_URL has AudioBrew's tables already (schema {schemas[0]}). Choose an"
            " empty database."
        )


def check_folder(data: Path, bytes_: int) -> None:
    """Changes nothing, because the folder may be somebody's home. Raises Refusal."""
    if data.exists() and not data.is_dir():
        raise Refusal(f"{data} is not a folder. Choose another with --data.")
    if is_in_use(data):
        raise Refusal(
            f"AudioBrew is running on {data}. Stop it first, or choose another folder with --data."
        )
    interrupted = (data / RESTORING).is_dir()
    others = [path.name for path in data.iterdir() if not is_allowed(path)] if data.is_dir() else []
    if others and not interrupted:
        raise Refusal(
            f"{data} is not empty: it has {min(others)}. Move it away (mv {data} {data}.old), or choose"
            " another folder with --data."
        )
    existing = next(
        folder for folder in (data.absolute(), *data.absolute().parents) if folder.is_dir()
    )
    if shutil.disk_usage(existing).free < bytes_:
        raise Refusal(f"There is not enough space for {bytes_ / 2**20:,.0f} MB in {existing}.")


@contextmanager
def empty_folder(data: Path) -> Iterator[None]:
    """The folder, locked, with an empty hidden folder in it. If the restore fails, it is empty again; at its
    end, the hidden folder goes, so that AudioBrew can start."""
    is_new = not data.exists()
    from audiobrew.media.folder import sync_to_disk

    with lock_data_folder(data, "serving", restores=True) as alone:
        if not alone:
            raise Refusal(f"Another AudioBrew process uses {data}. Stop it first.")
        clear(data)  # of an interrupted restore
        (data / RESTORING).mkdir(mode=0o700)
        try:
            yield
        except BaseException:
            clear(data)
            # Only here, with the lock, is the folder known to be of nobody else.
            if is_new:
                shutil.rmtree(data, ignore_errors=True)
            raise
        try:
            shutil.rmtree(data / RESTORING)
        except OSError as error:
            raise Refusal(
                f"Everything was restored, but {data / RESTORING} cannot be removed ({error.strerror})."
                " Remove it, then start AudioBrew."
            ) from error
        sync_to_disk(data)


def clear(data: Path) -> None:
    """Delete everything but locks, the hidden folder last: only with it is the folder known to be ours."""
    restoring = data / RESTORING
    if not restoring.is_dir():
        return
    for path in data.iterdir():
        if not is_allowed(path):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    shutil.rmtree(restoring)


def is_allowed(path: Path) -> bool:
    """Whether it may be in an empty data folder."""
    return path.name in EMPTY or path.suffix == ".lock"


def restore(archive: tarfile.TarFile, header: Header, settings: "Settings", bytes_: int) -> int:
    """Unpack, check, and move into place, rows last. Returns how many files.

    Raises NotABackup, Refusal, OSError.
    """
    from audiobrew.db.engine import DATABASE_FILE, latest_revision
    from audiobrew.db.postgres_dump import DumpFailed, restore_postgres
    from audiobrew.db.snapshot import DatabaseDamaged, check_database
    from audiobrew.media.folder import sync_to_disk

    data = settings.data
    staging = data / RESTORING
    with ByteBar(Console(stderr=True), "Restoring", bytes_) as bar:
        entries = unpack(archive, staging, bar)
    unpacked = staging / PREFIX
    try:
        for file in sorted(unpacked.rglob("*.sqlite")):
            if check_database(file) > latest_revision():
                raise NotABackup(
                    f"a newer AudioBrew ({header.version}) made it. Update AudioBrew first."
                )
    except DatabaseDamaged as error:
        raise NotABackup(f"its {error}.") from error
    if header.database == "sqlite" and not (unpacked / DATABASE_FILE).is_file():
        raise NotABackup(f"it has no {DATABASE_FILE}.")
    if header.database == "postgres" and POSTGRES_DUMP not in entries:
        raise NotABackup(f"it has no {POSTGRES_DUMP}.")
    for path in unpacked.iterdir() if unpacked.is_dir() else ():
        path.replace(data / path.name)
    sync_to_disk(data)
    if header.database == "postgres":  # last, because files can be removed again, and rows cannot
        try:
            restore_postgres(settings, staging / POSTGRES_DUMP)
        except DumpFailed as error:
            raise Refusal(f"Nothing was restored, because Postgres refused: {error}.") from error
    return len(entries)


def unpack(archive: tarfile.TarFile, staging: Path, bar: ByteBar) -> dict[str, Entry]:
    """Unpack into the folder, and compare with the manifest. Raises NotABackup, OSError."""
    entries: dict[str, Entry] = {}
    while (info := next_member(archive)) and info.name != MANIFEST:
        name = info.name
        is_ours = name == POSTGRES_DUMP or (name.startswith(PREFIX) and SAFE_NAME.fullmatch(name))
        if not is_ours or name in entries or name.endswith(".lock"):
            raise NotABackup(f"it contains {name!r}, which no backup contains.")
        entries[name] = Entry(info.size, unpack_file(archive, info, staging / name, bar), 0)
    if info is None:
        raise NotABackup(CUT)
    manifest = decode_manifest(read_small(archive, info, MAX_MANIFEST_BYTES))
    if next_member(archive) is not None:
        raise NotABackup("something was added after its end.")
    if missing := manifest.keys() - entries.keys():
        raise NotABackup(f"{min(missing)} is missing.")
    for name, entry in entries.items():
        listed = manifest.get(name)
        if listed is None or (listed.bytes, listed.sha256) != (entry.bytes, entry.sha256):
            raise NotABackup(f"{name} was changed after the backup.")
        os.utime(staging / name, ns=(listed.modified, listed.modified))
    return entries


def unpack_file(archive: tarfile.TarFile, info: tarfile.TarInfo, target: Path, bar: ByteBar) -> str:
    """Returns the hash. Raises NotABackup if the archive ends, OSError if the disk is full."""
    from audiobrew.media.folder import make_private_folder

    try:
        make_private_folder(target.parent)
        output = os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except (FileExistsError, NotADirectoryError, UnicodeEncodeError):
        raise NotABackup(f"it contains {info.name!r} twice.") from None
    content, digest, missing = archive.extractfile(info), hashlib.sha256(), info.size
    assert content
    with output:
        while missing:
            try:
                chunk = content.read(min(COPY_BYTES, missing))
            except TAR_ERRORS:
                chunk = b""
            if not chunk:
                raise NotABackup(CUT)
            missing -= len(chunk)
            digest.update(chunk)
            output.write(chunk)
            bar.advance(len(chunk))
        output.flush()
        os.fsync(output.fileno())
    return digest.hexdigest()
