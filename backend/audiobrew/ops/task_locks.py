"""Locks between the tasks of this process, one for each key, such as a listener's id."""

import asyncio
from collections.abc import Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

Key = TypeVar("Key", bound=Hashable)


class TaskLocks(Generic[Key]):
    """For one event loop. A lock that nobody holds or waits for is removed.

    `models/key_locks.py` has the locks between processes.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    def get(self, key: Key) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())
