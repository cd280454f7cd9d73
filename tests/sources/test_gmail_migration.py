"""A Gmail connection of an older version becomes a source, without another consent."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import command
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.engine import alembic_config, migrate, open_database, sqlalchemy_url
from audiobrew.db.source_tables import connections, gmail_mails, source_mails
from audiobrew.inbox.store import MailStore
from audiobrew.mail.limits import Limits
from audiobrew.mail.reader import read_mail
from audiobrew.settings import Settings
from audiobrew.sources.gmail.connection import ConnectionState, SyncCursor
from audiobrew.sources.gmail.connection_store import Connections
from audiobrew.sources.gmail.token_cipher import REFRESH_TOKEN, TokenCipher
from audiobrew.sources.store import SourceStore
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener
from tests.serving import a_mail
from tests.settings_factory import make_settings

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
CIPHER = TokenCipher({"k": bytes(32)})


def old_row(listener: UUID, state: str, **values: Any) -> dict[str, Any]:
    token = CIPHER.encrypt(REFRESH_TOKEN, listener, b"1//token")
    return {
        "listener_id": listener,
        "address": "ada@mail.example",
        "sealed": token.ciphertext,
        "key_id": token.key_id,
        "scopes": ["read"],
        "state": state,
        "connected_at": AT,
        **values,
    }


async def add_listeners(engine: AsyncEngine) -> tuple[UUID, UUID, UUID]:
    """Two listeners, and a mail of the first one."""
    ada, bob = [await add_listener(ListenerStore(engine)) for _ in range(2)]
    [mail] = await MailStore(engine).add(ada, [read_mail(a_mail(), limits=Limits())])
    return ada, bob, mail.id


async def store_old_connections(engine: AsyncEngine, ada: UUID, bob: UUID, mail: UUID) -> None:
    """As version 0035 had them: one that was read, and one without consent."""
    read = {"label": "Label_7", "history": "1007 Label_7", "read_at": AT}
    async with engine.begin() as database:
        await database.execute(connections.insert().values(old_row(ada, "connected", **read)))
        await database.execute(connections.insert().values(old_row(bob, "reconnect")))
        for label in ("Label_7", "Label_8"):
            row = {"listener_id": ada, "message": "a1", "label": label, "mail_id": mail}
            await database.execute(gmail_mails.insert().values(row))


async def test_connections_become_sources(tmp_path: Path) -> None:
    settings: Settings = make_settings(data=tmp_path)
    await migrate(settings)
    engine = open_database(settings)
    ada, bob, mail = await add_listeners(engine)
    await engine.dispose()
    command.downgrade(alembic_config(sqlalchemy_url(settings), settings.database_schema), "0035")
    engine = open_database(settings)
    await store_old_connections(engine, ada, bob, mail)
    await engine.dispose()
    await migrate(settings)
    engine = open_database(settings)

    store, gmail = SourceStore(engine, CIPHER), Connections(engine)
    [source] = await store.list(ada)
    connection, without_consent = await gmail.get(ada), await gmail.get(bob)
    assert store.password(source) == "1//token"
    assert (source.kind, source.name, source.mails) == ("gmail", "ada@mail.example", 1)
    assert (connection.state, connection.label) == (ConnectionState.CONNECTED, "Label_7")
    assert connection.cursor == SyncCursor("Label_7", "1007")
    assert connection.connected_at == AT
    assert without_consent.state is ConnectionState.RECONNECT
    assert [one.listener for one in await store.due(10)] == [ada]
    async with engine.begin() as database:
        assert (await database.execute(sa.select(connections))).all() == []
        links = await database.execute(sa.select(source_mails.c.source_id))
        assert links.scalars().all() == [source.id]
    await engine.dispose()
