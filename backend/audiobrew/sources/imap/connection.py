"""A connection to a mail server, limited in size and time, to a checked address (see `guarded_network.py`).

The library blocks, so each call runs in a thread. A call that takes too long ends because its socket is
closed.
"""

import asyncio
import imaplib
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from typing import Self, TypeVar

from anyio import CancelScope, CapacityLimiter, to_thread
from imapclient import IMAPClient
from imapclient.exceptions import (
    CapabilityError,
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
    ProtocolError,
)

from audiobrew.sources.guarded_network import OwnerMustAllow, is_public, resolve
from audiobrew.sources.imap.certificate import Certificate, UnverifiedContext
from audiobrew.sources.source import ServerUnreachable, SourceTrouble

CONNECT_SECONDS, READ_SECONDS = 15.0, 30.0
CALL_SECONDS = 120.0
# Of mails that are fetched together.
BATCH_BYTES = 8 * 2**20
CLOSE_SECONDS = 5.0
MAX_FOLDERS = 200
T = TypeVar("T")


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class PasswordRefused(SourceTrouble):
    """The mail server refuses this password. Make a new app password, and enter it."""

    type = "password-refused"
    needs_listener = True


class EncryptionRefused(SourceTrouble):
    """This mail server offers no encrypted connection, so AudioBrew did not send the password."""

    type = "encryption-refused"
    needs_listener = True


class CertificateRefused(SourceTrouble):
    """The certificate of this mail server is not valid for its name: AudioBrew did not send the password."""

    type = "certificate-refused"
    needs_listener = True

    @classmethod
    def by(cls, context: ssl.SSLContext | None) -> Self:
        """The refusal of a connection with this context."""
        trusts_another = isinstance(context, UnverifiedContext)
        return cls(ANOTHER_CERTIFICATE if trusts_another else "")


ANOTHER_CERTIFICATE = (
    "The mail server shows another certificate than the one that you trust: AudioBrew did not send the"
    " password."
)


class OnlyValidCertificates(OwnerMustAllow):
    """This server accepts only certificates that are valid for the name of a mail server. Ask its owner to
    allow others."""

    type = "only-valid-certificates"
    for_owner = (
        "The certificate is not valid for the name of the mail server. To trust it all the same, set"
        " AUDIOBREW_PRIVATE_SOURCES=on, and restart AudioBrew."
    )


class FolderNotFound(SourceTrouble):
    """This mailbox has no such folder. Choose another one."""

    type = "folder-not-found"
    needs_listener = True


class MailServerTrouble(SourceTrouble):
    """The mail server ended the connection. AudioBrew continues where it stopped."""

    type = "mail-server-trouble"


class LiteralTooLarge(MailServerTrouble):
    """The mail server sends a larger mail than it announced."""

    type = "literal-too-large"


class _LiteralTooLarge(Exception):
    """No error of the library, which would turn it into another one."""


class _LimitedIMAP4(imaplib.IMAP4):
    """Connects to a checked address, and reads no more than it is allowed to."""

    def __init__(
        self,
        address: str,
        host: str,
        port: int,
        context: ssl.SSLContext | None,
        max_bytes: int,
        sockets: list[socket.socket],
    ) -> None:
        """`sockets` receives the connection, so that another thread can shut it down."""
        self._address = address
        self._sockets = sockets
        self._context = context
        self._max_bytes = max_bytes
        self.budget = max_bytes
        super().__init__(host, port, CONNECT_SECONDS)

    def renew_budget(self) -> None:
        """Begin a command, whose answer may have `max_bytes`."""
        self.budget = self._max_bytes

    def _create_socket(self, timeout: float | None) -> socket.socket:
        connected = socket.create_connection((self._address, self.port), timeout)
        self._sockets.append(connected)
        if self._context is None:
            return connected
        try:
            wrapped = self._context.wrap_socket(connected, server_hostname=self.host)
            self._sockets.append(wrapped)
            return wrapped
        except BaseException:
            connected.close()
            raise

    def read(self, size: int) -> bytes:
        """Read a literal, whose length the server announces."""
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        """Read a line."""
        line = super().readline()
        self._spend(len(line))
        return line

    def _spend(self, size: int) -> None:
        self.budget -= size
        if self.budget < 0:
            raise _LiteralTooLarge


