"""The private names of DBOS that we need, each used in one function and covered by a test.

`tests/episode/test_engine_private.py` fails if the library changes one of them.
"""

import threading
from asyncio import Task
from typing import Any

from dbos import DBOS


def recover_pending(executors: list[str]) -> None:
    """Take over the brews of these processes.

    The engine compares and swaps the owner, so of two processes that do this at once, one succeeds.
    """
    DBOS._recover_pending_workflows(executors)


def tasks_at_work(dbos: DBOS) -> set[Task[Any]]:
    """The tasks of the brews that this process runs."""
    return set(dbos._workflow_tasks)


def stop_background_threads(dbos: DBOS) -> None:
    """Tell the engine's threads to take nothing more from a queue."""
    for event in dbos.background_thread_stop_events:
        event.set()


def queue_threads(queue: str) -> list[threading.Thread]:
    """The threads that take brews from this queue and can be joined.

    A thread that is only just starting cannot be. It takes nothing if `stop_background_threads` was called.
    """
    name = f"queue-worker-{queue}"
    return [one for one in threading.enumerate() if one.name == name and one.is_alive()]
