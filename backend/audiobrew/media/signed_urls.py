"""Signed URLs for audio, which need no sign-in for a while: an audio element cannot send a token."""

import hmac
from http import HTTPStatus
from time import time
from uuid import UUID

from audiobrew.ops.machine_key import machine_key
from audiobrew.problems import Problem
from audiobrew.settings import Settings

# A URL stays the same for 1/6 of its lifetime, so that a page that loads again does not restart its player.
STABLE_FRACTION = 6


class AudioAddressExpired(Problem):
    """This audio address is no longer valid. Load the episode again to get a new one."""

    type = "audio-address-expired"
    status = HTTPStatus.UNAUTHORIZED


class AudioUrlSigner:
    """Signs with HMAC-SHA256. URLs live for 5/6 to 6/6 of `seconds`."""

    def __init__(self, key: bytes, seconds: int) -> None:
        self._key = key
        self._seconds = seconds

    def audio_url(self, episode: UUID, origin: str = "", now: float | None = None) -> str:
        """A path or, with `origin` (`https://host` without a final slash), an absolute URL."""
        expires = self.expiry(now)
        signature = self._sign(episode, expires)
        return f"{origin}/api/podcast/{episode}/audio?expires={expires}&signature={signature}"

    def check(self, episode: UUID, expires: int, signature: str, now: float | None = None) -> None:
        """Raises AudioAddressExpired if the URL has expired or the signature is wrong."""
        valid = hmac.compare_digest(self._sign(episode, expires).encode(), signature.encode())
        if not valid or expires <= (time() if now is None else now):
            raise AudioAddressExpired

    def expiry(self, now: float | None = None) -> int:
        """When a URL that is signed now expires (Unix time)."""
        interval = max(self._seconds // STABLE_FRACTION, 1)
        return int(time() if now is None else now) // interval * interval + self._seconds

    def _sign(self, episode: UUID, expires: int) -> str:
        message = f"audio\n{episode}\n{expires}".encode()
        return hmac.digest(self._key, message, "sha256").hex()


def signing_key(settings: Settings) -> bytes:
    """Derived from SIGNING_KEY or else from Supabase's secret key, so that all machines have the same key.

    On a single machine: the file `signing.key` in the data folder, created on the first use.
    """
    for secret in (settings.signing_key, settings.supabase_secret_key):
        if secret is not None:
            return hmac.digest(
                secret.get_secret_value().encode(), b"audiobrew audio urls", "sha256"
            )
    return machine_key(settings.data / "signing.key")
