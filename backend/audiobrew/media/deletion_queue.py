"""What is to be deleted outside of our tables: written down with the row's own deletion, carried out later.

A row that says where an object is goes in the same transaction in which the object's deletion is written
here. So whatever happens to storage or to this process, the deletion is known and is tried until it is done.
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

from audiobrew.db.engine import DATABASE_ERRORS
from audiobrew.db.stages import ENDED
from audiobrew.db.tables import episodes, paid, pending_deletions
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.media.storage import episode_key
from audiobrew.problems import Problem

# An upload that had begun when its row was deleted may still put the object there. So an object is deleted
# at once, and once more after this time: no upload lasts longer.
SETTLED_AFTER = timedelta(hours=1)
# A process works on a deletion for at most CALL_SECONDS; its claim ends later than that.
CALL_SECONDS = 60.0
CLAIM = timedelta(minutes=2)
# How long a request waits for the object to go; what takes longer is left to the background job.
REQUEST_SECONDS = 3.0
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)
BATCH = 50
AT_ONCE = 8
MOST_KEYS = 400  # databases limit how many values go into one question
Delete = Callable[[str], Awaitable[None]]
log = structlog.get_logger()


class Kind(StrEnum):
    """MEDIA: the key of an object in storage. WORKFLOW: what the engine remembers, see `workflow_key`."""

    MEDIA = "media"
    WORKFLOW = "workflow"


def workflow_key(episode: UUID, attempts: int) -> str:
    """All attempts of an episode up to this one."""
    return f"{episode}.{attempts}"


@dataclass(frozen=True, slots=True)
class PendingDeletion:
    kind: Kind
    key: str
    requested_at: datetime
    attempts: int


class DeletionQueue:
    """Any number of processes work on it: each claims what it is about to delete."""

    def __init__(self, engine: AsyncEngine, delete_media: Delete) -> None:
        self._engine = engine
        self._handlers: dict[Kind, Delete] = {Kind.MEDIA: delete_media}

    def register(self, kind: Kind, handler: Delete) -> None:
        """`handler` deletes one thing; deleting what is not there is no error."""
        self._handlers[kind] = handler

    async def add(self, kind: Kind, keys: Iterable[str], since: datetime | None = None) -> None:
        """See `request_deletion`."""
        async with self._engine.begin() as database:
            await request_deletion(database, kind, keys, since)

    async def run(self) -> None:
        """Carry out everything that is due; what fails is tried again later, after ever longer waits."""
        while claimed := await self._claim():
            await self._carry_out(claimed)

    async def finish(self, settled_after: timedelta) -> int:
        """Carry out everything now, as if no upload lasted longer than `settled_after`. How many are left.

        With zero nobody else is at work, so that claims are those of processes that died.
        """
        values: dict[str, Any] = {"not_before": datetime.now(UTC)}
        values |= {} if settled_after else {"claimed_until": None}
        async with self._engine.begin() as database:
            await database.execute(pending_deletions.update().values(values))
        while claimed := await self._claim():
            await self._carry_out(claimed, settled_after)
        return await self.count()

    async def count(self) -> int:
        async with self._engine.connect() as database:
            count = sa.select(sa.func.count()).select_from(pending_deletions)
            return int((await database.execute(count)).scalar_one())

    async def try_now(self, kind: Kind, keys: Sequence[str]) -> bool:
        """Carry these out at once if that is quick; they are written down, so trouble is no trouble here.

        False when they were left to the background job.
        """
        same = (pending_deletions.c.kind == kind) & pending_deletions.c.key.in_(keys)
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                return await self._carry_out(await self._claim(same))
        except (TimeoutError, *DATABASE_ERRORS, Problem, OSError) as error:
            log.warning("deletion.postponed", error=type(error).__name__)
            return False

    async def withdraw(self, key: str) -> None:
        """Before an object is put under a key that was used before: no deletion of it is pending any more.

        Waits for a process that is deleting it just now.
        """
        same = (pending_deletions.c.kind == Kind.MEDIA) & (pending_deletions.c.key == key)
        until = sa.select(pending_deletions.c.claimed_until).where(same)
        while True:
            async with self._engine.connect() as database:
                row = (await database.execute(until)).one_or_none()
            if row is None:
                return
            async with self._engine.begin() as database:
                await database.execute(
                    pending_deletions.delete().where(same, _free(datetime.now(UTC)))
                )
            await asyncio.sleep(0 if row.claimed_until is None else 0.2)

    async def referenced(self, keys: Iterable[str]) -> set[str]:
        """Those of these objects that a row still needs."""
        keys, found = list(keys), set[str]()
        async with self._engine.connect() as database:
            for first in range(0, len(keys), MOST_KEYS):
                some = keys[first : first + MOST_KEYS]
                found |= await _with_episode(database, some) | await _with_answer(database, some)
        return found

    async def _claim(self, chosen: Any = None) -> Sequence[PendingDeletion]:
        table, now = pending_deletions, datetime.now(UTC)
        due = sa.and_(table.c.not_before <= now, _free(now))
        some = sa.select(table.c.kind, table.c.key).where(due if chosen is None else due & chosen)
        some = some.order_by(table.c.not_before).limit(BATCH).with_for_update(skip_locked=True)
        claim = (
            table.update()
            .where(sa.tuple_(table.c.kind, table.c.key).in_(some), _free(now))
            .values(claimed_until=now + CLAIM)
            .returning(table.c.kind, table.c.key, table.c.requested_at, table.c.attempts)
        )
        async with self._engine.begin() as database:
            return [
                PendingDeletion(Kind(row.kind), row.key, utc(row.requested_at), row.attempts)
                for row in await database.execute(claim)
            ]

    async def _carry_out(
        self, claimed: Sequence[PendingDeletion], settled_after: timedelta = SETTLED_AFTER
    ) -> bool:
        """Whether all of it is gone."""
        few = asyncio.Semaphore(AT_ONCE)

        async def one(pending: PendingDeletion) -> bool:
            async with few:
                begun = datetime.now(UTC)
                done = await self._delete(pending)
                await self._record(pending, begun, settled_after, done=done)
                return done

        results = await asyncio.gather(*map(one, claimed), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return all(results)

    async def _delete(self, pending: PendingDeletion) -> bool:
        """Whether it is gone, or needed after all."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                if pending.kind is Kind.MEDIA and await self.referenced([pending.key]):
                    return True
                await self._handlers[pending.kind](pending.key)
        except (TimeoutError, *DATABASE_ERRORS, Problem, OSError) as error:
            log.warning("deletion.failed", kind=pending.kind, error=type(error).__name__)
            return False
        except Exception as error:  # one that cannot be done must not hold up the others
            log.error("deletion.crashed", kind=pending.kind, exc_info=error)
            return False
        return True

    async def _record(
        self, pending: PendingDeletion, begun: datetime, settled_after: timedelta, *, done: bool
    ) -> None:
        """Forget it once it was done after every upload had ended; else say when it is tried next.

        One that was requested again meanwhile is left as it was requested.
        """
        table = pending_deletions
        same = (table.c.kind == pending.kind) & (table.c.key == pending.key)
        same &= table.c.requested_at == pending.requested_at
        settled = pending.requested_at + settled_after
        async with self._engine.begin() as database:
            if done and begun >= settled:
                await database.execute(table.delete().where(same))
                return
            attempts = 0 if done else pending.attempts + 1
            wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT) if attempts else None
            next_at = datetime.now(UTC) + wait if wait else settled
            values = {"not_before": next_at, "claimed_until": None, "attempts": attempts}
            await database.execute(table.update().where(same).values(values))


