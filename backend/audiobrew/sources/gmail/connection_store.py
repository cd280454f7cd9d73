"""Gmail connections, one a listener, and consents that were begun and not finished."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.tables import connections, consents, gmail_mails
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.sources.gmail.connection import (
    Connection,
    ConnectionState,
    GmailNotConnected,
    SyncCursor,
)
from audiobrew.sources.gmail.token_cipher import EncryptedSecret


class Connections:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def keep(self, connection: Connection) -> Connection | None:
        """In place of the one before, which is returned. What was read of another mailbox is forgotten."""
        before = await self.find(connection.listener)
        same = before is not None and before.address == connection.address
        values = _values(connection) | ({} if same else {"label": None, "history": None})
        theirs = gmail_mails.c.listener_id == connection.listener
        async with self._engine.begin() as database:
            if not same:
                await database.execute(gmail_mails.delete().where(theirs))
            new = insert(database, connections).values(listener_id=connection.listener, **values)
            await database.execute(
                new.on_conflict_do_update(index_elements=["listener_id"], set_=values)
            )
        return before

    async def find(self, listener: UUID) -> Connection | None:
        chosen = connections.select().where(connections.c.listener_id == listener)
        async with self._engine.connect() as database:
            row = (await database.execute(chosen)).one_or_none()
        return None if row is None else _connection(row)

    async def get(self, listener: UUID) -> Connection:
        """Raises GmailNotConnected."""
        found = await self.find(listener)
        if found is None:
            raise GmailNotConnected
        return found

    async def forget(self, listener: UUID) -> None:
        """With every consent that was begun, and what was read of Gmail; the mails stay."""
        async with self._engine.begin() as database:
            for table in (gmail_mails, consents, connections):
                await database.execute(table.delete().where(table.c.listener_id == listener))

    async def reseal(self, connection: Connection, token: EncryptedSecret) -> None:
        """The same token sealed anew, or a new one for it; unless it was connected anew meanwhile."""
        await self._change(connection, sealed=token.box, key_id=token.key_id)

    async def not_sealed_with(self, key_id: str) -> list[Connection]:
        """Those that another key sealed, and that are still of use."""
        useful = connections.c.state != ConnectionState.RECONNECT
        chosen = connections.select().where(connections.c.key_id != key_id, useful)
        async with self._engine.connect() as database:
            return [_connection(row) for row in await database.execute(chosen)]

    async def lost(self, connection: Connection) -> None:
        """Google no longer takes this token; unless it was connected anew meanwhile."""
        await self._change(connection, state=ConnectionState.RECONNECT)

    async def choose(self, connection: Connection, label: str | None) -> None:
        await self._change(connection, label=label)

    async def was_read(self, connection: Connection, mark: SyncCursor) -> None:
        told = f"{mark.history} {mark.label}"
        await self._change(connection, history=told, read_at=datetime.now(UTC))

    async def _change(self, connection: Connection, **values: Any) -> None:
        same = sa.and_(
            connections.c.listener_id == connection.listener,
            connections.c.connected_at == connection.connected_at,
        )
        async with self._engine.begin() as database:
            await database.execute(connections.update().where(same).values(values))

    async def begin_consent(
        self, listener: UUID, state: str, verifier: EncryptedSecret, expires: datetime
    ) -> None:
        """Kept until it is used; those that expired are cleared away."""
        row = {
            "state_hash": _hash(state),
            "listener_id": listener,
            "sealed": verifier.box,
            "key_id": verifier.key_id,
            "expires_at": expires,
        }
        old = consents.delete().where(consents.c.expires_at < datetime.now(UTC))
        async with self._engine.begin() as database:
            await database.execute(old)
            await database.execute(consents.insert().values(row))

    async def use_consent(self, state: str) -> tuple[UUID, EncryptedSecret] | None:
        """Whose it is, and its verifier. Of two who use it at once, one gets it."""
        used = consents.delete().where(consents.c.state_hash == _hash(state)).returning(*consents.c)
        async with self._engine.begin() as database:
            row = (await database.execute(used)).one_or_none()
        if row is None or utc(row.expires_at) < datetime.now(UTC):
            return None
        return row.listener_id, EncryptedSecret(row.sealed, row.key_id)


def _hash(state: str) -> str:
    return sha256(state.encode()).hexdigest()


def _values(connection: Connection) -> dict[str, Any]:
    return {
        "address": connection.address,
        "sealed": connection.token.box,
        "key_id": connection.token.key_id,
        "scopes": list(connection.scopes),
        "state": connection.state,
        "connected_at": connection.connected_at,
    }


def _connection(row: Any) -> Connection:
    history, _, label = (row.history or "").partition(" ")
    return Connection(
        row.listener_id,
        row.address,
        EncryptedSecret(row.sealed, row.key_id),
        tuple(row.scopes),
        utc(row.connected_at),
        ConnectionState(row.state),
        row.label,
        SyncCursor(label, history) if label else None,
    )
