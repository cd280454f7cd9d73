"""Random values that somebody gets back to us once: for passkeys, and for sign-ins at another provider."""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.account_tables import passkey_challenges

CHALLENGE_BYTES = 32


class Challenges:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def create(self, purpose: str, lifetime: timedelta) -> bytes:
        """A new challenge. Also deletes expired ones."""
        challenge, now = secrets.token_bytes(CHALLENGE_BYTES), datetime.now(UTC)
        row = {"hash": _hash(challenge), "purpose": purpose, "expires_at": now + lifetime}
        expired = passkey_challenges.delete().where(passkey_challenges.c.expires_at < now)
        async with self._engine.begin() as database:
            await database.execute(expired)
            await database.execute(passkey_challenges.insert().values(row))
        return challenge

    async def use(self, purpose: str, challenge: bytes) -> bool:
        """Whether it was made for this purpose, is not too old, and was not used yet."""
        use = passkey_challenges.delete().where(
            passkey_challenges.c.hash == _hash(challenge),
            passkey_challenges.c.purpose == purpose,
            passkey_challenges.c.expires_at > datetime.now(UTC),
        )
        async with self._engine.begin() as database:
            return bool((await database.execute(use)).rowcount)


def _hash(challenge: bytes) -> str:
    return sha256(challenge).hexdigest()
