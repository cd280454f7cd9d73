"""What was made once is never made again: answers kept under the hash of what was asked."""

import asyncio
import hashlib
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.store.media import Media
from audiobrew.store.tables import paid


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: facts as JSON and, for a clip, its bytes."""

    facts: dict[str, Any]
    content: bytes | None = None


def key_of(listener: UUID, kind: str, **asked: Any) -> str:
    """sha256 of everything that shapes the answer; the listener too, so that nothing crosses listeners."""
    told = json.dumps([str(listener), kind, asked], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def media_key(key: str) -> str:
    return f"clips/{key[:2]}/{key}.mp3"


class PaidOnce:
    """The bytes are durable before their row is written, and the row before anybody uses them."""

    def __init__(self, engine: AsyncEngine, media: Media) -> None:
        self._engine = engine
        self._media = media
        self._making: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def facts(self, key: str) -> dict[str, Any] | None:
        """What is known under this key, if it was made."""
        chosen = sa.select(paid.c.answer).where(paid.c.key == key)
        async with self._engine.connect() as database:
            found: dict[str, Any] | None = (await database.execute(chosen)).scalar_one_or_none()
        return found

    async def get_or_make(
        self, listener: UUID, kind: str, key: str, make: Callable[[], Awaitable[Answer]]
    ) -> dict[str, Any]:
        """The kept facts, or those of one call to `make`, even when two ask at the same moment."""
        async with self._making[key]:
            known = await self.facts(key)
            if known is None:
                known = await self._keep(listener, kind, key, await make())
        self._making.pop(key, None)
        return known

    async def forget(self, older_than: timedelta) -> None:
        """Drop what nobody will ask for again: rows first, so that none points to nothing."""
        old = paid.c.created_at < datetime.now(UTC) - older_than
        async with self._engine.begin() as database:
            gone = list(
                (await database.execute(paid.delete().where(old).returning(paid.c.media))).scalars()
            )
        for media in filter(None, gone):
            await self._media.delete(media)

    async def _keep(self, listener: UUID, kind: str, key: str, answer: Answer) -> dict[str, Any]:
        media = media_key(key) if answer.content is not None else None
        if answer.content is not None and media:
            await self._media.put_bytes(media, answer.content)
        row = {"key": key, "listener_id": listener, "kind": kind, "answer": answer.facts}
        async with self._engine.begin() as database:
            insert = postgresql.insert if database.dialect.name == "postgresql" else sqlite.insert
            made = {"media": media, "created_at": datetime.now(UTC)}
            await database.execute(insert(paid).values(row | made).on_conflict_do_nothing())
        return answer.facts
