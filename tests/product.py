"""`audiobrew serve` in its own process, for tests that use it from the outside."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from time import monotonic, sleep
from typing import Any

import httpx2

SAMPLES = Path(__file__).parents[1] / "backend" / "audiobrew" / "inbox" / "samples"
LINK = re.compile(r"(http://127\.0\.0\.1:\d+)/dashboard#code=(\S+)")
ENDED = {"ready", "failed", "cancelled"}
# For programs that send requests more often than people do.
UNLIMITED = {
    "AUDIOBREW_REQUESTS_PER_MINUTE_PER_LISTENER": "0",
    "AUDIOBREW_REQUESTS_PER_MINUTE_PER_ADDRESS": "0",
}


class Product:
    """`audiobrew serve` on a free port. `token` is the token of the machine's own listener."""

    def __init__(self, data: Path, **env: str) -> None:
        self.data, self.env = data, env
        command = [sys.executable, "-m", "audiobrew", "serve", "--port", "0", "--data", str(data)]
        self.process = subprocess.Popen(
            command,
            env={**clean_environment(), **UNLIMITED, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._new: Queue[str | None] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url, code = self._wait_for_link()
        response = httpx2.post(f"{self.url}/api/session", json={"code": code})
        response.raise_for_status()
        self.token = response.json()["token"]
        self.http = httpx2.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=60
        )

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line.rstrip("\n"))
                self._new.put(line)
        self._new.put(None)

    def _wait_for_link(self, within: float = 180) -> tuple[str, str]:
        deadline = monotonic() + within
        while (seconds := deadline - monotonic()) > 0:
            try:
                line = self._new.get(timeout=seconds)
            except Empty:
                break
            if line is None:
                break
            if match := LINK.search(line):
                return match[1], match[2]
        raise AssertionError("the product did not start:\n" + "\n".join(self.lines))

    def second_token(self) -> str:
        """The token of a new listener."""
        program = subprocess.run(
            [sys.executable, "-m", "tests.second_listener", str(self.data)],
            capture_output=True,
            text=True,
            check=True,
        )
        return program.stdout.strip()

    def upload(self, name: str, content: bytes) -> Any:
        response = self.http.post("/api/mail", files={"file": (name, content, "message/rfc822")})
        response.raise_for_status()
        return response.json()

    def upload_samples(self) -> None:
        for sample in sorted(SAMPLES.glob("*.eml")):
            self.upload(sample.name, sample.read_bytes())

    def start(self, **order: Any) -> str:
        response = self.http.post("/api/podcast/generate", json=order)
        response.raise_for_status()
        return str(response.json()["id"])

    def episode(self, id: str) -> Any:
        return self.http.get(f"/api/podcast/{id}").raise_for_status().json()

    def wait_until_ended(self, id: str, within: float = 300) -> Any:
        deadline = monotonic() + within
        while monotonic() < deadline:
            episode = self.episode(id)
            if episode["status"] in ENDED:
                return episode
            sleep(0.2)
        raise AssertionError(f"the episode is still {episode['status']} after {within} s")

    def brew(self, **order: Any) -> Any:
        episode = self.wait_until_ended(self.start(**order))
        assert episode["status"] == "ready", episode["trouble"]
        return episode

    def kill(self) -> None:
        """Kill the process, as a power cut would."""
        self.process.kill()
        self.process.wait(30)
        self._reader.join(30)

    def stop(self) -> int:
        self.http.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def clean_environment() -> dict[str, str]:
    """The environment of this process without our settings, and with the voice that starts at once."""
    others = {
        name: value for name, value in os.environ.items() if not name.startswith("AUDIOBREW_")
    }
    return others | {"AUDIOBREW_VOICE": "espeak"}


@contextmanager
def run_product(data: Path, **env: str) -> Iterator[Product]:
    product = Product(data, **env)
    try:
        yield product
    finally:
        product.stop()