class _Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient, with `_LimitedIMAP4` below it. `tests/sources/imap/` notices if the hook is gone."""

    def __init__(self, imap: Callable[[], _LimitedIMAP4], host: str, port: int) -> None:
        self._create = imap
        super().__init__(host, port, ssl=False)
        self.normalise_times = False

    def _create_IMAP4(self) -> _LimitedIMAP4:  # noqa: N802 -- the library's name
        self.limited = self._create()
        return self.limited


class Mailbox:
    """An open connection, signed in."""

    def __init__(self, client: _Client, limiter: CapacityLimiter) -> None:
        self._client = client
        self._limiter = limiter

    async def folders(self) -> Sequence[str]:
        """The folders that can be read. Raises MailServerTrouble."""
        listed = await self._call(self._client.list_folders)
        return [
            name
            for flags, _, name in listed[:MAX_FOLDERS]
            if not {b"\\noselect", b"\\nonexistent"} & {flag.lower() for flag in flags}
        ]

    async def open(self, folder: str) -> tuple[int, int, int]:
        """Open a folder for reading alone. Returns its UIDVALIDITY, its UIDNEXT, and how many mails it says
        it has.

        Raises FolderNotFound, MailServerTrouble.
        """
        try:
            status = await self._call(self._client.select_folder, folder, True)
        except CommandRefused as error:
            raise FolderNotFound from error
        validity, following = status.get(b"UIDVALIDITY"), status.get(b"UIDNEXT")
        if not isinstance(validity, int):
            raise MailServerTrouble("This mail server does not number its mails.")
        if not isinstance(following, int):
            newest = await self._call(self._client.search, ["UID", "*"])
            following = max(newest, default=0) + 1
        count = status.get(b"EXISTS")
        has_count = isinstance(count, int) and count < following  # else it cannot be true
        return validity, following, count if has_count else 0

    async def list(self, first: int, last: int) -> Sequence[int]:
        """The UIDs from `first` to `last`, ascending. Raises MailServerTrouble."""
        if first > last:
            return []
        uids = await self._call(self._client.search, ["UID", f"{first}:{last}"])
        # `5:9` also finds mail 4 if it is the last: RFC 3501, section 6.4.8.
        return sorted({uid for uid in uids if first <= uid <= last})

    async def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """The sizes of mails in bytes, as the server claims. Raises MailServerTrouble."""
        fetched = await self._call(self._client.fetch, uids, ["RFC822.SIZE"])
        sizes = {uid: fetched.get(uid, {}).get(b"RFC822.SIZE") for uid in uids}
        return {uid: size for uid, size in sizes.items() if isinstance(size, int)}

    async def fetch(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Mails as they arrived. None of them is marked as read. Raises MailServerTrouble."""
        fetched = await self._call(self._client.fetch, uids, ["BODY.PEEK[]"])
        bodies = {uid: fetched.get(uid, {}).get(b"BODY[]") for uid in uids}
        return {uid: body for uid, body in bodies.items() if isinstance(body, bytes)}

    async def _call(self, function: "Callable[..., T]", *arguments: object) -> T:
        self._client.limited.renew_budget()
        try:
            return await run(self._limiter, self._client, function, *arguments)
        except _LiteralTooLarge as error:
            raise LiteralTooLarge from error
        except (*_BROKEN, TimeoutError) as error:
            raise MailServerTrouble from error
        except IMAPClientError as error:
            raise CommandRefused from error


class CommandRefused(MailServerTrouble):
    """The mail server refuses what AudioBrew asks for. AudioBrew tries again later."""

    type = "mail-command-refused"


# The connection is unusable, or what came over it makes no sense.
_BROKEN = (
    IMAPClientAbortError,
    ProtocolError,
    OSError,
    ValueError,
    IndexError,
    AssertionError,
    _LiteralTooLarge,
)


