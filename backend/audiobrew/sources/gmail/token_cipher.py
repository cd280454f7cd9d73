"""Secrets that are kept are sealed: who reads the database alone, or moves a row, learns nothing."""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Self
from uuid import UUID

from audiobrew.ops.machine_key import KEY_BYTES, machine_key
from audiobrew.settings import Settings, encryption_keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class DecryptionFailed(Exception):
    """Sealed with a key that is not known any more, for something else, or changed since."""


@dataclass(frozen=True, slots=True)
class EncryptedSecret:
    """`box` is the nonce and what AES-GCM made; `key_id` names the key."""

    box: bytes
    key_id: str


class TokenCipher:
    """Seals with the newest key, opens with every known one. `derived`: made from Supabase's key."""

    def __init__(self, keys: Mapping[str, bytes], *, derived: bool = False) -> None:
        """The newest key first; at least one, of 32 bytes each."""
        self._keys = dict(keys)
        self.newest = next(iter(self._keys))
        self.derived = derived

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """ENCRYPTION_KEYS', and after them the key that was used as long as there were none."""
        own, fallback = encryption_keys(settings), _fallback(settings, made=False)
        keys = own | fallback if own else _fallback(settings, made=True)
        return cls(keys, derived=settings.production and not own)

    def seal(self, purpose: str, listener: UUID, secret: bytes) -> EncryptedSecret:
        """Only for this purpose and this listener it can be opened again."""
        nonce = os.urandom(NONCE_BYTES)
        key = _cipher(self._keys[self.newest])
        return EncryptedSecret(
            nonce + key.encrypt(nonce, secret, _bound(purpose, listener)), self.newest
        )

    def open(self, purpose: str, listener: UUID, sealed: EncryptedSecret) -> bytes:
        """Raises DecryptionFailed."""
        from cryptography.exceptions import InvalidTag

        key = self._keys.get(sealed.key_id)
        if key is None:
            raise DecryptionFailed
        nonce, box = sealed.box[:NONCE_BYTES], sealed.box[NONCE_BYTES:]
        try:
            return _cipher(key).decrypt(nonce, box, _bound(purpose, listener))
        except (InvalidTag, ValueError) as error:  # ValueError: shorter than a nonce
            raise DecryptionFailed from error

    def needs_resealing(self, key_id: str) -> bool:
        """Whether there is a newer key than the one something was sealed with."""
        return key_id != self.newest

    def sign(self, purpose: str, told: bytes) -> str:
        """In hex, with the newest key."""
        return _signature(self._keys[self.newest], purpose, told)

    def signed(self, purpose: str, told: bytes, signature: str) -> bool:
        """Whether any known key made this signature."""
        found = [_signature(key, purpose, told).encode() for key in self._keys.values()]
        return any(hmac.compare_digest(right, signature.encode()) for right in found)


def _fallback(settings: Settings, *, made: bool) -> dict[str, bytes]:
    """In production derived from Supabase's key, so that all machines agree; else this machine's own.

    `made`: the machine's own is made when it is not there yet.
    """
    secret = settings.supabase_secret_key
    file = settings.data / "sealing.key"
    if settings.production and secret is not None:
        return _named("derived", _derived(secret.get_secret_value().encode(), b"sealing"))
    return _named("machine", machine_key(file)) if made or file.exists() else {}


def _named(kind: str, key: bytes) -> dict[str, bytes]:
    """Another key has another id, so that what an old one sealed is not tried with it."""
    return {f"{kind}-{sha256(key).hexdigest()[:8]}": key}


def _cipher(key: bytes) -> "AESGCM":
    """Its library brings all of OpenSSL: it is loaded with the first secret, which many never keep."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _derived(secret: bytes, use: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"audiobrew " + use).derive(secret)


def _bound(purpose: str, listener: UUID) -> bytes:
    return f"{purpose}\n{listener}".encode()


def _signature(key: bytes, purpose: str, told: bytes) -> str:
    return hmac.digest(_derived(key, b"signing"), purpose.encode() + b"\n" + told, "sha256").hex()
