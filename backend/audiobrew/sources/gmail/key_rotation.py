"""After a new key: every refresh token sealed with it, so that the older keys can be thrown away."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrew.sources.gmail.connection import Connection
from audiobrew.sources.gmail.token_provider import REFRESH_TOKEN

if TYPE_CHECKING:
    from audiobrew.sources.gmail.connection_store import Connections
    from audiobrew.sources.gmail.token_cipher import TokenCipher


@dataclass(frozen=True, slots=True)
class Resealed:
    """`anew`: how many were sealed with the newest key; `lost`: how many no known key opened."""

    anew: int
    lost: int


async def reseal(connections: "Connections", sealer: "TokenCipher") -> Resealed:
    """One connection at a time; may be ended and begun again. A lost one's listener is asked to reconnect."""
    older = await connections.not_sealed_with(sealer.newest)
    opened = [await _sealed_anew(one, connections, sealer) for one in older]
    return Resealed(anew=sum(opened), lost=len(opened) - sum(opened))


async def _sealed_anew(connection: Connection, kept: "Connections", sealer: "TokenCipher") -> bool:
    from audiobrew.sources.gmail.token_cipher import DecryptionFailed

    try:
        token = sealer.open(REFRESH_TOKEN, connection.listener, connection.token)
    except DecryptionFailed:
        await kept.lost(connection)
        return False
    await kept.reseal(connection, sealer.seal(REFRESH_TOKEN, connection.listener, token))
    return True
