"""Whether all that was taken over is here, byte for byte."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from audiobrew.legacy.import_store import ImportStore
    from audiobrew.media.storage import Media

PAGE, AT_ONCE = 200, 8


@dataclass(frozen=True, slots=True)
class AudioCheck:
    whole: int
    broken: tuple[UUID, ...]


async def check_audio(
    adopted: "ImportStore", media: "Media", told: Callable[[int], None]
) -> AudioCheck:
    """Reads every copied file again. Raises MediaUnavailable."""
    whole, broken, last = 0, list[UUID](), None
    few = asyncio.Semaphore(AT_ONCE)

    async def one(id: UUID, size: int, digest: str) -> bool:
        async with few:
            found = await _digest(media, f"episodes/{id}.mp3", size)
            told(1)
            return found == digest

    while page := await adopted.copied(last, PAGE):
        last = page[-1][0]
        right = await asyncio.gather(*(one(*row) for row in page))
        whole += sum(right)
        broken += [row[0] for row, fine in zip(page, right, strict=True) if not fine]
    return AudioCheck(whole, tuple(broken))


async def _digest(media: "Media", key: str, size: int) -> str | None:
    found = sha256()
    try:
        async for piece in media.read(key, 0, size + 1):
            found.update(piece)
    except FileNotFoundError:
        return None
    return found.hexdigest()
