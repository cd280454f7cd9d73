"""A persistent queue of deletions outside our tables: files in storage, and workflows of the engine.

The transaction that deletes a row also queues the deletion of the file that the row names. So whatever
happens to storage or to this process, the deletion is not lost, and is tried until it succeeds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.batches import batched
from audiobrew.db.engine import DATABASE_ERRORS
from audiobrew.db.import_states import OPEN_IMPORTS
from audiobrew.db.stages import ENDED
from audiobrew.db.tables import episodes, imports, paid, pending_deletions
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.media.storage import episode_key
from audiobrew.ops.calls import gather_all
from audiobrew.problems import Problem

# An upload that was running when its row was deleted may still store the file. So a file is deleted at once,
# and once more after this time; no upload takes longer.
SETTLED_AFTER = timedelta(hours=1)
# A process works on a deletion for at most CALL_SECONDS; its claim expires later than that.
CALL_SECONDS = 60.0
CLAIM_DURATION = timedelta(minutes=2)
# How long a request waits for a deletion; after that it is left to the background job.
REQUEST_SECONDS = 3.0
FIRST_WAIT, MAX_WAIT = timedelta(seconds=15), timedelta(hours=1)
BATCH_SIZE = 50
CONCURRENCY = 8
MAX_KEYS_PER_QUERY = 400  # databases limit the number of parameters
Delete = Callable[[str], Awaitable[None]]
log = structlog.get_logger()


class Kind(StrEnum):
    """MEDIA: a file in storage. WORKFLOW: the engine's records of an episode, see `workflow_key`."""

    MEDIA = "media"
    WORKFLOW = "workflow"


def workflow_key(episode: UUID, attempts: int) -> str:
    """The key for the workflows of an episode's attempts from 1 to `attempts`."""
    return f"{episode}.{attempts}"


@dataclass(frozen=True, slots=True)
class PendingDeletion:
    kind: Kind
    key: str
    requested_at: datetime
    attempts: int


