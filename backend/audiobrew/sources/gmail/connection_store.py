"""Gmail connections, one for each listener, which are sources of kind `gmail`; and unfinished consents."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import lock_listener
from audiobrew.db.source_tables import consents, gmail_mails, mail_sources
from audiobrew.db.timestamps import utc
from audiobrew.sources.gmail.connection import (
    Connection,
    ConnectionState,
    GmailNotConnected,
    ReconnectNeeded,
)
from audiobrew.sources.gmail.token_cipher import EncryptedSecret
from audiobrew.sources.source import MailSource, SourceKind, SourceState
from audiobrew.sources.store import check_number, due_values, new_row, read_source


class Connections:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def save(self, connection: Connection) -> Connection | None:
        """Replace the listener's connection, whose next look is due at once, and return the old one.

        If it was for another mailbox, that source and its sync state are deleted. Raises TooManySources.
        """
        listener = connection.listener
        values: dict[str, Any] = {
            "sealed": connection.token.ciphertext,
            "key_id": connection.token.key_id,
            "created_at": connection.connected_at,
            **due_values(),
        }
        if connection.state is ConnectionState.RECONNECT:
            values |= RECONNECT_VALUES
        config = {"address": connection.address, "scopes": list(connection.scopes)}
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            existing = await _find(database, listener)
            replaced = Connection.of(existing) if existing else None
            if existing and replaced and replaced.address == connection.address:
                values["config"] = {**existing.config, **config}
                change = mail_sources.update().where(mail_sources.c.id == existing.id)
                await database.execute(change.values(values))
                return replaced
            await database.execute(gmail_mails.delete().where(_own(gmail_mails, listener)))
            await database.execute(mail_sources.delete().where(_own_gmail(listener)))
            await check_number(database, listener)
            row = new_row(connection.connected_at) | values
            row |= {"id": uuid4(), "listener_id": listener, "kind": SourceKind.GMAIL}
            row |= {
                "name": connection.address or "Gmail",
                "config": config | {"keeps_others": True},
            }
            await database.execute(mail_sources.insert().values(row))
        return replaced

    async def find_source(self, listener: UUID) -> MailSource | None:
        async with self._engine.connect() as database:
            return await _find(database, listener)

    async def find(self, listener: UUID) -> Connection | None:
        source = await self.find_source(listener)
        return None if source is None else Connection.of(source)

    async def get(self, listener: UUID) -> Connection:
        """Raises GmailNotConnected."""
        connection = await self.find(listener)
        if connection is None:
            raise GmailNotConnected
        return connection

    async def delete(self, listener: UUID) -> None:
        """Delete the connection, its unfinished consents and its sync state. The imported mails stay."""
        async with self._engine.begin() as database:
            await database.execute(mail_sources.delete().where(_own_gmail(listener)))
            for table in (gmail_mails, consents):
                await database.execute(table.delete().where(_own(table, listener)))

    async def replace_token(self, connection: Connection, token: EncryptedSecret) -> None:
        """Store a new token, or the same one encrypted with another key."""
        await self._update(connection, sealed=token.ciphertext, key_id=token.key_id)

    async def require_reconnect(self, connection: Connection) -> None:
        """Record that Google rejects this token."""
        await self._update(connection, **RECONNECT_VALUES)

    async def set_label(self, connection: Connection, label: str | None) -> None:
        """Read another label from now on, or once the source is resumed: None stands for the one named
        AudioBrew."""
        source = await self.find_source(connection.listener)
        if source:
            config = {**source.config, "label": label}
            due = {} if source.state is SourceState.PAUSED else due_values()
            await self._update(connection, config=config, **due)

    async def _update(self, connection: Connection, **values: Any) -> None:
        """Does nothing if the listener has connected Gmail again since."""
        same = _own_gmail(connection.listener) & (
            mail_sources.c.created_at == connection.connected_at
        )
        async with self._engine.begin() as database:
            await database.execute(mail_sources.update().where(same).values(values))

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


async def _find(database: AsyncConnection, listener: UUID) -> MailSource | None:
    row = (await database.execute(mail_sources.select().where(_own_gmail(listener)))).first()
    return None if row is None else read_source(row)


def _own(table: sa.Table, listener: UUID) -> sa.ColumnElement[bool]:
    return table.c.listener_id == listener


def _own_gmail(listener: UUID) -> sa.ColumnElement[bool]:
    return _own(mail_sources, listener) & (mail_sources.c.kind == SourceKind.GMAIL)


RECONNECT_VALUES = {
    "state": SourceState.STOPPED,
    "trouble": str(ReconnectNeeded()),
    "trouble_type": f"/problems/{ReconnectNeeded.type}",
    "next_at": None,
}
