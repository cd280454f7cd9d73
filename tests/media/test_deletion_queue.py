"""The deletion queue: every queued deletion is carried out, and no referenced file is deleted."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from audiobrew.account.store import AccountStore
from audiobrew.db.engine import migrate, open_database, sqlalchemy_url, upgrade
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes, listeners, paid, pending_deletions
from audiobrew.episode.store import EpisodeStore
from audiobrew.media.deletion_queue import SETTLED_AFTER, DeletionQueue, Kind
from audiobrew.media.folder import FolderMedia
from audiobrew.media.storage import episode_key
from audiobrew.models.result_cache import ResultCache, key_of, media_key
from audiobrew.models.usage import ModelResult
from audiobrew.problems import EpisodeNotFound, Problem
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.row_factory import episode_row
from tests.settings_factory import make_settings

KEY = key_of(uuid4(), "clip", sentences=["Good morning."])
CLIP = media_key(KEY)


class Storage(FolderMedia):
    """A folder that can be made to fail or to hang."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.refuses = False
        self.deleted: list[str] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.waiting = asyncio.Event()

    async def delete(self, key: str) -> None:
        self.waiting.set()
        await self.go_on.wait()
        if self.refuses:
            raise PermissionError
        self.deleted.append(key)
        await super().delete(key)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    yield Storage(tmp_path / "media")


@pytest.fixture
def queue(engine: AsyncEngine, storage: Storage) -> DeletionQueue:
    return DeletionQueue(engine, storage.delete)


async def make_result() -> ModelResult:
    return ModelResult({"frames": 1}, b"sound")


async def add_episode(engine: AsyncEngine, listener: UUID, stage: str = Stage.READY) -> UUID:
    row = episode_row(listener, stage, datetime.now(UTC))
    if stage == Stage.READY:
        row["media"] = episode_key(row["id"], 1)
    async with engine.begin() as database:
        await database.execute(episodes.insert().values(row))
    return UUID(str(row["id"]))


async def shift_times(engine: AsyncEngine, by: timedelta) -> None:
    """Move all times in the queue into the past."""
    table = pending_deletions
    async with engine.begin() as database:
        for row in (await database.execute(table.select())).all():
            times = {
                name: value - by
                for name in ("requested_at", "not_before", "claimed_until")
                if (value := getattr(row, name))
            }
            own = (table.c.kind == row.kind) & (table.c.key == row.key)
            await database.execute(table.update().where(own).values(times))


