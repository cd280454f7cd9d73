"""Accounts: a listener's preferences, and the rows that an account's deletion needs."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import tombstone_hash
from audiobrew.db.import_states import OPEN_IMPORTS
from audiobrew.db.search_tables import overwrite_deleted_words
from audiobrew.db.source_tables import mail_sources
from audiobrew.db.tables import (
    deletions,
    episodes,
    feed_tokens,
    imports,
    listeners,
    paid,
    tombstones,
)
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.media.deletion_queue import Kind, request_deletion, workflow_key
from audiobrew.media.storage import episode_key, stored_part_keys
from audiobrew.problems import SignInNeeded

# Supabase issues no token that lives longer, so a tombstone is not needed for longer either.
MAX_TOKEN_LIFETIME = timedelta(days=7)
# SQLite cannot truncate its log while a transaction reads from it. Each try waits for readers as well, as
# long as the connection waits for a lock.
LOG_TRIES, LOG_PAUSE_SECONDS = 100, 0.1

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Account:
    """`preferences` holds only what the listener set; the reader applies the defaults."""

    id: UUID
    created_at: datetime
    preferences: dict[str, Any]
    mailbox: bool  # whether one is connected


class AccountStore:
    """Every write here can be repeated safely."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, listener: UUID) -> Account:
        """Raises SignInNeeded if the listener was deleted a moment ago."""
        mailbox = sa.exists().where(
            mail_sources.c.listener_id == listener, mail_sources.c.kind == "gmail"
        )
        query = sa.select(listeners, mailbox.label("mailbox")).where(listeners.c.id == listener)
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            raise SignInNeeded
        return Account(row.id, utc(row.created_at), row.preferences, row.mailbox)

    async def change_preferences(self, listener: UUID, changes: dict[str, Any]) -> None:
        """Merge these preferences into the stored ones."""
        own = listeners.c.id == listener
        query = sa.select(listeners.c.preferences).where(own).with_for_update()
        async with self._engine.begin() as database:
            preferences = (await database.execute(query)).scalar_one()
            values = {"preferences": preferences | changes}
            await database.execute(listeners.update().where(own).values(values))

    async def begin_deletion(self, listener: UUID) -> None:
        """From now on the listener's tokens are rejected, and the deletion is resumed until it is done."""
        now = datetime.now(UTC)
        async with self._engine.begin() as database:
            await _insert_if_absent(
                database, tombstones, listener_hash=tombstone_hash(listener), created_at=now
            )
            await _insert_if_absent(database, deletions, listener_id=listener, asked_at=now)

    async def being_deleted(self) -> list[UUID]:
        """Listeners whose deletion is not finished, the earliest request first."""
        query = sa.select(deletions.c.listener_id).order_by(deletions.c.asked_at)
        async with self._engine.connect() as database:
            return list((await database.execute(query)).scalars())

    async def revoke_feed_tokens(self, listener: UUID) -> None:
        valid = (feed_tokens.c.listener_id == listener) & feed_tokens.c.revoked_at.is_(None)
        revocation = feed_tokens.update().where(valid).values(revoked_at=datetime.now(UTC))
        async with self._engine.begin() as database:
            await database.execute(revocation)

    async def delete_rows(self, listener: UUID) -> Mapping[Kind, Sequence[str]]:
        """Delete the listener's row; foreign keys delete every row that refers to it.

        The same transaction queues the deletion of their files and workflows. Returns the queued keys.
        """
        own = listeners.c.id == listener
        async with self._engine.begin() as database:
            await _overwrite_deleted_rows(database)
            lock = listeners.update().where(own).values(show_id=listeners.c.show_id)
            await database.execute(lock)
            keys_by_kind = await _external_keys(database, listener)
            for kind, keys in keys_by_kind.items():
                await request_deletion(database, kind, keys)
            await database.execute(listeners.delete().where(own))
            await overwrite_deleted_words(database)
        return keys_by_kind

    async def finish_deletion(self, listener: UUID) -> None:
        """The last step: only a tombstone remains. Its age counts from now, because a token may have been
        issued until now."""
        listener_hash = tombstone_hash(listener)
        own_tombstone = tombstones.c.listener_hash == listener_hash
        async with self._engine.begin() as database:
            await _overwrite_deleted_rows(database)
            await database.execute(listeners.delete().where(listeners.c.id == listener))
            await database.execute(deletions.delete().where(deletions.c.listener_id == listener))
            await database.execute(tombstones.delete().where(own_tombstone))
            await _insert_if_absent(
                database, tombstones, listener_hash=listener_hash, created_at=datetime.now(UTC)
            )
        if self._engine.dialect.name == "sqlite":
            # SQLite leaves deleted rows in its files until they are rewritten.
            async with self._engine.connect() as database:
                connection = await database.execution_options(isolation_level="AUTOCOMMIT")
                await connection.exec_driver_sql("VACUUM")
                await _truncate_write_ahead_log(connection)
            # A connection that was open during VACUUM and has not used the full-text index since cannot
            # delete rows of indexed texts ("no such table"): SQLite loads the index in the middle of it.
            await self._engine.dispose()

    async def delete_expired_tombstones(self) -> None:
        """Delete the tombstones that no token can outlive."""
        expired = tombstones.c.created_at < datetime.now(UTC) - MAX_TOKEN_LIFETIME
        async with self._engine.begin() as database:
            await database.execute(tombstones.delete().where(expired))


async def _truncate_write_ahead_log(connection: AsyncConnection) -> None:
    """Empty SQLite's write-ahead log, which holds the deleted rows until nobody reads them any more."""
    for _ in range(LOG_TRIES):
        result = await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy = result.one()[0]
        if not is_busy:
            return
        await asyncio.sleep(LOG_PAUSE_SECONDS)
    log.warning("write_ahead_log_not_truncated")


async def _external_keys(database: AsyncConnection, listener: UUID) -> dict[Kind, Sequence[str]]:
    """Keys of the listener's data outside our tables: files in storage, and workflows of the engine."""
    columns = (episodes.c.id, episodes.c.media, episodes.c.attempt)
    own = sa.select(*columns).where(episodes.c.listener_id == listener)
    rows = (await database.execute(own)).all()
    clips = sa.select(paid.c.media).where(paid.c.listener_id == listener, paid.c.media.is_not(None))
    media = [row.media for row in rows if row.media]
    media += [episode_key(row.id, row.attempt) for row in rows]
    media += (await database.execute(clips)).scalars().all()
    files = sa.select(imports).where(
        imports.c.listener_id == listener, imports.c.state.in_(OPEN_IMPORTS)
    )
    for row in await database.execute(files):
        media += stored_part_keys(row.id, row.bytes, row.received, row.part_bytes)
    return {
        Kind.MEDIA: list(dict.fromkeys(media)),
        Kind.WORKFLOW: [workflow_key(row.id, row.attempt) for row in rows],
    }


async def _insert_if_absent(database: AsyncConnection, table: sa.Table, **row: Any) -> None:
    await database.execute(insert(database, table).values(row).on_conflict_do_nothing())


async def _overwrite_deleted_rows(database: AsyncConnection) -> None:
    """Make SQLite overwrite what this transaction deletes with zeros."""
    if database.dialect.name == "sqlite":
        await database.exec_driver_sql("PRAGMA secure_delete=ON")
