"""Compares the imported audio files with the checksums that were recorded when they were copied."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from audiobrew.legacy.import_store import ImportStore
    from audiobrew.media.storage import Media

PAGE_SIZE, CONCURRENT_READS = 200, 8


@dataclass(frozen=True, slots=True)
class AudioCheck:
    """`intact`: how many files match; `damaged`: the episodes whose files are missing or differ."""

    intact: int
    damaged: tuple[UUID, ...]


async def check_audio(
    store: "ImportStore", media: "Media", progress: Callable[[int], None]
) -> AudioCheck:
    """Read every copied file. `progress` is called with 1 for each file. Raises MediaUnavailable."""
    semaphore = asyncio.Semaphore(CONCURRENT_READS)

    async def is_intact(id: UUID, size: int, digest: str) -> bool:
        async with semaphore:
            actual = await file_digest(media, f"episodes/{id}.mp3", size)
            progress(1)
            return actual == digest

    intact, damaged, last = 0, list[UUID](), None
    while page := await store.copied_audio(last, PAGE_SIZE):
        last = page[-1][0]
        results = await asyncio.gather(*(is_intact(*row) for row in page))
        intact += sum(results)
        damaged += [row[0] for row, result in zip(page, results, strict=True) if not result]
    return AudioCheck(intact, tuple(damaged))


async def file_digest(media: "Media", key: str, size: int) -> str | None:
    """SHA-256 in hex; None if there is no such file."""
    digest = sha256()
    try:
        async for chunk in media.read(key, 0, size + 1):
            digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest()
