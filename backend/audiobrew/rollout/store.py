"""How far the move to the railway side has come, kept where both sides read it."""

import asyncio
import secrets
from datetime import UTC, datetime
from http import HTTPStatus
from time import monotonic

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.tables import rollout
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.problems import Problem
from audiobrew.rollout.sides import Rollout

log = structlog.get_logger()
FRESH_SECONDS = 3.0
"""So long an answer stands: every page that opens asks, and a change may take this long."""
PATIENCE_SECONDS = 1.0
"""Whoever knows an older answer waits no longer for a new one."""
ONLY = 1


class NoRollout(Problem):
    """No rollout has begun: there is one side only. `audiobrew rollout set 0` begins one."""

    type = "no-rollout"
    status = HTTPStatus.CONFLICT


class Rollouts:
    def __init__(self, engine: AsyncEngine, fresh: float = FRESH_SECONDS) -> None:
        self._engine = engine
        self._fresh = fresh
        self._known: Rollout | None = None
        self._asked = False
        self._looked_at = -fresh
        self._looking: asyncio.Task[None] | None = None

    async def now(self) -> Rollout | None:
        """As it is in the database; None while there is one side only."""
        async with self._engine.connect() as database:
            found = (await database.execute(sa.select(rollout))).one_or_none()
        if found is None:
            return None
        return Rollout(found.percent, found.salt, found.kill, utc(found.changed_at))

    async def known(self) -> Rollout | None:
        """The same, a few seconds old; as it was last seen while the database is away.

        Raises what the database raises only while nothing was ever seen.
        """
        if monotonic() - self._looked_at < self._fresh:
            return self._known
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(self._looked)
        if not self._asked:
            await asyncio.shield(self._looking)  # shared: one who leaves does not end it
        else:
            await asyncio.wait([self._looking], timeout=PATIENCE_SECONDS)
        return self._known

    async def _look(self) -> None:
        self._known, self._asked = await self.now(), True

    def _looked(self, looking: asyncio.Task[None]) -> None:
        self._looking = None
        failed = not looking.cancelled() and looking.exception()
        if not failed or self._asked:
            self._looked_at = monotonic()
        if failed:
            log.warning("rollout.unseen", error=type(failed).__name__)

    async def set(self, percent: float) -> Rollout:
        """Railway serves this share of the listeners, unless the kill switch is on.

        The salt is made once: another one would move listeners to and fro.
        """
        changed = {"percent": percent, "changed_at": datetime.now(UTC)}
        row = {"id": ONLY, "salt": secrets.token_hex(8), "kill": False, **changed}
        async with self._engine.begin() as database:
            new = insert(database, rollout).values(row)
            await database.execute(new.on_conflict_do_update(index_elements=["id"], set_=changed))
        return await self._changed()

    async def kill(self) -> Rollout:
        """The vercel side serves everybody; the share is kept for `resume`. Raises NoRollout."""
        return await self._switch(kill=True)

    async def resume(self) -> Rollout:
        """Raises NoRollout."""
        return await self._switch(kill=False)

    async def end(self) -> None:
        """One side is left: nobody has a choice any more."""
        async with self._engine.begin() as database:
            await database.execute(rollout.delete())
        log.info("rollout.ended")

    async def _switch(self, *, kill: bool) -> Rollout:
        async with self._engine.begin() as database:
            await database.execute(rollout.update().values(kill=kill, changed_at=datetime.now(UTC)))
        return await self._changed()

    async def _changed(self) -> Rollout:
        made = await self.now()
        if made is None:
            raise NoRollout
        log.info("rollout.changed", percent=made.percent, kill=made.kill)
        return made
