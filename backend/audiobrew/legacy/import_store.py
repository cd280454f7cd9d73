"""Records of the import: which old rows were imported, when, and with what outcome."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.move_tables import imported_connections, imported_podcasts
from audiobrew.db.tables import (
    episodes,
    segments,
    sentences,
)
from audiobrew.legacy.old_rows import AudioState
from audiobrew.legacy.tables import may_delete, podcasts
from audiobrew.search.index import index_episode


@dataclass(frozen=True, slots=True)
class ImportedPodcast:
    """`key`: of its audio in the old bucket. `exists`: its listener has not deleted the episode here."""

    key: str | None
    state: AudioState
    bytes: int | None
    sha256: str | None
    exists: bool


@dataclass(frozen=True, slots=True)
class ImportedConnection:
    """`connected_at` distinguishes the imported connection from one that its listener made here since."""

    token_hash: str
    outcome: str
    connected_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeletedPodcast:
    """`key`: of its audio in the old bucket."""

    podcast: UUID
    listener: UUID
    key: str | None


class ImportStore:
    """Every write here can be repeated safely. Only for Postgres, where the old tables are."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def find(self, podcast: UUID) -> ImportedPodcast | None:
        exists = sa.exists().where(episodes.c.id == imported_podcasts.c.podcast_id).label("exists")
        own = imported_podcasts.c.podcast_id == podcast
        query = sa.select(imported_podcasts, exists).where(own)
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            return None
        return ImportedPodcast(row.key, AudioState(row.state), row.bytes, row.sha256, row.exists)

    async def save(
        self,
        episode: dict[str, Any],
        segment_rows: list[dict[str, Any]],
        sentence_rows: list[dict[str, Any]],
        record: dict[str, Any],
        *,
        new: bool,
    ) -> bool:
        """Store an episode, its script and the record of its import in one transaction.

        Returns False, and stores nothing, if the episode was imported before (`new` is false) and its
        listener has deleted it meanwhile.
        """
        async with self._engine.begin() as database:
            if not new and not await _lock_episode(database, episode["id"]):
                return False
            await _upsert_episode(database, episode)
            for table, rows in ((segments, segment_rows), (sentences, sentence_rows)):
                own = table.c.episode_id == episode["id"]
                if not new:
                    await database.execute(table.delete().where(own))
                if rows:
                    await database.execute(table.insert(), rows)
            await index_episode(database, episode["id"])
            upsert = insert(imported_podcasts).values(record)
            updates = {name: upsert.excluded[name] for name in record if name != "podcast_id"}
            await database.execute(
                upsert.on_conflict_do_update(index_elements=["podcast_id"], set_=updates)
            )
        return True

    async def skip(self, podcast: UUID, changed_at: datetime) -> None:
        """Mark this version of an old row as imported, although its episode was deleted here and stays so."""
        own = imported_podcasts.c.podcast_id == podcast
        async with self._engine.begin() as database:
            await database.execute(
                imported_podcasts.update().where(own).values(changed_at=changed_at)
            )

    async def find_connection(self, listener: UUID) -> ImportedConnection | None:
        names = ("token_hash", "outcome", "connected_at")
        query = sa.select(*(imported_connections.c[name] for name in names))
        own = imported_connections.c.listener_id == listener
        async with self._engine.connect() as database:
            row = (await database.execute(query.where(own))).one_or_none()
        return None if row is None else ImportedConnection(*row)

    async def save_connection(
        self, listener: UUID, changed_at: datetime, connection: ImportedConnection
    ) -> None:
        row = asdict(connection) | {"changed_at": changed_at, "adopted_at": datetime.now(UTC)}
        upsert = insert(imported_connections).values(listener_id=listener, **row)
        async with self._engine.begin() as database:
            await database.execute(
                upsert.on_conflict_do_update(index_elements=["listener_id"], set_=row)
            )

    async def count_audio_states(self) -> dict[str, int]:
        """How many podcasts were imported, by the state of their audio."""
        return await self._count_by(imported_podcasts.c.state)

    async def count_connection_outcomes(self) -> dict[str, int]:
        """How many connections were imported, by outcome."""
        return await self._count_by(imported_connections.c.outcome)

    async def copied_audio(self, after: UUID | None, limit: int) -> list[tuple[UUID, int, str]]:
        """Existing episodes whose audio was copied: id, size in bytes and SHA-256, ordered by id."""
        table = imported_podcasts
        query = (
            sa.select(table.c.podcast_id, table.c.bytes, table.c.sha256)
            .join(episodes, episodes.c.id == table.c.podcast_id)
            .where(table.c.state == AudioState.COPIED)
            .order_by(table.c.podcast_id)
            .limit(limit)
        )
        if after:
            query = query.where(table.c.podcast_id > after)
        async with self._engine.connect() as database:
            return [(row[0], row[1], row[2]) for row in await database.execute(query)]

    async def to_purge(self, limit: int) -> list[DeletedPodcast]:
        """Imported episodes that were deleted here, and still exist in the old application."""
        table = imported_podcasts
        deleted = ~sa.exists().where(episodes.c.id == table.c.podcast_id)
        not_purged = table.c.state != AudioState.PURGED
        query = sa.select(table.c.podcast_id, table.c.listener_id, table.c.key)
        async with self._engine.connect() as database:
            rows = await database.execute(query.where(deleted, not_purged).limit(limit))
            return [DeletedPodcast(*row) for row in rows]

    async def purge(self, podcast: DeletedPodcast) -> None:
        """Delete the old row, if our role may, and clear the record of the import."""
        same = (podcasts.c.id == podcast.podcast) & (podcasts.c.user_id == podcast.listener)
        own = imported_podcasts.c.podcast_id == podcast.podcast
        values = {"state": AudioState.PURGED, "key": None, "bytes": None, "sha256": None}
        async with self._engine.begin() as database:
            if await may_delete(database, podcasts.fullname):
                await database.execute(podcasts.delete().where(same))
            await database.execute(imported_podcasts.update().where(own).values(values))

    async def _count_by(self, column: "sa.Column[str]") -> dict[str, int]:
        async with self._engine.connect() as database:
            rows = await database.execute(sa.select(column, sa.func.count()).group_by(column))
            return {row[0]: row[1] for row in rows}


async def _lock_episode(database: AsyncConnection, id: UUID) -> bool:
    """Lock the episode's row until the transaction ends. False if there is no such episode."""
    unchanged = episodes.update().where(episodes.c.id == id).values(attempt=episodes.c.attempt)
    return bool((await database.execute(unchanged)).rowcount)


async def _upsert_episode(database: AsyncConnection, row: dict[str, Any]) -> None:
    """A title that the listener chose here is not overwritten."""
    upsert = insert(episodes).values(row)
    updates: dict[str, Any] = {
        name: upsert.excluded[name] for name in row if name not in ("id", "listener_id", "title")
    }
    title = sa.case((episodes.c.title_chosen, episodes.c.title), else_=upsert.excluded.title)
    revision = episodes.c.revision + 1
    updates |= {"title": title, "title_chosen": episodes.c.title_chosen, "revision": revision}
    await database.execute(upsert.on_conflict_do_update(index_elements=["id"], set_=updates))
