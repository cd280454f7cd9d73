"""Addresses of audio that open for a while without signing in, because an audio element sends no token."""

import hmac
from http import HTTPStatus
from time import time
from uuid import UUID

from audiobrew.ops.machine_key import machine_key
from audiobrew.problems import Problem
from audiobrew.settings import Settings

STEADY = 6
"""An address stays the same for a sixth of its life, so that asking again does not reload a player."""


class AudioAddressExpired(Problem):
    """This audio address is no longer valid. Load the episode again to get a new one."""

    type = "audio-address-expired"
    status = HTTPStatus.UNAUTHORIZED


class AudioUrlSigner:
    """Signs with HMAC-SHA256. Addresses live for 5/6 to 6/6 of `seconds`."""

    def __init__(self, key: bytes, seconds: int) -> None:
        self._key = key
        self._seconds = seconds

    def audio_url(self, episode: UUID, origin: str = "", now: float | None = None) -> str:
        """A path, or with `origin` (`https://host`, no slash at its end) a whole address."""
        expires = self.expiry(now)
        signature = self._sign(episode, expires)
        return f"{origin}/api/podcast/{episode}/audio?expires={expires}&signature={signature}"

    def check(self, episode: UUID, expires: int, signature: str, now: float | None = None) -> None:
        """Raises AudioAddressExpired, also for what was never signed here."""
        right = hmac.compare_digest(self._sign(episode, expires).encode(), signature.encode())
        if not right or expires <= (time() if now is None else now):
            raise AudioAddressExpired

    def expiry(self, now: float | None = None) -> int:
        """Until when (Unix time) an address made now opens."""
        steady = max(self._seconds // STEADY, 1)
        return int(time() if now is None else now) // steady * steady + self._seconds

    def _sign(self, episode: UUID, expires: int) -> str:
        told = f"audio\n{episode}\n{expires}".encode()
        return hmac.digest(self._key, told, "sha256").hex()


def signing_key(settings: Settings) -> bytes:
    """SIGNING_KEY's, or one that every machine derives from Supabase's key, so that all of them agree.

    On one machine it is its own: `signing.key` in the data folder, made at the first start.
    """
    for secret in (settings.signing_key, settings.supabase_secret_key):
        if secret is not None:
            return hmac.digest(
                secret.get_secret_value().encode(), b"audiobrew audio urls", "sha256"
            )
    return machine_key(settings.data / "signing.key")
