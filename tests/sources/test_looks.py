"""The background job: turns, failures that wait, and what changes during a look."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.inbox.store import MailStore
from audiobrew.mail.limits import Limits
from audiobrew.mail.parsing.parser import ParserInProcess
from audiobrew.models.key_locks import KeyLocks
from audiobrew.sources import looks as looks_module
from audiobrew.sources.gmail.connection import GmailNotOffered
from audiobrew.sources.gmail.token_cipher import TokenCipher
from audiobrew.sources.imap.connection import PasswordRefused
from audiobrew.sources.looks import SourceLooks
from audiobrew.sources.source import (
    Delivery,
    MailSource,
    PasswordLost,
    ServerUnreachable,
    SourceKind,
    SourceState,
)
from audiobrew.sources.store import SourceStore
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener
from tests.sources.world import a_newsletter

Look = Callable[[MailSource, str, Delivery], Awaitable[bool]]


class Reader:
    """Looks as a test says."""

    every = timedelta(hours=1)
    secret_lost = PasswordLost

    def __init__(self, look: Look) -> None:
        self._look = look

    async def look(self, source: MailSource, secret: str, delivery: Delivery) -> bool:
        return await self._look(source, secret, delivery)


def make_looks(engine: AsyncEngine, look: Look) -> tuple[SourceStore, SourceLooks]:
    store = SourceStore(engine, TokenCipher({"k": bytes(32)}))
    parser = ParserInProcess(Limits())
    reader = Reader(look)
    locks = KeyLocks(engine, 30.0)
    kinds = dict.fromkeys(SourceKind, reader)
    return store, SourceLooks(store, MailStore(engine), parser, locks, kinds)


async def add(engine: AsyncEngine, store: SourceStore, name: str = "A") -> tuple[UUID, MailSource]:
    listener = await add_listener(ListenerStore(engine))
    return listener, await store.add(listener, SourceKind.IMAP, name, {"user": name}, "old")


async def test_a_long_look_goes_on_in_the_next_turn(engine: AsyncEngine) -> None:
    async def look(source: MailSource, secret: str, delivery: Delivery) -> bool:
        number = int((source.cursor or {"number": 0})["number"])
        await delivery.store([a_newsletter(number)], {"number": number + 1}, number + 1, 3)
        return number + 1 < 3

    store, looks = make_looks(engine, look)
    listener, source = await add(engine, store)
    await looks.run()

    source = await store.get(listener, source.id)
    assert (source.state, source.mails, source.new_mails) == (SourceState.UP_TO_DATE, 3, 3)


async def test_failures_wait_longer_each_time_and_do_not_stop_others(engine: AsyncEngine) -> None:
    async def look(source: MailSource, secret: str, delivery: Delivery) -> bool:
        if source.name == "bad":
            raise ServerUnreachable
        return False

    store, looks = make_looks(engine, look)
    listener, bad = await add(engine, store, "bad")
    good = await store.add(listener, SourceKind.IMAP, "good", {"user": "good"}, None)
    await looks.run()

    assert (await store.get(listener, bad.id)).state is SourceState.TROUBLE
    assert (await store.get(listener, good.id)).state is SourceState.UP_TO_DATE
    assert await store.due(10) == []


async def test_a_password_that_changes_during_a_look_is_tried(engine: AsyncEngine) -> None:
    secrets: list[str] = []

    async def look(source: MailSource, secret: str, delivery: Delivery) -> bool:
        secrets.append(secret)
        if secret == "old":
            await store.change(source.listener, source.id, None, "new")
            raise PasswordRefused
        return False

    store, looks = make_looks(engine, look)
    listener, source = await add(engine, store)
    await looks.run()

    assert secrets == ["old", "new"]
    assert (await store.get(listener, source.id)).state is SourceState.UP_TO_DATE


async def test_a_look_before_a_brew_waits_for_no_dead_source(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look(source: MailSource, secret: str, delivery: Delivery) -> bool:
        await asyncio.sleep(600)
        return False

    monkeypatch.setattr(looks_module, "ALL_SECONDS", 0.3)
    store, looks = make_looks(engine, look)
    listener, _ = await add(engine, store)
    async with asyncio.timeout(30):
        await looks.look_at_all(listener)


async def test_a_turn_that_hangs_ends(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look(source: MailSource, secret: str, delivery: Delivery) -> bool:
        await asyncio.sleep(600)
        return False

    monkeypatch.setattr(looks_module, "MAX_TURN_SECONDS", 0.3)
    store, looks = make_looks(engine, look)
    listener, source = await add(engine, store)
    await looks.run()

    assert (await store.get(listener, source.id)).state is SourceState.TROUBLE


async def test_a_crash_of_one_reader_is_a_sentence(engine: AsyncEngine) -> None:
    async def look(source: MailSource, secret: str, delivery: Delivery) -> bool:
        raise ZeroDivisionError

    store, looks = make_looks(engine, look)
    listener, source = await add(engine, store)
    await looks.run()

    source = await store.get(listener, source.id)
    assert source.state is SourceState.TROUBLE
    assert source.trouble == "AudioBrew could not read this source. It tries again later."


async def test_a_paused_source_stays_paused_with_a_new_password(engine: AsyncEngine) -> None:
    secrets: list[str] = []

    async def look(source: MailSource, secret: str, delivery: Delivery) -> bool:
        secrets.append(secret)
        return False

    store, looks = make_looks(engine, look)
    listener, source = await add(engine, store)
    await store.pause(listener, source.id)
    changed = await store.change(listener, source.id, None, "new")
    await looks.run()

    assert changed.state is SourceState.PAUSED
    assert secrets == []
    await store.resume(listener, source.id)
    await looks.run()
    assert secrets == ["new"]


async def test_a_server_that_lost_its_google_client_for_a_while_reads_gmail_again(
    engine: AsyncEngine,
) -> None:
    async def look(source: MailSource, secret: str, delivery: Delivery) -> bool:
        raise GmailNotOffered

    store, looks = make_looks(engine, look)
    listener, source = await add(engine, store)
    await looks.run()

    source = await store.get(listener, source.id)
    assert source.state is SourceState.TROUBLE
    assert source.trouble == str(GmailNotOffered())
