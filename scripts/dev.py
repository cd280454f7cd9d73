"""The product for its developers: `python3 noxfile.py -s dev`.

The API restarts when a file in backend/ changes, and the web app is replaced in the open page when a file in
frontend-client/src/ changes. Both are on one address: Vite serves the app and passes requests for the API on.
The sample newsletters are in the inbox, and the printed link signs in. The data is in var/dev; delete that
folder to start afresh.
"""

import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from audiobrew.account.local import require_local
from audiobrew.cli.data_folder import lock_data_folder, write_address
from audiobrew.cli.refusal import Refusal
from audiobrew.inbox.samples import SampleMailbox
from audiobrew.settings import Settings
from audiobrew.wiring import connect

ROOT = Path(__file__).parents[1]
API = [
    *(sys.executable, "-m", "uvicorn", "--factory", "audiobrew.app:service"),
    *("--reload", "--reload-dir", str(ROOT / "backend"), "--reload-include", "*.toml"),
    *("--http", "audiobrew.http.server_protocol:LimitedProtocol"),
    *("--no-proxy-headers", "--timeout-graceful-shutdown", "3"),
]
WEB = [
    *("node", "node_modules/vite/bin/vite.js", "dev"),
    *("--host", "127.0.0.1", "--strictPort", "--clearScreen", "false"),
]
# A first start on a busy machine: Vite has to bundle the app's dependencies.
START_SECONDS = 300.0
STOP_SECONDS = 10.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 noxfile.py -s dev --")
    parser.add_argument("--port", type=int, default=5173, help="the port of the address to open")
    parser.add_argument(
        "--data", type=Path, default=ROOT / "var" / "dev", help="the folder for all data"
    )
    options = parser.parse_args()
    # Also when the terminal is closed: the processes are not in its foreground and would go on.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        with lock_data_folder(options.data, "serving"):
            return run(options.port, options.data.resolve(), processes)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    finally:
        stop(processes)


def run(port: int, data: Path, processes: list[subprocess.Popen[bytes]]) -> int:
    """Start the API and the web app, and wait until one of them ends."""
    if is_taken(port):
        print(f"Port {port} is taken. Choose another one with `-- --port`.", file=sys.stderr)
        return 2
    code = asyncio.run(fill_inbox_and_issue_code(Settings(mode="embedded", data=data)))
    api_port = find_free_port()
    api, address = f"http://127.0.0.1:{api_port}", f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "AUDIOBREW_MODE": "embedded",
        "AUDIOBREW_DATA": str(data),
        "AUDIOBREW_DEV_API": api,  # read by frontend-client/vite.config.ts
    }
    processes.append(start([*API, "--port", str(api_port)], ROOT, environment))
    processes.append(start([*WEB, "--port", str(port)], ROOT / "frontend-client", environment))
    # The API first: Vite would log an error for every request that it cannot pass on.
    for url in (f"{api}/health", f"{address}/api/config"):
        if not wait_for_response(url, processes):
            print("The API or the web app did not start: see above.", file=sys.stderr)
            return 1
    write_address(data, address)
    print("\nAudioBrew for development. Press Ctrl-C to stop.\n")
    print(f"  App   {address}/dashboard#code={code}")
    print(
        f"        (signs you in once; `uv run audiobrew sign-in --data {data}` prints a new link)"
    )
    print(f"  API   {address}/docs\n", flush=True)
    while are_running(processes):
        time.sleep(0.5)
    print("The API or the web app has ended: see above.", file=sys.stderr)
    return 1


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def fill_inbox_and_issue_code(settings: Settings) -> str:
    """A one-time code that signs this machine's listener in."""
    async with connect(settings, brews=False) as ports:
        listener = await ports.listeners.local()
        await ports.mails.add(listener, list(SampleMailbox().newsletters()))
        return await require_local(ports.identity).issue_code(listener)


def start(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A process that leads a group of its own, so that its children can be ended with it."""
    return subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True)


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """End the processes with all of their children. A second Ctrl-C does not leave any behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for process in processes:
        signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        signal_group(process, signal.SIGKILL)


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def are_running(processes: list[subprocess.Popen[bytes]]) -> bool:
    return all(process.poll() is None for process in processes)


def wait_for_response(url: str, processes: list[subprocess.Popen[bytes]]) -> bool:
    """False if one of the processes ends first or the time is over."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and are_running(processes):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 -- our own address
                return True
        except OSError:  # URLError is one
            time.sleep(0.3)
    return False


if __name__ == "__main__":
    sys.exit(main())
