"""Start time (until the first 200) and idle memory of `audiobrew serve` and of a bare FastAPI.

`python benchmarks/start.py [ROUNDS]` starts them in turn.
"""

import statistics
import sys
import tempfile
from pathlib import Path
from time import sleep

import psutil
from server_process import audiobrew, bare, free_port, run_server

SETTLED_SECONDS = 3.0
TARGETS = "targets: start at most 2 times a bare FastAPI, at most 120 MB idle"


def measure(command: list[str], port: int, path: str) -> tuple[float, float]:
    """Seconds to the first 200, and idle megabytes, children included."""
    with run_server(command, port, path) as (program, seconds):
        sleep(SETTLED_SECONDS)
        root = psutil.Process(program.pid)
        processes = [root, *root.children(recursive=True)]
        return seconds, sum(process.memory_info().rss for process in processes) / 1e6


def floor() -> tuple[float, float]:
    port = free_port()
    return measure(bare(port), port, "/")


def product(data: Path) -> tuple[float, float]:
    port = free_port()
    return measure(audiobrew(port, data), port, "/health")


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, _ = product(Path(folder))
        pairs = [(floor(), product(Path(folder))) for _ in range(rounds)]
    floors, products = zip(*pairs, strict=True)
    floor_start, floor_memory = (statistics.median(values) for values in zip(*floors, strict=True))
    start, memory = (statistics.median(values) for values in zip(*products, strict=True))
    print(f"median of {rounds} rounds, in turn; {TARGETS}")
    print(
        f"start   bare {floor_start:.2f} s   AudioBrew {start:.2f} s   {start / floor_start:.2f} x"
    )
    print(f"        AudioBrew, first start with an empty folder {first:.2f} s")
    print(f"idle    bare {floor_memory:.0f} MB  AudioBrew {memory:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