async def request_deletion(
    database: AsyncConnection, kind: Kind, keys: Iterable[str], since: datetime | None = None
) -> None:
    """In the transaction that drops the row. `since`: nobody has put it there after this moment."""
    now = datetime.now(UTC)
    new = insert(database, pending_deletions)
    request = {"requested_at": since or now, "not_before": now, "attempts": 0}
    again = new.on_conflict_do_update(
        index_elements=["kind", "key"],
        set_={name: new.excluded[name] for name in request},
    )
    if rows := [request | {"kind": kind, "key": key} for key in dict.fromkeys(keys)]:
        await database.execute(again, rows)


def _free(now: datetime) -> sa.ColumnElement[bool]:
    """No process is at it, or one that has been silent for too long."""
    until = pending_deletions.c.claimed_until
    return sa.or_(until.is_(None), until <= now)


async def _with_episode(database: AsyncConnection, keys: Sequence[str]) -> set[str]:
    """Of finished episodes, and of those that a brew may be about to finish."""
    ids = {id for key in keys if key.startswith("episodes/") and (id := _episode_of(key))}
    if not ids:
        return set()
    columns = (episodes.c.id, episodes.c.media, episodes.c.stage, episodes.c.attempt)
    rows = await database.execute(sa.select(*columns).where(episodes.c.id.in_(ids)))
    needed = set[str]()
    for row in rows:
        needed |= {row.media} if row.media else set()
        needed |= set() if row.stage in ENDED else {episode_key(row.id, row.attempt)}
    return needed.intersection(keys)


async def _with_answer(database: AsyncConnection, keys: Sequence[str]) -> set[str]:
    stems = {_stem(key): key for key in keys if key.startswith("clips/")}
    if not stems:
        return set()
    chosen = sa.select(paid.c.media).where(paid.c.key.in_(stems), paid.c.media.is_not(None))
    return set((await database.execute(chosen)).scalars()).intersection(keys)


def _stem(key: str) -> str:
    return key.rpartition("/")[2].partition(".")[0]


def _episode_of(key: str) -> UUID | None:
    try:
        return UUID(_stem(key)[:36])
    except ValueError:
        return None
