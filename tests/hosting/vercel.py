"""Vercel's own Python runtime, as it comes by npm, on a function's folder.

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
RUNTIMES = ["vercel-python-5", "vercel-python-6"]
"""5.0.0 runs each request on an event loop of its own; 6.1.0 runs uvicorn, with lifespan events."""
PLATFORM = {
    "x-vercel-internal-invocation-id": "i",
    "x-vercel-internal-request-id": "1",
    "x-vercel-internal-span-id": "s",
    "x-vercel-internal-trace-id": "t",
}
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Function:
    """What came of a start: a client of it, or how it ended. `process` may still run."""

    http: httpx2.Client | None
    process: subprocess.Popen[str]
    printed: str

    @property
    def client(self) -> httpx2.Client:
        assert self.http, self.printed
        return self.http

    def becomes_ready(self) -> bool:
        """Every part answers in time at last; on a busy machine one may not at first."""
        late = monotonic() + PATIENCE_SECONDS
        while monotonic() < late:
            if self.client.get("/ready").json()["ready"]:
                return True
            sleep(1)
        return False


@contextmanager
def function(
    runtime: str, root: Path, entry: str, env: dict[str, str], python: tuple[str, ...] = ()
) -> Iterator[Function]:
    """Start the runtime on `root/entry`, which may end at once or serve until we are through."""
    boot = root / "vc__handler__python.py"
    boot.write_text(_filled_in(runtime, entry))
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        told = str(Path(folder) / "ipc")
        listening.bind(told)
        listening.listen(1)
        listening.settimeout(PATIENCE_SECONDS)
        process = subprocess.Popen(
            [*(python or (sys.executable,)), str(boot)],
            cwd=root,
            env={"PYTHONDONTWRITEBYTECODE": "1", **env, "VERCEL_IPC_PATH": told},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield from _running(process, listening)
        finally:
            process.kill()
            process.communicate()


def _running(process: "subprocess.Popen[str]", listening: socket.socket) -> Iterator[Function]:
    connection, _ = listening.accept()
    connection.settimeout(PATIENCE_SECONDS)
    with connection:
        port = _port(connection)
        if port is None:
            yield Function(None, process, process.communicate(timeout=PATIENCE_SECONDS)[0])
            return
        connection.settimeout(
            None
        )  # a function may keep quiet; who stops reading stops its logs, and it
        for drain in (_all_of(connection), _all_printed(process)):
            threading.Thread(target=list, args=(drain,), daemon=True).start()
        url = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=url, headers=PLATFORM, timeout=PATIENCE_SECONDS) as http:
            yield Function(http, process, "")


def _port(connection: socket.socket) -> int | None:
    """Messages are JSON, parted by zero bytes; the one that matters says where the runtime listens."""
    kept = b""
    for piece in _all_of(connection):
        *messages, kept = (kept + piece).split(b"\0")
        for message in map(json.loads, messages):
            if message["type"] == "server-started":
                return int(message["payload"]["httpPort"])
    return None


def _all_of(connection: socket.socket) -> Iterator[bytes]:
    with suppress(OSError):
        while piece := connection.recv(65536):
            yield piece


def _all_printed(process: "subprocess.Popen[str]") -> Iterator[str]:
    assert process.stdout
    with suppress(ValueError):
        yield from process.stdout


def _filled_in(runtime: str, entry: str) -> str:
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
    """Nothing of this process's own but where programs are."""
    return {"PATH": os.environ["PATH"], **more}
