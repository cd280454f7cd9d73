"""What one client of the SMTP receiver may do.

aiosmtpd speaks the protocol. This module makes it strict: lines end in CRLF, nothing comes before it was
asked for, mails are only accepted for own addresses, and what a client sends is limited in every respect.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session, TLSSetupException

from audiobrew.db.engine import STATEMENT_ERRORS
from audiobrew.http.rate_limit import TokenBuckets
from audiobrew.mail.mail import InboxFull
from audiobrew.mail.parsing.parser import ParserUnavailable
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.ops import metrics
from audiobrew.sources.address.arrivals import Arrivals, UnknownAddress
from audiobrew.sources.source import MailSource

# Its log names addresses.
logging.getLogger("mail.log").disabled = True
log = structlog.get_logger()

IDENTITY = "AudioBrew"
COMMAND_SECONDS = 300.0  # RFC 5321, 4.5.3.2; also for the whole of a mail
# Lines of mails are often longer than the 998 bytes that they may have.
LINE_BYTES = 64 * 2**10
# What a line costs besides its bytes while a mail is received.
LINE_OVERHEAD = 100
MAX_RECIPIENTS, MAX_UNKNOWN = 20, 10
MAX_COMMANDS = {"MAIL": 50, "RCPT": 200, "DATA": 50, "RSET": 100, "*": 20}
# One unknown recipient counts as this many mails, so that guessing addresses is slower than sending.
UNKNOWN_TOKENS = 5.0
PATH = re.compile(r"<([^<>\s]{0,320})>(.{0,500})")


class SessionOver(Exception):
    """The client did what ends the session. `reply` is the last one that it receives."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


@dataclass
class MemoryBudget:
    """The bytes of all mails that are being received."""

    max_bytes: int
    used: int = 0

    def take(self, count: int) -> None:
        """Raises SessionOver."""
        self.used += count
        if self.used > self.max_bytes:
            raise SessionOver("421 4.3.2 Too many emails at once, try again later")


@dataclass(frozen=True)
class Limits:
    """What all sessions share. `floods`: the mails of each network a minute."""

    max_mail_bytes: int
    memory: MemoryBudget
    floods: TokenBuckets


class ClientReader(asyncio.StreamReader):
    """Ends the session of a client that sends too much, bare line feeds, or commands before they are asked
    for, which is how mails are smuggled."""

    def __init__(self, limits: Limits, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit=LINE_BYTES, loop=loop)
        self._limits = limits
        self._pending = 0  # bytes that arrived and were not read
        self._is_mail = False  # else commands are read
        self._mail_bytes = 0
        self._mail_memory = 0

    def feed_data(self, data: Any) -> None:
        self._pending += len(data)
        super().feed_data(data)

    async def readuntil(self, separator: Any = b"\n") -> bytes:
        """Raises SessionOver, besides what `StreamReader.readuntil` raises."""
        try:
            line = await super().readuntil(separator)
        except asyncio.LimitOverrunError:
            if not self._is_mail:
                raise SessionOver("500 5.5.2 Line too long") from None
            raise
        self._count(len(line))
        if not line.endswith(b"\r\n") or b"\n" in line[:-2]:
            raise SessionOver("521 5.5.2 Bare line feeds are not accepted: lines end in CRLF")
        if not self._is_mail and self._pending:
            raise SessionOver("503 5.5.0 Wait for the reply to each command")
        return line

    async def read(self, n: int = -1) -> bytes:
        chunk = await super().read(n)
        self._count(len(chunk))
        return chunk

    def begin_mail(self) -> None:
        self._is_mail = True

    def end_mail(self) -> None:
        self._limits.memory.used -= self._mail_memory
        self._is_mail, self._mail_bytes, self._mail_memory = False, 0, 0

    def _count(self, size: int) -> None:
        """Raises SessionOver."""
        self._pending -= size
        if not self._is_mail:
            return
        self._mail_bytes += size
        self._mail_memory += size + LINE_OVERHEAD
        self._limits.memory.take(size + LINE_OVERHEAD)
        # A mail that is a little too large is read to its end, so that its sender gets an answer.
        if self._mail_bytes > 4 * self._limits.max_mail_bytes:
            raise SessionOver("552 5.3.4 The email is too large")


