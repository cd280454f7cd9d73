"""What a process has freed it gives back: a long-lived one does not grow with each large mail."""

import subprocess
import sys

import pytest

# Large blocks between small ones that live on, as when a large mail is taken apart.
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


def kept_megabytes(allocator: str) -> int:
    command = [sys.executable, "-c", PROGRAM, allocator]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator is Linux's")
def test_large_blocks_go_back_to_the_system() -> None:
    assert kept_megabytes("set") < 20
    assert kept_megabytes("default") > 80, "this test shows nothing here any more"
