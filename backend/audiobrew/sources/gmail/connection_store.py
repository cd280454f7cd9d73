"""Gmail connections, one for each listener, and unfinished consents."""

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

    async def save(self, connection: Connection) -> Connection | None:
        """Replace the listener's connection, and return the old one.

        If it was for another mailbox, the sync state of that mailbox is deleted.
        """
        replaced = await self.find(connection.listener)
        same_mailbox = replaced is not None and replaced.address == connection.address
        values = {
            "address": connection.address,
            "sealed": connection.token.ciphertext,
            "key_id": connection.token.key_id,
            "scopes": list(connection.scopes),
            "state": connection.state,
            "connected_at": connection.connected_at,
        }
        if not same_mailbox:
            values |= {"label": None, "history": None}
        own_mails = gmail_mails.c.listener_id == connection.listener
        async with self._engine.begin() as database:
            if not same_mailbox:
                await database.execute(gmail_mails.delete().where(own_mails))
            new = insert(database, connections).values(listener_id=connection.listener, **values)
            await database.execute(
                new.on_conflict_do_update(index_elements=["listener_id"], set_=values)
            )
        return replaced

    async def find(self, listener: UUID) -> Connection | None:
        query = connections.select().where(connections.c.listener_id == listener)
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        return None if row is None else _connection(row)

    async def get(self, listener: UUID) -> Connection:
        """Raises GmailNotConnected."""
        connection = await self.find(listener)
        if connection is None:
            raise GmailNotConnected
        return connection

    async def delete(self, listener: UUID) -> None:
        """Delete the connection, its unfinished consents and its sync state. The imported mails stay."""
        async with self._engine.begin() as database:
            for table in (gmail_mails, consents, connections):
                await database.execute(table.delete().where(table.c.listener_id == listener))

    async def replace_token(self, connection: Connection, token: EncryptedSecret) -> None:
        """Store a new token, or the same one encrypted with another key."""
        await self._update(connection, sealed=token.ciphertext, key_id=token.key_id)

    async def encrypted_with_other_keys(self, key_id: str) -> list[Connection]:
        """Connections whose token was encrypted with another key. Those that need a new consent are left
        out: their tokens are useless."""
        usable = connections.c.state != ConnectionState.RECONNECT
        query = connections.select().where(connections.c.key_id != key_id, usable)
        async with self._engine.connect() as database:
            return [_connection(row) for row in await database.execute(query)]

    async def require_reconnect(self, connection: Connection) -> None:
        """Record that Google rejects this token."""
        await self._update(connection, state=ConnectionState.RECONNECT)

    async def set_label(self, connection: Connection, label: str | None) -> None:
        await self._update(connection, label=label)

    async def save_cursor(self, connection: Connection, cursor: SyncCursor) -> None:
        history = f"{cursor.history} {cursor.label}"
        await self._update(connection, history=history, read_at=datetime.now(UTC))

    async def _update(self, connection: Connection, **values: Any) -> None:
        """Does nothing if the listener has connected Gmail again since."""
        same = sa.and_(
            connections.c.listener_id == connection.listener,
            connections.c.connected_at == connection.connected_at,
        )
        async with self._engine.begin() as database:
            await database.execute(connections.update().where(same).values(values))

    async def add_consent(
        self, listener: UUID, state: str, verifier: EncryptedSecret, expires: datetime
    ) -> None:
        """Store a consent until it is used. Also deletes expired consents."""
        row = {
            "state_hash": _hash(state),
            "listener_id": listener,
            "sealed": verifier.ciphertext,
            "key_id": verifier.key_id,
            "expires_at": expires,
        }
        expired = consents.delete().where(consents.c.expires_at < datetime.now(UTC))
        async with self._engine.begin() as database:
            await database.execute(expired)
            await database.execute(consents.insert().values(row))

    async def use_consent(self, state: str) -> tuple[UUID, EncryptedSecret] | None:
        """Use up a consent: its listener and its PKCE verifier. Of two simultaneous calls, one gets it."""
        own = consents.c.state_hash == _hash(state)
        deletion = consents.delete().where(own).returning(*consents.c)
        async with self._engine.begin() as database:
            row = (await database.execute(deletion)).one_or_none()
        if row is None or utc(row.expires_at) < datetime.now(UTC):
            return None
        return row.listener_id, EncryptedSecret(row.sealed, row.key_id)


def _hash(state: str) -> str:
    return sha256(state.encode()).hexdigest()


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
