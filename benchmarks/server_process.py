"""Starts, awaits and stops the servers that the benchmarks measure."""

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
# As on a listener's machine, compiled modules are cached, so that only the first start compiles. The rate
# limits, which a benchmark would reach, are off.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {
    "AUDIOBREW_REQUESTS_PER_MINUTE_PER_LISTENER": "0",
    "AUDIOBREW_REQUESTS_PER_MINUTE_PER_ADDRESS": "0",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_answering(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def run_server(
    command: list[str], port: int, path: str
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Run a server. Yields the process, and the seconds from its start to its first 200."""
    with tempfile.TemporaryFile() as log:  # a pipe that nobody reads would block the server
        start = monotonic()
        program = subprocess.Popen(
            [sys.executable, *command], stdout=log, stderr=log, env=ENVIRONMENT
        )
        try:
            while not is_answering(port, path):
                if program.poll() is not None or monotonic() - start > 60:
                    log.seek(0)
                    raise SystemExit(f"{command} does not answer:\n{log.read().decode()}")
                sleep(0.002)
            yield program, monotonic() - start
        finally:
            program.terminate()
            program.wait()


def bare(port: int, *body: str) -> list[str]:
    return [str(HERE / "bare.py"), str(port), *body]


def audiobrew(port: int, data: Path) -> list[str]:
    return ["-m", "audiobrew", "serve", "--port", str(port), "--data", str(data)]
