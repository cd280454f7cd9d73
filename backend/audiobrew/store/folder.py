"""Audio in a folder of this machine, readable by its owner only."""

import errno
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import time

from anyio import to_thread

from audiobrew.store.media import DiskFull, Stored, checked

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PIECE = 2**18
FORGOTTEN_AFTER_SECONDS = 3600.0


class FolderMedia:
    """Keeps the promises of `Media`: written beside, made durable, then moved into place."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._new = root / ".new"
        _make_folder(self._new)
        _sweep(self._new)

    @property
    def name(self) -> str:
        """See `Media.name`."""
        return f"files in {self._root}"

    async def check(self) -> None:
        """See `Media.check`."""
        if not os.access(self._new, os.W_OK):
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

    async def stat(self, key: str) -> Stored | None:
        """See `Media.stat`."""
        try:
            found = await to_thread.run_sync(self._path(key).stat)
        except FileNotFoundError:
            return None
        return Stored(
            bytes=found.st_size,
            etag=f'"{found.st_mtime_ns:x}-{found.st_size:x}"',
            modified=datetime.fromtimestamp(found.st_mtime, UTC),
        )

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `Media.read`."""
        file = await to_thread.run_sync(self._path(key).open, "rb")
        try:
            await to_thread.run_sync(file.seek, start)
            while start < end and (
                piece := await to_thread.run_sync(file.read, min(PIECE, end - start))
            ):
                start += len(piece)
                yield piece
        finally:
            file.close()

    async def delete(self, key: str) -> None:
        """See `Media.delete`."""
        await to_thread.run_sync(self._delete, key)

    async def signed_url(self, key: str, seconds: int) -> str | None:
        """See `Media.signed_url`: a folder has no addresses."""
        return None

    def _path(self, key: str) -> Path:
        return self._root / checked(key)

    def _put_bytes(self, key: str, content: bytes) -> None:
        with _told_when_full(), self._beside() as new:
            new.write_bytes(content)
            self._keep(key, new)

    def _put(self, key: str, file: Path) -> None:
        with _told_when_full():
            if _same_disk(file, self._root):
                self._keep(key, file)
                return
            with self._beside() as new:
                shutil.copyfile(file, new)
                self._keep(key, new)
            file.unlink()

    @contextmanager
    def _beside(self) -> Iterator[Path]:
        """A new name on the same disk; whatever is still under it afterwards goes."""
        new = self._new / secrets.token_hex(16)
        new.touch(mode=0o600)
        try:
            yield new
        finally:
            new.unlink(missing_ok=True)

    def _keep(self, key: str, file: Path) -> None:
        place = self._path(key)
        _make_folder(place.parent)
        file.chmod(0o600)
        _durable(file)
        file.replace(place)
        _durable(place.parent)

    def _delete(self, key: str) -> None:
        place = self._path(key)
        if place.exists():
            place.unlink(missing_ok=True)
            _durable(place.parent)


@contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _durable(folder.parent)


def _durable(place: Path) -> None:
    """On the disk, not only in the system's memory; for a folder: the names in it."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _same_disk(file: Path, folder: Path) -> bool:
    return file.stat().st_dev == folder.stat().st_dev


def _sweep(new: Path) -> None:
    """What a process that died was writing; a living one's files are younger."""
    for file in new.iterdir():
        try:
            if time() - file.stat().st_mtime > FORGOTTEN_AFTER_SECONDS:
                file.unlink()
        except FileNotFoundError:  # another process was faster
            continue
