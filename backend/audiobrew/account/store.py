"""Accounts: a listener's preferences, and what is left of a listener on the way out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import tombstone
from audiobrew.db.tables import (
    connections,
    deletions,
    episodes,
    feed_tokens,
    listeners,
    paid,
    tombstones,
)
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.media.deletion_queue import Kind, request_deletion, workflow_key
from audiobrew.media.storage import episode_key

TOKENS_LIVE = timedelta(days=7)
"""No token of Supabase's lives longer, so that no tombstone is needed longer."""


@dataclass(frozen=True, slots=True)
class Account:
    """Preferences are kept as they were sent; whoever reads them knows their defaults."""

    id: UUID
    created_at: datetime
    preferences: dict[str, Any]
    mailbox: bool  # whether one is connected


class AccountStore:
    """Every change here may be made twice."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, listener: UUID) -> Account | None:
        mailbox = sa.exists().where(connections.c.listener_id == listener)
        chosen = sa.select(listeners, mailbox.label("mailbox")).where(listeners.c.id == listener)
        async with self._engine.connect() as database:
            row = (await database.execute(chosen)).one_or_none()
        if row is None:
            return None
        return Account(row.id, utc(row.created_at), row.preferences, row.mailbox)

    async def prefer(self, listener: UUID, changed: dict[str, Any]) -> None:
        """These preferences change, and the others stay."""
        own = listeners.c.id == listener
        chosen = sa.select(listeners.c.preferences).where(own).with_for_update()
        async with self._engine.begin() as database:
            kept = (await database.execute(chosen)).scalar_one()
            new = {"preferences": kept | changed}
            await database.execute(listeners.update().where(own).values(new))

    async def leave(self, listener: UUID) -> None:
        """From now on tokens open nothing, and whatever interrupts the deletion, it goes on."""
        now = datetime.now(UTC)
        async with self._engine.begin() as database:
            await _once(database, tombstones, listener_hash=tombstone(listener), created_at=now)
            await _once(database, deletions, listener_id=listener, asked_at=now)

    async def leaving(self) -> list[UUID]:
        """Whose deletion is not done, the first to ask first."""
        chosen = sa.select(deletions.c.listener_id).order_by(deletions.c.asked_at)
        async with self._engine.connect() as database:
            return list((await database.execute(chosen)).scalars())

    async def close_feeds(self, listener: UUID) -> None:
        living = (feed_tokens.c.listener_id == listener) & feed_tokens.c.revoked_at.is_(None)
        revoked = feed_tokens.update().where(living).values(revoked_at=datetime.now(UTC))
        async with self._engine.begin() as database:
            await database.execute(revoked)

    async def erase(self, listener: UUID) -> Mapping[Kind, Sequence[str]]:
        """Everything in our tables: each row of a listener's goes with theirs.

        What they have elsewhere is written down to be deleted in the same transaction, and returned.
        """
        row = listeners.c.id == listener
        async with self._engine.begin() as database:
            await _wiping(database)
            hold = listeners.update().where(row).values(show_id=listeners.c.show_id)
            await database.execute(hold)
            elsewhere = await _kept_elsewhere(database, listener)
            for kind, keys in elsewhere.items():
                await request_deletion(database, kind, keys)
            await database.execute(listeners.delete().where(row))
        return elsewhere

    async def gone(self, listener: UUID) -> None:
        """The last step: nothing but the tombstone is left, as young as the last token may be."""
        stone = {"listener_hash": tombstone(listener)}
        mine = tombstones.c.listener_hash == tombstone(listener)
        async with self._engine.begin() as database:
            await _wiping(database)
            await database.execute(listeners.delete().where(listeners.c.id == listener))
            await database.execute(deletions.delete().where(deletions.c.listener_id == listener))
            await database.execute(tombstones.delete().where(mine))
            await _once(database, tombstones, **stone, created_at=datetime.now(UTC))
        if self._engine.dialect.name == "sqlite":
            await self._compact()

    async def forget_tombstones(self) -> None:
        """Those that no token can outlive any more."""
        old = tombstones.c.created_at < datetime.now(UTC) - TOKENS_LIVE
        async with self._engine.begin() as database:
            await database.execute(tombstones.delete().where(old))

    async def _compact(self) -> None:
        """SQLite leaves what is deleted in its files until it writes them anew."""
        async with self._engine.connect() as database:
            alone = await database.execution_options(isolation_level="AUTOCOMMIT")
            await alone.exec_driver_sql("VACUUM")
            await alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


async def _kept_elsewhere(database: AsyncConnection, listener: UUID) -> dict[Kind, Sequence[str]]:
    columns = (episodes.c.id, episodes.c.media, episodes.c.attempt)
    own = sa.select(*columns).where(episodes.c.listener_id == listener)
    rows = (await database.execute(own)).all()
    clips = sa.select(paid.c.media).where(paid.c.listener_id == listener, paid.c.media.is_not(None))
    media = [row.media for row in rows if row.media]
    media += [episode_key(row.id, row.attempt) for row in rows]
    media += (await database.execute(clips)).scalars().all()
    return {
        Kind.MEDIA: list(dict.fromkeys(media)),
        Kind.WORKFLOW: [workflow_key(row.id, row.attempt) for row in rows],
    }


async def _once(database: AsyncConnection, table: sa.Table, **row: Any) -> None:
    await database.execute(insert(database, table).values(row).on_conflict_do_nothing())


async def _wiping(database: AsyncConnection) -> None:
    """What SQLite deletes it overwrites, too."""
    if database.dialect.name == "sqlite":
        await database.exec_driver_sql("PRAGMA secure_delete=ON")
