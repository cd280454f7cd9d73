"""A listener's way to Google and back: only who set out may arrive, once, within ten minutes."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from audiobrew.account.identity import NotYours
from audiobrew.sources.gmail.connection import ConsentExpired
from audiobrew.sources.gmail.google import Google, Grant

if TYPE_CHECKING:
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.token_cipher import TokenCipher

LIFE = timedelta(minutes=10)
VERIFIER, STATE = "consent verifier", "consent state"
SHAPE = re.compile(r"([A-Za-z0-9_-]{20,60}\.(\d{1,12}))\.([0-9a-f]{64})")


class OAuthFlow:
    def __init__(self, google: Google, connections: "Connections", sealer: "TokenCipher") -> None:
        self._google, self._connections, self._sealer = google, connections, sealer

    async def begin(self, listener: UUID) -> str:
        """Where to consent. The state that travels along holds no name, only an id and a signature."""
        expires = datetime.now(UTC) + LIFE
        told = f"{secrets.token_urlsafe(24)}.{int(expires.timestamp())}"
        state = f"{told}.{self._sealer.sign(STATE, told.encode())}"
        verifier = secrets.token_urlsafe(48)
        sealed = self._sealer.seal(VERIFIER, listener, verifier.encode())
        await self._connections.begin_consent(listener, state, sealed, expires)
        return self._google.authorization_url(state, verifier)

    async def finish(self, listener: UUID, code: str, state: str) -> Grant:
        """Raises ConsentExpired, NotYours, and what `Google.exchange` raises."""
        verifier = await self._used(listener, state)
        return await self._google.exchange(code, verifier)

    async def _used(self, listener: UUID, state: str) -> str:
        from audiobrew.sources.gmail.token_cipher import DecryptionFailed

        used = await self._connections.use_consent(state) if self._ours(state) else None
        if used is None:
            raise ConsentExpired
        begun_by, sealed = used
        if begun_by != listener:
            raise NotYours("Another listener began this consent. Connect Gmail from your profile.")
        try:
            return self._sealer.open(VERIFIER, listener, sealed).decode()
        except DecryptionFailed as error:
            raise ConsentExpired from error

    def _ours(self, state: str) -> bool:
        """What was not signed here, or is too old, is not even looked up."""
        found = SHAPE.fullmatch(state)
        if found is None or int(found[2]) < datetime.now(UTC).timestamp():
            return False
        return self._sealer.signed(STATE, found[1].encode(), found[3])
