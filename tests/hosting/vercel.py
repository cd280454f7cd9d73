"""Runs a function's folder on Vercel's own Python runtime, which comes from npm.

The platform puts `vc_init.py` beside the function with two names filled in, starts it with a socket on
which it tells its HTTP port, and hands on every request with headers of its own.
"""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

import httpx2

PACKAGES = Path(__file__).parents[2] / "frontend-client" / "node_modules"
# 5.0.0 runs each request on its own event loop; 6.1.0 runs uvicorn, with lifespan events.
RUNTIMES = ["vercel-python-5", "vercel-python-6"]
PLATFORM = {
    "x-vercel-internal-invocation-id": "i",
    "x-vercel-internal-request-id": "1",
    "x-vercel-internal-span-id": "s",
    "x-vercel-internal-trace-id": "t",
}
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Function:
    """A function that was started: `http` is a client of it, or `printed` says why it ended."""

    http: httpx2.Client | None
    process: subprocess.Popen[str]
    printed: str

    @property
    def client(self) -> httpx2.Client:
        assert self.http, self.printed
        return self.http

    def becomes_ready(self) -> bool:
        """Wait until every part is ready. On a busy machine, the first check may time out."""
        deadline = monotonic() + PATIENCE_SECONDS
        while monotonic() < deadline:
            if self.client.get("/ready").json()["ready"]:
                return True
            sleep(1)
        return False


@contextmanager
def run_function(
    runtime: str, root: Path, entry: str, env: dict[str, str], python: tuple[str, ...] = ()
) -> Iterator[Function]:
    """Start the runtime on `root/entry`. It may end at once, or serve until the context is left."""
    boot = root / "vc__handler__python.py"
    boot.write_text(fill_in_template(runtime, entry))
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        address = str(Path(folder) / "ipc")
        listening.bind(address)
        listening.listen(1)
        listening.settimeout(PATIENCE_SECONDS)
        process = subprocess.Popen(
            [*(python or (sys.executable,)), str(boot)],
            cwd=root,
            env={"PYTHONDONTWRITEBYTECODE": "1", **env, "VERCEL_IPC_PATH": address},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield from connect(process, listening)
        finally:
            process.kill()
            process.communicate()


def connect(process: "subprocess.Popen[str]", listening: socket.socket) -> Iterator[Function]:
    connection, _ = listening.accept()
    connection.settimeout(PATIENCE_SECONDS)
    with connection:
        port = receive_port(connection)
        if port is None:
            yield Function(None, process, process.communicate(timeout=PATIENCE_SECONDS)[0])
            return
        # A function may be silent for long. If nobody read its logs, it would block.
        connection.settimeout(None)
        for reader in (receive_all(connection), read_output(process)):
            threading.Thread(target=list, args=(reader,), daemon=True).start()
        url = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=url, headers=PLATFORM, timeout=PATIENCE_SECONDS) as http:
            yield Function(http, process, "")


def receive_port(connection: socket.socket) -> int | None:
    """Messages are JSON, separated by zero bytes. One of them contains the port of the runtime."""
    rest = b""
    for piece in receive_all(connection):
        *messages, rest = (rest + piece).split(b"\0")
        for message in map(json.loads, messages):
            if message["type"] == "server-started":
                return int(message["payload"]["httpPort"])
    return None


def receive_all(connection: socket.socket) -> Iterator[bytes]:
    with suppress(OSError):
        while piece := connection.recv(65536):
            yield piece


def read_output(process: "subprocess.Popen[str]") -> Iterator[str]:
    assert process.stdout
    with suppress(ValueError):
        yield from process.stdout


def fill_in_template(runtime: str, entry: str) -> str:
    names: dict[str, Any] = {
        "__VC_HANDLER_MODULE_NAME": entry.removesuffix(".py").replace("/", "."),
        "__VC_HANDLER_ENTRYPOINT": entry,
        "__VC_HANDLER_VENDOR_DIR": "_vendor",
    }
    source = (PACKAGES / runtime / "vc_init.py").read_text(encoding="utf-8")
    for name, value in names.items():
        source = source.replace(name, value)
    return source


def environment(**more: str) -> dict[str, str]:
    """These variables and `PATH`, without the other ones of this process."""
    return {"PATH": os.environ["PATH"], **more}
