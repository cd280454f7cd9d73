import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.inbox.store import MailStore
from audiobrew.mail.limits import Limits
from audiobrew.mail.reader import read_mail
from audiobrew.sources.gmail.connection import (
    Connection,
    ConnectionState,
    GmailNotConnected,
    SyncCursor,
)
from audiobrew.sources.gmail.connection_store import Connections
from audiobrew.sources.gmail.mail_store import GmailMails
from audiobrew.sources.gmail.token_cipher import EncryptedSecret
from audiobrew.sources.store import save_progress
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener
from tests.serving import a_mail

SOON = datetime.now(UTC) + timedelta(days=1)  # read long before the last test of a session runs
VERIFIER = EncryptedSecret(b"verifier", "one")


def make_connection(listener: UUID, address: str = "ada@mail.example", hour: int = 8) -> Connection:
    """A connection that was made at this hour."""
    at = datetime(2026, 11, 23, hour, tzinfo=UTC)
    return Connection(
        listener, address, EncryptedSecret(f"token of {hour}".encode(), "one"), ("read",), at
    )


async def save_cursor(connections: Connections, listener: UUID) -> None:
    """As a look does that has read the label."""
    source = await connections.find_source(listener)
    assert source
    async with connections._engine.begin() as database:
        assert await save_progress(
            database, source.id, {"label": "Label_7", "history": "1007"}, 0, 0, 0
        )


@pytest.fixture
async def ada(engine: AsyncEngine) -> UUID:
    """A listener in the database; the room's own `ada` is a person with a mailbox."""
    return await add_listener(ListenerStore(engine))


@pytest.fixture
async def bob(engine: AsyncEngine) -> UUID:
    return await add_listener(ListenerStore(engine))


@pytest.fixture
def connections(engine: AsyncEngine) -> Connections:
    return Connections(engine)


@pytest.fixture
def messages(engine: AsyncEngine) -> GmailMails:
    return GmailMails(engine)


async def test_a_connection_is_saved_and_deleted(connections: Connections, ada: UUID) -> None:
    assert await connections.save(make_connection(ada)) is None
    assert await connections.get(ada) == make_connection(ada)
    await connections.delete(ada)

    with pytest.raises(GmailNotConnected):
        await connections.get(ada)


async def test_connecting_the_same_mailbox_again_keeps_its_sync_state(
    connections: Connections, messages: GmailMails, ada: UUID
) -> None:
    await connections.save(make_connection(ada))
    await connections.set_label(make_connection(ada), "Label_7")
    await save_cursor(connections, ada)
    await connections.require_reconnect(make_connection(ada))
    await messages.add(ada, "Label_7", "a1", None)

    before = await connections.save(make_connection(ada, hour=9))

    assert before and before.state is ConnectionState.RECONNECT
    assert await connections.get(ada) == replace(
        make_connection(ada, hour=9), label="Label_7", cursor=SyncCursor("Label_7", "1007")
    )
    assert await messages.messages_with_label(ada, "Label_7") == {"a1"}


async def test_connecting_another_mailbox_deletes_the_sync_state(
    connections: Connections, messages: GmailMails, ada: UUID, bob: UUID
) -> None:
    for listener in (ada, bob):
        await connections.save(make_connection(listener))
        await save_cursor(connections, listener)
        await messages.add(listener, "Label_7", "a1", None)

    await connections.save(make_connection(ada, address="other@mail.example"))

    assert await connections.get(ada) == make_connection(ada, address="other@mail.example")
    assert await messages.messages_with_label(ada, "Label_7") == set()
    assert await messages.messages_with_label(bob, "Label_7") == {"a1"}


async def test_changes_for_a_replaced_connection_are_ignored(
    connections: Connections, ada: UUID
) -> None:
    await connections.save(make_connection(ada))
    await connections.save(make_connection(ada, hour=9))
    await connections.require_reconnect(make_connection(ada))
    await connections.replace_token(make_connection(ada), EncryptedSecret(b"sealed anew", "two"))

    assert await connections.get(ada) == make_connection(ada, hour=9)


