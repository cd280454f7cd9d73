"""Encryption of the secrets in the database, with AES-256-GCM.

Reading the database, or copying a row to another listener, reveals nothing without the keys.
"""

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
# The purpose of the encryption of Gmail's tokens.
REFRESH_TOKEN = "gmail refresh token"  # noqa: S105


class DecryptionFailed(Exception):
    """The key is unknown, the purpose or the listener is another, or the ciphertext was changed."""


@dataclass(frozen=True, slots=True)
class EncryptedSecret:
    """`ciphertext` is the nonce and the output of AES-GCM; `key_id` names the key."""

    ciphertext: bytes
    key_id: str


class TokenCipher:
    """Encrypts with the newest key, decrypts with every known key.

    `derived`: the newest key is derived from Supabase's secret key, because ENCRYPTION_KEYS is not set.
    """

    def __init__(self, keys: Mapping[str, bytes], *, derived: bool = False) -> None:
        """The newest key comes first; at least one key, of 32 bytes each."""
        self._keys = dict(keys)
        self.newest_key_id = next(iter(self._keys))
        self.derived = derived

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The keys of ENCRYPTION_KEYS, followed by the key that is used without that setting."""
        own = encryption_keys(settings)
        return cls(
            own | default_key(settings, create=not own), derived=settings.production and not own
        )

    def encrypt(self, purpose: str, listener: UUID, secret: bytes) -> EncryptedSecret:
        """The result can be decrypted for the same purpose and listener only."""
        nonce = os.urandom(NONCE_BYTES)
        key = _aes_gcm(self._keys[self.newest_key_id])
        ciphertext = key.encrypt(nonce, secret, _associated_data(purpose, listener))
        return EncryptedSecret(nonce + ciphertext, self.newest_key_id)

    def decrypt(self, purpose: str, listener: UUID, secret: EncryptedSecret) -> bytes:
        """Raises DecryptionFailed."""
        from cryptography.exceptions import InvalidTag

        key = self._keys.get(secret.key_id)
        if key is None:
            raise DecryptionFailed
        nonce, ciphertext = secret.ciphertext[:NONCE_BYTES], secret.ciphertext[NONCE_BYTES:]
        try:
            return _aes_gcm(key).decrypt(nonce, ciphertext, _associated_data(purpose, listener))
        except (InvalidTag, ValueError) as error:  # ValueError: shorter than a nonce
            raise DecryptionFailed from error

    def is_outdated(self, key_id: str) -> bool:
        """Whether there is a newer key than this one."""
        return key_id != self.newest_key_id

    def sign(self, purpose: str, message: bytes) -> str:
        """HMAC-SHA256 in hex, with the newest key."""
        return _signature(self._keys[self.newest_key_id], purpose, message)

    def verify(self, purpose: str, message: bytes, signature: str) -> bool:
        """Whether any known key made this signature."""
        valid = [_signature(key, purpose, message).encode() for key in self._keys.values()]
        return any(hmac.compare_digest(one, signature.encode()) for one in valid)


def default_key(settings: Settings, *, create: bool) -> dict[str, bytes]:
    """The key that is used without ENCRYPTION_KEYS, by its id.

    In production it is derived from Supabase's secret key, so that all machines have the same key. On a
    single machine it is a file, created on the first use unless `create` is false.
    """
    secret = settings.supabase_secret_key
    file = settings.data / "sealing.key"
    if settings.production and secret is not None:
        return _with_id("derived", derive_key(secret.get_secret_value().encode(), b"sealing"))
    return _with_id("machine", machine_key(file)) if create or file.exists() else {}


def _with_id(kind: str, key: bytes) -> dict[str, bytes]:
    """The id contains a hash of the key, so that another key never has the same id."""
    return {f"{kind}-{sha256(key).hexdigest()[:8]}": key}


def _aes_gcm(key: bytes) -> "AESGCM":
    """Imported late, because the library loads all of OpenSSL and many processes never need it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def derive_key(secret: bytes, use: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"audiobrew " + use).derive(secret)


def _associated_data(purpose: str, listener: UUID) -> bytes:
    return f"{purpose}\n{listener}".encode()


def _signature(key: bytes, purpose: str, message: bytes) -> str:
    signing_key = derive_key(key, b"signing")
    return hmac.digest(signing_key, purpose.encode() + b"\n" + message, "sha256").hex()
