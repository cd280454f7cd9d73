"""Ports for servers that must know their port before they start, or keep it when they start again.

The system hands out ports from 32768 on, to every connection as well, so a port from there that was free a
moment ago may be in use. These are below that, and no two processes of these tests get the same one.
"""

import atexit
import fcntl
import os
import socket
import tempfile
from pathlib import Path
from secrets import choice

RANGE = range(20_000, 32_000)


def free_port() -> int:
    """A port of this machine that nothing listens on, and that stays this process's own until it ends."""
    folder = Path(tempfile.gettempdir(), f"audiobrew-ports-{os.geteuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    while True:
        port = choice(RANGE)
        if claim(folder / str(port)) and is_free(port):
            return port


def claim(path: Path) -> bool:
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    atexit.register(
        file.close
    )  # the claim is the lock, so the file stays open until this process ends
    return True


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
