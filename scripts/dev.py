"""The product for its developers: `python3 noxfile.py -s dev`.

The API restarts when a file in backend/ changes, and the web app is replaced in the open page when a file in
frontend-client/src/ changes. Both are on one address: Vite serves the app and passes requests for the API on.
The sample newsletters are in the inbox, and the printed link signs in. The data is in var/dev; delete that
folder to start afresh.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from audiobrew.account.local import require_local
from audiobrew.inbox.samples import SampleMailbox
from audiobrew.settings import Settings
from audiobrew.wiring import connect

ROOT = Path(__file__).parents[1]
DATA = ROOT / "var" / "dev"
API_PORT, WEB_PORT = 8000, 5173
ADDRESS = f"http://127.0.0.1:{WEB_PORT}"
API = [
    *(sys.executable, "-m", "uvicorn", "--factory", "audiobrew.app:service"),
    *("--reload", "--reload-dir", str(ROOT / "backend"), "--reload-include", "*.toml"),
    *("--port", str(API_PORT), "--http", "audiobrew.http.server_protocol:LimitedProtocol"),
    *("--no-proxy-headers", "--timeout-graceful-shutdown", "3"),
]
WEB = [
    *("node", "node_modules/vite/bin/vite.js", "dev"),
    *("--host", "127.0.0.1", "--port", str(WEB_PORT), "--strictPort", "--clearScreen", "false"),
]
START_SECONDS = 120.0


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for port in (API_PORT, WEB_PORT):
        if is_taken(port):
            print(f"Port {port} is taken by another program: end that one first.", file=sys.stderr)
            return 2
    DATA.mkdir(parents=True, exist_ok=True)
    code = asyncio.run(fill_inbox_and_issue_code(Settings(mode="embedded", data=DATA)))
    environment = {**os.environ, "AUDIOBREW_MODE": "embedded", "AUDIOBREW_DATA": str(DATA)}
    with (
        running(API, ROOT, environment) as api,
        running(WEB, ROOT / "frontend-client", environment) as web,
        suppress(KeyboardInterrupt),
    ):
        if not answers(f"{ADDRESS}/api/config", api, web):
            print("The API or the web app did not start: see above.", file=sys.stderr)
            return 1
        print(
            f"\nAudioBrew for development. Press Ctrl-C to stop.\n\n  {ADDRESS}/dashboard#code={code}"
        )
        print(f"  {ADDRESS}/docs\n", flush=True)
        while api.poll() is None and web.poll() is None:
            time.sleep(0.5)
    return 0


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def fill_inbox_and_issue_code(settings: Settings) -> str:
    """A one-time code that signs this machine's listener in."""
    async with connect(settings, brews=False) as ports:
        listener = await ports.listeners.local()
        await ports.mails.add(listener, list(SampleMailbox().newsletters()))
        return await require_local(ports.identity).issue_code(listener)


@contextmanager
def running(
    command: list[str], folder: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A program with its children, all of them ended on the way out."""
    process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def answers(url: str, *processes: subprocess.Popen[bytes]) -> bool:
    """Wait until the address answers. False when one of the processes has ended or the time is over."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and all(one.poll() is None for one in processes):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 -- our own address
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    return False


if __name__ == "__main__":
    sys.exit(main())
