"""Mail servers that hang, lie, or break the connection."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from audiobrew.sources.guarded_network import PrivateAddress
from audiobrew.sources.imap import connection, reader
from audiobrew.sources.imap.connection import (
    EncryptionRefused,
    LiteralTooLarge,
    MailServers,
    MailServerTrouble,
    Security,
)
from audiobrew.sources.imap.reader import ImapReader
from audiobrew.sources.source import (
    Cursor,
    MailSource,
    ServerUnreachable,
    SourceKind,
    SourceState,
)

from tests.standins.lying_imap import lying_server


class Kept:
    """A delivery that keeps what it gets."""

    is_over = False

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.cursor: Cursor | None = None
        self.progress: list[tuple[int, int]] = []

    async def store(self, mails: list[bytes], cursor: Cursor, position: int, total: int) -> None:
        self.mails += mails
        self.cursor = cursor
        self.progress.append((position, total))


def make_source(port: int, cursor: Cursor | None, failures: int) -> MailSource:
    config = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "user": "ada",
        "folder": "INBOX",
    }
    return MailSource(
        id=uuid4(),
        listener=uuid4(),
        kind=SourceKind.IMAP,
        name="Mailbox",
        config=config,
        secret=None,
        state=SourceState.WAITING,
        trouble=None,
        trouble_type=None,
        cursor=cursor,
        failures=failures,
        looked_at=None,
        succeeded_at=None,
        mails=0,
        new_mails=0,
        position=0,
        total=0,
        created_at=datetime.now(UTC),
    )


async def read_all(port: int, kept: Kept, looks: int = 12) -> int:
    """Look as often as the background job would. Returns how many looks it took."""
    imap = ImapReader(MailServers(allow_private=True, max_mail_bytes=10**6), 10**6)
    failures = 0
    for number in range(1, looks + 1):
        try:
            if not await imap.look(make_source(port, kept.cursor, failures), "secret", kept):
                return number
        except MailServerTrouble:
            failures += 1
    raise AssertionError("the source is never read to its end")


def issues(kept: Kept) -> list[bytes]:
    return sorted(mail.partition(b"Subject: ")[2].partition(b"\r\n")[0] for mail in kept.mails)


async def test_an_honest_server_is_read() -> None:
    kept = Kept()
    with lying_server(mails=60) as server:
        assert await read_all(server.port, kept) == 1
    assert len(kept.mails) == 60


async def test_progress_is_told_of_the_whole_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "WINDOW", 20)
    kept = Kept()
    with lying_server(mails=60) as server:
        await read_all(server.port, kept)
    *during, last = kept.progress
    assert {total for _, total in during} == {60}
    assert [position for position, _ in during] == sorted(position for position, _ in during)
    assert (during[-1], last) == ((60, 60), (0, 0))


@pytest.mark.parametrize("lie", ["huge", "drop"])
async def test_one_poisonous_mail_does_not_hide_the_others(lie: str) -> None:
    kept = Kept()
    with lying_server(lie, mails=5, poison=3) as server:
        await read_all(server.port, kept)
    assert issues(kept) == [b"Issue 1", b"Issue 2", b"Issue 4", b"Issue 5"]


async def test_a_mail_that_is_too_large_does_not_stop_the_others() -> None:
    kept = Kept()
    with lying_server(mails=4, poison=2, size=10**7) as server:
        await read_all(server.port, kept)
    assert issues(kept) == [b"Issue 1", b"Issue 3", b"Issue 4"]


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "0.0.0.0", "10.0.0.1", "169.254.169.254", "::1"]
)
async def test_a_server_of_many_listeners_reads_no_private_network(host: str) -> None:
    servers = MailServers(allow_private=False, max_mail_bytes=10**6)
    with lying_server() as server, pytest.raises(PrivateAddress):
        async with servers.connect(host, server.port, Security.NONE, "ada", "secret"):
            pass
    assert server.received == []


async def test_a_server_without_starttls_never_sees_the_password() -> None:
    servers = MailServers(allow_private=True, max_mail_bytes=10**6)
    with lying_server("no-starttls") as server, pytest.raises(EncryptionRefused):
        async with servers.connect("127.0.0.1", server.port, Security.STARTTLS, "ada", "secret"):
            pass
    assert b"secret" not in b"".join(server.received)


@pytest.mark.parametrize("lie", ["nothing", "hang"])
async def test_a_server_that_hangs_is_given_up(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONNECT_SECONDS", "READ_SECONDS", "CALL_SECONDS"):
        monkeypatch.setattr(connection, name, 0.5)
    servers = MailServers(allow_private=True, max_mail_bytes=10**6)
    with lying_server(lie) as server:
        async with asyncio.timeout(30):
            with pytest.raises(ServerUnreachable):
                async with servers.connect(
                    "127.0.0.1", server.port, Security.NONE, "ada", "secret"
                ):
                    pass


async def test_garbage_is_a_trouble_and_not_a_crash() -> None:
    with lying_server("garbage") as server:
        reader = ImapReader(MailServers(allow_private=True, max_mail_bytes=10**6), 10**6)
        with pytest.raises(MailServerTrouble):
            await reader.look(make_source(server.port, None, 0), "secret", Kept())


async def test_a_flood_of_answers_ends_the_connection() -> None:
    servers = MailServers(allow_private=True, max_mail_bytes=10**6)
    with lying_server("flood") as server:
        async with servers.connect(
            "127.0.0.1", server.port, Security.NONE, "ada", "secret"
        ) as mailbox:
            with pytest.raises(LiteralTooLarge):
                await mailbox.folders()
    assert server.flooded < 100


async def test_a_server_that_does_not_say_goodbye_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CLOSE_SECONDS", 1.0)
    servers = MailServers(allow_private=True, max_mail_bytes=10**6)
    with lying_server("no-goodbye") as server:
        async with asyncio.timeout(20):
            async with servers.connect(
                "127.0.0.1", server.port, Security.NONE, "ada", "secret"
            ) as mailbox:
                assert await mailbox.folders() == ["INBOX"]


async def test_windows_without_mails_end_with_the_turn() -> None:
    kept = Kept()
    kept.is_over = True
    with lying_server(mails=0, following=2**32 - 1) as server:
        reader = ImapReader(MailServers(allow_private=True, max_mail_bytes=10**6), 10**6)
        has_more = await reader.look(make_source(server.port, None, 0), "secret", kept)
        searches = sum(b"SEARCH" in line for line in server.received)
    assert has_more
    assert kept.cursor
    assert kept.cursor["low"] < 2**32 - 1
    assert searches <= 2
