"""Settings of glibc's allocator that make a long-lived process return freed memory to the system."""

import ctypes

# Names and numbers from glibc's malloc.h.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 256 * 2**10
TRIM_BYTES = 2**20
ARENAS = 2


def return_freed_memory() -> None:
    """Allocate large blocks apart from small ones, so that freeing one returns its memory to the system.

    By default glibc raises the size limit for this up to 32 MB and keeps one heap per thread. After a large
    mail has been parsed, a small block that is still in use then keeps megabytes around it allocated. Does
    nothing with any other C library.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
    mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)
    mallopt(M_ARENA_MAX, ARENAS)
