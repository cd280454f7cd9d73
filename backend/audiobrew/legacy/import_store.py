"""What was taken over from the application before: which of its rows, when, and what became of them."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.tables import (
    adopted_connections,
    adopted_podcasts,
    episodes,
    segments,
    sentences,
)
from audiobrew.legacy.old_rows import AudioState
from audiobrew.legacy.tables import may_delete, podcasts


@dataclass(frozen=True, slots=True)
class ImportedPodcast:
    """An old episode that was taken; `here`: its listener has not deleted it."""

    key: str | None
    state: AudioState
    bytes: int | None
    sha256: str | None
    here: bool


@dataclass(frozen=True, slots=True)
class ImportedConnection:
    """`connected_at` tells the connection made then from one that its listener made here since."""

    token_hash: str
    outcome: str
    connected_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeletedPodcast:
    """`key`: of its sound in the old bucket."""

    podcast: UUID
    listener: UUID
    key: str | None


class ImportStore:
    """Every change here may be made twice. Only on Postgres, where the old tables are."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def find(self, podcast: UUID) -> ImportedPodcast | None:
        here = sa.exists().where(episodes.c.id == adopted_podcasts.c.podcast_id).label("here")
        own = adopted_podcasts.c.podcast_id == podcast
        async with self._engine.connect() as database:
            row = (
                await database.execute(sa.select(adopted_podcasts, here).where(own))
            ).one_or_none()
        if row is None:
            return None
        return ImportedPodcast(row.key, AudioState(row.state), row.bytes, row.sha256, row.here)

    async def keep(
        self,
        episode: dict[str, Any],
        parts: list[dict[str, Any]],
        lines: list[dict[str, Any]],
        taken: dict[str, Any],
        *,
        new: bool,
    ) -> bool:
        """The episode, its script and that it was taken: all of it, or nothing.

        False, and nothing, for one that was taken before and that its listener deleted meanwhile.
        """
        async with self._engine.begin() as database:
            if not new and not await _hold(database, episode["id"]):
                return False
            await _keep_episode(database, episode)
            for table, rows in ((segments, parts), (sentences, lines)):
                own = table.c.episode_id == episode["id"]
                if not new:
                    await database.execute(table.delete().where(own))
                if rows:
                    await database.execute(table.insert(), rows)
            await _mark(database, taken)
        return True

    async def seen(self, podcast: UUID, changed_at: datetime) -> None:
        """An old row that changed after its episode was deleted here: it stays deleted."""
        own = adopted_podcasts.c.podcast_id == podcast
        async with self._engine.begin() as database:
            await database.execute(
                adopted_podcasts.update().where(own).values(changed_at=changed_at)
            )

    async def find_connection(self, listener: UUID) -> ImportedConnection | None:
        names = ("token_hash", "outcome", "connected_at")
        chosen = sa.select(*(adopted_connections.c[name] for name in names))
        own = adopted_connections.c.listener_id == listener
        async with self._engine.connect() as database:
            row = (await database.execute(chosen.where(own))).one_or_none()
        return None if row is None else ImportedConnection(*row)

    async def keep_connection(
        self, listener: UUID, changed_at: datetime, taken: ImportedConnection
    ) -> None:
        row = asdict(taken) | {"changed_at": changed_at, "adopted_at": datetime.now(UTC)}
        new = insert(adopted_connections).values(listener_id=listener, **row)
        async with self._engine.begin() as database:
            await database.execute(
                new.on_conflict_do_update(index_elements=["listener_id"], set_=row)
            )

    async def states(self) -> dict[str, int]:
        """How many episodes were taken, by what became of their sound."""
        return dict(await self._tally("state"))

    async def outcomes(self) -> dict[str, int]:
        """How many connections were taken, by what became of them."""
        column = adopted_connections.c.outcome
        async with self._engine.connect() as database:
            rows = await database.execute(sa.select(column, sa.func.count()).group_by(column))
            return {row[0]: row[1] for row in rows}

    async def copied(self, after: UUID | None, limit: int) -> list[tuple[UUID, int, str]]:
        """Episodes whose sound was copied and that are still here: id, bytes and sha256."""
        table = adopted_podcasts
        chosen = (
            sa.select(table.c.podcast_id, table.c.bytes, table.c.sha256)
            .join(episodes, episodes.c.id == table.c.podcast_id)
            .where(table.c.state == AudioState.COPIED)
            .order_by(table.c.podcast_id)
            .limit(limit)
        )
        if after:
            chosen = chosen.where(table.c.podcast_id > after)
        async with self._engine.connect() as database:
            return [(row[0], row[1], row[2]) for row in await database.execute(chosen)]

    async def deleted(self, limit: int) -> list[DeletedPodcast]:
        """Taken episodes that their listener deleted here, and that are still in the old application."""
        table = adopted_podcasts
        gone = ~sa.exists().where(episodes.c.id == table.c.podcast_id)
        chosen = sa.select(table.c.podcast_id, table.c.listener_id, table.c.key)
        left = table.c.state != AudioState.FORGOTTEN
        async with self._engine.connect() as database:
            rows = await database.execute(chosen.where(gone, left).limit(limit))
            return [DeletedPodcast(*row) for row in rows]

    async def forget(self, deleted: DeletedPodcast) -> None:
        """The old row goes, where it is ours to delete; then it is forgotten here."""
        same = (podcasts.c.id == deleted.podcast) & (podcasts.c.user_id == deleted.listener)
        own = adopted_podcasts.c.podcast_id == deleted.podcast
        noted = {"state": AudioState.FORGOTTEN, "key": None, "bytes": None, "sha256": None}
        async with self._engine.begin() as database:
            if await may_delete(database, podcasts.fullname):
                await database.execute(podcasts.delete().where(same))
            await database.execute(adopted_podcasts.update().where(own).values(noted))

    async def _tally(self, name: str) -> list[tuple[str, int]]:
        column = adopted_podcasts.c[name]
        async with self._engine.connect() as database:
            rows = await database.execute(sa.select(column, sa.func.count()).group_by(column))
            return [(row[0], row[1]) for row in rows]


async def _hold(database: AsyncConnection, id: UUID) -> bool:
    """Whether the episode is there, and then until the transaction ends."""
    own = episodes.update().where(episodes.c.id == id).values(attempt=episodes.c.attempt)
    return bool((await database.execute(own)).rowcount)


async def _keep_episode(database: AsyncConnection, row: dict[str, Any]) -> None:
    """What a listener chose here since, a title, stays theirs."""
    new = insert(episodes).values(row)
    changed: dict[str, Any] = {
        name: new.excluded[name] for name in row if name not in ("id", "listener_id", "title")
    }
    title = sa.case((episodes.c.title_chosen, episodes.c.title), else_=new.excluded.title)
    revision = episodes.c.revision + 1
    changed |= {"title": title, "title_chosen": episodes.c.title_chosen, "revision": revision}
    await database.execute(new.on_conflict_do_update(index_elements=["id"], set_=changed))


async def _mark(database: AsyncConnection, row: dict[str, Any]) -> None:
    new = insert(adopted_podcasts).values(row)
    changed = {name: new.excluded[name] for name in row if name != "podcast_id"}
    await database.execute(new.on_conflict_do_update(index_elements=["podcast_id"], set_=changed))
