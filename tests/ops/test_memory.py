"""Freed memory is returned to the system, so that a process does not grow with each large mail."""

import subprocess
import sys

import pytest

# Large blocks between small ones that stay allocated, as when a large mail is parsed.
PROGRAM = """
import psutil, sys
if sys.argv[1] == "set":
    from audiobrew.ops.memory import return_freed_memory
    return_freed_memory()
resident = lambda: psutil.Process().memory_info().rss // 2**20
large = b"x" * (30 * 2**20)
del large
before = resident()
large, small = [], []
for _ in range(20):
    large.append(b"x" * (5 * 2**20))
    small.append(b"x" * 100_000)
del large
print(resident() - before)
"""


def growth_in_megabytes(allocator: str) -> int:
    command = [sys.executable, "-c", PROGRAM, allocator]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator is Linux's")
def test_large_blocks_are_returned_to_the_system() -> None:
    assert growth_in_megabytes("set") < 20
    assert growth_in_megabytes("default") > 80, "this test shows nothing here any more"
