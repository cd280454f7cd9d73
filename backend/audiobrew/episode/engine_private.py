"""What we need of the engine and it does not offer: each private name of its library once, each with a test.

`tests/episode/test_engine_private.py` fails when the library changes one of them.
"""

import threading
from asyncio import Task
from typing import Any

from dbos import DBOS


def recover_pending(executors: list[str]) -> None:
    """Take up what these processes left. Compares and swaps the owner: of two who do it at once, one does."""
    DBOS._recover_pending_workflows(executors)


def tasks_at_work(dbos: DBOS) -> set[Task[Any]]:
    """The brews that this process works on."""
    return set(dbos._workflow_tasks)


def stop_background_threads(dbos: DBOS) -> None:
    """No thread of the engine's takes anything more from a queue."""
    for event in dbos.background_thread_stop_events:
        event.set()


def queue_threads(queue: str) -> list[threading.Thread]:
    """Those that take brews from this queue."""
    name = f"queue-worker-{queue}"
    return [thread for thread in threading.enumerate() if thread.name == name]