@dataclass
class MailHandler:
    """Answers the commands of one session. The names of its methods are aiosmtpd's."""

    arrivals: Arrivals
    limits: Limits
    network: str
    unknown: int = field(default=0, init=False)  # recipients in this session

    async def handle_EHLO(  # noqa: N802
        self, server: "SmtpSession", session: Session, _: Envelope, host: str, lines: list[str]
    ) -> list[str]:
        session.host_name = host
        return [line for line in lines if not line.startswith("250-AUTH")]

    async def handle_MAIL(  # noqa: N802
        self,
        server: "SmtpSession",
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self.limits.floods.seconds_to_wait(self.network):
            count_mail("delayed")
            return "451 4.7.1 Too many emails from your network, try again later"
        self.limits.floods.take(self.network, 1.0)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self,
        server: "SmtpSession",
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            await self.arrivals.find(address)
        except UnknownAddress:
            return self.refuse_recipient(server, address)
        except STATEMENT_ERRORS:
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    def refuse_recipient(self, server: "SmtpSession", address: str) -> str:
        count_mail("unknown")
        self.unknown += 1
        self.limits.floods.take(self.network, UNKNOWN_TOKENS)
        if self.unknown >= MAX_UNKNOWN:
            server.is_over = True
            return "421 4.7.0 Too many unknown recipients"
        if address.lower().rpartition("@")[2] != self.arrivals.domain.lower():
            return "550 5.7.1 Relaying denied"
        return "550 5.1.1 No such address"

    async def handle_DATA(  # noqa: N802
        self, server: "SmtpSession", session: Session, envelope: Envelope
    ) -> str:
        outcome, reply = await self.deliver(envelope)
        count_mail(outcome)
        return reply

    async def deliver(self, envelope: Envelope) -> tuple[str, str]:
        """The outcome for the metrics, and the reply. 250 is only said of a mail that is stored."""
        assert isinstance(envelope.content, bytes)
        try:
            # Found again, because the listener may have removed one meanwhile.
            sources = {
                source.id: source
                for address in envelope.rcpt_tos
                if (source := await self.find(address))
            }
            await self.arrivals.deliver(list(sources.values()), envelope.content)
        except InboxFull:
            return "full", "552 5.2.2 The inbox is full"
        except UnknownAddress:
            return "unknown", "550 5.1.1 No such address"
        except MailTooLarge:
            return "unreadable", "552 5.3.4 The email is too large"
        except UnreadableMail:
            return "unreadable", "554 5.6.0 The email cannot be read"
        except (ParserUnavailable, *STATEMENT_ERRORS) as error:
            log.warning("smtp.waits", error=type(error).__name__)
            return "delayed", "451 4.3.0 Try again later"
        return "stored", "250 2.0.0 Stored"

    async def find(self, address: str) -> MailSource | None:
        with suppress(UnknownAddress):
            return await self.arrivals.find(address)
        return None


def count_mail(outcome: str) -> None:
    metrics.ARRIVALS.labels("smtp", outcome).inc()


class SmtpSession(SMTP):
    """One connection. `on_end` is called when it is closed."""

    line_length_limit = LINE_BYTES

    def __init__(
        self,
        handler: MailHandler,
        limits: Limits,
        tls: SSLContext | None,
        on_end: Callable[[], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(
            handler,
            data_size_limit=limits.max_mail_bytes,
            hostname=handler.arrivals.domain,
            ident=IDENTITY,
            tls_context=tls,
            timeout=COMMAND_SECONDS,
            command_call_limit=MAX_COMMANDS,
            loop=loop,
        )
        self._input = ClientReader(limits, loop)
        # Once more, to replace the reader that aiosmtpd made.
        asyncio.StreamReaderProtocol.__init__(
            self, self._input, client_connected_cb=self._cb_client_connected, loop=loop
        )
        self._on_end = on_end
        self.is_over = False

    def connection_lost(self, error: Exception | None) -> None:
        self._on_end()
        super().connection_lost(error)

    async def push(self, status: Any) -> None:
        """Send a reply, and close the connection if it is the last one."""
        await super().push(status)
        if self.is_over and self.transport is not None:
            self.transport.close()
            await asyncio.get_running_loop().create_future()  # `connection_lost` cancels this task

    async def handle_exception(self, error: Exception) -> str:
        """The last reply of a session that failed."""
        self.is_over = True
        if isinstance(error, SessionOver):
            count_mail("refused")
            return error.reply
        if not isinstance(error, TLSSetupException):
            log.error("smtp.crashed", exc_info=error)
        return "421 4.3.0 Try again later"

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        self._input.begin_mail()
        try:
            await super().smtp_DATA(arg)
        finally:
            self._input.end_mail()

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        await self.push("502 5.5.1 Nobody signs in here")

    async def smtp_VRFY(self, arg: str) -> None:  # noqa: N802
        await self.push("252 2.5.2 Send the email to find out")

    async def _handle_client(self) -> None:
        with suppress(
            ConnectionError
        ):  # asyncio would log it as an exception that nobody retrieves
            await super()._handle_client()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The address of a command, `<>` for an empty one, and what follows it. aiosmtpd's own parser raises
        errors of its own on some input."""
        match = PATH.fullmatch(arg.strip())
        return (match[1] or "<>", match[2]) if match else (None, None)
