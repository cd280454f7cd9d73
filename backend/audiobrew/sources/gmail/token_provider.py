"""Access tokens for Gmail, which live for about an hour, from the stored refresh tokens."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID

from audiobrew.problems import Problem
from audiobrew.sources.gmail.connection import Connection, ConnectionState, ReconnectNeeded
from audiobrew.sources.gmail.google import Google, Grant, TokenRefused
from audiobrew.sources.gmail.token_cipher import (
    REFRESH_TOKEN,
    DecryptionFailed,
    EncryptedSecret,
    TokenCipher,
)

if TYPE_CHECKING:
    from audiobrew.sources.gmail.connection_store import Connections

# An access token is not used in its last seconds: a request with it could arrive too late.
EXPIRY_MARGIN_SECONDS = 60
MAX_CACHED = 1000

Key = tuple[UUID, datetime]


class TokenProvider:
    """Access tokens are cached in this process's memory only."""

    def __init__(self, google: Google, connections: "Connections", cipher: TokenCipher) -> None:
        self._google, self._connections, self._cipher = google, connections, cipher
        self._cache: dict[Key, tuple[str, float]] = {}

    async def connect(self, listener: UUID, grant: Grant) -> None:
        """Store a connection. If it replaces one to another mailbox, that consent is revoked."""
        address = await self._google.address(grant.access)
        encrypted = self._encrypt(listener, grant.refresh)
        connection = Connection(listener, address, encrypted, grant.scopes, datetime.now(UTC))
        replaced = await self._connections.save(connection)
        self._add_to_cache(connection, grant)
        if replaced and replaced.address != address:
            with suppress(Problem):  # the listener can revoke it at Google as well
                await self.revoke(replaced)

    async def connection(self, listener: UUID) -> Connection:
        """The connection, with its token encrypted with the newest key. Raises GmailNotConnected,
        ReconnectNeeded."""
        connection = await self._connections.get(listener)
        if connection.state is ConnectionState.RECONNECT:
            raise ReconnectNeeded
        if not self._cipher.is_outdated(connection.token.key_id):
            return connection
        encrypted = self._encrypt(listener, await self._refresh_token(connection))
        await self._connections.replace_token(connection, encrypted)
        return replace(connection, token=encrypted)

    async def token(self, connection: Connection) -> str:
        """An access token. Raises ReconnectNeeded, GoogleUnavailable, GoogleRefused."""
        token, valid_until = self._cache.get(_key(connection), ("", 0.0))
        if valid_until > monotonic():
            return token
        try:
            grant = await self._google.refresh(await self._refresh_token(connection))
        except TokenRefused as error:
            raise await self.require_reconnect(connection) from error
        if grant.refresh:
            encrypted = self._encrypt(connection.listener, grant.refresh)
            await self._connections.replace_token(connection, encrypted)
        self._add_to_cache(connection, grant)
        return grant.access

    def forget(self, connection: Connection) -> None:
        """Drop the cached access token, because Google rejects it."""
        self._cache.pop(_key(connection), None)

    async def require_reconnect(self, connection: Connection) -> ReconnectNeeded:
        """Record that the listener has to connect again. Returns the problem for the caller to raise."""
        self.forget(connection)
        await self._connections.require_reconnect(connection)
        return ReconnectNeeded()

    async def revoke(self, connection: Connection) -> None:
        """Revoke the consent at Google. Raises GoogleUnavailable, GoogleRefused, ReconnectNeeded."""
        self.forget(connection)
        await self._google.revoke(await self._refresh_token(connection))

    def _encrypt(self, listener: UUID, token: str) -> EncryptedSecret:
        return self._cipher.encrypt(REFRESH_TOKEN, listener, token.encode())

    async def _refresh_token(self, connection: Connection) -> str:
        """Raises ReconnectNeeded if the token cannot be decrypted, as if Google rejected it."""
        try:
            token = self._cipher.decrypt(REFRESH_TOKEN, connection.listener, connection.token)
        except DecryptionFailed as error:
            raise await self.require_reconnect(connection) from error
        return token.decode()

    def _add_to_cache(self, connection: Connection, grant: Grant) -> None:
        if len(self._cache) >= MAX_CACHED:
            self._cache.clear()
        valid_until = monotonic() + grant.seconds - EXPIRY_MARGIN_SECONDS
        self._cache[_key(connection)] = (grant.access, valid_until)


def _key(connection: Connection) -> Key:
    return connection.listener, connection.connected_at
