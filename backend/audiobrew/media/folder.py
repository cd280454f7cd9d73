"""Stores audio in a folder on this machine, readable by its owner only."""

import errno
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

from anyio import to_thread

from audiobrew.media.storage import (
    FOLDERS,
    DiskFull,
    ListedObject,
    StoredObject,
    is_valid_key,
    validate_key,
)

DISK_FULL_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
CHUNK_BYTES = 2**18
# A temporary file that is older was left by a process that died.
MAX_TEMPORARY_AGE = timedelta(hours=1)


class FolderMedia:
    """Writes a file beside its final place, syncs it to disk, then renames it. So files are never partial."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._temporary = root / ".new"
        make_private_folder(self._temporary)
        discard_older(self._temporary, MAX_TEMPORARY_AGE)

    @property
    def name(self) -> str:
        """See `Media.name`."""
        return f"files in {self._root}"

    async def check(self) -> None:
        """See `Media.check`."""
        if not os.access(self._temporary, os.W_OK):
            raise PermissionError

    async def put(self, key: str, file: Path) -> None:
        """See `Media.put`."""
        await to_thread.run_sync(self._put, key, file)

    async def put_bytes(self, key: str, content: bytes) -> None:
        """See `Media.put_bytes`."""
        await to_thread.run_sync(self._put_bytes, key, content)

    async def get(self, key: str) -> bytes:
        """See `Media.get`."""
        return await to_thread.run_sync(self._path(key).read_bytes)

    async def stat(self, key: str) -> StoredObject | None:
        """See `Media.stat`."""
        try:
            stat = await to_thread.run_sync(self._path(key).stat)
        except FileNotFoundError:
            return None
        return StoredObject(
            bytes=stat.st_size,
            etag=f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"',
            modified=datetime.fromtimestamp(stat.st_mtime, UTC),
        )

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `Media.read`."""
        file = await to_thread.run_sync(self._path(key).open, "rb")
        try:
            await to_thread.run_sync(file.seek, start)
            while start < end and (
                chunk := await to_thread.run_sync(file.read, min(CHUNK_BYTES, end - start))
            ):
                start += len(chunk)
                yield chunk
        finally:
            file.close()

    async def delete(self, key: str) -> None:
        """See `Media.delete`."""
        await to_thread.run_sync(self._delete, key)

    async def list(self) -> AsyncIterator[ListedObject]:
        """See `Media.list`."""
        for folder in FOLDERS:
            for subfolder in await to_thread.run_sync(folder_and_subfolders, self._root / folder):
                for entry in await to_thread.run_sync(self._entries, subfolder):
                    yield entry

    async def discard_partial(self, older_than: timedelta) -> int:
        """See `Media.discard_partial`."""
        return await to_thread.run_sync(discard_older, self._temporary, older_than)

    async def signed_url(self, key: str, seconds: int) -> str | None:
        """See `Media.signed_url`. A folder has no URLs."""
        return None

    def _entries(self, folder: Path) -> Sequence[ListedObject]:
        """The files directly in this folder."""
        entries = []
        for file in folder.iterdir():
            with suppress(FileNotFoundError):  # deleted meanwhile
                key = file.relative_to(self._root).as_posix()
                if is_valid_key(key) and file.is_file():
                    modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
                    entries.append(ListedObject(key, modified))
        return entries

    def _path(self, key: str) -> Path:
        return self._root / validate_key(key)

    def _put_bytes(self, key: str, content: bytes) -> None:
        with translate_disk_full(), self._temporary_file() as temporary:
            temporary.write_bytes(content)
            self._move_into_place(key, temporary)

    def _put(self, key: str, file: Path) -> None:
        with translate_disk_full():
            if file.stat().st_dev == self._root.stat().st_dev:
                self._move_into_place(key, file)
                return
            # A rename works only within one file system, so copy the file first.
            with self._temporary_file() as temporary:
                shutil.copyfile(file, temporary)
                self._move_into_place(key, temporary)
            file.unlink()

    @contextmanager
    def _temporary_file(self) -> Iterator[Path]:
        """An empty file on the same disk. Deleted afterwards, unless it was moved."""
        file = self._temporary / secrets.token_hex(16)
        file.touch(mode=0o600)
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)

    def _move_into_place(self, key: str, file: Path) -> None:
        target = self._path(key)
        make_private_folder(target.parent)
        file.chmod(0o600)
        sync_to_disk(file)
        file.replace(target)
        sync_to_disk(target.parent)

    def _delete(self, key: str) -> None:
        target = self._path(key)
        if target.exists():
            target.unlink(missing_ok=True)
            sync_to_disk(target.parent)


@contextmanager
def translate_disk_full() -> Iterator[None]:
    """Raises DiskFull."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL_ERRORS:
            raise DiskFull from error
        raise


def make_private_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_to_disk(folder.parent)


def sync_to_disk(path: Path) -> None:
    """Write a file, or a folder's list of names, from the system's memory to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def folder_and_subfolders(root: Path) -> Sequence[Path]:
    """This folder and its direct subfolders."""
    if not root.is_dir():
        return []
    return [root, *(Path(entry.path) for entry in os.scandir(root) if entry.is_dir())]


def discard_older(folder: Path, older_than: timedelta) -> int:
    """Delete the files and folders in `folder` that have not changed for `older_than`. Returns how many."""
    deleted = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            if time() - path.stat().st_mtime >= older_than.total_seconds():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                deleted += 1
        except FileNotFoundError:  # another process was faster
            continue
    return deleted
