"""An old Gmail connection becomes one of ours: its refresh token sealed, or its listener asked anew."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from audiobrew.legacy.import_store import ImportedConnection
from audiobrew.legacy.old_rows import OldConnection
from audiobrew.sources.gmail.connection import Connection, ConnectionState
from audiobrew.sources.gmail.google import REQUIRED_SCOPES
from audiobrew.sources.gmail.token_provider import REFRESH_TOKEN

if TYPE_CHECKING:
    from audiobrew.legacy.import_store import ImportStore
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.token_cipher import TokenCipher


class ConnectionOutcome(StrEnum):
    """All but `connected` and `kept` have to connect again, and are told so in the app."""

    CONNECTED = "connected"
    INCOMPLETE = "incomplete"  # no refresh token, or no address
    OTHER_CLIENT = "other_client"  # made for another Google client than GOOGLE_CLIENT_ID
    NOT_ALLOWED = "not_allowed"  # reading mail was not among what was consented to
    KEPT = "kept"  # its listener had connected here already


@dataclass(frozen=True, slots=True)
class ConnectionImporter:
    """Whose tokens are taken over with which client at Google."""

    connections: "Connections"
    adopted: "ImportStore"
    sealer: "TokenCipher"
    client_id: str | None

    async def take(self, old: OldConnection) -> ConnectionOutcome:
        """May be done twice. What a listener did here since is left alone."""
        outcome, token = self._judged(old)
        told = sha256(f"{old.listener} {token}".encode()).hexdigest()
        before = await self.adopted.find_connection(old.listener)
        if before and before.token_hash == told:  # the old application only renewed its access
            await self.adopted.keep_connection(old.listener, old.changed_at, before)
            return ConnectionOutcome(before.outcome)
        connected_at: datetime | None = old.changed_at
        if await self._is_theirs(old, before):
            outcome, connected_at = ConnectionOutcome.KEPT, None
        else:
            await self.connections.save(self._ours(old, outcome, token))
        kept = ImportedConnection(told, outcome, connected_at)
        await self.adopted.keep_connection(old.listener, old.changed_at, kept)
        return outcome

    async def _is_theirs(self, old: OldConnection, before: ImportedConnection | None) -> bool:
        """Whether the listener connected here, so that ours is not the one that was taken over."""
        ours = await self.connections.find(old.listener)
        taken = {old.changed_at, before.connected_at if before else None}
        return ours is not None and ours.connected_at not in taken

    def _judged(self, old: OldConnection) -> tuple[ConnectionOutcome, str]:
        """And the token by which the consent can be taken back, if there is one."""
        held = old.credentials
        refresh, access = _text(held, "refresh_token"), _text(held, "token")
        scopes = held.get("scopes")
        granted = set(map(str, scopes)) if isinstance(scopes, list) else set()
        if not refresh or not _address(old):
            return ConnectionOutcome.INCOMPLETE, refresh or access
        if held.get("client_id") != self.client_id:
            return ConnectionOutcome.OTHER_CLIENT, refresh
        if granted and not granted >= set(REQUIRED_SCOPES):
            return ConnectionOutcome.NOT_ALLOWED, refresh
        return ConnectionOutcome.CONNECTED, refresh

    def _ours(self, old: OldConnection, outcome: ConnectionOutcome, token: str) -> Connection:
        connected = outcome is ConnectionOutcome.CONNECTED
        return Connection(
            listener=old.listener,
            address=_address(old),
            token=self.sealer.encrypt(REFRESH_TOKEN, old.listener, token.encode()),
            scopes=tuple(REQUIRED_SCOPES) if connected else (),
            connected_at=old.changed_at,
            state=ConnectionState.CONNECTED if connected else ConnectionState.RECONNECT,
        )


def _address(old: OldConnection) -> str:
    return old.address or _text(old.credentials, "email")


def _text(held: dict[str, Any], name: str) -> str:
    told = held.get(name)
    return told if isinstance(told, str) else ""
