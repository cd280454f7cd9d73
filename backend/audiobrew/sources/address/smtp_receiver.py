"""Listens for SMTP, and decides which connections become sessions."""

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket

import structlog

from audiobrew.http.client_address import parse_network
from audiobrew.http.rate_limit import TokenBuckets
from audiobrew.ops.certificates import CERTIFICATE_ERRORS, load_certificate
from audiobrew.sources.address.arrivals import Arrivals
from audiobrew.sources.address.smtp_session import (
    Limits,
    MailHandler,
    MemoryBudget,
    SmtpSession,
    count_mail,
)

log = structlog.get_logger()

CONNECTIONS, CONNECTIONS_PER_NETWORK = 100, 10
SESSION_SECONDS = 1800.0
# Of all mails that are being received.
MEMORY_BYTES = 64 * 2**20
MAILS_PER_MINUTE, MAILS_AT_ONCE = 60.0, 300.0  # of each network
# How many networks' mails all senders may send together, if they cannot be told apart.
NETWORKS_BEHIND_NAT = 10
BUSY = b"421 4.7.0 Too many connections, try again later\r\n"


class Certificate:
    """The files of a certificate. They are read again when they change, because certificates are renewed
    every few weeks."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._files = (certificate, key)
        self._changed_at: tuple[float, ...] = ()
        self._context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext | None:
        """The last certificate that could be read; None if none could."""
        try:
            changed_at = tuple(file.stat().st_mtime for file in self._files)
            if changed_at != self._changed_at:
                self._context = load_certificate(*self._files)
                self._changed_at = changed_at
        except CERTIFICATE_ERRORS as error:
            log.warning("smtp.certificate_unreadable", error=type(error).__name__)
        return self._context


@dataclass
class Visitors:
    """The open connections of all networks."""

    max_all: int = CONNECTIONS
    max_per_network: int = CONNECTIONS_PER_NETWORK
    counts: Counter[str] = field(default_factory=Counter)

    def enter(self, network: str) -> bool:
        """Returns False if there are too many already."""
        if self.counts.total() >= self.max_all or self.counts[network] >= self.max_per_network:
            return False
        self.counts[network] += 1
        return True

    def leave(self, network: str) -> None:
        self.counts[network] -= 1
        if self.counts[network] <= 0:
            del self.counts[network]


class SmtpReceiver:
    """Without a certificate, STARTTLS is not offered. `behind_nat`: all senders seem to be of one network."""

    def __init__(
        self,
        arrivals: Arrivals,
        max_mail_bytes: int,
        certificate: Certificate | None,
        visitors: Visitors | None = None,
        floods: TokenBuckets | None = None,
        *,
        behind_nat: bool = False,
    ) -> None:
        self.arrivals = arrivals
        self.certificate = certificate
        networks = NETWORKS_BEHIND_NAT if behind_nat else 1
        per_network = min(CONNECTIONS, networks * CONNECTIONS_PER_NETWORK)
        self.visitors = visitors or Visitors(max_per_network=per_network)
        if floods is None:
            floods = TokenBuckets(networks * MAILS_PER_MINUTE, size=networks * MAILS_AT_ONCE)
        self.limits = Limits(max_mail_bytes, MemoryBudget(MEMORY_BYTES), floods)
        self.open: set[asyncio.Transport] = set()

    @asynccontextmanager
    async def listening(self, listener: socket) -> AsyncIterator[None]:
        """Receive mails until the context is left."""
        server = await asyncio.get_running_loop().create_server(
            lambda: Door(self), sock=listener, backlog=CONNECTIONS
        )
        try:
            yield
        finally:
            server.close()
            for transport in list(self.open):  # their mails were not accepted, so they come again
                transport.abort()


class Door(asyncio.Protocol):
    """A connection before it is a session."""

    def __init__(self, receiver: SmtpReceiver) -> None:
        self._receiver = receiver

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        visitors = self._receiver.visitors
        peer = transport.get_extra_info("peername") or ("",)
        network = parse_network(peer[0]) or "unknown"
        if not visitors.enter(network):
            count_mail("busy")
            transport.write(BUSY)
            transport.close()
            return
        # The session takes the connection over. A renewed certificate counts from the next one on.
        tls = self._receiver.certificate.context() if self._receiver.certificate else None
        limits = self._receiver.limits
        handler = MailHandler(self._receiver.arrivals, limits, network)
        end = asyncio.get_running_loop().call_later(SESSION_SECONDS, transport.abort)
        open_transports = self._receiver.open
        open_transports.add(transport)

        def leave() -> None:
            if transport in open_transports:  # aiosmtpd says it twice after a handshake that failed
                open_transports.remove(transport)
                end.cancel()
                visitors.leave(network)

        session = SmtpSession(handler, limits, tls, leave)
        transport.set_protocol(session)
        session.connection_made(transport)
