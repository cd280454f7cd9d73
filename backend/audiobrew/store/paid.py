"""What was made once is never made again: answers kept under the hash of what was asked."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.paying import Answer
from audiobrew.store.media import Media
from audiobrew.store.tables import paid

MOST_UNKEPT = 100
"""Answers in memory: clips of a quarter of a megabyte at most."""


Settle = Callable[[Answer], sa.Update | None]
"""What else is to be written once an answer is finished."""


def key_of(listener: UUID, kind: str, **asked: Any) -> str:
    """sha256 of everything that shapes the answer; the listener too, so that nothing crosses listeners."""
    told = json.dumps([str(listener), kind, asked], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def media_key(key: str) -> str:
    return f"clips/{key[:2]}/{key}.mp3"


class PaidOnce:
    """An answer with bytes is finished once they are in place: its row alone counts for nothing.

    So the row comes first. The other way round, a process killed between the two would leave a
    finished clip that nobody knows of, and that is made again.
    """

    def __init__(self, engine: AsyncEngine, media: Media) -> None:
        self._engine = engine
        self._media = media
        self._making: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._unkept: dict[str, Answer] = {}

    async def facts(self, key: str) -> dict[str, Any] | None:
        """What is known under this key, if it was made."""
        chosen = sa.select(paid.c.answer, paid.c.media).where(paid.c.key == key)
        async with self._engine.connect() as database:
            row = (await database.execute(chosen)).one_or_none()
        if row is None or (row.media and not await self._media.stat(row.media)):
            return None
        answer: dict[str, Any] = row.answer
        return answer

    async def get_or_make(
        self,
        listener: UUID,
        kind: str,
        key: str,
        make: Callable[[], Awaitable[Answer]],
        settle: Settle | None = None,
    ) -> dict[str, Any]:
        """The kept facts, or those of one call to `make`, even when two ask at the same moment.

        What `settle` says is written when the answer is finished: with its row, or after its bytes.

        An answer that cannot be kept (a busy database, a full disk) is not thrown away: who asks again
        in this process tries to keep it again, and `make` is not called.
        """
        async with self._making.setdefault(key, asyncio.Lock()):
            known, held = await self.facts(key), self._unkept.pop(key, None)
            if known is None or held is not None:
                answer = held or await make()
                self._hold(key, answer)
                known = await self._keep(listener, kind, key, answer, settle)
                self._unkept.pop(key, None)
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

    def _hold(self, key: str, answer: Answer) -> None:
        """Until it is kept; the oldest are let go, so that a full disk does not fill the memory too."""
        self._unkept[key] = answer
        while len(self._unkept) > MOST_UNKEPT:
            del self._unkept[next(iter(self._unkept))]

    async def _keep(
        self, listener: UUID, kind: str, key: str, answer: Answer, settle: Settle | None
    ) -> dict[str, Any]:
        media = media_key(key) if answer.content is not None else None
        made = {"answer": answer.facts, "media": media, "created_at": datetime.now(UTC)}
        row = {"key": key, "listener_id": listener, "kind": kind} | made
        also = settle(answer) if settle else None
        async with self._engine.begin() as database:
            insert = postgresql.insert if database.dialect.name == "postgresql" else sqlite.insert
            new = insert(paid).values(row)
            await database.execute(new.on_conflict_do_update(index_elements=["key"], set_=made))
            if also is not None and media is None:
                await database.execute(also)
        if answer.content is not None and media:
            await self._put(key, media, answer.content, also)
        return answer.facts

    async def _put(self, key: str, media: str, content: bytes, also: sa.Update | None) -> None:
        await self._media.put_bytes(media, content)
        await self._leave_nothing(key, media)
        if also is not None:
            async with self._engine.begin() as database:
                await database.execute(also)

    async def _leave_nothing(self, key: str, media: str) -> None:
        """A listener who was deleted while their clip was put in place must not leave it behind."""
        chosen = sa.select(paid.c.key).where(paid.c.key == key)
        async with self._engine.connect() as database:
            kept = (await database.execute(chosen)).scalar_one_or_none()
        if kept is None:
            await self._media.delete(media)
