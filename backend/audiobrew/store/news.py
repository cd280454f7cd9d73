"""Word that an episode changed, for those in this process who wait for it; others look for themselves."""

import asyncio
from contextlib import suppress
from uuid import UUID
from weakref import WeakValueDictionary


class News:
    """Of one event loop. Who waits keeps the word's place; nothing is left when all have gone."""

    def __init__(self) -> None:
        self._awaited: WeakValueDictionary[UUID, asyncio.Event] = WeakValueDictionary()

    def tell(self, id: UUID) -> None:
        if event := self._awaited.pop(id, None):
            event.set()

    async def wait(self, id: UUID, seconds: float) -> None:
        """Until something is told of it, at most so many seconds."""
        event = self._awaited.setdefault(id, asyncio.Event())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
