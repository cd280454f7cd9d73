"""Results of model calls, stored under the hash of their question, so that nothing is paid for twice."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.batches import batched
from audiobrew.db.engine import TRANSIENT_ERRORS
from audiobrew.db.stages import IS_OPEN
from audiobrew.db.tables import episodes, paid, paid_uses
from audiobrew.db.upsert import insert
from audiobrew.media.deletion_queue import MAX_KEYS_PER_QUERY, DeletionQueue, Kind, request_deletion
from audiobrew.media.storage import Media
from audiobrew.models.charges import Settlement
from audiobrew.models.key_locks import KeyLock, KeyLockLost, KeyLocks
from audiobrew.models.usage import LockChecks, ModelResult, current_lock_checks
from audiobrew.ops.task_locks import TaskLocks
from audiobrew.problems import EpisodeNotFound

# Seconds between two checks of another process's lock. The wait grows by half each time.
FIRST_POLL_SECONDS, LONGEST_POLL_SECONDS = 0.05, 1.0
LOCK_SECONDS = 30.0
# How long the lock of a result that could not be stored is renewed. A step's tries end sooner.
RETRY_SECONDS = 300.0
# Results in memory that could not be stored yet. A clip has a quarter of a megabyte at most.
MAX_UNSTORED = 100
EXPIRED_PER_STATEMENT = 500
MAX_EPISODES = 100
log = structlog.get_logger()


# Returns the statements that record the final cost, run in the transaction that completes a result.
Settle = Callable[[ModelResult], Settlement]
# Called with a result that is not stored, because another process had taken the lock over and paid again.
Waste = Callable[[ModelResult], Awaitable[None]]


def key_of(listener: UUID, kind: str, **question: Any) -> str:
    """sha256 of everything that shapes the result. It includes the listener, so results are never shared."""
    parts = [str(listener), kind, question]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def media_key(key: str, suffix: str = "") -> str:
    """The storage key of a clip's bytes.

    A clip that is made again gets its own `suffix`, because a paused process may still write to the key of
    the earlier one.
    """
    return f"clips/{key[:2]}{suffix}/{key}.mp3"


@dataclass(frozen=True, slots=True)
class CachedResult:
    """The facts of a stored result, and the storage key of its bytes if it has some."""

    facts: dict[str, Any]
    media: str | None


@dataclass(frozen=True, slots=True)
class CacheRequest:
    """One call of `ResultCache.get_or_make`; see there."""

    listener: UUID
    kind: str
    key: str
    make: Callable[[], Awaitable[ModelResult]]
    settle: Settle | None
    episode: UUID | None
    waste: Waste | None


class ResultCache:
    """Stores each result once, for as long as an episode uses it.

    A result with bytes is complete only when its bytes are in storage; its row alone does not count. The row
    is written first, so that a process that dies between the two leaves nothing in storage without
    a row.
    """

    def __init__(
        self, engine: AsyncEngine, media: Media, lock_seconds: float = LOCK_SECONDS
    ) -> None:
        self._engine = engine
        self.locks = KeyLocks(engine, lock_seconds)
        self._media = media
        self._deletions = DeletionQueue(engine, media.delete)
        self._task_locks = TaskLocks[str]()
        self._unstored: dict[str, tuple[ModelResult, KeyLock | None]] = {}
        # By episode, the keys whose bytes are known to be in storage.
        self._in_storage: dict[UUID, set[str]] = {}

    async def facts(self, key: str, episode: UUID | None = None) -> dict[str, Any] | None:
        """The stored facts under this key. None if there are none, or if their bytes are missing.

        Storage is asked for the bytes once per episode.
        """
        query = sa.select(paid.c.answer, paid.c.media).where(paid.c.key == key)
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            return None
        if row.media and key not in self._in_storage.get(episode or UUID(int=0), ()):
            if not await self._media.stat(row.media):
                return None
            self._remember_in_storage(key, episode)
        facts: dict[str, Any] = row.answer
        return facts

    def recheck_storage(self, episode: UUID) -> None:
        """Ask storage again for this episode's bytes: some of them turned out to be lost."""
        self._in_storage.pop(episode, None)

    def _remember_in_storage(self, key: str, episode: UUID | None) -> None:
        if episode is not None:
            self._in_storage.setdefault(episode, set()).add(key)
            while len(self._in_storage) > MAX_EPISODES:
                del self._in_storage[next(iter(self._in_storage))]

    async def find(self, keys: Iterable[str]) -> dict[str, CachedResult]:
        """The stored results among these keys, by key. Does not look at storage."""
        keys, results = list(dict.fromkeys(keys)), dict[str, CachedResult]()
        async with self._engine.connect() as database:
            for batch in batched(keys, MAX_KEYS_PER_QUERY):
                query = sa.select(paid.c.key, paid.c.answer, paid.c.media).where(
                    paid.c.key.in_(batch)
                )
                rows = await database.execute(query)
                results |= {row.key: CachedResult(row.answer, row.media) for row in rows}
        return results

    async def get_or_make(
        self,
        listener: UUID,
        kind: str,
        key: str,
        make: Callable[[], Awaitable[ModelResult]],
        settle: Settle | None = None,
        episode: UUID | None = None,
        *,
        exclusive: bool = True,
        waste: Waste | None = None,
    ) -> dict[str, Any]:
        """The stored facts, or those of one call to `make`, even if two processes ask at the same time.

        `episode` uses the result from now on. The result is deleted with the last episode that uses it.

        With `exclusive`, the key is locked in the database while `make` runs, and a second process waits for
        the result. Without it, two processes may both call `make`: only for what costs nothing.

        The statements that `settle` returns run when the result is complete: with its row, or after its
        bytes. `waste` is called with a result that another process has bought again.

        A result that cannot be stored (a busy database, a full disk) stays in memory. The next call in this
        process tries to store it again, and does not call `make`.

        Raises EpisodeNotFound if the episode or the listener was deleted, and what `make` raises.
        """
        request = CacheRequest(listener, kind, key, make, settle, episode, waste)
        async with self._task_locks.get(key):
            if exclusive:
                return await self._get_or_make_exclusively(request)
            result, _ = self._unstored.get(key, (None, None))
            facts = await self._facts_for_episode(key, episode)
            if facts is not None and result is None:
                return facts
            return await self._make_and_store(request, None, result)

    async def _get_or_make_exclusively(self, request: CacheRequest) -> dict[str, Any]:
        key, poll_seconds = request.key, FIRST_POLL_SECONDS
        result, lock = self._unstored.get(key, (None, None))
        try:
            while True:
                facts = await self._facts_for_episode(key, request.episode)
                if facts is not None and result is None:
                    await self._release(lock)
                    return facts
                if lock is None:
                    lock = await self._acquire_lock(request.listener, key)
                    if lock is None:  # another process makes it
                        await asyncio.sleep(poll_seconds)
                        poll_seconds = min(LONGEST_POLL_SECONDS, poll_seconds * 1.5)
                    elif result is None:
                        continue  # it may have been stored between the query and the lock
                if lock is not None:
                    try:
                        return await self._make_and_store(request, lock, result)
                    except KeyLockLost:
                        lock = result = None
        except BaseException:
            if key not in self._unstored:  # no paid result is waiting under this lock
                await self._release(lock)
            raise

    async def _facts_for_episode(self, key: str, episode: UUID | None) -> dict[str, Any] | None:
        """The stored facts, which the episode uses from now on."""
        facts = await self.facts(key, episode)
        if facts is not None and not await self._add_use(key, episode):
            return None  # it was deleted just now
        return facts

    async def _acquire_lock(self, listener: UUID, key: str) -> KeyLock | None:
        try:
            return await self.locks.acquire(listener, key)
        except sa.exc.IntegrityError:  # the listener was deleted
            raise EpisodeNotFound from None

    async def _make_and_store(
        self, request: CacheRequest, lock: KeyLock | None, result: ModelResult | None
    ) -> dict[str, Any]:
        """Raises KeyLockLost if another process took over, before the call or before its result is stored."""
        if result is None:
            result = await self._make(request, lock)
        self._hold_unstored(request.key, result, lock)
        try:
            facts = await self._store(request, result, lock)
        except KeyLockLost:
            self._unstored.pop(request.key, None)
            if request.waste:
                await request.waste(result)
            raise
        except sa.exc.IntegrityError:  # the episode or the listener was deleted
            self._unstored.pop(request.key, None)
            await self._release(lock)
            raise EpisodeNotFound from None
        except (OSError, *TRANSIENT_ERRORS):  # the step tries again; until then nobody else buys it
            if lock:
                self.locks.let_expire(lock, RETRY_SECONDS)
            raise
        except BaseException:
            # Stored at the next try in this process. If none comes, the lock expires.
            if lock:
                self.locks.let_expire(lock)
            raise
        self._unstored.pop(request.key, None)
        await self._release(lock)
        return facts

    async def _make(self, request: CacheRequest, lock: KeyLock | None) -> ModelResult:
        """Call `make`. With a lock, the call checks it before each try."""
        if lock is None:
            return await request.make()
        locks = self.locks
        checks = LockChecks(lambda: locks.renew(lock), lambda: locks.renew_if_due(lock))
        token = current_lock_checks.set(checks)
        try:
            return await request.make()
        except BaseException:
            await self._release(lock)
            raise
        finally:
            current_lock_checks.reset(token)

    async def _release(self, lock: KeyLock | None) -> None:
        """If the lock cannot be released now, it expires."""
        if lock is None:
            return
        try:
            await self.locks.release(lock)
        except TRANSIENT_ERRORS:
            log.warning("claim.not_released")

    async def delete_older(self, older_than: timedelta) -> None:
        """Delete results that are older than this. Their bytes go through the deletion queue.

        An open brew may need results of any age, so a listener with one keeps all results until it has
        ended.
        """
        has_open_brew = sa.exists().where(episodes.c.listener_id == paid.c.listener_id, IS_OPEN)
        old = sa.and_(paid.c.created_at < datetime.now(UTC) - older_than, ~has_open_brew)
        some = sa.select(paid.c.key).where(old).limit(EXPIRED_PER_STATEMENT)
        while True:
            async with self._engine.begin() as database:
                deletion = paid.delete().where(paid.c.key.in_(some)).returning(paid.c.media)
                media = (await database.execute(deletion)).scalars().all()
                await request_deletion(database, Kind.MEDIA, filter(None, media))
            if len(media) < EXPIRED_PER_STATEMENT:
                return

    async def _add_use(self, key: str, episode: UUID | None) -> bool:
        """Record that the episode uses this result. False if the result no longer exists."""
        if episode is None:
            return True
        use = {"episode_id": episode, "key": key}
        same = (paid_uses.c.episode_id == episode) & (paid_uses.c.key == key)
        async with self._engine.connect() as database:
            if (await database.execute(sa.select(paid_uses.c.key).where(same))).one_or_none():
                return True
        try:
            async with self._engine.begin() as database:
                await database.execute(
                    insert(database, paid_uses).values(use).on_conflict_do_nothing()
                )
        except sa.exc.IntegrityError:
            return False
        return True

    def _hold_unstored(self, key: str, result: ModelResult, lock: KeyLock | None) -> None:
        """Keep a result in memory until it is stored. Drops the oldest ones, so memory does not fill up."""
        self._unstored[key] = (result, lock)
        while len(self._unstored) > MAX_UNSTORED:
            _, oldest_lock = self._unstored.pop(next(iter(self._unstored)))
            if oldest_lock:
                self.locks.let_expire(oldest_lock)

    async def _store(
        self, request: CacheRequest, result: ModelResult, lock: KeyLock | None
    ) -> dict[str, Any]:
        """Write the row, then the bytes, then the settlement. Raises KeyLockLost if nothing was written."""
        key, episode = request.key, request.episode
        settlement = request.settle(result) if request.settle else ()
        async with self._engine.begin() as database:
            if lock is not None:
                await self.locks.renew_within(database, lock)
            media = None
            if result.content is not None:
                media = await _unused_media_key(database, key) if lock else media_key(key)
            values = {"answer": result.facts, "media": media, "created_at": datetime.now(UTC)}
            row = {"key": key, "listener_id": request.listener, "kind": request.kind} | values
            new = insert(database, paid).values(row)
            await database.execute(new.on_conflict_do_update(index_elements=["key"], set_=values))
            if episode is not None:
                use = insert(database, paid_uses).values(episode_id=episode, key=key)
                await database.execute(use.on_conflict_do_nothing())
            if media is None:
                await _execute(database, settlement)
        if result.content is not None and media:
            await self._deletions.withdraw(media)
            if lock is not None:
                await self.locks.renew_if_due(lock)
            await self._media.put_bytes(media, result.content)
            await self._check_still_needed(key, media)
            async with self._engine.begin() as database:
                await _execute(database, settlement)
            self._remember_in_storage(key, episode)
        return result.facts

    async def _check_still_needed(self, key: str, media: str) -> None:
        """Delete these bytes if their row was deleted or replaced while they were being written.

        Raises KeyLockLost if another process has replaced the row.
        """
        current = (await self.find([key])).get(key)
        if current is not None and current.media == media:
            return
        await self._deletions.add(Kind.MEDIA, [media])
        await self._deletions.try_now(Kind.MEDIA, [media])
        if current is not None:
            raise KeyLockLost