class DeletionQueue:
    """Several processes can work on the queue at once: each claims what it is about to delete."""

    def __init__(self, engine: AsyncEngine, delete_media: Delete) -> None:
        self._engine = engine
        self._handlers: dict[Kind, Delete] = {Kind.MEDIA: delete_media}

    def register(self, kind: Kind, handler: Delete) -> None:
        """`handler` deletes one key. Deleting what does not exist must not be an error."""
        self._handlers[kind] = handler

    async def add(self, kind: Kind, keys: Iterable[str], since: datetime | None = None) -> None:
        """See `request_deletion`."""
        async with self._engine.begin() as database:
            await request_deletion(database, kind, keys, since)

    async def run(self) -> None:
        """Carry out all deletions that are due. Failed ones are tried again later, after increasing waits."""
        while batch := await self._claim():
            await self._carry_out(batch)

    async def finish(self, settled_after: timedelta) -> int:
        """Carry out all deletions now, assuming that no upload takes longer than `settled_after`. Returns how
        many are left.

        Zero means that no other process is running, so existing claims belong to processes that died.
        """
        values: dict[str, Any] = {"not_before": datetime.now(UTC)}
        values |= {} if settled_after else {"claimed_until": None}
        async with self._engine.begin() as database:
            await database.execute(pending_deletions.update().values(values))
        while batch := await self._claim():
            await self._carry_out(batch, settled_after)
        return await self.count()

    async def count(self) -> int:
        async with self._engine.connect() as database:
            count = sa.select(sa.func.count()).select_from(pending_deletions)
            return int((await database.execute(count)).scalar_one())

    async def try_now(self, kind: Kind, keys: Sequence[str]) -> bool:
        """Carry out queued deletions at once, if that is quick. Errors are only logged, because the
        background job tries again.

        Returns whether all of them are done.
        """
        same = (pending_deletions.c.kind == kind) & pending_deletions.c.key.in_(keys)
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                return await self._carry_out(await self._claim(same))
        except (TimeoutError, *DATABASE_ERRORS, Problem, OSError) as error:
            log.warning("deletion.postponed", error=type(error).__name__)
            return False

    async def withdraw(self, key: str) -> None:
        """Cancel the pending deletion of a key, before a new file is stored under it.

        Waits for a process that is carrying it out.
        """
        same = (pending_deletions.c.kind == Kind.MEDIA) & (pending_deletions.c.key == key)
        until = sa.select(pending_deletions.c.claimed_until).where(same)
        while True:
            async with self._engine.connect() as database:
                row = (await database.execute(until)).one_or_none()
            if row is None:
                return
            async with self._engine.begin() as database:
                unclaimed = is_unclaimed(datetime.now(UTC))
                await database.execute(pending_deletions.delete().where(same, unclaimed))
            await asyncio.sleep(0 if row.claimed_until is None else 0.2)

    async def find_referenced(self, keys: Iterable[str]) -> set[str]:
        """Those of these files that a row still refers to."""
        keys, used = list(keys), set[str]()
        async with self._engine.connect() as database:
            for batch in batched(keys, MAX_KEYS_PER_QUERY):
                used |= await used_by_episodes(database, batch)
                used |= await used_by_results(database, batch)
                used |= await used_by_imports(database, batch)
        return used

    async def _claim(self, condition: Any = None) -> Sequence[PendingDeletion]:
        """Claim a batch of due deletions, optionally only those that meet a condition."""
        table, now = pending_deletions, datetime.now(UTC)
        due = sa.and_(table.c.not_before <= now, is_unclaimed(now))
        if condition is not None:
            due &= condition
        batch = (
            sa.select(table.c.kind, table.c.key)
            .where(due)
            .order_by(table.c.not_before)
            .limit(BATCH_SIZE)
            .with_for_update(skip_locked=True)
        )
        claim = (
            table.update()
            .where(sa.tuple_(table.c.kind, table.c.key).in_(batch), is_unclaimed(now))
            .values(claimed_until=now + CLAIM_DURATION)
            .returning(table.c.kind, table.c.key, table.c.requested_at, table.c.attempts)
        )
        async with self._engine.begin() as database:
            return [
                PendingDeletion(Kind(row.kind), row.key, utc(row.requested_at), row.attempts)
                for row in await database.execute(claim)
            ]

    async def _carry_out(
        self, batch: Sequence[PendingDeletion], settled_after: timedelta = SETTLED_AFTER
    ) -> bool:
        """Returns whether all of them succeeded."""
        semaphore = asyncio.Semaphore(CONCURRENCY)

        async def carry_out_one(pending: PendingDeletion) -> bool:
            async with semaphore:
                started_at = datetime.now(UTC)
                success = await self._delete(pending)
                await self._record(pending, started_at, settled_after, success=success)
                return success

        return all(await gather_all(map(carry_out_one, batch)))

    async def _delete(self, pending: PendingDeletion) -> bool:
        """Returns True if it is deleted, or if a row refers to it again."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                if pending.kind is Kind.MEDIA and await self.find_referenced([pending.key]):
                    return True
                await self._handlers[pending.kind](pending.key)
        except (TimeoutError, *DATABASE_ERRORS, Problem, OSError) as error:
            log.warning("deletion.failed", kind=pending.kind, error=type(error).__name__)
            return False
        except Exception as error:  # one deletion that always fails must not stop the others
            log.error("deletion.crashed", kind=pending.kind, exc_info=error)
            return False
        return True

    async def _record(
        self,
        pending: PendingDeletion,
        started_at: datetime,
        settled_after: timedelta,
        *,
        success: bool,
    ) -> None:
        """Remove a deletion that succeeded after all uploads had ended; otherwise schedule the next attempt.

        If the deletion was requested again meanwhile, the new request stays unchanged.
        """
        table = pending_deletions
        same = (table.c.kind == pending.kind) & (table.c.key == pending.key)
        same &= table.c.requested_at == pending.requested_at
        settled = pending.requested_at + settled_after
        async with self._engine.begin() as database:
            if success and started_at >= settled:
                await database.execute(table.delete().where(same))
                return
            attempts = 0 if success else pending.attempts + 1
            wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), MAX_WAIT) if attempts else None
            next_at = datetime.now(UTC) + wait if wait else settled
            values = {"not_before": next_at, "claimed_until": None, "attempts": attempts}
            await database.execute(table.update().where(same).values(values))


async def request_deletion(
    database: AsyncConnection, kind: Kind, keys: Iterable[str], since: datetime | None = None
) -> None:
    """Queue deletions, in the transaction that deletes the rows. `since`: no file was stored after this time;
    by default, now."""
    now = datetime.now(UTC)
    new = insert(database, pending_deletions)
    request = {"requested_at": since or now, "not_before": now, "attempts": 0}
    upsert = new.on_conflict_do_update(
        index_elements=["kind", "key"],
        set_={name: new.excluded[name] for name in request},
    )
    if rows := [request | {"kind": kind, "key": key} for key in dict.fromkeys(keys)]:
        await database.execute(upsert, rows)


def is_unclaimed(now: datetime) -> sa.ColumnElement[bool]:
    """No process is working on it, or its claim has expired."""
    until = pending_deletions.c.claimed_until
    return sa.or_(until.is_(None), until <= now)


async def used_by_episodes(database: AsyncConnection, keys: Sequence[str]) -> set[str]:
    """Keys of finished episodes, and of those that a running brew may still finish."""
    ids = {id for key in keys if key.startswith("episodes/") and (id := _first_id(key))}
    if not ids:
        return set()
    columns = (episodes.c.id, episodes.c.media, episodes.c.stage, episodes.c.attempt)
    rows = await database.execute(sa.select(*columns).where(episodes.c.id.in_(ids)))
    used = set[str]()
    for row in rows:
        if row.media:
            used.add(row.media)
        if row.stage not in ENDED:
            used.add(episode_key(row.id, row.attempt))
    return used.intersection(keys)


async def used_by_results(database: AsyncConnection, keys: Sequence[str]) -> set[str]:
    stems = {_stem(key): key for key in keys if key.startswith("clips/")}
    if not stems:
        return set()
    query = sa.select(paid.c.media).where(paid.c.key.in_(stems), paid.c.media.is_not(None))
    return set((await database.execute(query)).scalars()).intersection(keys)


async def used_by_imports(database: AsyncConnection, keys: Sequence[str]) -> set[str]:
    """Parts of files that are uploaded or read."""
    keys_by_id: dict[UUID, list[str]] = {}
    for key in keys:
        if key.startswith("imports/") and (id := _first_id(key)):
            keys_by_id.setdefault(id, []).append(key)
    if not keys_by_id:
        return set()
    open_ids = sa.select(imports.c.id).where(
        imports.c.id.in_(keys_by_id), imports.c.state.in_(OPEN_IMPORTS)
    )
    return {key for id in (await database.execute(open_ids)).scalars() for key in keys_by_id[id]}


def _stem(key: str) -> str:
    """The name of the file without folder and suffix."""
    return key.rpartition("/")[2].partition(".")[0]


def _first_id(key: str) -> UUID | None:
    """The id with which the name of the file begins."""
    try:
        return UUID(_stem(key)[:36])
    except ValueError:
        return None
