"""The present workload, for metrics. It is read from the database at most every few seconds."""

import asyncio
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.import_states import ImportState
from audiobrew.db.stages import IS_OPEN, OPEN, Stage
from audiobrew.db.tables import episodes, executors, imports, pending_deletions, schedules
from audiobrew.db.timestamps import utc
from audiobrew.ops.metrics import Workload
from audiobrew.problems import Problem

# How long a result is used again, so that frequent scrapes do not load the database.
FRESH_SECONDS = 10.0
PATIENCE_SECONDS = 5.0


class Workloads:
    """`dead_after`: seconds after which a process without a heartbeat counts as dead."""

    def __init__(
        self, engine: AsyncEngine, dead_after: float, fresh: float = FRESH_SECONDS
    ) -> None:
        self._engine, self._dead_after, self._fresh = engine, dead_after, fresh
        self._read_at = -fresh
        self._latest: Workload | None = None
        self._lock = asyncio.Lock()

    async def now(self) -> Workload | None:
        """The workload, at most `fresh` seconds old. None if the database does not answer."""
        async with self._lock:
            if monotonic() - self._read_at >= self._fresh:
                self._latest = await self._read()
                self._read_at = monotonic()
            return self._latest

    async def _read(self) -> Workload | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._engine.connect() as database:
                return await _read_workload(database, self._dead_after)
        except (TimeoutError, OSError, Problem, sa.exc.SQLAlchemyError):
            return None


async def _read_workload(database: AsyncConnection, dead_after: float) -> Workload:
    now = datetime.now(UTC)
    count, since = sa.func.count(), sa.func.min(episodes.c.updated_at)
    stages = sa.select(episodes.c.stage, count, since).where(IS_OPEN)
    rows = (await database.execute(stages.group_by(episodes.c.stage))).all()
    due = sa.select(count, sa.func.min(schedules.c.next_at)).where(schedules.c.next_at <= now)
    late = (await database.execute(due)).one()
    alive = sa.select(count).where(executors.c.seen_at > now.timestamp() - dead_after)
    refused = sa.select(count).where(pending_deletions.c.attempts > 0)
    readable = imports.c.state.in_([ImportState.WAITING, ImportState.READING])
    unread = sa.select(count).where(readable)
    unread_since = sa.select(sa.func.min(imports.c.updated_at)).where(readable)
    all_counts = [query.scalar_subquery() for query in (alive, refused, unread, unread_since)]
    workers, overdue, import_count, import_since = (
        await database.execute(sa.select(*all_counts))
    ).one()
    return Workload(
        open=dict.fromkeys(OPEN, 0) | {Stage(row[0]): row[1] for row in rows},
        oldest_seconds=max(
            (_age(row[2], now) for row in rows if row[0] == Stage.WAITING), default=0.0
        ),
        workers=workers,
        due=late[0],
        late_seconds=_age(late[1], now),
        overdue=overdue,
        imports=import_count,
        imports_seconds=_age(import_since, now),
    )


def _age(since: Any, now: datetime) -> float:
    return max(0.0, (now - utc(since)).total_seconds()) if since else 0.0
