"""CPU seconds and memory of the service's processes and their children, without the load generator."""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import psutil

from benchmarks.load.stage import Stage


@dataclass(frozen=True)
class ProcessTrees:
    """Processes with their children. `roots` maps a part of the service to the id of its process."""

    roots: dict[str, int]

    def seconds(self) -> dict[str, float]:
        return {part: sum(map(_seconds, _tree(pid))) for part, pid in self.roots.items()}

    def idle(self, seconds: float) -> dict[str, float]:
        """CPU seconds per second without requests: heartbeats, polling of the queue, background jobs."""
        before, start = self.seconds(), monotonic()
        sleep(seconds)
        duration = monotonic() - start
        return {part: cpu / duration for part, cpu in difference(before, self.seconds()).items()}

    def megabytes(self) -> dict[str, float]:
        """Of Postgres's processes, only the memory of their own: its shared buffers have a fixed size, and
        fill with data while it is read."""
        sizes: dict[str, float] = {}
        for part, pid in self.roots.items():
            root, *children = (_bytes(process, own=part == "postgres") for process in _tree(pid))
            if part == "api":  # its children are the mail parsers, each with its own limit
                sizes |= {"api": root / 1e6, "parsers": sum(children) / 1e6}
            else:
                sizes[part] = (root + sum(children)) / 1e6
        return sizes


def process_trees(stage: Stage) -> ProcessTrees:
    return ProcessTrees({"api": stage.api, "worker": stage.worker, "postgres": _postmaster(stage)})


def difference(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {part: after[part] - before[part] for part in before}


def _postmaster(stage: Stage) -> int:
    """The process id of Postgres, from the first line of its pid file."""
    file = Path(stage.product.postgres._folder, "postmaster.pid")
    return int(file.read_text().splitlines()[0])


def _tree(pid: int) -> list[psutil.Process]:
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    """CPU seconds of a process, including those of children that have ended."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def _bytes(process: psutil.Process, own: bool) -> int:
    try:
        return int(process.memory_full_info().uss if own else process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
