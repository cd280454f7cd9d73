"""What processes take: processor seconds and memory, children included, the load generator apart."""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import psutil

from benchmarks.load.stage import Stage


@dataclass(frozen=True)
class Family:
    """Processes by the part they play."""

    roots: dict[str, int]

    def seconds(self) -> dict[str, float]:
        return {part: sum(map(_seconds, _family(pid))) for part, pid in self.roots.items()}

    def idle(self, seconds: float) -> dict[str, float]:
        """What a second costs in which nothing is asked: heartbeats, looks at the queue, rounds."""
        before, begun = self.seconds(), monotonic()
        sleep(seconds)
        passed = monotonic() - begun
        return {part: used / passed for part, used in spent(before, self.seconds()).items()}

    def megabytes(self) -> dict[str, float]:
        """Postgres' processes share most of theirs, so each shared page is divided among them."""
        sizes: dict[str, float] = {}
        for part, pid in self.roots.items():
            root, *children = (_bytes(one, shared=part == "postgres") for one in _family(pid))
            if part == "api":  # its parsers come and go with mails, each with a limit of its own
                sizes |= {"api": root / 1e6, "parsers": sum(children) / 1e6}
            else:
                sizes[part] = (root + sum(children)) / 1e6
        return sizes


def family(stage: Stage) -> Family:
    return Family({"api": stage.api, "worker": stage.worker, "postgres": _postmaster(stage)})


def spent(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {part: after[part] - before[part] for part in before}


def _postmaster(stage: Stage) -> int:
    """The first line of its own file."""
    folder = Path(stage.product.postgres._folder, "postmaster.pid")
    return int(folder.read_text().splitlines()[0])


def _family(pid: int) -> list[psutil.Process]:
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    """Those of children that ended are in their parent's."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def _bytes(process: psutil.Process, shared: bool) -> int:
    try:
        return int(process.memory_full_info().pss if shared else process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
