"""A result is made once, stored with its bytes, and deleted when it is too old."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes, listeners
from audiobrew.media.deletion_queue import DeletionQueue
from audiobrew.media.folder import FolderMedia
from audiobrew.media.storage import DiskFull
from audiobrew.models.result_cache import ResultCache, Settle, key_of, media_key
from audiobrew.models.usage import ModelResult
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.row_factory import episode_row

KEY = key_of(uuid4(), "clip", sentences=["Good morning."])


@pytest.fixture
def media(tmp_path: Path) -> FolderMedia:
    return FolderMedia(tmp_path / "media")


@pytest.fixture
def results(engine: AsyncEngine, media: FolderMedia) -> ResultCache:
    return ResultCache(engine, media)


class Vendor:
    """Returns a result or fails, and counts its calls."""

    def __init__(self, content: bytes | None = b"sound", error: Exception | None = None) -> None:
        self.call_count = 0
        self.content = content
        self.error = error

    async def __call__(self) -> ModelResult:
        self.call_count += 1
        await asyncio.sleep(0.01)
        if self.error:
            raise self.error
        return ModelResult({"frames": self.call_count}, self.content)


class FullDisk(FolderMedia):
    """A folder on a full disk."""

    def __init__(self) -> None: ...

    async def stat(self, key: str) -> None:
        return None

    async def put_bytes(self, key: str, content: bytes) -> None:
        raise DiskFull


async def test_a_stored_result_is_not_made_again(results: ResultCache, ada: UUID) -> None:
    vendor = Vendor()

    facts = [await results.get_or_make(ada, "clip", KEY, vendor) for _ in range(3)]

    assert facts == [{"frames": 1}] * 3
    assert vendor.call_count == 1


async def test_concurrent_requests_share_one_call(results: ResultCache, ada: UUID) -> None:
    vendor = Vendor()

    await asyncio.gather(*(results.get_or_make(ada, "clip", KEY, vendor) for _ in range(20)))

    assert vendor.call_count == 1


async def test_a_failed_call_is_not_stored_and_is_made_again(
    results: ResultCache, ada: UUID
) -> None:
    with pytest.raises(ConnectionError):
        await results.get_or_make(ada, "clip", KEY, Vendor(error=ConnectionError()))

    assert await results.facts(KEY) is None
    assert await results.get_or_make(ada, "clip", KEY, Vendor()) == {"frames": 1}


async def test_a_waiting_request_makes_the_call_if_the_first_is_cancelled(
    results: ResultCache, ada: UUID
) -> None:
    vendor = Vendor()
    first = asyncio.create_task(results.get_or_make(ada, "clip", KEY, vendor))
    second = asyncio.create_task(results.get_or_make(ada, "clip", KEY, vendor))
    await asyncio.sleep(0.005)
    first.cancel()

    assert await second
    assert first.cancelled() or first.done()


async def test_a_result_without_its_bytes_is_made_again(
    results: ResultCache, media: FolderMedia, ada: UUID
) -> None:
    vendor = Vendor()
    await results.get_or_make(ada, "clip", KEY, vendor)
    await media.delete(media_key(KEY))

    assert await results.facts(KEY) is None
    assert await results.get_or_make(ada, "clip", KEY, vendor) == {"frames": 2}
    assert await results.facts(KEY) == {"frames": 2}
    result = (await results.find([KEY]))[KEY]
    assert await media.get(str(result.media)) == b"sound"


async def test_a_result_without_bytes_needs_no_file(results: ResultCache, ada: UUID) -> None:
    await results.get_or_make(ada, "rundown", KEY, Vendor(content=None))

    assert await results.facts(KEY) == {"frames": 1}


async def test_a_full_disk_is_reported_and_the_result_is_not_stored(
    engine: AsyncEngine, ada: UUID
) -> None:
    results = ResultCache(engine, FullDisk())

    with pytest.raises(DiskFull):
        await results.get_or_make(ada, "clip", KEY, Vendor())

    assert await results.facts(KEY) is None


async def test_a_result_without_stored_bytes_is_not_settled(engine: AsyncEngine, ada: UUID) -> None:
    """Otherwise a clip that a killed process did not store completely would be charged twice."""
    with suppress(DiskFull):
        await ResultCache(engine, FullDisk()).get_or_make(
            ada, "clip", KEY, Vendor(), record_settlement(ada)
        )

    assert await preferences(engine) == {}


@pytest.mark.parametrize("content", [b"sound", None])
async def test_a_complete_result_is_settled(
    results: ResultCache, engine: AsyncEngine, ada: UUID, content: bytes | None
) -> None:
    await results.get_or_make(ada, "clip", KEY, Vendor(content), record_settlement(ada))

    assert await preferences(engine) == {"settled": True}


def record_settlement(listener: UUID) -> Settle:
    own = listeners.update().where(listeners.c.id == listener)
    return lambda _: [own.values(preferences={"settled": True})]


async def preferences(engine: AsyncEngine) -> Any:
    async with engine.connect() as database:
        return (await database.execute(sa.select(listeners.c.preferences))).scalar_one()


async def test_an_old_result_is_deleted_with_its_bytes(
    results: ResultCache, media: FolderMedia, engine: AsyncEngine, ada: UUID
) -> None:
    await results.get_or_make(ada, "clip", KEY, Vendor())

    await results.delete_older(timedelta(days=1))
    assert await results.facts(KEY)

    await results.delete_older(timedelta(0))
    assert await results.facts(KEY) is None
    await DeletionQueue(engine, media.delete).run()
    assert await media.stat(media_key(KEY)) is None


async def test_results_are_kept_while_their_listener_has_an_open_brew(
    results: ResultCache, engine: AsyncEngine, ada: UUID
) -> None:
    await results.get_or_make(ada, "clip", KEY, Vendor())
    brew = episode_row(ada, Stage.SPEAKING, datetime.now(UTC))
    async with engine.begin() as database:
        await database.execute(episodes.insert().values(brew))
    await results.delete_older(timedelta(0))
    during = await results.facts(KEY)
    async with engine.begin() as database:
        await database.execute(episodes.update().values(stage=Stage.READY))
    await results.delete_older(timedelta(0))

    assert during
    assert await results.facts(KEY) is None


@pytest.mark.parametrize(
    "other",
    [
        key_of(UUID(int=2), "clip", sentences=["Good morning."], voice="a"),
        key_of(UUID(int=1), "segment", sentences=["Good morning."], voice="a"),
        key_of(UUID(int=1), "clip", sentences=["Good morning!"], voice="a"),
        key_of(UUID(int=1), "clip", sentences=["Good", "morning."], voice="a"),
        key_of(UUID(int=1), "clip", sentences=["Good morning."], voice="b"),
    ],
)
def test_everything_that_affects_the_result_changes_the_key(other: str) -> None:
    assert key_of(UUID(int=1), "clip", sentences=["Good morning."], voice="a") != other


def test_the_order_of_arguments_does_not_change_the_key() -> None:
    assert key_of(UUID(int=1), "clip", a=1, b="ä") == key_of(UUID(int=1), "clip", b="ä", a=1)
