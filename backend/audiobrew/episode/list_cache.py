"""Answers kept in memory until anything in the database changes."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from pathlib import Path
from typing import Any

MOST_KEPT = 200
Making = asyncio.Future[bytes]
Make = Callable[[], Coroutine[Any, Any, bytes]]


class NoListCache:
    """The same questions where nothing tells cheaply whether another process wrote: always made anew."""

    async def answer(self, key: Hashable, make: Make) -> bytes:
        return await make()

    def close(self) -> None:
        """Nothing is open."""


class ListCache:
    """Asking SQLite whether anything was written, by whichever process, is a look at shared memory.

    It takes microseconds and never waits, so it may happen on the event loop; the answer itself would
    take five turns of the database's thread.
    """

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(database, timeout=0, check_same_thread=False)
        self._mark: object = None
        self._kept: dict[Hashable, Making] = {}

    async def answer(self, key: Hashable, make: Make) -> bytes:
        """What `make` gave under this key, if nothing was written since; else what it gives now.

        Whoever asks while it is being made shares it: nothing was written since that began either.
        """
        mark = self._changes()
        if mark != self._mark or len(self._kept) >= MOST_KEPT:
            self._mark, self._kept = mark, {}
        if key not in self._kept:
            made = self._kept[key] = asyncio.ensure_future(make())
            made.add_done_callback(partial(_forget_if_failed, self._kept, key))
        return await asyncio.shield(
            self._kept[key]
        )  # one who leaves does not take it from the rest

    def close(self) -> None:
        self._connection.close()

    def _changes(self) -> object:
        """Differs whenever another connection wrote in between."""
        try:
            return self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.OperationalError:  # busy: for all we know it changed
            return object()


def _forget_if_failed(kept: dict[Hashable, Making], key: Hashable, made: Making) -> None:
    if made.cancelled() or made.exception():
        kept.pop(key, None)
