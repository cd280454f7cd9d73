"""Tells a waiting task of this process that an episode has changed."""

import asyncio
from contextlib import suppress


class EpisodeNotifier:
    """For one event loop and one waiting task. It does not hear of changes by other processes."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def notify(self) -> None:
        self._changed.set()

    async def wait(self, seconds: float) -> None:
        """Wait for a change, for at most `seconds`. A change since the last wait counts."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        self._changed.clear()
