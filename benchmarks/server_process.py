"""Programs started, waited for and stopped, for the benchmarks."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

HERE = Path(__file__).parent
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {
    "AUDIOBREW_REQUESTS_PER_MINUTE_PER_LISTENER": "0",
    "AUDIOBREW_REQUESTS_PER_MINUTE_PER_ADDRESS": "0",
}
"""As a listener's machine has it: compiled modules are kept, so that only the first start compiles.
Without the rate limits, which a benchmark would reach."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def started(
    command: list[str], port: int, path: str
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """The running program, and the seconds from its start to its first 200."""
    with tempfile.TemporaryFile() as told:  # a pipe that nobody reads would stop it
        begun = monotonic()
        program = subprocess.Popen(
            [sys.executable, *command], stdout=told, stderr=told, env=ENVIRONMENT
        )
        try:
            while not answers(port, path):
                if program.poll() is not None or monotonic() - begun > 60:
                    told.seek(0)
                    raise SystemExit(f"{command} does not answer:\n{told.read().decode()}")
                sleep(0.002)
            yield program, monotonic() - begun
        finally:
            program.terminate()
            program.wait()


def bare(port: int, *body: str) -> list[str]:
    return [str(HERE / "bare.py"), str(port), *body]


def audiobrew(port: int, data: Path) -> list[str]:
    return ["-m", "audiobrew", "serve", "--port", str(port), "--data", str(data)]