class MailServers:
    """Opens connections. `allow_private`: also to servers in private networks."""

    def __init__(
        self,
        *,
        allow_private: bool,
        max_mail_bytes: int,
        create_context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._allow_private = allow_private
        # The mails of a batch, of which the last may be as large as a mail can be.
        self._max_bytes = max_mail_bytes + BATCH_BYTES
        self._create_context = create_context
        self._limiter, self._closing = CapacityLimiter(8), CapacityLimiter(8)

    @asynccontextmanager
    async def connect(
        self,
        host: str,
        port: int,
        security: Security,
        user: str,
        password: str,
        fingerprint: str | None = None,
    ) -> AsyncIterator[Mailbox]:
        """`fingerprint`: of the only certificate that is trusted, instead of those that are valid.

        Raises ServerUnreachable, UnknownHost, PrivateAddress, EncryptionRefused, CertificateRefused,
        OnlyValidCertificates, PasswordRefused."""
        [address, *_] = await resolve(host, port, allow_private=self._allow_private)
        if security is Security.NONE and is_public(address):
            raise EncryptionRefused("A password is not sent over the internet without encryption.")
        context = self._create_context()
        if fingerprint is not None:
            self._require_own_network()
            context = UnverifiedContext.create(fingerprint)
        async with self._connection(address, host, port, security, context) as client:
            await self._sign_in(client, user, password)
            yield Mailbox(client, self._limiter)

    async def certificate(self, host: str, port: int, security: Security) -> Certificate:
        """The certificate that a mail server shows. No password is sent.

        Raises ServerUnreachable, UnknownHost, EncryptionRefused, OnlyValidCertificates.
        """
        self._require_own_network()
        [address, *_] = await resolve(host, port, allow_private=True)
        context = UnverifiedContext.create(None)
        async with self._connection(address, host, port, security, context):
            return await to_thread.run_sync(Certificate.read, context.certificate)

    def _require_own_network(self) -> None:
        """Raises OnlyValidCertificates."""
        if not self._allow_private:
            raise OnlyValidCertificates

    @asynccontextmanager
    async def _connection(
        self, address: str, host: str, port: int, security: Security, context: ssl.SSLContext
    ) -> AsyncIterator[_Client]:
        tls = context if security is Security.TLS else None
        client = await self._open(address, host, port, tls)
        try:
            if security is Security.STARTTLS:
                await self._start_tls(client, context)
            yield client
        finally:
            with CancelScope(shield=True):
                await self._close(client)

    async def _close(self, client: "_Client") -> None:
        """Sign out. A server that does not let us go is left after some seconds."""
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await to_thread.run_sync(
                    close, client, limiter=self._closing, abandon_on_cancel=True
                )
        except TimeoutError:
            shut(client)

    async def _open(
        self, address: str, host: str, port: int, context: ssl.SSLContext | None
    ) -> _Client:
        sockets: list[socket.socket] = []

        def imap() -> _LimitedIMAP4:
            limited = _LimitedIMAP4(address, host, port, context, self._max_bytes, sockets)
            limited.sock.settimeout(READ_SECONDS)
            return limited

        try:
            async with asyncio.timeout(CALL_SECONDS):
                try:
                    return await to_thread.run_sync(
                        _Client, imap, host, port, limiter=self._limiter, abandon_on_cancel=True
                    )
                except BaseException:
                    for connection in sockets:  # so that a thread which still waits ends
                        shut_socket(connection)
                    raise
        except ssl.SSLCertVerificationError as error:
            raise CertificateRefused.by(context) from error
        except ssl.SSLError as error:
            raise EncryptionRefused from error
        except (OSError, TimeoutError, imaplib.IMAP4.error, *_BROKEN) as error:
            raise ServerUnreachable from error

    async def _start_tls(self, client: IMAPClient, context: ssl.SSLContext) -> None:
        try:
            await run(self._limiter, client, client.starttls, context)
        except ssl.SSLCertVerificationError as error:
            raise CertificateRefused.by(context) from error
        except (CapabilityError, ssl.SSLError) as error:
            raise EncryptionRefused from error
        except (*_BROKEN, IMAPClientError, TimeoutError) as error:
            raise ServerUnreachable from error

    async def _sign_in(self, client: IMAPClient, user: str, password: str) -> None:
        try:
            await run(self._limiter, client, client.login, user, password)
        except LoginError as error:
            raise PasswordRefused from error
        except (*_BROKEN, IMAPClientError, TimeoutError) as error:
            raise ServerUnreachable from error


async def run(
    limiter: CapacityLimiter, client: IMAPClient, function: Callable[..., T], *arguments: object
) -> T:
    """Call the library in a thread. Raises TimeoutError after `CALL_SECONDS`."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await to_thread.run_sync(
                lambda: function(*arguments), limiter=limiter, abandon_on_cancel=True
            )
    except BaseException:
        shut(client)  # a thread that still waits for the server ends
        raise


def shut(client: IMAPClient) -> None:
    """Close the socket, whatever another thread does with it."""
    with suppress(AttributeError):
        shut_socket(client.socket())


def shut_socket(connection: socket.socket) -> None:
    """Shut a connection down; a thread that reads from it gets its end."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def close(client: IMAPClient) -> None:
    """Sign out, if the connection still works."""
    try:
        client.socket().settimeout(2.0)
        client.logout()
    except (*_BROKEN, IMAPClientError, AttributeError):
        try:
            client.shutdown()
        except (*_BROKEN, IMAPClientError, AttributeError):
            return
