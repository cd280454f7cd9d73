"""What changed in episodes: one question for everybody in this process who follows theirs."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.stages import IS_OPEN, Stage
from audiobrew.db.tables import deleted_episodes, deletions, episodes
from audiobrew.episode.episode import EpisodeChange, Progress

# So many ids go into one statement.
AT_ONCE = 500
# Who was away longer begins with a snapshot anyway.
DELETED_KEPT = timedelta(hours=1)
STATE = (
    *(episodes.c.listener_id, episodes.c.id, episodes.c.revision, episodes.c.stage),
    *(episodes.c.done, episodes.c.total, episodes.c.percent),
    *(episodes.c.trouble, episodes.c.trouble_type),
)
GONE = (
    *(deleted_episodes.c.listener_id, deleted_episodes.c.episode_id, sa.literal(0), sa.null()),
    *(sa.literal(0), sa.literal(0), sa.literal(0), sa.null(), sa.null()),
)


class EpisodeChanges:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def since(self, moment: datetime) -> list[EpisodeChange]:
        """Every episode that changed or was deleted after this moment, in one statement."""
        changed = sa.select(*STATE).where(episodes.c.updated_at > moment)
        gone = sa.select(*GONE).where(deleted_episodes.c.deleted_at > moment)
        async with self._engine.connect() as database:
            return [_change(row) for row in await database.execute(sa.union_all(changed, gone))]

    async def open(self, listeners: Sequence[UUID]) -> list[EpisodeChange]:
        """The brews of these listeners that have not ended."""
        return await self._chosen(episodes.c.listener_id, listeners, IS_OPEN)

    async def now(self, ids: Sequence[UUID]) -> list[EpisodeChange]:
        """These episodes as they are; deleted ones are left out."""
        return await self._chosen(episodes.c.id, ids)

    async def leaving(self) -> set[UUID]:
        """Listeners whose accounts are being deleted."""
        async with self._engine.connect() as database:
            return set((await database.execute(sa.select(deletions.c.listener_id))).scalars())

    async def _chosen(
        self, column: sa.ColumnElement[UUID], values: Sequence[UUID], *where: Any
    ) -> list[EpisodeChange]:
        found = []
        async with self._engine.connect() as database:
            for some in _parts(values):
                rows = sa.select(*STATE).where(column.in_(some), *where)
                found += [_change(row) for row in await database.execute(rows)]
        return found


async def remember_deletion(
    database: AsyncConnection, listener: UUID, id: UUID, now: datetime
) -> None:
    """Those of an hour ago are forgotten on the way."""
    old = deleted_episodes.c.deleted_at < now - DELETED_KEPT
    row = {"episode_id": id, "listener_id": listener, "deleted_at": now}
    await database.execute(deleted_episodes.delete().where(old))
    await database.execute(deleted_episodes.insert().values(row))


def _parts(values: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _change(row: Any) -> EpisodeChange:
    if row[3] is None:
        return EpisodeChange(row[0], row[1], None)
    progress = Progress(row[2], Stage(row[3]), *row[4:])
    return EpisodeChange(row[0], row[1], progress)
