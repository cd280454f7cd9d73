"""Garbage collection during startup."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def pause_gc() -> Iterator[None]:
    """Import modules without garbage collection, then exempt what was imported from later collections.

    Python would otherwise collect several hundred times while it imports, which takes a tenth of the whole
    startup, and every later full collection, during which all requests wait, would scan the modules again.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
