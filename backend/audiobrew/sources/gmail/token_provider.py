"""Access to a listener's Gmail for about an hour, made from the refresh token that is kept sealed."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID

from audiobrew.problems import Problem
from audiobrew.sources.gmail.connection import Connection, ConnectionState, ReconnectNeeded
from audiobrew.sources.gmail.google import Google, Grant, TokenRefused

if TYPE_CHECKING:
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.token_cipher import EncryptedSecret, TokenCipher

REFRESH_TOKEN = "gmail refresh token"  # noqa: S105
EARLY_SECONDS = 60
"""A token that is about to end is not used any more."""
MOST_REMEMBERED = 1000

Key = tuple[UUID, datetime]


class TokenProvider:
    """Access tokens stay in this process's memory, and are nobody else's."""

    def __init__(self, google: Google, connections: "Connections", sealer: "TokenCipher") -> None:
        self._google, self._connections, self._sealer = google, connections, sealer
        self._tokens: dict[Key, tuple[str, float]] = {}

    async def connect(self, listener: UUID, grant: Grant) -> None:
        """In place of the one before, whose consent is taken back when it was another mailbox's."""
        address = await self._google.address(grant.access)
        sealed = self._seal(listener, grant.refresh)
        new = Connection(listener, address, sealed, grant.scopes, datetime.now(UTC))
        before = await self._connections.keep(new)
        self._remember(new, grant)
        if before and before.address != address:
            with suppress(Problem):  # its owner can take it back at Google as well
                await self.revoke(before)

    async def connection(self, listener: UUID) -> Connection:
        """Sealed with the newest key. Raises GmailNotConnected, ReconnectNeeded."""
        found = await self._connections.get(listener)
        if found.state is ConnectionState.RECONNECT:
            raise ReconnectNeeded
        if not self._sealer.needs_resealing(found.token.key_id):
            return found
        sealed = self._seal(listener, await self._opened(found))
        await self._connections.reseal(found, sealed)
        return replace(found, token=sealed)

    async def token(self, connection: Connection) -> str:
        """Raises ReconnectNeeded, GoogleUnavailable, GoogleRefused."""
        known, until = self._tokens.get(_key(connection), ("", 0.0))
        if until > monotonic():
            return known
        try:
            grant = await self._google.refresh(await self._opened(connection))
        except TokenRefused as error:
            raise await self.lost(connection) from error
        if grant.refresh:
            sealed = self._seal(connection.listener, grant.refresh)
            await self._connections.reseal(connection, sealed)
        self._remember(connection, grant)
        return grant.access

    def forget(self, connection: Connection) -> None:
        """This access token is not taken any more; the next one is made anew."""
        self._tokens.pop(_key(connection), None)

    async def lost(self, connection: Connection) -> ReconnectNeeded:
        """Keeps that the listener has to connect again; returns how to tell it."""
        self.forget(connection)
        await self._connections.lost(connection)
        return ReconnectNeeded()

    async def revoke(self, connection: Connection) -> None:
        """Take back the consent at Google. Raises GoogleUnavailable, GoogleRefused, ReconnectNeeded."""
        self.forget(connection)
        await self._google.revoke(await self._opened(connection))

    def _seal(self, listener: UUID, token: str) -> "EncryptedSecret":
        return self._sealer.seal(REFRESH_TOKEN, listener, token.encode())

    async def _opened(self, connection: Connection) -> str:
        """A token whose key is gone is as lost as one that Google refuses."""
        from audiobrew.sources.gmail.token_cipher import DecryptionFailed

        try:
            token = self._sealer.open(REFRESH_TOKEN, connection.listener, connection.token)
        except DecryptionFailed as error:
            raise await self.lost(connection) from error
        return token.decode()

    def _remember(self, connection: Connection, grant: Grant) -> None:
        if len(self._tokens) >= MOST_REMEMBERED:
            self._tokens.clear()
        until = monotonic() + grant.seconds - EARLY_SECONDS
        self._tokens[_key(connection)] = (grant.access, until)


def _key(connection: Connection) -> Key:
    return connection.listener, connection.connected_at
