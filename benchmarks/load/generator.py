"""Locust in a process of its own, and what it counted."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent


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
    files: list[str], url: str, users: int, seconds: float, env: dict[str, str], out: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs until `seconds` passed, or until it is left."""
    named = ",".join(str(HERE / file) for file in files)
    asked = ["-f", named, "--host", url, "--headless", "--csv", str(out), "--only-summary"]
    size = ["-u", str(users), "-r", str(users), "-t", f"{round(seconds)}s", "--stop-timeout", "10"]
    with out.with_suffix(".log").open("wb") as log:
        command = [sys.executable, "-m", "locust", *asked, *size, "--loglevel", "ERROR"]
        process = subprocess.Popen(command, env=env, cwd=HERE, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)


def counted(out: Path) -> dict[str, Counted]:
    """By the routes' names; all together under "Aggregated"."""
    with Path(f"{out}_stats.csv").open() as file:
        return {row["Name"]: _counted(row) for row in csv.DictReader(file)}


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
    files: list[str], url: str, users: int, seconds: float, env: dict[str, str]
) -> dict[str, Counted]:
    """From its start to its end."""
    with TemporaryDirectory() as folder:
        out = Path(folder, "load")
        with generating(files, url, users, seconds, env, out) as process:
            process.wait(seconds + 60)
        if not Path(f"{out}_stats.csv").exists():
            raise SystemExit(out.with_suffix(".log").read_text())
        return counted(out)
