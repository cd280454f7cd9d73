"""Being told to stop: what a host sends counts as much as Ctrl-C."""

import asyncio
import signal
import threading

STOP_EXCEPTIONS = (KeyboardInterrupt, asyncio.CancelledError)
"""What comes out of the event loop when a person or a host said stop."""


def cancel_on_sigterm() -> None:
    """SIGTERM ends the running task, which hands its work over before it goes.

    To be called on the event loop. While the server answers it takes the signal first, and passes it
    on once open requests are done.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task

    def stop(*_: object) -> None:
        loop.call_soon_threadsafe(task.cancel)

    signal.signal(signal.SIGTERM, stop)


def ignore_closed_loop_errors() -> None:
    """A database's thread may finish when the event loop that asked it is gone: nothing is wrong."""

    def told(trouble: threading.ExceptHookArgs) -> None:
        if str(trouble.exc_value) != "Event loop is closed":
            threading.__excepthook__(trouble)

    threading.excepthook = told
