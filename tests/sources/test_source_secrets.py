"""Passwords of mailboxes: encrypted, bound to their listener, and encrypted again with a new key."""

import os
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.source_tables import mail_sources
from audiobrew.sources.gmail.token_cipher import DecryptionFailed, TokenCipher
from audiobrew.sources.source import MailSource, SourceKind
from audiobrew.sources.store import SourceStore, rotate_keys
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener

PASSWORD = "abcd-efgh"
OLD, NEW = os.urandom(32), os.urandom(32)


async def add(engine: AsyncEngine, keys: dict[str, bytes]) -> tuple[SourceStore, MailSource]:
    listener = await add_listener(ListenerStore(engine))
    store = SourceStore(engine, TokenCipher(keys))
    config = {"host": "imap.mail.example", "user": str(uuid4())}
    return store, await store.add(listener, SourceKind.IMAP, "Mailbox", config, PASSWORD)


async def test_a_password_is_not_readable_in_the_database(engine: AsyncEngine) -> None:
    store, source = await add(engine, {"old": OLD})
    async with engine.connect() as database:
        rows = (await database.execute(mail_sources.select())).all()

    assert PASSWORD not in str(rows)
    assert store.password(source) == PASSWORD


async def test_a_password_copied_to_another_listener_is_useless(engine: AsyncEngine) -> None:
    store, source = await add(engine, {"old": OLD})
    other = await add_listener(ListenerStore(engine))
    async with engine.begin() as database:
        await database.execute(sa.update(mail_sources).values(listener_id=other))

    with pytest.raises(DecryptionFailed):
        store.password(await store.get(other, source.id))


async def test_passwords_are_encrypted_again_with_the_newest_key(engine: AsyncEngine) -> None:
    _, source = await add(engine, {"old": OLD})
    _, lost = await add(engine, {"lost": os.urandom(32)})
    store = SourceStore(engine, TokenCipher({"new": NEW, "old": OLD}))

    first, second = await rotate_keys(store), await rotate_keys(store)

    assert (first.reencrypted, first.undecryptable) == (1, 1)
    assert second.reencrypted == 0
    newest = SourceStore(engine, TokenCipher({"new": NEW}))
    assert newest.password(await newest.get(source.listener, source.id)) == PASSWORD
    with pytest.raises(DecryptionFailed):
        newest.password(await newest.get(UUID(str(lost.listener)), lost.id))
