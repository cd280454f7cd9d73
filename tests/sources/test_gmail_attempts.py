"""A Gmail message that kills the parser or the whole process is tried twice, and never again."""

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
import sqlalchemy as sa
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.source_tables import gmail_mails
from audiobrew.inbox.store import MailStore
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import (
    MailParser,
    ParserInProcess,
    ParserUnavailable,
    ParseStopped,
)
from audiobrew.models.key_locks import KeyLocks
from audiobrew.sources.gmail.connection import Connection, ReconnectNeeded
from audiobrew.sources.gmail.connection_store import Connections
from audiobrew.sources.gmail.mail_store import MAX_ATTEMPTS, GmailMails
from audiobrew.sources.gmail.mailbox import GmailMailbox
from audiobrew.sources.gmail.sync import GmailSync
from audiobrew.sources.gmail.token_cipher import REFRESH_TOKEN, TokenCipher
from audiobrew.sources.looks import SourceLooks
from audiobrew.sources.source import Delivery, MailSource
from audiobrew.sources.store import SourceStore
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener
from tests.serving import a_mail

pytestmark = pytest.mark.anyio
CIPHER = TokenCipher({"k": bytes(32)})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Parser:
    """Raises or returns what the test says for each mail, and counts the calls."""

    def __init__(self, trouble: BaseException | None) -> None:
        self.trouble = trouble
        self.calls = 0

    async def parse(self, take: object) -> Newsletter:
        self.calls += 1
        if self.trouble:
            raise self.trouble
        return await ParserInProcess(Limits()).parse(take)  # type: ignore[arg-type]


class Mailbox:
    """Has these messages, under one label."""

    def __init__(self, connection: Connection, ids: Sequence[str]) -> None:
        self.connection = connection
        self.ids = ids

    async def history(self) -> str:
        return "7"

    async def messages(self, label: str, limit: int) -> list[str]:
        return list(self.ids)

    async def larger_than(self, label: str, bytes_: int, limit: int) -> set[str]:
        return set()

    async def raw(self, message: str) -> bytes:
        return a_mail()


class Reader:
    every = timedelta(hours=1)
    secret_lost = ReconnectNeeded

    def __init__(self, engine: AsyncEngine, ids: Sequence[str]) -> None:
        self._sync = GmailSync(GmailMails(engine), Limits(), 9)
        self._ids = ids

    async def look(self, source: MailSource, secret: str, delivery: Delivery) -> bool:
        mailbox = cast(GmailMailbox, Mailbox(Connection.of(source), self._ids))
        return await self._sync.run(mailbox, "L", delivery)


async def connect(engine: AsyncEngine) -> UUID:
    """A new listener, with Gmail."""
    listener = await add_listener(ListenerStore(engine))
    token = CIPHER.encrypt(REFRESH_TOKEN, listener, b"token")
    connection = Connection(listener, "ada@mail.example", token, (), datetime.now(UTC))
    await Connections(engine).save(connection)
    return listener


async def import_mail(
    engine: AsyncEngine, listener: UUID, parser: MailParser, ids: Sequence[str] = ("m",)
) -> None:
    """As a look does."""
    source = await Connections(engine).find_source(listener)
    assert source
    store = SourceStore(engine, CIPHER)
    looks = SourceLooks(store, MailStore(engine), parser, KeyLocks(engine, 0.1), {})
    await looks.read(source, Reader(engine, ids))


async def count_mails(engine: AsyncEngine, listener: UUID) -> int:
    return await GmailMails(engine).count(listener, "L")


async def is_known(engine: AsyncEngine, listener: UUID) -> bool:
    return not await GmailMails(engine).unfinished(listener, ["m"])


async def test_a_mail_that_killed_the_process_twice_is_not_parsed_again(
    engine: AsyncEngine,
) -> None:
    listener = await connect(engine)
    messages = GmailMails(engine)
    for attempt in (1, 2):
        assert not await is_known(engine, listener)
        assert (
            await messages.begin_attempt(listener, "L", "m") == attempt
        )  # and then nothing: killed

    parser = Parser(None)
    assert await is_known(engine, listener)
    await import_mail(engine, listener, parser)
    assert parser.calls == 0


async def test_a_parse_that_is_stopped_is_tried_twice(engine: AsyncEngine) -> None:
    listener, parser = await connect(engine), Parser(ParseStopped())

    await import_mail(engine, listener, parser)
    assert parser.calls == MAX_ATTEMPTS
    assert await is_known(engine, listener)


async def test_a_failure_that_the_mail_did_not_cause_is_not_counted(engine: AsyncEngine) -> None:
    listener = await connect(engine)
    for _ in range(5):
        with pytest.raises(ParserUnavailable):
            await import_mail(engine, listener, Parser(ParserUnavailable()))

    assert not await is_known(engine, listener)
    await import_mail(engine, listener, Parser(None))
    assert await count_mails(engine, listener) == 1
    assert await is_known(engine, listener)


async def test_an_attempt_is_recorded_before_the_parse_begins(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    """Run a process that is killed during a parse."""
    listener = await connect(engine)
    program = f"""
import asyncio, os
from pathlib import Path
from uuid import UUID
from audiobrew.db.engine import open_database
from tests.sources.test_gmail_attempts import Parser, import_mail
from tests.settings_factory import make_settings

class Deadly(Parser):
    async def parse(self, take):
        os.kill(os.getpid(), 9)

engine = open_database(make_settings(data=Path({str(tmp_path)!r})))
asyncio.run(import_mail(engine, UUID({str(listener)!r}), Deadly(None)))
"""
    root = Path(__file__).parents[2]
    for _ in range(2):
        assert not await is_known(engine, listener)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, env={**os.environ, "PYTHONPATH": str(root)}, cwd=root
        )
        assert await process.wait() == -9

    assert await is_known(engine, listener)


async def test_a_mail_that_waits_for_another_has_no_attempt(engine: AsyncEngine) -> None:
    """Otherwise, two deaths of the process would give up all mails that were fetched."""
    attempts = sa.select(sa.func.count()).where(gmail_mails.c.attempts > 0)
    counts: list[int] = []

    class Counter(Parser):
        async def parse(self, take: object) -> Newsletter:
            async with engine.connect() as database:
                counts.append((await database.execute(attempts)).scalar_one())
            return await super().parse(take)

    listener = await connect(engine)
    await import_mail(engine, listener, Counter(None), ("a", "b", "c", "d"))

    assert counts == [1, 1, 1, 1]
