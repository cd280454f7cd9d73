"""Stores the progress of the rollout in the database that both sides read."""

import asyncio
import secrets
from datetime import UTC, datetime
from http import HTTPStatus
from time import monotonic

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.move_tables import rollout
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.problems import Problem
from audiobrew.rollout.sides import Rollout

log = structlog.get_logger()
# How long a read counts. Every page load reads the rollout, and a change takes effect within this time.
CACHE_SECONDS = 3.0
# How long a request waits for a new read if there is an older one.
REFRESH_TIMEOUT_SECONDS = 1.0
ROW_ID = 1


class NoRollout(Problem):
    """There is no rollout, only one side. Start one with `audiobrew rollout set 0`."""

    type = "no-rollout"
    status = HTTPStatus.CONFLICT


class Rollouts:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._cached: Rollout | None = None
        self._was_read = False  # whether a read has ever succeeded
        self._cached_at = -CACHE_SECONDS
        self._refresh_task: asyncio.Task[None] | None = None

    async def read(self) -> Rollout | None:
        """The rollout in the database; None while there is one side only."""
        async with self._engine.connect() as database:
            row = (await database.execute(sa.select(rollout))).one_or_none()
        if row is None:
            return None
        return Rollout(row.percent, row.salt, row.kill, utc(row.changed_at))

    async def read_cached(self) -> Rollout | None:
        """The rollout of a few seconds ago, or the last one that was read if the database is unavailable.

        Raises what the database raises, but only if no read has succeeded so far.
        """
        if monotonic() - self._cached_at < CACHE_SECONDS:
            return self._cached
        if self._refresh_task is None:
            self._refresh_task = asyncio.create_task(self._refresh())
            self._refresh_task.add_done_callback(self._finish_refresh)
        if not self._was_read:
            # Shielded, because the task is shared: a cancelled request must not cancel it.
            await asyncio.shield(self._refresh_task)
        else:
            await asyncio.wait([self._refresh_task], timeout=REFRESH_TIMEOUT_SECONDS)
        return self._cached

    async def _refresh(self) -> None:
        self._cached, self._was_read = await self.read(), True

    def _finish_refresh(self, task: asyncio.Task[None]) -> None:
        self._refresh_task = None
        error = not task.cancelled() and task.exception()
        if not error or self._was_read:
            self._cached_at = monotonic()
        if error:
            log.warning("rollout.unseen", error=type(error).__name__)

    async def set(self, percent: float) -> Rollout:
        """Set the percentage of listeners whom the railway side serves, unless the kill switch is on.

        The salt is generated once. Another salt would move listeners between the sides.
        """
        values = {"percent": percent, "changed_at": datetime.now(UTC)}
        row = {"id": ROW_ID, "salt": secrets.token_hex(8), "kill": False, **values}
        async with self._engine.begin() as database:
            upsert = insert(database, rollout).values(row)
            await database.execute(upsert.on_conflict_do_update(index_elements=["id"], set_=values))
        return await self._read_changed()

    async def kill(self) -> Rollout:
        """Let the vercel side serve everybody. The percentage is kept for `resume`. Raises NoRollout."""
        return await self._set_kill(kill=True)

    async def resume(self) -> Rollout:
        """Turn the kill switch off. Raises NoRollout."""
        return await self._set_kill(kill=False)

    async def end(self) -> None:
        """End the rollout: only one side remains."""
        async with self._engine.begin() as database:
            await database.execute(rollout.delete())
        log.info("rollout.ended")

    async def _set_kill(self, *, kill: bool) -> Rollout:
        async with self._engine.begin() as database:
            await database.execute(rollout.update().values(kill=kill, changed_at=datetime.now(UTC)))
        return await self._read_changed()

    async def _read_changed(self) -> Rollout:
        changed = await self.read()
        if changed is None:
            raise NoRollout
        log.info("rollout.changed", percent=changed.percent, kill=changed.kill)
        return changed
