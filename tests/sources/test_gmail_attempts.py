"""A Gmail message that kills the parser or the whole process is tried twice, and never again."""

import asyncio
import os
import sys
from pathlib import Path
from uuid import UUID

import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.inbox.store import MailStore
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import (
    MailParser,
    ParserInProcess,
    ParserUnavailable,
    ParseStopped,
)
from audiobrew.sources.gmail import mail_store as store
from audiobrew.sources.gmail.connection_store import Connections
from audiobrew.sources.gmail.mail_store import GmailMails
from audiobrew.sources.gmail.sync import MAX_ATTEMPTS, GmailSync
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener
from tests.serving import a_mail

pytestmark = pytest.mark.anyio


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


async def import_mail(engine: AsyncEngine, listener: UUID, parser: MailParser) -> UUID | None:
    reader = GmailSync(
        Connections(engine), GmailMails(engine), MailStore(engine), parser, Limits(), 9
    )
    return await reader._import(listener, "L", "m", a_mail())


async def is_known(engine: AsyncEngine, listener: UUID) -> bool:
    return not await GmailMails(engine).unfinished(listener, ["m"])


def test_sync_and_store_have_the_same_maximum_of_attempts() -> None:
    assert MAX_ATTEMPTS == store.MAX_ATTEMPTS


async def test_a_mail_that_killed_the_process_twice_is_not_parsed_again(
    engine: AsyncEngine,
) -> None:
    listener = await add_listener(ListenerStore(engine))
    messages = GmailMails(engine)
    for attempt in (1, 2):
        assert not await is_known(engine, listener)
        assert (
            await messages.begin_attempt(listener, "L", "m") == attempt
        )  # and then nothing: killed

    parser = Parser(None)
    assert await is_known(engine, listener)
    assert await import_mail(engine, listener, parser) is None
    assert parser.calls == 0


async def test_a_parse_that_is_stopped_is_tried_twice(engine: AsyncEngine) -> None:
    listener, parser = await add_listener(ListenerStore(engine)), Parser(ParseStopped())

    assert await import_mail(engine, listener, parser) is None
    assert parser.calls == MAX_ATTEMPTS
    assert await is_known(engine, listener)


async def test_a_failure_that_the_mail_did_not_cause_is_not_counted(engine: AsyncEngine) -> None:
    listener = await add_listener(ListenerStore(engine))
    for _ in range(5):
        with pytest.raises(ParserUnavailable):
            await import_mail(engine, listener, Parser(ParserUnavailable()))

    assert not await is_known(engine, listener)
    mail = await import_mail(engine, listener, Parser(None))
    await GmailMails(engine).add(listener, "L", "m", mail)
    assert mail
    assert await is_known(engine, listener)


async def test_an_attempt_is_recorded_before_the_parse_begins(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    """Run a process that is killed during a parse."""
    listener = await add_listener(ListenerStore(engine))
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
