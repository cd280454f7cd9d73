"""The ids of the requests that asked for an episode's attempts, for the log lines of the brew.

Logs outlive accounts, so a log line never names an episode or a listener. It names requests. This table says
which episode a request belongs to, and its rows are deleted with the episode.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.tables import origins
from audiobrew.db.upsert import insert


class RequestIds:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def record(self, episode: UUID, attempt: int, request: str) -> None:
        """Record the request that asked for an attempt. A later one for the same attempt changes nothing."""
        row: dict[str, Any] = {"episode_id": episode, "attempt": attempt, "request": request}
        async with self._engine.begin() as database:
            await database.execute(insert(database, origins).values(row).on_conflict_do_nothing())

    async def get(self, episode: UUID, attempt: int) -> dict[str, str]:
        """`request` of this attempt and, for a retry, `origin`: the request of the first attempt."""
        names = {attempt: "request"} if attempt == 1 else {1: "origin", attempt: "request"}
        query = sa.select(origins.c.attempt, origins.c.request).where(
            origins.c.episode_id == episode, origins.c.attempt.in_(names)
        )
        async with self._engine.connect() as database:
            return {names[row.attempt]: row.request for row in await database.execute(query)}
