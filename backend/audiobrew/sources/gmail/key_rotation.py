"""Key rotation: encrypt every refresh token with the newest key, so that older keys can be thrown away."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrew.sources.gmail.token_provider import REFRESH_TOKEN

if TYPE_CHECKING:
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.token_cipher import TokenCipher


@dataclass(frozen=True, slots=True)
class RotationResult:
    """`undecryptable`: tokens that no known key can decrypt."""

    reencrypted: int
    undecryptable: int


async def rotate_keys(connections: "Connections", cipher: "TokenCipher") -> RotationResult:
    """Encrypt the tokens of older keys with the newest key, one connection at a time.

    Can be interrupted and run again. The listener of an undecryptable token has to connect Gmail again.
    """
    from audiobrew.sources.gmail.token_cipher import DecryptionFailed

    reencrypted = undecryptable = 0
    for connection in await connections.encrypted_with_other_keys(cipher.newest_key_id):
        try:
            token = cipher.decrypt(REFRESH_TOKEN, connection.listener, connection.token)
        except DecryptionFailed:
            await connections.require_reconnect(connection)
            undecryptable += 1
            continue
        encrypted = cipher.encrypt(REFRESH_TOKEN, connection.listener, token)
        await connections.replace_token(connection, encrypted)
        reencrypted += 1
    return RotationResult(reencrypted, undecryptable)
