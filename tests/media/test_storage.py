"""What every adapter for storage guarantees: a folder, and a bucket at Supabase."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from audiobrew.media.folder import FolderMedia
from audiobrew.media.storage import Media

from tests.media.bucket import Storage, run_storage
from tests.media.media_keys import CLIP, EPISODE, NOT_OURS

SECRETS = ["secret_key", "service_jwt"]
"""Keys of the newer and of the older kind."""


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    with run_storage() as storage:
        yield storage


@pytest.fixture(params=["folder", *SECRETS])
async def media(
    request: pytest.FixtureRequest, tmp_path: Path, storage: Storage
) -> AsyncIterator[Media]:
    if request.param == "folder":
        yield FolderMedia(tmp_path / "media")
        return
    storage.supabase.buckets.clear()
    async with storage.media(getattr(storage.supabase, request.param)) as media:
        yield media


async def read_range(media: Media, key: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in media.read(key, start, end)])


async def test_a_stored_file_can_be_read_whole_and_in_ranges(media: Media) -> None:
    content = os.urandom(600_000)
    await media.put_bytes(CLIP, content)
    stored = await media.stat(CLIP)

    assert await media.get(CLIP) == content
    assert await read_range(media, CLIP, 5, 599_990) == content[5:599_990]
    assert await read_range(media, CLIP, 0, 600_000) == content
    assert await read_range(media, CLIP, 599_999, 700_000) == content[-1:]
    assert await read_range(media, CLIP, 600_000, 700_000) == b""
    assert await read_range(media, CLIP, 5, 5) == b""
    assert stored
    assert stored.bytes == 600_000
    assert stored.etag[0] == stored.etag[-1] == '"'
    assert timedelta(seconds=-5) < datetime.now(UTC) - stored.modified < timedelta(minutes=1)


async def test_a_file_is_moved(media: Media, tmp_path: Path) -> None:
    file = tmp_path / "joined.mp3"
    file.write_bytes(b"sound" * 200_000)
    await media.put(EPISODE, file)

    assert not file.exists()
    assert await media.get(EPISODE) == b"sound" * 200_000


async def test_a_file_replaces_an_earlier_one(media: Media, tmp_path: Path) -> None:
    await media.put_bytes(EPISODE, b"earlier")
    file = tmp_path / "joined.mp3"
    file.write_bytes(b"later")
    await media.put(EPISODE, file)

    assert await media.get(EPISODE) == b"later"


@pytest.mark.parametrize("key", NOT_OURS)
async def test_an_invalid_key_is_refused(media: Media, tmp_path: Path, key: str) -> None:
    file = tmp_path / "made.mp3"
    file.write_bytes(b"x")

    for call in (
        media.put_bytes(key, b"x"),
        media.put(key, file),
        media.get(key),
        media.stat(key),
        media.delete(key),
        read_range(media, key, 0, 1),
    ):
        with pytest.raises(ValueError, match="not a key of ours"):
            await call
    assert file.exists()


async def test_a_missing_file_is_reported(media: Media) -> None:
    assert await media.stat(EPISODE) is None
    with pytest.raises(FileNotFoundError):
        await media.get(EPISODE)
    with pytest.raises(FileNotFoundError):
        await read_range(media, EPISODE, 0, 1)


async def test_deleting_twice_is_not_an_error(media: Media) -> None:
    await media.put_bytes(EPISODE, b"sound")
    await media.delete(EPISODE)
    await media.delete(EPISODE)

    assert await media.stat(EPISODE) is None


async def test_new_content_under_the_same_key_has_another_etag(media: Media) -> None:
    await media.put_bytes(EPISODE, b"first")
    first = await media.stat(EPISODE)
    await media.put_bytes(EPISODE, b"other")
    other = await media.stat(EPISODE)

    assert first
    assert other
    assert first.etag != other.etag
