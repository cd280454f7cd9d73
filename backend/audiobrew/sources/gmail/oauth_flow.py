"""The OAuth flow of a listener: only who began it can finish it, once and within ten minutes."""

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

LIFETIME = timedelta(minutes=10)
# Purposes of the encryption and of the signature, see TokenCipher.
VERIFIER, STATE = "consent verifier", "consent state"
# A random id and the expiry (Unix time), then the signature of both.
STATE_PATTERN = re.compile(r"([A-Za-z0-9_-]{20,60}\.(\d{1,12}))\.([0-9a-f]{64})")


class OAuthFlow:
    def __init__(self, google: Google, connections: "Connections", cipher: "TokenCipher") -> None:
        self._google, self._connections, self._cipher = google, connections, cipher

    async def begin(self, listener: UUID) -> str:
        """Google's consent page. The state in its address holds no personal data, only a random id, an
        expiry and a signature."""
        expires = datetime.now(UTC) + LIFETIME
        payload = f"{secrets.token_urlsafe(24)}.{int(expires.timestamp())}"
        state = f"{payload}.{self._cipher.sign(STATE, payload.encode())}"
        verifier = secrets.token_urlsafe(48)
        encrypted = self._cipher.encrypt(VERIFIER, listener, verifier.encode())
        await self._connections.add_consent(listener, state, encrypted, expires)
        return self._google.authorization_url(state, verifier)

    async def finish(self, listener: UUID, code: str, state: str) -> Grant:
        """Raises ConsentExpired, NotYours, and what `Google.exchange` raises."""
        from audiobrew.sources.gmail.token_cipher import DecryptionFailed

        consent = await self._connections.use_consent(state) if self._is_valid(state) else None
        if consent is None:
            raise ConsentExpired
        owner, encrypted_verifier = consent
        if owner != listener:
            raise NotYours("Another listener began this consent. Connect Gmail under Sources.")
        try:
            verifier = self._cipher.decrypt(VERIFIER, listener, encrypted_verifier).decode()
        except DecryptionFailed as error:
            raise ConsentExpired from error
        return await self._google.exchange(code, verifier)

    def _is_valid(self, state: str) -> bool:
        """Checks signature and expiry, so that forged states cause no database query."""
        match = STATE_PATTERN.fullmatch(state)
        if match is None or int(match[2]) < datetime.now(UTC).timestamp():
            return False
        return self._cipher.verify(STATE, match[1].encode(), match[3])
