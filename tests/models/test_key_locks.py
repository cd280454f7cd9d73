"""Two processes with one database never pay for the same result, even if one of them is paused."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from audiobrew.db.engine import DatabaseBusy
from audiobrew.db.tables import claims as locks_table
from audiobrew.db.tables import listeners, paid
from audiobrew.media.folder import FolderMedia
from audiobrew.models.key_locks import KeyLocks, renew_locks
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.models.result_cache import ResultCache, key_of
from audiobrew.models.usage import ModelResult, check_before_send, check_before_try
from audiobrew.problems import EpisodeNotFound
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.standins.openai import OpenAI
from tests.standins.openai.local_server import serving

KEY = key_of(uuid4(), "clip", sentences=["Good morning."])
LOCK_SECONDS = 0.3


class Pause:
    """Whoever waits here goes on when `resume` is set."""

    def __init__(self) -> None:
        self.has_begun, self.resume = asyncio.Event(), asyncio.Event()

    async def wait(self) -> None:
        self.has_begun.set()
        await self.resume.wait()


class Vendor:
    """Counts the calls that reach it. `before` and `after` are pauses around the sending of a call."""

    def __init__(
        self, *, before: Pause | None = None, after: Pause | None = None, fails: int = 0
    ) -> None:
        self.before, self.after, self.fails = before, after, fails
        self.call_count = 0

    async def __call__(self) -> ModelResult:
        await check_before_try()
        if self.before:
            await self.before.wait()
        await check_before_send()
        self.call_count += 1
        await asyncio.sleep(0.02)
        if self.after:
            await self.after.wait()
        if self.fails:
            self.fails -= 1
            raise ConnectionError
        return ModelResult({"by": id(self)}, b"sound")


@pytest.fixture
def process(engine: AsyncEngine, tmp_path: Path) -> Callable[[], ResultCache]:
    """Creates the cache of another process, which shares no memory with the first."""
    return lambda: ResultCache(engine, FolderMedia(tmp_path / "media"), LOCK_SECONDS)


async def rows(engine: AsyncEngine, table: sa.Table) -> list[Any]:
    async with engine.connect() as database:
        return list(await database.execute(table.select()))


@pytest.mark.parametrize("content", [b"sound", None])
async def test_fifty_concurrent_requests_make_one_call(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID, content: bytes | None
) -> None:
    processes, made_calls = [process(), process()], []
    for one in processes:
        one.locks.seconds = 60.0  # no heartbeat renews them here

    async def call() -> ModelResult:
        made_calls.append(1)
        await asyncio.sleep(0.1)
        return ModelResult({"frames": 1}, content)

    calls = (processes[n % 2].get_or_make(ada, "clip", KEY, call) for n in range(50))
    answers = await asyncio.gather(*calls)

    assert len(made_calls) == 1
    assert answers == [{"frames": 1}] * 50
    assert await rows(engine, locks_table) == []


async def test_a_process_paused_before_its_call_uses_the_result_of_the_other(
    process: Callable[[], ResultCache], ada: UUID
) -> None:
    pause = Pause()
    paused_vendor, other = Vendor(before=pause), Vendor()
    first = asyncio.create_task(process().get_or_make(ada, "clip", KEY, paused_vendor))
    await pause.has_begun.wait()
    second = await process().get_or_make(ada, "clip", KEY, other)
    pause.resume.set()

    assert await first == second
    assert (paused_vendor.call_count, other.call_count) == (0, 1)


async def test_a_process_paused_during_its_call_does_not_overwrite_the_other_result(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    pause, wasted_results = Pause(), list[ModelResult]()
    paused_vendor, other = Vendor(after=pause), Vendor()

    async def waste(answer: ModelResult) -> None:
        wasted_results.append(answer)

    first = asyncio.create_task(process().get_or_make(ada, "clip", KEY, paused_vendor, waste=waste))
    await pause.has_begun.wait()
    second = await process().get_or_make(ada, "clip", KEY, other)
    pause.resume.set()

    assert await first == second == {"by": id(other)}
    [row] = await rows(engine, paid)
    assert [row.answer] == [{"by": id(other)}]
    assert [one.facts for one in wasted_results] == [{"by": id(paused_vendor)}]


class PausedMedia(FolderMedia):
    """Storage that waits before it stores bytes."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.pause = Pause()

    async def put_bytes(self, key: str, content: bytes) -> None:
        await self.pause.wait()
        await super().put_bytes(key, b"late " + content)


