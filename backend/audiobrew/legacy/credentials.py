"""Imports Gmail connections of the old application: encrypts the refresh token, or asks for a new consent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from audiobrew.legacy.import_store import ImportedConnection
from audiobrew.legacy.old_rows import OldConnection
from audiobrew.sources.gmail.connection import Connection, ConnectionState
from audiobrew.sources.gmail.google import REQUIRED_SCOPES
from audiobrew.sources.gmail.token_cipher import REFRESH_TOKEN

if TYPE_CHECKING:
    from audiobrew.legacy.import_store import ImportStore
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.token_cipher import TokenCipher


class ConnectionOutcome(StrEnum):
    """What became of an old connection. All but CONNECTED and KEPT need a new consent; the app says so."""

    CONNECTED = "connected"
    INCOMPLETE = "incomplete"  # no refresh token, or no address
    OTHER_CLIENT = "other_client"  # issued to another Google client than GOOGLE_CLIENT_ID
    NOT_ALLOWED = "not_allowed"  # the consent did not include reading mail
    KEPT = "kept"  # the listener had already connected Gmail in AudioBrew


@dataclass(frozen=True, slots=True)
class ConnectionImporter:
    """`client_id`: our client at Google, to which the tokens must have been issued."""

    connections: "Connections"
    store: "ImportStore"
    cipher: "TokenCipher"
    client_id: str | None

    async def import_connection(self, old: OldConnection) -> ConnectionOutcome:
        """Can be repeated. A connection that the listener made in AudioBrew since is left alone."""
        outcome, token = self._assess(old)
        token_hash = sha256(f"{old.listener} {token}".encode()).hexdigest()
        previous = await self.store.find_connection(old.listener)
        if previous and previous.token_hash == token_hash:
            # The old application only refreshed its access token.
            await self.store.save_connection(old.listener, old.changed_at, previous)
            return ConnectionOutcome(previous.outcome)
        connected_at: datetime | None = old.changed_at
        if await self._has_own_connection(old, previous):
            outcome, connected_at = ConnectionOutcome.KEPT, None
        else:
            connected = outcome is ConnectionOutcome.CONNECTED
            connection = Connection(
                listener=old.listener,
                address=_address(old),
                token=self.cipher.encrypt(REFRESH_TOKEN, old.listener, token.encode()),
                scopes=tuple(REQUIRED_SCOPES) if connected else (),
                connected_at=old.changed_at,
                state=ConnectionState.CONNECTED if connected else ConnectionState.RECONNECT,
            )
            await self.connections.save(connection)
        record = ImportedConnection(token_hash, outcome, connected_at)
        await self.store.save_connection(old.listener, old.changed_at, record)
        return outcome

    async def _has_own_connection(
        self, old: OldConnection, previous: ImportedConnection | None
    ) -> bool:
        """Whether the listener's connection was made in AudioBrew, not by an earlier import."""
        current = await self.connections.find(old.listener)
        imported = {old.changed_at, previous.connected_at if previous else None}
        return current is not None and current.connected_at not in imported

    def _assess(self, old: OldConnection) -> tuple[ConnectionOutcome, str]:
        """The outcome, and the token with which the consent can be revoked, or an empty string."""
        credentials = old.credentials
        refresh, access = _text(credentials, "refresh_token"), _text(credentials, "token")
        scopes = credentials.get("scopes")
        granted = set(map(str, scopes)) if isinstance(scopes, list) else set()
        if not refresh or not _address(old):
            return ConnectionOutcome.INCOMPLETE, refresh or access
        if credentials.get("client_id") != self.client_id:
            return ConnectionOutcome.OTHER_CLIENT, refresh
        if granted and not granted >= set(REQUIRED_SCOPES):
            return ConnectionOutcome.NOT_ALLOWED, refresh
        return ConnectionOutcome.CONNECTED, refresh


def _address(old: OldConnection) -> str:
    return old.address or _text(old.credentials, "email")


def _text(credentials: dict[str, Any], name: str) -> str:
    value = credentials.get(name)
    return value if isinstance(value, str) else ""
