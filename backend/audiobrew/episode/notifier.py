"""Word that something changed in an episode, for whoever in this process waits for it."""

import asyncio
from contextlib import suppress


class EpisodeNotifier:
    """Of one event loop, and for one who waits. Other processes' changes are looked up."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def notify(self) -> None:
        self._changed.set()

    async def wait(self, seconds: float) -> None:
        """Until something is told, at most so many seconds; also what was told since the last wait."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        self._changed.clear()