async def test_a_process_paused_while_storing_a_clip_does_not_replace_the_other_clip(
    process: Callable[[], ResultCache], engine: AsyncEngine, tmp_path: Path, ada: UUID
) -> None:
    media, wasted_results = PausedMedia(tmp_path / "media"), list[ModelResult]()
    paused_vendor, other = Vendor(), Vendor()

    async def waste(answer: ModelResult) -> None:
        wasted_results.append(answer)

    paused_process = ResultCache(engine, media, LOCK_SECONDS)
    first = asyncio.create_task(
        paused_process.get_or_make(ada, "clip", KEY, paused_vendor, waste=waste)
    )
    await media.pause.has_begun.wait()
    second = await process().get_or_make(ada, "clip", KEY, other)
    media.pause.resume.set()

    assert await first == second == {"by": id(other)}
    [row] = await rows(engine, paid)
    assert (row.answer, await media.get(row.media)) == ({"by": id(other)}, b"sound")
    assert [one.facts for one in wasted_results] == [{"by": id(paused_vendor)}]
    assert [one.key async for one in media.list()] == [row.media]


async def test_an_unstored_result_is_not_made_by_another_process(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    """The result cannot be stored for longer than a lock lasts, while the heartbeat renews the lock."""
    one, vendor = process(), Vendor()

    with busy(engine, "INSERT INTO paid "), pytest.raises(DatabaseBusy):
        await one.get_or_make(ada, "clip", KEY, vendor)
    async with engine.begin() as database:
        await database.run_sync(renew_locks, list(one.locks.keys_by_token), 60.0)
    second = asyncio.create_task(process().get_or_make(ada, "clip", KEY, vendor))
    await asyncio.sleep(3 * LOCK_SECONDS)
    one.locks.seconds = 60.0
    first = await one.get_or_make(ada, "clip", KEY, vendor)

    assert await second == first
    assert vendor.call_count == 1


async def test_an_unstored_result_survives_failed_tries_to_store_it(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    one, vendor = process(), Vendor()
    for statement in ("INSERT INTO paid ", "SELECT paid.answer", "UPDATE claims", "SELECT paid."):
        with busy(engine, statement), pytest.raises(DatabaseBusy):
            await one.get_or_make(ada, "clip", KEY, vendor)

    assert await one.get_or_make(ada, "clip", KEY, vendor) == {"by": id(vendor)}
    assert vendor.call_count == 1


async def test_a_process_that_cannot_query_the_result_releases_its_lock(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    one, vendor = process(), Vendor()
    with busy(engine, "SELECT paid.answer", after=1), pytest.raises(DatabaseBusy):
        await one.get_or_make(ada, "clip", KEY, vendor)

    assert await rows(engine, locks_table) == []
    assert one.locks.keys_by_token == {}
    assert await one.get_or_make(ada, "clip", KEY, vendor)
    assert vendor.call_count == 1


@contextmanager
def busy(engine: AsyncEngine, statement: str, after: int = 0) -> Iterator[None]:
    """Raise DatabaseBusy for such statements, except for the first `after` ones."""
    seen = 0

    def refuse(_: Any, __: Any, text: str, *___: Any) -> None:
        nonlocal seen
        if text.startswith(statement):
            seen += 1
            if seen > after:
                raise DatabaseBusy

    sa.event.listen(engine.sync_engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        sa.event.remove(engine.sync_engine, "before_cursor_execute", refuse)
    assert seen > after


async def test_the_lock_of_a_result_that_is_never_stored_expires(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    locks_of_one = process().locks
    lock = await locks_of_one.acquire(ada, KEY)
    assert lock

    locks_of_one.let_expire(lock, LOCK_SECONDS)
    assert locks_of_one.keys_by_token
    while locks_of_one.keys_by_token:
        await asyncio.sleep(0.01)

    while not await KeyLocks(engine, LOCK_SECONDS).acquire(ada, KEY):
        await asyncio.sleep(0.05)


async def test_a_failed_call_releases_its_lock_at_once(
    process: Callable[[], ResultCache], ada: UUID
) -> None:
    vendor = Vendor(fails=1)
    first, second = process(), process()
    answers = await asyncio.gather(
        first.get_or_make(ada, "clip", KEY, vendor),
        second.get_or_make(ada, "clip", KEY, vendor),
        return_exceptions=True,
    )

    assert vendor.call_count == 2
    assert sorted(type(answer).__name__ for answer in answers) == ["ConnectionError", "dict"]


async def test_a_renewed_lock_is_not_taken_over(engine: AsyncEngine, ada: UUID) -> None:
    async def let_time_pass(seconds: float) -> None:
        async with engine.begin() as database:
            earlier = locks_table.c.until - seconds
            await database.execute(locks_table.update().values(until=earlier))

    one, other = KeyLocks(engine, 600), KeyLocks(engine, 600)
    lock = await one.acquire(ada, KEY)
    assert lock
    for _ in range(4):
        await let_time_pass(400)
        await one.renew(lock)
        assert await other.acquire(ada, KEY) is None
    await let_time_pass(800)

    assert await other.acquire(ada, KEY)


async def test_a_deleted_listener_has_no_locks_and_no_calls(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    assert await KeyLocks(engine, 30).acquire(ada, KEY)
    async with engine.begin() as database:
        await database.execute(listeners.delete().where(listeners.c.id == ada))
    vendor = Vendor()

    assert await rows(engine, locks_table) == []
    with pytest.raises(EpisodeNotFound):
        await process().get_or_make(ada, "clip", KEY, vendor)
    assert vendor.call_count == 0


@pytest.mark.parametrize("tries", [0, 1])
async def test_no_request_is_sent_after_the_lock_is_lost(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID, tries: int
) -> None:
    """Neither for the first try nor for a retry. Uses OpenAI's own client."""
    vendor = OpenAI(writer=lambda _: "answer")
    vendor.inject("responses", "500", times=tries)
    requests = []

    async def ask(client: Any) -> str:
        requests.append(1)
        if (
            len(requests) == tries + 1
        ):  # another process takes the lock over while this one is paused
            async with engine.begin() as database:
                await database.execute(locks_table.update().values(token="another", until=0.0))
            await asyncio.sleep(LOCK_SECONDS)
        return str((await client.responses.create(model="gpt-6-luna", input="x")).output_text)

    with serving(vendor) as url:
        calls = OpenAICalls("sk-stand-in", url, 1, 5.0)

        async def call() -> ModelResult:
            return ModelResult({"text": await calls.call_with_retries(ask, lambda: None)})

        other = asyncio.create_task(process().get_or_make(ada, "script", KEY, call))
        while len(requests) <= tries:
            await asyncio.sleep(0.01)
        early_calls = len(vendor.calls)
        assert await other == {"text": "answer"}
        await calls.aclose()

    assert len(vendor.calls) == tries + 1 and early_calls <= tries
    assert len(requests) == tries + 2


@pytest.mark.parametrize("milliseconds", range(0, 40, 2))
async def test_a_cancelled_request_leaves_no_key_lock_and_no_database_lock(
    engine: AsyncEngine, tmp_path: Path, ada: UUID, milliseconds: int
) -> None:
    """Whenever it is cancelled, the next request does not have to wait for a lock."""
    cache = ResultCache(engine, FolderMedia(tmp_path / "media"), lock_seconds=3600)
    first = asyncio.create_task(cache.get_or_make(ada, "clip", KEY, Vendor()))
    await asyncio.sleep(milliseconds / 1000)
    first.cancel()

    async with asyncio.timeout(60):
        await cache.get_or_make(ada, "clip", KEY, Vendor())
        await asyncio.gather(first, return_exceptions=True)
    assert await rows(engine, locks_table) == []
