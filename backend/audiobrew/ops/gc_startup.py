"""Modules are loaded without a search for garbage: they bring much, and all of it stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def pause_gc() -> Iterator[None]:
    """Python would go through all that is loaded some hundred times, a tenth of the whole start.

    What is there afterwards is set aside for good, so that no later search, during which every
    request waits, goes through it again.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
