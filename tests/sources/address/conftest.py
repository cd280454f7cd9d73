"""A receiver of mails in this process, and a listener with an address."""

import asyncio
import re
import smtplib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.inbox.store import MailStore
from audiobrew.mail.limits import Limits
from audiobrew.mail.parsing.parser import ParserInProcess
from audiobrew.sources.address.arrivals import Arrivals
from audiobrew.sources.address.own_address import make_local_part
from audiobrew.sources.address.smtp_receiver import SmtpReceiver
from audiobrew.sources.gmail.token_cipher import TokenCipher
from audiobrew.sources.source import MailSource
from audiobrew.sources.store import SourceStore
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener

DOMAIN = "mail.brew.example"
MAX_MAIL = 200_000
LAST_LINE = re.compile(rb"^\d\d\d [^\n]*\n\Z", re.MULTILINE)
T = TypeVar("T")


@dataclass
class Post:
    """A database, what receives mails for it, and an address in it."""

    engine: AsyncEngine
    store: SourceStore
    mails: MailStore
    arrivals: Arrivals
    listener: UUID
    source: MailSource
    address: str
    port: int = 0

    async def add_address(
        self, listener: UUID, name: str = "Newsletters"
    ) -> tuple[MailSource, str]:
        local_part = make_local_part(name)
        source = await self.store.add_address(listener, name, local_part, {})
        return source, f"{local_part}@{DOMAIN}"

    async def subjects(self, listener: UUID | None = None) -> list[str]:
        mails = await self.mails.list(listener or self.listener, 100, None)
        return sorted(mail.newsletter.subject for mail in mails)

    async def current(self) -> MailSource:
        return await self.store.get(self.listener, self.source.id)

    def receiver(self, **more: Any) -> SmtpReceiver:
        return SmtpReceiver(self.arrivals, MAX_MAIL, more.pop("certificate", None), **more)

    @asynccontextmanager
    async def receiving(self, receiver: SmtpReceiver | None = None) -> AsyncIterator["Post"]:
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        async with (receiver or self.receiver()).listening(listener):
            yield self

    async def talk(self, say: Callable[[smtplib.SMTP], T]) -> T:
        """What one client says with smtplib, in a thread of its own."""

        def connect() -> T:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as client:
                return say(client)

        return await asyncio.to_thread(connect)

    async def send(self, mail: bytes, *recipients: str) -> dict[str, Any]:
        to = recipients or (self.address,)
        return await self.talk(lambda client: client.sendmail("hello@roast.example", to, mail))

    async def send_bytes(self, *chunks: bytes) -> bytes:
        """Send bytes as they are, each after the reply to the one before; everything that was replied until
        the end."""

        def exchange() -> bytes:
            replies = b""
            with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
                try:
                    for chunk in (b"", *chunks):
                        connection.sendall(chunk)
                        replies += read_reply(connection)
                    while more := connection.recv(10_000):
                        replies += more
                except ConnectionError:
                    pass
            return replies

        return await asyncio.to_thread(exchange)


def read_reply(connection: socket.socket) -> bytes:
    """All lines of a reply; what there is of it if the connection ends."""
    reply = b""
    while not LAST_LINE.search(reply) and (more := connection.recv(10_000)):
        reply += more
    return reply


@pytest.fixture
async def post(engine: AsyncEngine) -> AsyncIterator[Post]:
    store = SourceStore(engine, TokenCipher({"k": bytes(32)}))
    mails = MailStore(engine, 20, 2**20)
    arrivals = Arrivals(store, mails, ParserInProcess(Limits()), DOMAIN)
    listener = await add_listener(ListenerStore(engine))
    local_part = make_local_part("Newsletters")
    source = await store.add_address(listener, "Newsletters", local_part, {})
    address = f"{local_part}@{DOMAIN}"
    async with Post(engine, store, mails, arrivals, listener, source, address).receiving() as post:
        yield post
