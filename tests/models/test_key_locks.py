"""Two processes on one database: what the one has locked the other does not buy, whatever pauses."""

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


class Vendor:
    """Counts the calls that reach it; `pause` is run before and after the call is sent."""

    def __init__(self, *, before: float = 0.0, after: float = 0.0, fails: int = 0) -> None:
        self.before, self.after, self.fails = before, after, fails
        self.called = 0

    async def __call__(self) -> ModelResult:
        await check_before_try()
        await asyncio.sleep(self.before)
        await check_before_send()
        self.called += 1
        await asyncio.sleep(0.02 + self.after)
        if self.fails:
            self.fails -= 1
            raise ConnectionError
        return ModelResult({"by": id(self)}, b"sound")


@pytest.fixture
def process(engine: AsyncEngine, tmp_path: Path) -> Callable[[], ResultCache]:
    """What one process has: no memory is shared with another."""
    return lambda: ResultCache(engine, FolderMedia(tmp_path / "media"), LOCK_SECONDS)


async def rows(engine: AsyncEngine, table: sa.Table) -> list[Any]:
    async with engine.connect() as database:
        return list(await database.execute(table.select()))


@pytest.mark.parametrize("content", [b"sound", None])
async def test_the_same_thing_asked_fifty_times_at_once_is_bought_once(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID, content: bytes | None
) -> None:
    processes, called = [process(), process()], []
    for one in processes:
        one.locks.seconds = 60.0  # no heartbeat renews them here

    async def call() -> ModelResult:
        called.append(1)
        await asyncio.sleep(0.1)
        return ModelResult({"frames": 1}, content)

    calls = (processes[n % 2].get_or_make(ada, "clip", KEY, call) for n in range(50))
    answers = await asyncio.gather(*calls)

    assert len(called) == 1
    assert answers == [{"frames": 1}] * 50
    assert await rows(engine, locks_table) == []


async def test_who_was_paused_before_the_call_does_not_call_and_takes_the_others_answer(
    process: Callable[[], ResultCache], ada: UUID
) -> None:
    slept, other = Vendor(before=4 * LOCK_SECONDS), Vendor()
    first = asyncio.create_task(process().get_or_make(ada, "clip", KEY, slept))
    await asyncio.sleep(0.1)
    second = await process().get_or_make(ada, "clip", KEY, other)

    assert await first == second
    assert (slept.called, other.called) == (0, 1)


