"""How glibc's allocator is set, so that a long-lived process gives freed memory back."""

import ctypes

# Names and numbers of malloc.h.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 256 * 2**10
TRIM_BYTES = 2**20
ARENAS = 2


def return_freed_memory() -> None:
    """Allocate large blocks apart from small ones, so that freeing one returns it to the system.

    By default glibc raises the size from which it does so up to 32 MB, and keeps a heap for each thread:
    after large mails, a small block that lives on holds megabytes around it. Does nothing where the C
    library is another one.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
    mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)
    mallopt(M_ARENA_MAX, ARENAS)