async def delete_unused_results(database: AsyncConnection, episode: UUID) -> Sequence[str]:
    """Delete the results that only this episode uses, in the transaction that deletes the episode.

    Returns the storage keys of bytes that nobody needs any more. The rows are locked first: an episode that
    begins to use one meanwhile either counts as a user, or finds it deleted.
    """
    other = paid_uses.alias()
    used_elsewhere = sa.exists().where(
        other.c.key == paid_uses.c.key, other.c.episode_id != episode
    )
    own = sa.select(paid_uses.c.key).where(paid_uses.c.episode_id == episode)
    await database.execute(
        sa.select(paid.c.key).where(paid.c.key.in_(own)).order_by(paid.c.key).with_for_update()
    )
    unused = paid.c.key.in_(own.where(~used_elsewhere))
    deletion = paid.delete().where(unused).returning(paid.c.media)
    return [media for media in (await database.execute(deletion)).scalars() if media]


async def _unused_media_key(database: AsyncConnection, key: str) -> str:
    """A storage key that no other process writes to. Bytes of an earlier clip under `key` are deleted."""
    query = sa.select(paid.c.media).where(paid.c.key == key)
    earlier = (await database.execute(query)).scalar_one_or_none()
    if earlier is None:
        return media_key(key)
    await request_deletion(database, Kind.MEDIA, [earlier])
    return media_key(key, f"-{uuid4().hex[:8]}")


async def _execute(database: AsyncConnection, statements: Settlement) -> None:
    for statement in statements:
        await database.execute(statement)