async def pending(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as database:
        return set((await database.execute(sa.select(pending_deletions.c.key))).scalars())


async def test_a_file_is_deleted_at_once_and_again_after_all_uploads_have_ended(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue
) -> None:
    await storage.put_bytes(CLIP, b"sound")
    await queue.add(Kind.MEDIA, [CLIP])
    await queue.run()
    first = await storage.stat(CLIP)
    await storage.put_bytes(CLIP, b"late")  # an upload that had begun before
    await queue.run()
    still = await storage.stat(CLIP)
    await shift_times(engine, SETTLED_AFTER)
    await queue.run()

    assert first is None
    assert still is not None
    assert await storage.stat(CLIP) is None
    assert await pending(engine) == set()


async def test_failed_deletions_are_retried_with_increasing_waits(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue
) -> None:
    await storage.put_bytes(CLIP, b"sound")
    await queue.add(Kind.MEDIA, [CLIP])
    storage.refuses = True
    waits = []
    for _ in range(12):
        asked_at = datetime.now(UTC)
        await queue.run()
        async with engine.connect() as database:
            query = sa.select(pending_deletions.c.not_before)
            next_at = (await database.execute(query)).scalar_one().replace(tzinfo=UTC)
        waits.append(round((next_at - asked_at).total_seconds()))
        await shift_times(engine, next_at - datetime.now(UTC))
    storage.refuses = False
    await shift_times(engine, SETTLED_AFTER)
    await queue.run()

    assert waits[:4] == [15, 30, 60, 120]
    assert waits[-1] == 3600
    assert await storage.stat(CLIP) is None
    assert await pending(engine) == set()


async def test_a_failing_deletion_does_not_stop_the_others(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue
) -> None:
    await storage.put_bytes(CLIP, b"sound")
    await queue.add(Kind.MEDIA, ["not a key of ours", CLIP])
    await queue.run()

    assert await storage.stat(CLIP) is None
    assert await pending(engine) == {"not a key of ours", CLIP}


async def test_two_processes_do_not_carry_out_the_same_deletion(
    engine: AsyncEngine, storage: Storage
) -> None:
    queues = [DeletionQueue(engine, storage.delete) for _ in range(3)]
    keys = [episode_key(uuid4(), 1) for _ in range(120)]
    await queues[0].add(Kind.MEDIA, keys)
    await asyncio.gather(*(queue.run() for queue in queues))

    assert sorted(storage.deleted) == sorted(keys)


async def test_the_claim_of_a_dead_process_expires(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue
) -> None:
    await storage.put_bytes(CLIP, b"sound")
    await queue.add(Kind.MEDIA, [CLIP])
    storage.go_on.clear()
    dying = asyncio.create_task(queue.run())
    await storage.waiting.wait()
    dying.cancel()
    storage.go_on.set()
    await queue.run()
    meanwhile = await storage.stat(CLIP)
    await shift_times(engine, timedelta(minutes=3))
    await queue.run()

    assert meanwhile is not None
    assert await storage.stat(CLIP) is None


async def test_a_clip_that_is_made_again_is_not_deleted_by_an_earlier_request(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue, ada: UUID
) -> None:
    answers = ResultCache(engine, storage)
    await answers.get_or_make(ada, "clip", KEY, make_result)
    await answers.delete_older(timedelta(0))
    await answers.get_or_make(ada, "clip", KEY, make_result)
    await shift_times(engine, SETTLED_AFTER)
    await queue.run()

    assert await storage.get(CLIP) == b"sound"
    assert await pending(engine) == set()


async def test_storing_a_clip_waits_for_its_running_deletion(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue, ada: UUID
) -> None:
    answers = ResultCache(engine, storage)
    await answers.get_or_make(ada, "clip", KEY, make_result)
    await answers.delete_older(timedelta(0))
    storage.go_on.clear()
    deleting = asyncio.create_task(queue.run())
    await storage.waiting.wait()
    making = asyncio.create_task(answers.get_or_make(ada, "clip", KEY, make_result))
    await asyncio.sleep(0.3)
    waited = not making.done()
    storage.go_on.set()
    await asyncio.gather(deleting, making)

    assert waited
    assert await storage.get(CLIP) == b"sound"
    assert await answers.facts(KEY)


async def test_a_clip_stored_after_its_listener_was_deleted_is_deleted(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue, ada: UUID
) -> None:
    """The account is deleted between the insert of the row and the upload, while storage fails."""
    answers = ResultCache(engine, storage)
    put = storage.put_bytes

    async def after_the_account_went(key: str, content: bytes) -> None:
        await AccountStore(engine).delete_rows(ada)
        await put(key, content)
        storage.refuses = True

    storage.put_bytes = after_the_account_went  # type: ignore[method-assign]
    await answers.get_or_make(ada, "clip", KEY, make_result)
    stored = await storage.stat(CLIP)
    storage.refuses = False
    await shift_times(engine, SETTLED_AFTER)
    await queue.run()

    assert stored is not None
    assert await storage.stat(CLIP) is None
    assert await pending(engine) == set()


async def test_deleting_an_account_queues_its_files_in_the_same_transaction(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue, ada: UUID, bob: UUID
) -> None:
    answers = ResultCache(engine, storage)
    await answers.get_or_make(ada, "clip", KEY, make_result)
    ready, waiting = await add_episode(engine, ada), await add_episode(engine, ada, Stage.JOINING)
    bobs = await add_episode(engine, bob)
    for id in (ready, waiting, bobs):
        await storage.put_bytes(episode_key(id, 1), b"sound")
    await AccountStore(engine).delete_rows(ada)
    keys = await pending(engine)
    await queue.run()

    async with engine.connect() as database:
        remaining = (await database.execute(sa.select(listeners.c.id))).scalars().all()
    assert remaining == [bob]
    assert keys == {CLIP, f"{ready}.1", f"{waiting}.1"} | {
        episode_key(id, 1) for id in (ready, waiting)
    }
    assert [listed.key async for listed in storage.list()] == [episode_key(bobs, 1)]


async def test_a_referenced_file_is_never_deleted(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue, ada: UUID
) -> None:
    id = await add_episode(engine, ada)
    await storage.put_bytes(episode_key(id, 1), b"sound")
    await queue.add(Kind.MEDIA, [episode_key(id, 1)])
    await queue.run()
    await shift_times(engine, SETTLED_AFTER)
    await queue.run()

    assert await storage.get(episode_key(id, 1)) == b"sound"
    assert await pending(engine) == set()


async def test_a_failed_brew_leaves_nothing_in_storage(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue, ada: UUID
) -> None:
    id = await add_episode(engine, ada, Stage.JOINING)
    await storage.put_bytes(episode_key(id, 1), b"sound")
    await EpisodeStore(engine).end(id, Stage.CANCELLED)
    await EpisodeStore(engine).reopen(ada, id)
    await storage.put_bytes(episode_key(id, 2), b"the next attempt's")
    await queue.run()

    assert [listed.key async for listed in storage.list()] == [episode_key(id, 2)]


async def test_a_result_is_deleted_with_the_last_episode_that_uses_it(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue, ada: UUID
) -> None:
    answers, one, two = (
        ResultCache(engine, storage),
        await add_episode(engine, ada),
        await add_episode(engine, ada),
    )
    for episode in (one, two):
        await answers.get_or_make(ada, "clip", KEY, make_result, episode=episode)
    await EpisodeStore(engine).delete(ada, one)
    await queue.run()
    shared = await storage.stat(CLIP)
    await EpisodeStore(engine).delete(ada, two)
    await queue.run()

    assert shared is not None
    assert await storage.stat(CLIP) is None
    async with engine.connect() as database:
        assert (await database.execute(paid.select())).all() == []


async def test_a_result_for_a_deleted_episode_is_not_stored(
    engine: AsyncEngine, storage: Storage, ada: UUID
) -> None:
    answers, one = ResultCache(engine, storage), await add_episode(engine, ada)
    await EpisodeStore(engine).delete(ada, one)

    with pytest.raises(EpisodeNotFound):
        await answers.get_or_make(ada, "clip", KEY, make_result, episode=one)
    assert await answers.facts(KEY) is None
    assert await storage.stat(CLIP) is None


async def test_a_request_does_not_wait_for_unresponsive_storage(
    engine: AsyncEngine, storage: Storage, queue: DeletionQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiobrew.media.deletion_queue.REQUEST_SECONDS", 0.2)
    storage.go_on.clear()
    await queue.add(Kind.MEDIA, [CLIP])
    async with asyncio.timeout(5):
        success = await queue.try_now(Kind.MEDIA, [CLIP])

    assert not success
    assert await pending(engine) == {CLIP}


async def test_a_problem_is_retried_like_any_other_error(
    engine: AsyncEngine, queue: DeletionQueue
) -> None:
    async def away(_: str) -> None:
        raise Problem

    queue.register(Kind.WORKFLOW, away)
    await queue.add(Kind.WORKFLOW, ["a.1"])
    await queue.run()

    assert await pending(engine) == {"a.1"}


async def test_a_database_of_the_previous_version_is_migrated_with_its_data(
    tmp_path: Path,
) -> None:
    """Results of that version belong to no episode. They stay until they expire or the account is deleted."""
    settings, ada = make_settings(data=tmp_path / "before"), uuid4()
    (tmp_path / "before").mkdir()
    upgrade(sqlalchemy_url(settings), "0008", settings.database_schema)
    engine = open_database(settings)
    storage = Storage(tmp_path / "before" / "media")
    now = datetime.now(UTC)
    old = {"key": KEY, "listener_id": ada, "kind": "clip", "answer": {"frames": 1}, "media": CLIP}
    async with engine.begin() as database:
        await database.execute(
            listeners.insert().values(id=ada, show_id=uuid4(), created_at=now, preferences={})
        )
        await database.execute(paid.insert().values(old | {"created_at": now}))
    await storage.put_bytes(CLIP, b"sound")
    await migrate(settings)
    episode = await add_episode(engine, ada)
    result = await ResultCache(engine, storage).get_or_make(
        ada, "clip", KEY, fail_if_called, episode=episode
    )
    await AccountStore(engine).delete_rows(ada)
    await DeletionQueue(engine, storage.delete).run()
    await engine.dispose()

    assert result == {"frames": 1}
    assert await storage.stat(CLIP) is None


async def fail_if_called() -> ModelResult:
    raise AssertionError("it was made before")
