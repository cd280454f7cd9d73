"""Audio in a folder of this machine, readable by its owner only."""

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

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PIECE = 2**18
FORGOTTEN_AFTER = timedelta(hours=1)


class FolderMedia:
    """Keeps the promises of `Media`: written beside, made durable, then moved into place."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._new = root / ".new"
        _make_folder(self._new)
        discard_older(self._new, FORGOTTEN_AFTER)

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

    async def stat(self, key: str) -> StoredObject | None:
        """See `Media.stat`."""
        try:
            found = await to_thread.run_sync(self._path(key).stat)
        except FileNotFoundError:
            return None
        return StoredObject(
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

    async def list(self) -> AsyncIterator[ListedObject]:
        """See `Media.list`."""
        for folder in FOLDERS:
            for place in await to_thread.run_sync(_folders_in, self._root / folder):
                for listed in await to_thread.run_sync(self._listed, place):
                    yield listed

    async def discard_partial(self, older_than: timedelta) -> int:
        """See `Media.discard_partial`."""
        return await to_thread.run_sync(discard_older, self._new, older_than)

    async def signed_url(self, key: str, seconds: int) -> str | None:
        """See `Media.signed_url`: a folder has no addresses."""
        return None

    def _listed(self, folder: Path) -> Sequence[ListedObject]:
        """The files directly in one folder."""
        found = []
        for file in folder.iterdir():
            with suppress(FileNotFoundError):  # deleted just now
                key = file.relative_to(self._root).as_posix()
                if is_valid_key(key) and file.is_file():
                    modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
                    found.append(ListedObject(key, modified))
        return found

    def _path(self, key: str) -> Path:
        return self._root / validate_key(key)

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


def _folders_in(root: Path) -> Sequence[Path]:
    """This folder and those in it."""
    if not root.is_dir():
        return []
    return [root, *(Path(place.path) for place in os.scandir(root) if place.is_dir())]


def discard_older(folder: Path, older_than: timedelta) -> int:
    """Delete what stands in this folder and was not changed for so long; a file or a folder each."""
    gone = 0
    for left in folder.iterdir() if folder.is_dir() else ():
        try:
            if time() - left.stat().st_mtime >= older_than.total_seconds():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
                gone += 1
        except FileNotFoundError:  # another process was faster
            continue
    return gone
