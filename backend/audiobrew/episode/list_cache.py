"""Responses that are kept in memory until something in the database changes."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from pathlib import Path
from typing import Any

MAX_ENTRIES = 200
Response = asyncio.Future[bytes]
Make = Callable[[], Coroutine[Any, Any, bytes]]


class NoListCache:
    """No-op cache for Postgres, where we cannot detect other processes' writes cheaply."""

    async def get_or_make(self, key: Hashable, make: Make) -> bytes:
        return await make()

    def close(self) -> None:
        """Nothing to close."""


class ListCache:
    """Cache for SQLite, emptied whenever any process writes to the database.

    SQLite answers from shared memory whether something was written. That takes microseconds and never waits,
    so it may happen on the event loop.
    """

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(database, timeout=0, check_same_thread=False)
        self._version: object = None
        self._responses: dict[Hashable, Response] = {}

    async def get_or_make(self, key: Hashable, make: Make) -> bytes:
        """The response under this key, or a new one from `make` if something was written since.

        Callers that ask while a response is being made share it: nothing was written since that began.
        """
        version = self._data_version()
        if version != self._version or len(self._responses) >= MAX_ENTRIES:
            self._version, self._responses = version, {}
        if key not in self._responses:
            response = self._responses[key] = asyncio.ensure_future(make())
            response.add_done_callback(partial(_drop_if_failed, self._responses, key))
        # Shielded, so that a caller that is cancelled does not cancel it for the others.
        return await asyncio.shield(self._responses[key])

    def close(self) -> None:
        self._connection.close()

    def _data_version(self) -> object:
        """A value that changes whenever another connection writes."""
        try:
            return self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.OperationalError:  # busy: assume that it changed
            return object()


def _drop_if_failed(responses: dict[Hashable, Response], key: Hashable, response: Response) -> None:
    if response.cancelled() or response.exception():
        responses.pop(key, None)
