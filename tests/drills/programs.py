"""Runs other programs for a drill."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep


@contextmanager
def listening(
    port: int, *words: str, folder: Path | None = None, quiet: bool = False
) -> Iterator[None]:
    """Run `python -m` with these arguments, and wait until the program listens on the port."""
    out = subprocess.DEVNULL if quiet else None
    command = [sys.executable, "-m", *words]
    process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
    try:
        while not _is_open(port):
            assert process.poll() is None, f"{words[0]} did not start"
            sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _is_open(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0