async def test_who_was_paused_during_the_call_does_not_overwrite_and_says_what_was_wasted(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    slept, other, wasted = Vendor(after=4 * LOCK_SECONDS), Vendor(), list[ModelResult]()

    async def waste(answer: ModelResult) -> None:
        wasted.append(answer)

    first = asyncio.create_task(process().get_or_make(ada, "clip", KEY, slept, waste=waste))
    await asyncio.sleep(0.1)
    second = await process().get_or_make(ada, "clip", KEY, other)
    [row] = await rows(engine, paid)

    assert await first == second == {"by": id(other)}
    assert [row.answer] == [{"by": id(other)}]
    assert [one.facts for one in wasted] == [{"by": id(slept)}]


class PausedMedia(FolderMedia):
    """Its process is paused as the bytes are about to be put in place, until `woken`."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.paused, self.woken = asyncio.Event(), asyncio.Event()

    async def put_bytes(self, key: str, content: bytes) -> None:
        self.paused.set()
        await self.woken.wait()
        await super().put_bytes(key, b"late " + content)


async def test_who_was_paused_while_a_clip_is_put_in_place_does_not_replace_the_others(
    process: Callable[[], ResultCache], engine: AsyncEngine, tmp_path: Path, ada: UUID
) -> None:
    media, wasted = PausedMedia(tmp_path / "media"), list[ModelResult]()
    slept, other = Vendor(), Vendor()

    async def waste(answer: ModelResult) -> None:
        wasted.append(answer)

    paused = ResultCache(engine, media, LOCK_SECONDS)
    first = asyncio.create_task(paused.get_or_make(ada, "clip", KEY, slept, waste=waste))
    await media.paused.wait()
    second = await process().get_or_make(ada, "clip", KEY, other)
    media.woken.set()

    assert await first == second == {"by": id(other)}
    [row] = await rows(engine, paid)
    assert (row.answer, await media.get(row.media)) == ({"by": id(other)}, b"sound")
    assert [one.facts for one in wasted] == [{"by": id(slept)}]
    assert [one.key async for one in media.list()] == [row.media]


async def test_an_answer_that_waits_to_be_kept_is_not_bought_by_another_process(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    """The database is busy for longer than a lock, while the heartbeat gets through."""
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
    assert vendor.called == 1


async def test_an_answer_that_waits_to_be_kept_survives_tries_that_do_not_get_that_far(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    one, vendor = process(), Vendor()
    for statement in ("INSERT INTO paid ", "SELECT paid.answer", "UPDATE claims", "SELECT paid."):
        with busy(engine, statement), pytest.raises(DatabaseBusy):
            await one.get_or_make(ada, "clip", KEY, vendor)

    assert await one.get_or_make(ada, "clip", KEY, vendor) == {"by": id(vendor)}
    assert vendor.called == 1


async def test_a_process_that_cannot_look_again_releases_its_lock(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    one, vendor = process(), Vendor()
    with busy(engine, "SELECT paid.answer", after=1), pytest.raises(DatabaseBusy):
        await one.get_or_make(ada, "clip", KEY, vendor)

    assert await rows(engine, locks_table) == []
    assert one.locks.keys_by_token == {}
    assert await one.get_or_make(ada, "clip", KEY, vendor)
    assert vendor.called == 1


@contextmanager
def busy(engine: AsyncEngine, statement: str, after: int = 0) -> Iterator[None]:
    """The database does not take such a statement, once it took `after` of them."""
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


async def test_an_answer_that_nobody_tries_to_keep_again_may_be_bought_in_the_end(
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


async def test_a_call_that_fails_lets_another_process_try_at_once(
    process: Callable[[], ResultCache], ada: UUID
) -> None:
    vendor = Vendor(fails=1)
    first, second = process(), process()
    answers = await asyncio.gather(
        first.get_or_make(ada, "clip", KEY, vendor),
        second.get_or_make(ada, "clip", KEY, vendor),
        return_exceptions=True,
    )

    assert vendor.called == 2
    assert sorted(type(answer).__name__ for answer in answers) == ["ConnectionError", "dict"]


async def test_a_lock_that_is_renewed_is_not_taken_over(engine: AsyncEngine, ada: UUID) -> None:
    one, other = KeyLocks(engine, LOCK_SECONDS), KeyLocks(engine, LOCK_SECONDS)
    lock = await one.acquire(ada, KEY)
    assert lock
    for _ in range(4):
        await asyncio.sleep(LOCK_SECONDS / 2)
        await one.renew(lock)
        assert await other.acquire(ada, KEY) is None
    await asyncio.sleep(2 * LOCK_SECONDS)

    assert await other.acquire(ada, KEY)


async def test_locks_go_with_their_listener_and_nothing_is_bought_for_one_who_is_gone(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID
) -> None:
    assert await KeyLocks(engine, 30).acquire(ada, KEY)
    async with engine.begin() as database:
        await database.execute(listeners.delete().where(listeners.c.id == ada))
    vendor = Vendor()

    assert await rows(engine, locks_table) == []
    with pytest.raises(EpisodeNotFound):
        await process().get_or_make(ada, "clip", KEY, vendor)
    assert vendor.called == 0


@pytest.mark.parametrize("tries", [0, 1])
async def test_no_request_is_sent_for_a_lock_that_was_lost(
    process: Callable[[], ResultCache], engine: AsyncEngine, ada: UUID, tries: int
) -> None:
    """Neither the first time nor when a failed one is tried again: with OpenAI's own client."""
    vendor = OpenAI(writer=lambda _: "told")
    vendor.inject("responses", "500", times=tries)
    requests = []

    async def ask(client: Any) -> str:
        requests.append(1)
        if len(requests) == tries + 1:  # as it goes to sleep: somebody else takes over
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
        reached = len(vendor.calls)
        assert await other == {"text": "told"}
        await calls.aclose()

    assert len(vendor.calls) == tries + 1 and reached <= tries
    assert len(requests) == tries + 2


@pytest.mark.parametrize("milliseconds", range(0, 40, 2))
async def test_whoever_is_cancelled_leaves_neither_a_key_lock_nor_a_database_lock_behind(
    engine: AsyncEngine, tmp_path: Path, ada: UUID, milliseconds: int
) -> None:
    """At any moment: the next one neither waits for the lock to expire nor finds the database busy."""
    cache = ResultCache(engine, FolderMedia(tmp_path / "media"), lock_seconds=3600)
    cancelled = asyncio.create_task(cache.get_or_make(ada, "clip", KEY, Vendor()))
    await asyncio.sleep(milliseconds / 1000)
    cancelled.cancel()

    async with asyncio.timeout(60):
        await cache.get_or_make(ada, "clip", KEY, Vendor())
        await asyncio.gather(cancelled, return_exceptions=True)
    assert await rows(engine, locks_table) == []
