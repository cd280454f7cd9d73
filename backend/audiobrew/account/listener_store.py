"""Listeners, their one-time codes and their sessions. Only hashes of what opens a door are kept."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.tables import deletions, listeners, sessions, sign_in_codes, tombstones
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.problems import SignInNeeded

LEAVING = sa.select(deletions.c.listener_id)
"""Whoever is on the way out: their rows are still there, and open nothing any more."""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """`idle_until`: the end of a browser session that nobody uses; a token's has none."""

    listener: UUID
    expires_at: datetime
    idle_until: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        return min(self.expires_at, self.idle_until or self.expires_at)


class Listeners:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def local(self) -> UUID:
        """The one listener of this machine, made at the first start."""
        first = sa.select(listeners.c.id).order_by(listeners.c.created_at, listeners.c.id).limit(1)
        first = first.where(listeners.c.id.not_in(LEAVING))
        async with self._engine.connect() as database:
            found: UUID | None = (await database.execute(first)).scalar_one_or_none()
        if found:
            return found
        await self._add_first()
        return await self.local()

    async def _add_first(self) -> None:
        """In one statement, so that of two processes that start together one makes it."""
        new = _new(uuid4())
        row = [sa.literal(value, column.type) for column, value in new.items()]
        staying = sa.select(listeners.c.id).where(listeners.c.id.not_in(LEAVING))
        nobody = ~sa.exists(staying)
        query = listeners.insert().from_select(list(new), sa.select(*row).where(nobody))
        async with self._engine.begin() as database:
            await database.execute(query)

    async def join(self, id: UUID) -> bool:
        """Make this listener's row at first sight. False for one who was deleted or is leaving."""
        gone = sa.or_(
            sa.exists().where(deletions.c.listener_id == id),
            sa.exists().where(tombstones.c.listener_hash == tombstone(id)),
        )
        known = sa.exists().where(listeners.c.id == id)
        async with self._engine.begin() as database:
            left, here = (await database.execute(sa.select(gone, known))).one()
            if not left and not here:
                await database.execute(
                    insert(database, listeners).values(_new(id)).on_conflict_do_nothing()
                )
        return not left

    async def keep_code(self, listener: UUID, code_hash: str, expires_at: datetime) -> None:
        """Codes that expired are forgotten on the way."""
        expired = sign_in_codes.delete().where(sign_in_codes.c.expires_at < datetime.now(UTC))
        row = {"code_hash": code_hash, "listener_id": listener, "expires_at": expires_at}
        async with self._engine.begin() as database:
            await database.execute(expired)
            await database.execute(sign_in_codes.insert().values(row))

    async def use_code(self, code_hash: str) -> UUID | None:
        """Whose code this is, once: of two who come at the same moment, one gets None."""
        used = (
            sign_in_codes.delete()
            .where(
                sign_in_codes.c.code_hash == code_hash,
                sign_in_codes.c.listener_id.not_in(LEAVING),
                sign_in_codes.c.expires_at > datetime.now(UTC),
            )
            .returning(sign_in_codes.c.listener_id)
        )
        async with self._engine.begin() as database:
            return (await database.execute(used)).scalar_one_or_none()

    async def keep_session(
        self,
        listener: UUID,
        token_hash: str,
        expires_at: datetime,
        idle_until: datetime | None = None,
    ) -> None:
        """Sessions that ended are forgotten on the way."""
        now = datetime.now(UTC)
        ended = sa.or_(sessions.c.expires_at < now, sessions.c.idle_until < now)
        row = {"token_hash": token_hash, "listener_id": listener, "expires_at": expires_at}
        async with self._engine.begin() as database:
            await database.execute(sessions.delete().where(ended))
            await database.execute(sessions.insert().values(row | {"idle_until": idle_until}))

    async def session(self, token_hash: str) -> StoredSession | None:
        """Whose session this is and when it ends."""
        chosen = sa.select(
            sessions.c.listener_id, sessions.c.expires_at, sessions.c.idle_until
        ).where(sessions.c.token_hash == token_hash, sessions.c.listener_id.not_in(LEAVING))
        async with self._engine.connect() as database:
            row = (await database.execute(chosen)).one_or_none()
        if row is None:
            return None
        idle_until = utc(row.idle_until) if row.idle_until else None
        return StoredSession(row.listener_id, utc(row.expires_at), idle_until)

    async def extend_session(self, token_hash: str, idle_until: datetime) -> None:
        own = sessions.c.token_hash == token_hash
        async with self._engine.begin() as database:
            await database.execute(sessions.update().where(own).values(idle_until=idle_until))

    async def shorten_session(self, token_hash: str, expires_at: datetime) -> None:
        """It ends then, unless it ends sooner."""
        later = (sessions.c.token_hash == token_hash) & (sessions.c.expires_at > expires_at)
        async with self._engine.begin() as database:
            await database.execute(sessions.update().where(later).values(expires_at=expires_at))

    async def end_session(self, token_hash: str) -> None:
        """Ending what has ended is no error."""
        async with self._engine.begin() as database:
            await database.execute(sessions.delete().where(sessions.c.token_hash == token_hash))


async def lock_listener(database: AsyncConnection, listener: UUID) -> None:
    """Until this transaction ends, others that lock the same listener wait: for limits that are counted.

    It has to be the transaction's first statement: SQLite then waits, too, and counts what is there now.
    Raises SignInNeeded for one who is gone.
    """
    own = listeners.c.id == listener
    if database.dialect.name == "postgresql":
        held = sa.select(listeners.c.id).where(own).with_for_update(key_share=True)
        found = (await database.execute(held)).scalar_one_or_none() is not None
    else:
        same = listeners.update().where(own).values(created_at=listeners.c.created_at)
        found = bool((await database.execute(same)).rowcount)
    if not found:
        raise SignInNeeded


def tombstone(id: UUID) -> str:
    """What is kept of a listener who was deleted."""
    return sha256(str(id).encode()).hexdigest()


def _new(id: UUID) -> "dict[sa.Column[Any], Any]":
    return {
        listeners.c.id: id,
        listeners.c.show_id: uuid4(),
        listeners.c.created_at: datetime.now(UTC),
    }
