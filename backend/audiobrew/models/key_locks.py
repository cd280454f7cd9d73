"""Key locks: a process locks a key in the database before it pays for the result, so it is paid for once.

A lock is a row that expires. Its owner renews it while it works. An expired lock may be taken over, by
compare-and-swap. All times come from the database, so machines' clocks need not agree.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.engine import DATABASE_ERRORS
from audiobrew.db.tables import claims as locks_table  # its name in the database
from audiobrew.db.upsert import clock, insert
from audiobrew.problems import Problem

# A clock that runs on while this process is stopped or its machine sleeps.
CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class KeyLockLost(Problem):
    """Another process is already making this part of the episode."""

    type = "claim-lost"
    status = HTTPStatus.SERVICE_UNAVAILABLE


@dataclass(slots=True)
class KeyLock:
    """`renewed_at` is when the last renewal was sent, in seconds of this machine's CLOCK."""

    key: str
    token: str
    renewed_at: float


@dataclass(slots=True)
class KeyLocks:
    """`seconds`: a lock that was not renewed for this long has expired and may be taken over."""

    engine: AsyncEngine
    seconds: float
    # The locks of this process. The heartbeat thread renews them.
    keys_by_token: dict[str, str] = field(default_factory=dict)

    async def acquire(self, listener: UUID, key: str) -> KeyLock | None:
        """Lock this key. Returns None while another owner holds the lock.

        If the task is cancelled meanwhile, the lock is released: nobody has to wait for it to expire.
        Raises IntegrityError if the listener does not exist.
        """
        acquisition = asyncio.create_task(self._acquire(listener, key))
        try:
            return await asyncio.shield(acquisition)
        except asyncio.CancelledError:
            with suppress(*DATABASE_ERRORS, Problem):
                if lock := await asyncio.shield(acquisition):
                    await self.release(lock)
            raise

    async def _acquire(self, listener: UUID, key: str) -> KeyLock | None:
        lock = KeyLock(key, uuid4().hex, time.clock_gettime(CLOCK))
        async with self.engine.begin() as database:
            until = clock(database) + self.seconds
            insertion = insert(database, locks_table).values(
                key=key, listener_id=listener, token=lock.token, until=until
            )
            insertion = insertion.on_conflict_do_update(
                index_elements=["key"],
                set_={"token": lock.token, "until": until},
                where=locks_table.c.until < clock(database),
            ).returning(locks_table.c.token)
            if (await database.execute(insertion)).scalar_one_or_none() is None:
                return None
        self.keys_by_token[lock.token] = key
        return lock

    async def renew(self, lock: KeyLock) -> None:
        """Postpone the expiry by `seconds` from now. Raises KeyLockLost."""
        async with self.engine.begin() as database:
            await self.renew_within(database, lock)

    async def renew_within(self, database: AsyncConnection, lock: KeyLock) -> None:
        """Renew in the caller's transaction: until that ends, nobody can take it over. Raises KeyLockLost."""
        sent_at = time.clock_gettime(CLOCK)
        until = clock(database) + self.seconds
        result = await database.execute(locks_table.update().where(_own(lock)).values(until=until))
        if not result.rowcount:
            self.keys_by_token.pop(lock.token, None)
            raise KeyLockLost
        lock.renewed_at = sent_at

    async def renew_if_due(self, lock: KeyLock) -> None:
        """Renew if half of the time has passed; otherwise do nothing. Raises KeyLockLost."""
        if time.clock_gettime(CLOCK) - lock.renewed_at > self.seconds / 2:
            await self.renew(lock)

    async def release(self, lock: KeyLock) -> None:
        """Give the lock up, so that others can acquire it at once."""
        self.keys_by_token.pop(lock.token, None)
        async with self.engine.begin() as database:
            await database.execute(locks_table.delete().where(_own(lock)))

    def let_expire(self, lock: KeyLock, seconds: float = 0.0) -> None:
        """Stop renewing the lock after `seconds`. It is ours until it expires."""
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self.let_expire, lock)
        else:
            self.keys_by_token.pop(lock.token, None)


def renew_locks(database: sa.Connection, tokens: list[str], seconds: float) -> None:
    """Renew the locks of this process. Locks that were taken over have other tokens and are not touched."""
    if tokens:
        until = clock(database) + seconds
        own = locks_table.c.token.in_(tokens)
        database.execute(locks_table.update().where(own).values(until=until))


def delete_other_locks(database: sa.Connection, tokens: list[str]) -> None:
    """Delete the locks of all other processes, which are dead."""
    database.execute(locks_table.delete().where(locks_table.c.token.not_in(tokens)))


def _own(lock: KeyLock) -> Any:
    return (locks_table.c.key == lock.key) & (locks_table.c.token == lock.token)
