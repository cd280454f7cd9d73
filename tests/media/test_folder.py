import errno
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from audiobrew.media.folder import FolderMedia
from audiobrew.media.storage import DiskFull

from tests.media.media_keys import EPISODE, NOT_OURS


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def media(root: Path) -> FolderMedia:
    return FolderMedia(root)


def files_in(root: Path) -> list[str]:
    return sorted(str(file.relative_to(root)) for file in root.rglob("*") if file.is_file())


@contextmanager
def limit_file_size(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_file_is_moved_and_readable_by_its_owner_only(
    media: FolderMedia, root: Path
) -> None:
    file = root.parent / "joined.mp3"
    file.write_bytes(b"sound")
    await media.put(EPISODE, file)

    assert not file.exists()
    assert await media.get(EPISODE) == b"sound"
    assert (root / EPISODE).stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in [root, root / "episodes"]} == {0o700}


async def test_a_file_from_another_file_system_is_stored_too(
    media: FolderMedia, root: Path
) -> None:
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == root.stat().st_dev:
        pytest.skip("this machine has one disk")
    file = shared / f"audiobrew-{uuid4()}.mp3"
    file.write_bytes(b"sound")
    await media.put(EPISODE, file)

    assert not file.exists()
    assert await media.get(EPISODE) == b"sound"
    assert files_in(root) == [EPISODE]


@pytest.mark.parametrize("key", NOT_OURS)
async def test_an_invalid_key_touches_nothing(media: FolderMedia, root: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a key of ours"):
        await media.put_bytes(key, b"x")
    with pytest.raises(ValueError, match="not a key of ours"):
        await media.delete(key)
    assert files_in(root) == []


async def test_a_full_disk_is_reported_and_keeps_the_old_file(
    media: FolderMedia, root: Path
) -> None:
    await media.put_bytes(EPISODE, b"earlier")
    with limit_file_size(100_000), pytest.raises(DiskFull, match="Free some disk space"):
        await media.put_bytes(EPISODE, b"later" * 100_000)

    assert await media.get(EPISODE) == b"earlier"
    assert files_in(root) == [EPISODE]


async def test_other_disk_errors_are_not_reported_as_a_full_disk(
    media: FolderMedia, root: Path
) -> None:
    (root / "episodes").write_bytes(b"a file where a folder should be")

    with pytest.raises(OSError) as trouble:
        await media.put_bytes(EPISODE, b"sound")
    assert trouble.value.errno in (errno.EEXIST, errno.ENOTDIR)
    assert files_in(root) == ["episodes"]


async def test_deleting_twice_is_not_an_error(media: FolderMedia, root: Path) -> None:
    await media.put_bytes(EPISODE, b"sound")
    await media.delete(EPISODE)
    await media.delete(EPISODE)

    assert files_in(root) == []


def test_only_old_temporary_files_are_discarded(root: Path) -> None:
    FolderMedia(root)
    dead, living = root / ".new" / "dead", root / ".new" / "living"
    for file in (dead, living):
        file.write_bytes(b"half")
    two_hours_ago = time.time() - 7200
    os.utime(dead, (two_hours_ago, two_hours_ago))
    FolderMedia(root)

    assert files_in(root) == [".new/living"]


WRITER = """
import asyncio, sys
from pathlib import Path
from audiobrew.media.folder import FolderMedia

async def write():
    media = FolderMedia(Path(sys.argv[1]))
    print("writing", flush=True)
    for number in range(10_000):
        await media.put_bytes(sys.argv[2], bytes([number % 256]) * 300_000)

asyncio.run(write())
"""


async def test_a_killed_writer_leaves_no_partial_file(media: FolderMedia, root: Path) -> None:
    await media.put_bytes(EPISODE, bytes(300_000))
    for moment in (0.01, 0.03, 0.05, 0.07):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(root), EPISODE], stdout=subprocess.PIPE
        )
        assert writer.stdout
        writer.stdout.readline()
        time.sleep(moment)
        writer.kill()
        writer.communicate()
        content = await media.get(EPISODE)

        assert len(content) == 300_000
        assert len(set(content)) == 1
