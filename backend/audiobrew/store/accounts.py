"""Accounts: a listener's preferences, and what is left of a listener on the way out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.store.before import OLD_TABLES
from audiobrew.store.listeners import tombstone
from audiobrew.store.moment import utc
from audiobrew.store.tables import (
    connections,
    deletions,
    episodes,
    feed_tokens,
    listeners,
    paid,
    tombstones,
)

TOKENS_LIVE = timedelta(days=7)
"""No token of Supabase's lives longer, so that no tombstone is needed longer."""


@dataclass(frozen=True, slots=True)
class Account:
    """Preferences are kept as they were sent; whoever reads them knows their defaults."""

    id: UUID
    created_at: datetime
    preferences: dict[str, Any]
    mailbox: bool  # whether one is connected


@dataclass(frozen=True, slots=True)
class Paid:
    """One paid-once entry, and where its bytes are, if it has any."""

    key: str
    media: str | None


class KeptAccounts:
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

    async def episodes(self, listener: UUID) -> list[UUID]:
        chosen = sa.select(episodes.c.id).where(episodes.c.listener_id == listener)
        async with self._engine.connect() as database:
            return list((await database.execute(chosen)).scalars())

    async def paid(self, listener: UUID, limit: int) -> list[Paid]:
        """Some of this listener's paid-once entries."""
        chosen = sa.select(paid.c.key, paid.c.media).where(paid.c.listener_id == listener)
        async with self._engine.connect() as database:
            return [Paid(*row) for row in await database.execute(chosen.limit(limit))]

    async def forget_paid(self, entries: Sequence[Paid]) -> None:
        keys = [entry.key for entry in entries]
        async with self._engine.begin() as database:
            await database.execute(paid.delete().where(paid.c.key.in_(keys)))

    async def erase(self, listener: UUID) -> None:
        """Everything in our tables: each row of a listener's goes with theirs."""
        async with self._engine.begin() as database:
            await _wiping(database)
            await database.execute(listeners.delete().where(listeners.c.id == listener))

    async def erase_old(self, listener: UUID) -> None:
        """The rows of the application before, as far as they are there and ours to delete.

        What is not ours to delete goes with the listener's user at Supabase, to which it refers.
        """
        if self._engine.dialect.name != "postgresql":
            return
        async with self._engine.begin() as database:
            for old in OLD_TABLES:
                if await may_delete(database, old.fullname):
                    await database.execute(old.delete().where(old.c.user_id == listener))

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


async def _once(database: AsyncConnection, table: sa.Table, **row: Any) -> None:
    insert = postgresql.insert if database.dialect.name == "postgresql" else sqlite.insert
    await database.execute(insert(table).values(row).on_conflict_do_nothing())


async def _wiping(database: AsyncConnection) -> None:
    """What SQLite deletes it overwrites, too."""
    if database.dialect.name == "sqlite":
        await database.exec_driver_sql("PRAGMA secure_delete=ON")


async def may_delete(database: AsyncConnection, table: str) -> bool:
    """Whether this table is there, and its rows ours to delete."""
    asked = sa.text(
        "select to_regclass(:name) is not null"
        " and has_schema_privilege('public', 'usage')"
        " and has_table_privilege(to_regclass(:name), 'select')"
        " and has_table_privilege(to_regclass(:name), 'delete')"
    )
    return bool((await database.execute(asked, {"name": table})).scalar_one())
