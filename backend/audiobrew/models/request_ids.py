"""Which request asked for an attempt of a brew: its id goes on in the lines of whoever brews it.

Logs outlive accounts, so no line names an episode or a listener: it names requests, and this table,
whose rows go with their episode, says which episode's they are.
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

    async def note(self, episode: UUID, attempt: int, request: str) -> None:
        """The first request that asked for an attempt stays its origin."""
        row: dict[str, Any] = {"episode_id": episode, "attempt": attempt, "request": request}
        async with self._engine.begin() as database:
            await database.execute(insert(database, origins).values(row).on_conflict_do_nothing())

    async def of(self, episode: UUID, attempt: int) -> dict[str, str]:
        """`request`, that of this attempt, and for a retry `origin`, that of the first one."""
        names = {attempt: "request"} if attempt == 1 else {1: "origin", attempt: "request"}
        chosen = sa.select(origins.c.attempt, origins.c.request).where(
            origins.c.episode_id == episode, origins.c.attempt.in_(names)
        )
        async with self._engine.connect() as database:
            return {names[row.attempt]: row.request for row in await database.execute(chosen)}