async def test_replacing_a_token_keeps_the_rest_of_the_connection(
    connections: Connections, ada: UUID
) -> None:
    await connections.save(make_connection(ada))
    await connections.replace_token(make_connection(ada), EncryptedSecret(b"sealed anew", "two"))
    await save_cursor(connections, ada)

    connection = await connections.get(ada)
    assert connection.token == EncryptedSecret(b"sealed anew", "two")
    assert connection.cursor == SyncCursor("Label_7", "1007")


async def test_a_consent_can_be_used_only_once(connections: Connections, ada: UUID) -> None:
    await connections.add_consent(ada, "state", VERIFIER, SOON)
    used = await asyncio.gather(*(connections.use_consent("state") for _ in range(4)))

    assert [consent for consent in used if consent] == [(ada, VERIFIER)]
    assert await connections.use_consent("state") is None


async def test_a_consent_expires(connections: Connections, ada: UUID) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    await connections.add_consent(ada, "state", VERIFIER, past)

    assert await connections.use_consent("state") is None
    assert await connections.use_consent("never begun") is None


async def test_deleting_a_connection_deletes_only_its_listeners_consents(
    connections: Connections, ada: UUID, bob: UUID
) -> None:
    for listener in (ada, bob):
        await connections.save(make_connection(listener))
        await connections.add_consent(listener, f"of {listener}", VERIFIER, SOON)
    await connections.delete(ada)

    assert await connections.use_consent(f"of {ada}") is None
    assert await connections.use_consent(f"of {bob}") == (bob, VERIFIER)
    assert await connections.get(bob) == make_connection(bob)


async def test_a_message_is_finished_under_every_label_it_carries(
    messages: GmailMails, ada: UUID, bob: UUID
) -> None:
    await messages.add(ada, "A", "a1", None)
    await messages.add(ada, "A", "a1", None)
    await messages.add_label(ada, "B", ["a1", "a2"])

    assert await messages.unfinished(ada, ["a3", "a1", "a2"]) == ["a3", "a2"]
    assert await messages.unfinished(bob, ["a1"]) == ["a1"]
    assert await messages.messages_with_label(ada, "B") == {"a1"}


async def test_a_label_lists_its_mails_newest_first_with_their_first_words(
    engine: AsyncEngine, messages: GmailMails, ada: UUID, bob: UUID
) -> None:
    one, two = await MailStore(engine).add(
        ada, [read_mail(a_mail(subject), limits=Limits()) for subject in ("One", "Two")]
    )
    for id, mail in (("a1", one.id), ("a2", two.id), ("a3", None)):
        await messages.add(ada, "A", id, mail)
    listed = await messages.list(ada, "A", 10, None)

    assert {mail.subject for mail in listed} == {"One", "Two"}
    assert listed[0].snippet.startswith("Beans are back in the shop on Tuesday")
    assert not listed[0].in_episode
    assert await messages.count(ada, "A") == 2
    assert await messages.list(ada, "A", 10, listed[0].id) == listed[1:]
    assert await messages.list(bob, "A", 10, None) == []
    await messages.remove_label(ada, "A", ["a1"])
    assert [mail.subject for mail in await messages.list(ada, "A", 10, None)] == ["Two"]


async def test_a_mail_that_was_deleted_here_is_not_fetched_again(
    engine: AsyncEngine, messages: GmailMails, ada: UUID
) -> None:
    [mail] = await MailStore(engine).add(ada, [read_mail(a_mail(), limits=Limits())])
    await messages.add(ada, "A", "a1", mail.id)
    await MailStore(engine).delete(ada, mail.id)

    assert await messages.unfinished(ada, ["a1"]) == []
    assert await messages.count(ada, "A") == 0
