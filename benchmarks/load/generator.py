"""Locust in a process of its own, and what it counted."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from benchmarks.load.process_tree import Family, spent

HERE = Path(__file__).parent
AT_WORK = "All users spawned"


@dataclass(frozen=True)
class Counted:
    """Milliseconds for `median` and `slowest`, the 99th percentile."""

    requests: int
    failures: int
    rate: float
    median: float
    slowest: float


@contextmanager
def generating(
    files: list[str], url: str, users: int, env: dict[str, str], out: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """At work when it is entered, and until it is left; what it counted is there then.

    Locust's own limit of time runs from before it is loaded, which on a busy machine may be all of it.
    """
    named = ",".join(str(HERE / file) for file in files)
    asked = ["-f", named, "--host", url, "--headless", "--csv", str(out), "--only-summary"]
    size = ["-u", str(users), "-r", str(users), "--stop-timeout", "20"]
    told = out.with_suffix(".log")
    with told.open("wb") as log:
        command = [sys.executable, "-m", "locust", *asked, *size]
        env = {**env, "PYTHONPATH": str(HERE.parents[1])}
        process = subprocess.Popen(command, env=env, cwd=HERE, stdout=log, stderr=log)
    try:
        _until_at_work(process, told)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)


def _until_at_work(process: subprocess.Popen[bytes], told: Path) -> None:
    late = monotonic() + 120
    while AT_WORK not in told.read_text():
        if process.poll() is not None or monotonic() > late:
            raise SystemExit(f"the load generator did not start:\n{told.read_text()}")
        sleep(0.02)


def counted(out: Path) -> dict[str, Counted]:
    """By the routes' names; all together under "Aggregated"."""
    with Path(f"{out}_stats.csv").open() as file:
        return {row["Name"]: _counted(row) for row in csv.DictReader(file)}


def failures(out: Path) -> list[str]:
    """What failed, how often, and in what words."""
    with Path(f"{out}_failures.csv").open() as file:
        return [
            f"{r['Occurrences']} x {r['Name']}: {r['Error'][:200]}" for r in csv.DictReader(file)
        ]


def _counted(row: dict[str, str]) -> Counted:
    return Counted(
        int(row["Request Count"]),
        int(row["Failure Count"]),
        float(row["Requests/s"]),
        _number(row["50%"]),
        _number(row["99%"]),
    )


def _number(told: str) -> float:
    return float(told) if told not in ("", "N/A") else 0.0


def generated(
    files: list[str],
    url: str,
    users: int,
    seconds: float,
    env: dict[str, str],
    watched: Family,
) -> tuple[Counted, dict[str, float], float]:
    """So many seconds of it: what was counted, the processor seconds that it took, and how long it was."""
    with TemporaryDirectory() as folder:
        out = Path(folder, "load")
        with generating(files, url, users, env, out):
            before, begun = watched.seconds(), monotonic()
            sleep(seconds)
            took, passed = spent(before, watched.seconds()), monotonic() - begun
        return counted(out)["Aggregated"], took, passed
