import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import httpx2
import psutil
import pytest
from anyio import create_task_group, sleep
from audiobrew.legacy.old_audio import OldAudio
from audiobrew.media.storage import DiskFull
from audiobrew.media.supabase import (
    BucketIsPublic,
    MediaUnavailable,
    SupabaseMedia,
    SupabaseProject,
    SupabaseRefused,
)

from tests.media.bucket import Storage, run_storage
from tests.media.media_keys import EPISODE


@pytest.fixture
def storage() -> Iterator[Storage]:
    with run_storage() as storage:
        yield storage


@pytest.fixture
async def media(storage: Storage) -> AsyncIterator[SupabaseMedia]:
    async with storage.media() as media:
        yield media


async def test_a_missing_bucket_is_created_and_private(
    media: SupabaseMedia, storage: Storage
) -> None:
    await media.put_bytes(EPISODE, b"sound")

    assert storage.supabase.buckets["episodes"].public is False
    assert storage.objects() == {EPISODE: b"sound"}


async def test_concurrent_first_calls_create_one_bucket(storage: Storage) -> None:
    async with storage.media() as one, storage.media() as other, create_task_group() as many:
        for media in (one, other, one, other):
            many.start_soon(media.put_bytes, f"episodes/{uuid4()}.mp3", b"sound")

    assert len(storage.objects()) == 4


async def test_a_public_bucket_is_refused(media: SupabaseMedia, storage: Storage) -> None:
    async with SupabaseProjectOf(storage) as project:
        await project.library.storage.create_bucket("episodes", options={"public": True})

    with pytest.raises(BucketIsPublic, match="AUDIOBREW_BUCKET"):
        await media.put_bytes(EPISODE, b"sound")
    assert storage.objects() == {}


class SupabaseProjectOf:
    def __init__(self, storage: Storage) -> None:
        self.project = SupabaseProject(storage.url, storage.supabase.secret_key)

    async def __aenter__(self) -> SupabaseProject:
        return self.project

    async def __aexit__(self, *_: object) -> None:
        await self.project.aclose()


async def test_a_signed_storage_url_serves_the_file_for_a_while(media: SupabaseMedia) -> None:
    await media.put_bytes(EPISODE, b"0123456789")
    with httpx2.Client() as anonymous:
        address = await media.signed_url(EPISODE, 60)
        short_lived = await media.signed_url(EPISODE, 1)
        assert address and short_lived
        part = anonymous.get(address, headers={"Range": "bytes=2-4"})
        head = anonymous.head(address)
        await sleep(2.1)
        late = anonymous.get(short_lived)

    assert (part.status_code, part.content) == (206, b"234")
    assert (head.status_code, head.headers["content-length"]) == (200, "10")
    assert head.headers["content-type"] == "audio/mpeg"
    assert late.status_code == 400


async def test_the_bucket_is_not_readable_without_a_signed_url(
    media: SupabaseMedia, storage: Storage
) -> None:
    await media.put_bytes(EPISODE, b"sound")
    with httpx2.Client(base_url=f"{storage.url}/storage/v1") as anonymous:
        public = anonymous.get(f"/object/public/episodes/{EPISODE}")
        plain = anonymous.get(
            f"/object/episodes/{EPISODE}", headers={"apikey": storage.supabase.publishable_key}
        )

    assert public.status_code == plain.status_code == 400


async def test_a_missing_file_has_no_signed_url(media: SupabaseMedia) -> None:
    await media.check()
    with pytest.raises(FileNotFoundError):
        await media.signed_url(EPISODE, 60)


async def test_a_short_outage_is_hidden_by_retries(media: SupabaseMedia, storage: Storage) -> None:
    await media.check()
    storage.supabase.inject("/storage/v1", status=503, times=2)
    await media.put_bytes(EPISODE, b"sound")
    storage.supabase.inject("/storage/v1", status=502, times=1)

    assert await media.get(EPISODE) == b"sound"


async def test_a_long_outage_is_reported_and_loses_nothing(
    media: SupabaseMedia, storage: Storage, tmp_path: Path
) -> None:
    await media.put_bytes(EPISODE, b"earlier")
    file = tmp_path / "made.mp3"
    file.write_bytes(b"later")
    storage.supabase.inject("/storage/v1", status=503, times=6)

    with pytest.raises(MediaUnavailable, match="try again"):
        await media.put(EPISODE, file)
    with pytest.raises(MediaUnavailable):
        await media.stat(EPISODE)
    assert file.read_bytes() == b"later"
    assert storage.objects() == {EPISODE: b"earlier"}


async def test_an_unreachable_project_is_reported_as_unavailable(tmp_path: Path) -> None:
    with run_storage() as stopped:
        pass
    async with stopped.media() as media:
        with pytest.raises(MediaUnavailable):
            await media.get(EPISODE)
        with pytest.raises(MediaUnavailable):
            await media.put_bytes(EPISODE, b"sound")


async def test_a_wrong_key_is_reported(storage: Storage) -> None:
    async with storage.media("sb_secret_" + "x" * 32) as media:
        with pytest.raises(SupabaseRefused, match="SUPABASE_SECRET_KEY"):
            await media.put_bytes(EPISODE, b"sound")


async def test_a_file_too_large_for_the_bucket_is_reported_and_kept(
    media: SupabaseMedia, storage: Storage, tmp_path: Path
) -> None:
    await media.check()
    storage.supabase.buckets["episodes"].file_size_limit = 1000
    file = tmp_path / "made.mp3"
    file.write_bytes(b"x" * 1001)

    with pytest.raises(DiskFull, match="Raise its limits"):
        await media.put(EPISODE, file)
    assert file.exists()
    assert storage.objects() == {}


@pytest.fixture
def null_storage() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.media.null_storage"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.kill()


async def test_large_files_are_streamed_without_using_memory(
    null_storage: str, tmp_path: Path
) -> None:
    path, size = tmp_path / "made.mp3", 200 * 2**20
    with path.open("wb") as file:
        file.truncate(size)
    project = SupabaseProject(null_storage, "sb_secret_any")
    media = SupabaseMedia(project, "episodes")
    await media.check()
    before = psutil.Process().memory_info().rss

    await media.put(EPISODE, path)
    total = sum([len(piece) async for piece in media.read(EPISODE, 0, size)])
    await project.aclose()

    assert total == size
    assert psutil.Process().memory_info().rss - before < 30 * 2**20


async def test_only_the_listeners_own_old_folder_is_deleted(storage: Storage) -> None:
    ada, bob = uuid4(), uuid4()
    async with SupabaseProjectOf(storage) as project:
        old = OldAudio(project)
        await old.delete(ada)  # before there is a bucket
        await project.library.storage.create_bucket("podcasts", options={"public": True})
        bucket = project.bucket("podcasts")
        for key in [f"podcasts/{ada}/a.mp3", f"podcasts/{ada}/sub/b.mp3", f"podcasts/{bob}/a.mp3"]:
            await bucket.upload(key, b"sound")
        await old.delete(ada)
        await old.delete(ada)

    assert set(storage.objects("podcasts")) == {f"podcasts/{bob}/a.mp3"}
