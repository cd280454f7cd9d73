"""Stops the process in order, on SIGTERM as on Ctrl-C."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# What `anyio.run` raises after Ctrl-C or SIGTERM.
STOP_EXCEPTIONS = (KeyboardInterrupt, asyncio.CancelledError)


def cancel_on_sigterm() -> None:
    """Make SIGTERM cancel the current task, so that it can hand over its work.

    Call this on the event loop. A running uvicorn server handles the signal first, and passes it on once
    open requests have ended.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task

    def stop(*_: object) -> None:
        loop.call_soon_threadsafe(task.cancel)

    signal.signal(signal.SIGTERM, stop)


@contextmanager
def hold_interrupt() -> Iterator[None]:
    """Let Ctrl-C wait until the end of this block, which imports modules.

    Code that cannot raise, such as a callback of a compiled library, would swallow a KeyboardInterrupt, and
    the command would go on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupts: list[int] = []
    previous = signal.signal(signal.SIGINT, lambda number, _: interrupts.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
    if interrupts and previous is not signal.SIG_IGN:  # ignored in the background of a shell
        raise KeyboardInterrupt


def ignore_closed_loop_errors() -> None:
    """Do not print the harmless error of a database thread that ends after its event loop was closed."""

    def print_unless_closed_loop(error: threading.ExceptHookArgs) -> None:
        if str(error.exc_value) != "Event loop is closed":
            threading.__excepthook__(error)

    threading.excepthook = print_unless_closed_loop
