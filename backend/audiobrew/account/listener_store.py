"""Listeners, their one-time codes and their sessions. Codes and tokens are stored as hashes only."""

from collections.abc import Sequence
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

# Listeners whose deletion has begun. Their rows may still exist, but they can no longer sign in.
BEING_DELETED = sa.select(deletions.c.listener_id)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """`idle_until`: when an unused browser session ends; None for a bearer token."""

    listener: UUID
    expires_at: datetime
    idle_until: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        return min(self.expires_at, self.idle_until or self.expires_at)


@dataclass(frozen=True, slots=True)
class ListedSession:
    """`client`: the browser, as its listener would call it; None if it is not known."""

    id: UUID
    token_hash: str
    created_at: datetime
    client: str | None


# The number of an advisory lock in Postgres.
_FIRST_LISTENER = 7_215_001


class ListenerStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def local(self) -> UUID:
        """The only listener of a single-machine installation. Created on the first call."""
        active = listeners.c.id.not_in(BEING_DELETED)
        first = (
            sa.select(listeners.c.id)
            .where(active)
            .order_by(listeners.c.created_at, listeners.c.id)
            .limit(1)
        )
        async with self._engine.connect() as database:
            listener: UUID | None = (await database.execute(first)).scalar_one_or_none()
        if listener:
            return listener
        # Two processes that start together create one listener: one statement checks and inserts, and on
        # Postgres, where two such statements would not see each other's row, they take turns.
        values = new_listener(uuid4())
        row = [sa.literal(value, column.type) for column, value in values.items()]
        none_exists = ~sa.exists(sa.select(listeners.c.id).where(active))
        query = listeners.insert().from_select(list(values), sa.select(*row).where(none_exists))
        async with self._engine.begin() as database:
            if database.dialect.name == "postgresql":
                await database.execute(sa.select(sa.func.pg_advisory_xact_lock(_FIRST_LISTENER)))
            await database.execute(query)
        return await self.local()

    async def join(self, id: UUID) -> bool:
        """Create the listener's row if there is none. False if the account was or is being deleted."""
        was_deleted = sa.or_(
            sa.exists().where(deletions.c.listener_id == id),
            sa.exists().where(tombstones.c.listener_hash == tombstone_hash(id)),
        )
        has_row = sa.exists().where(listeners.c.id == id)
        async with self._engine.begin() as database:
            deleted, exists = (await database.execute(sa.select(was_deleted, has_row))).one()
            if not deleted and not exists:
                new = insert(database, listeners).values(new_listener(id))
                await database.execute(new.on_conflict_do_nothing())
        return not deleted

    async def add_code(self, listener: UUID, code_hash: str, expires_at: datetime) -> None:
        """Store a one-time code. Also deletes expired codes."""
        expired = sign_in_codes.delete().where(sign_in_codes.c.expires_at < datetime.now(UTC))
        row = {"code_hash": code_hash, "listener_id": listener, "expires_at": expires_at}
        async with self._engine.begin() as database:
            await database.execute(expired)
            await database.execute(sign_in_codes.insert().values(row))

    async def use_code(self, code_hash: str) -> UUID | None:
        """Use up a code and return its listener. Of two simultaneous calls, one returns None."""
        deletion = (
            sign_in_codes.delete()
            .where(
                sign_in_codes.c.code_hash == code_hash,
                sign_in_codes.c.listener_id.not_in(BEING_DELETED),
                sign_in_codes.c.expires_at > datetime.now(UTC),
            )
            .returning(sign_in_codes.c.listener_id)
        )
        async with self._engine.begin() as database:
            return (await database.execute(deletion)).scalar_one_or_none()

    async def add_session(
        self,
        listener: UUID,
        token_hash: str,
        expires_at: datetime,
        idle_until: datetime | None = None,
        client: str = "",
    ) -> None:
        """Store a session. Also deletes expired sessions."""
        now = datetime.now(UTC)
        expired = sa.or_(sessions.c.expires_at < now, sessions.c.idle_until < now)
        row = {
            "token_hash": token_hash,
            "listener_id": listener,
            "expires_at": expires_at,
            "idle_until": idle_until,
            "id": uuid4(),
            "created_at": now,
            "client": client or None,
        }
        async with self._engine.begin() as database:
            await database.execute(sessions.delete().where(expired))
            await database.execute(sessions.insert().values(row))

    async def find_session(self, token_hash: str) -> StoredSession | None:
        query = sa.select(
            sessions.c.listener_id, sessions.c.expires_at, sessions.c.idle_until
        ).where(sessions.c.token_hash == token_hash, sessions.c.listener_id.not_in(BEING_DELETED))
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            return None
        idle_until = utc(row.idle_until) if row.idle_until else None
        return StoredSession(row.listener_id, utc(row.expires_at), idle_until)

    async def sessions(self, listener: UUID) -> Sequence[ListedSession]:
        """The sessions that have not ended, newest first. Those of older versions have no id, and are left
        out."""
        now = datetime.now(UTC)
        query = (
            sessions.select()
            .where(
                sessions.c.listener_id == listener,
                sessions.c.id.is_not(None),
                sessions.c.expires_at > now,
                sa.or_(sessions.c.idle_until.is_(None), sessions.c.idle_until > now),
            )
            .order_by(sessions.c.created_at.desc(), sessions.c.id)
        )
        async with self._engine.connect() as database:
            return [
                ListedSession(row.id, row.token_hash, utc(row.created_at), row.client)
                for row in await database.execute(query)
            ]

    async def end_other_sessions(self, listener: UUID, keep: str | None) -> None:
        """End all sessions of a listener, and withdraw the one-time codes. `keep`: the hash of one that
        stays."""
        others = sessions.c.listener_id == listener
        if keep is not None:
            others &= sessions.c.token_hash != keep
        codes = sign_in_codes.c.listener_id == listener
        async with self._engine.begin() as database:
            await database.execute(sessions.delete().where(others))
            await database.execute(sign_in_codes.delete().where(codes))

    async def extend_session(self, token_hash: str, idle_until: datetime) -> None:
        own = sessions.c.token_hash == token_hash
        async with self._engine.begin() as database:
            await database.execute(sessions.update().where(own).values(idle_until=idle_until))

    async def shorten_session(self, token_hash: str, expires_at: datetime) -> None:
        """Let a session end at this time, unless it ends sooner."""
        later = (sessions.c.token_hash == token_hash) & (sessions.c.expires_at > expires_at)
        async with self._engine.begin() as database:
            await database.execute(sessions.update().where(later).values(expires_at=expires_at))

    async def end_session(self, token_hash: str) -> None:
        """Ending a session that does not exist is not an error."""
        async with self._engine.begin() as database:
            await database.execute(sessions.delete().where(sessions.c.token_hash == token_hash))


async def lock_listener(database: AsyncConnection, listener: UUID) -> None:
    """Lock the listener until the transaction ends, so that limits on their rows can be counted safely.

    This must be the first statement of the transaction. Only then does SQLite take its write lock before
    it reads, and counts the current rows.

    Raises SignInNeeded if the listener does not exist.
    """
    own = listeners.c.id == listener
    if database.dialect.name == "postgresql":
        query = sa.select(listeners.c.id).where(own).with_for_update(key_share=True)
        exists = (await database.execute(query)).scalar_one_or_none() is not None
    else:
        unchanged = listeners.update().where(own).values(created_at=listeners.c.created_at)
        exists = bool((await database.execute(unchanged)).rowcount)
    if not exists:
        raise SignInNeeded


def tombstone_hash(id: UUID) -> str:
    """SHA-256 of a deleted listener's id, in hex: all that remains of the account."""
    return sha256(str(id).encode()).hexdigest()


def new_listener(id: UUID) -> "dict[sa.Column[Any], Any]":
    """The row of a new listener."""
    return {
        listeners.c.id: id,
        listeners.c.show_id: uuid4(),
        listeners.c.created_at: datetime.now(UTC),
    }
