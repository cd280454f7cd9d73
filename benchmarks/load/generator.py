"""Runs Locust in its own process and reads its statistics."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from benchmarks.load.process_tree import ProcessTrees, difference

HERE = Path(__file__).parent
READY_MESSAGE = "All users spawned"


@dataclass(frozen=True)
class Statistics:
    """`rate` is in requests per second, `median` and `p99` are in milliseconds."""

    requests: int
    failures: int
    rate: float
    median: float
    p99: float


@contextmanager
def run_locust(
    files: list[str], url: str, users: int, env: dict[str, str], out: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run Locust while the context is open. Its statistics are complete when the context is left.

    Locust's own time limit is not used: it includes its start, which takes long on a busy machine.
    """
    paths = ",".join(str(HERE / file) for file in files)
    options = ["-f", paths, "--host", url, "--headless", "--csv", str(out), "--only-summary"]
    size = ["-u", str(users), "-r", str(users), "--stop-timeout", "20"]
    log_file = out.with_suffix(".log")
    with log_file.open("wb") as log:
        command = [sys.executable, "-m", "locust", *options, *size]
        env = {**env, "PYTHONPATH": str(HERE.parents[1])}
        process = subprocess.Popen(command, env=env, cwd=HERE, stdout=log, stderr=log)
    try:
        _wait_until_ready(process, log_file)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)


def _wait_until_ready(process: subprocess.Popen[bytes], log_file: Path) -> None:
    deadline = monotonic() + 120
    while READY_MESSAGE not in log_file.read_text():
        if process.poll() is not None or monotonic() > deadline:
            raise SystemExit(f"the load generator did not start:\n{log_file.read_text()}")
        sleep(0.02)


def read_statistics(out: Path) -> dict[str, Statistics]:
    """Statistics by the names of requests; those of all requests are under "Aggregated"."""
    with Path(f"{out}_stats.csv").open() as file:
        return {row["Name"]: _parse_row(row) for row in csv.DictReader(file)}


def read_failures(out: Path) -> list[str]:
    """One line for each kind of failure: how often it happened, and its message."""
    with Path(f"{out}_failures.csv").open() as file:
        return [
            f"{row['Occurrences']} x {row['Name']}: {row['Error'][:200]}"
            for row in csv.DictReader(file)
        ]


def _parse_row(row: dict[str, str]) -> Statistics:
    return Statistics(
        int(row["Request Count"]),
        int(row["Failure Count"]),
        float(row["Requests/s"]),
        _number(row["50%"]),
        _number(row["99%"]),
    )


def _number(text: str) -> float:
    return float(text) if text not in ("", "N/A") else 0.0


def measure_load(
    files: list[str],
    url: str,
    users: int,
    seconds: float,
    env: dict[str, str],
    trees: ProcessTrees,
) -> tuple[Statistics, dict[str, float], float]:
    """Generate load for some seconds. Returns the statistics, the CPU seconds by part, and the duration."""
    with TemporaryDirectory() as folder:
        out = Path(folder, "load")
        with run_locust(files, url, users, env, out):
            before, start = trees.seconds(), monotonic()
            sleep(seconds)
            cpu, duration = difference(before, trees.seconds()), monotonic() - start
        return read_statistics(out)["Aggregated"], cpu, duration
