"""What has changed in episodes: one query for all event streams of this process."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.batches import batched
from audiobrew.db.stages import IS_OPEN, Stage
from audiobrew.db.tables import deleted_episodes, deletions, episodes
from audiobrew.episode.episode import EpisodeChange, Progress

# The most ids in one query.
IDS_PER_QUERY = 500
# How long deletions are remembered. A client that was away for longer starts with a snapshot anyway.
REMEMBER_DELETIONS_FOR = timedelta(hours=1)
STATE = (
    *(episodes.c.listener_id, episodes.c.id, episodes.c.revision, episodes.c.stage),
    *(episodes.c.done, episodes.c.total, episodes.c.percent),
    *(episodes.c.trouble, episodes.c.trouble_type),
)
DELETED_STATE = (
    *(deleted_episodes.c.listener_id, deleted_episodes.c.episode_id, sa.literal(0), sa.null()),
    *(sa.literal(0), sa.literal(0), sa.literal(0), sa.null(), sa.null()),
)


class EpisodeChanges:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def since(self, moment: datetime) -> list[EpisodeChange]:
        """The episodes that changed or were deleted after this moment, in one statement."""
        changed = sa.select(*STATE).where(episodes.c.updated_at > moment)
        deleted = sa.select(*DELETED_STATE).where(deleted_episodes.c.deleted_at > moment)
        async with self._engine.connect() as database:
            return [_change(row) for row in await database.execute(sa.union_all(changed, deleted))]

    async def open(self, listeners: Sequence[UUID]) -> list[EpisodeChange]:
        """The brews of these listeners that have not ended."""
        return await self._states(episodes.c.listener_id, listeners, IS_OPEN)

    async def now(self, ids: Sequence[UUID]) -> list[EpisodeChange]:
        """The present state of these episodes. Deleted ones are left out."""
        return await self._states(episodes.c.id, ids)

    async def listeners_in_deletion(self) -> set[UUID]:
        """The listeners whose accounts are being deleted."""
        async with self._engine.connect() as database:
            return set((await database.execute(sa.select(deletions.c.listener_id))).scalars())

    async def _states(
        self, column: sa.ColumnElement[UUID], values: Sequence[UUID], *where: Any
    ) -> list[EpisodeChange]:
        changes: list[EpisodeChange] = []
        async with self._engine.connect() as database:
            for batch in batched(values, IDS_PER_QUERY):
                rows = sa.select(*STATE).where(column.in_(batch), *where)
                changes += [_change(row) for row in await database.execute(rows)]
        return changes


async def remember_deletion(
    database: AsyncConnection, listener: UUID, id: UUID, now: datetime
) -> None:
    """Record that an episode was deleted, and drop records that are too old."""
    old = deleted_episodes.c.deleted_at < now - REMEMBER_DELETIONS_FOR
    row = {"episode_id": id, "listener_id": listener, "deleted_at": now}
    await database.execute(deleted_episodes.delete().where(old))
    await database.execute(deleted_episodes.insert().values(row))


def _change(row: Any) -> EpisodeChange:
    if row[3] is None:
        return EpisodeChange(row[0], row[1], None)
    progress = Progress(row[2], Stage(row[3]), *row[4:])
    return EpisodeChange(row[0], row[1], progress)
