"""Both sides of the service on one Postgres, with Vercel's edge in front of them.

*railway* is `audiobrew serve`, *vercel* our entry on Vercel's own runtime, and the edge applies the rules in
`vercel.json`.
"""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from tests.hosting.vercel import Function, environment, run_function
from tests.production import ROOT, Production, production
from tests.web.browser import WEB, find_node

ENTRY = ROOT / "deploy" / "vercel" / "api" / "index.py"
RUNTIME = "vercel-python-6"


@dataclass
class TwoSides:
    """`url` is the edge's. `on_railway` are the processes on the railway side."""

    url: str
    production: Production
    vercel: Function
    edge: subprocess.Popen[str]
    edge_log: Path
    on_railway: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def set_rule(self, address: str = "") -> None:
        """Set the project's routing rule at Vercel: all requests under /api go to this address. Without an
        address, the rule is removed."""
        assert self.edge.stdin and self.edge.stdout
        self.edge.stdin.write(f"{address}\n")
        self.edge.stdin.flush()
        assert self.edge.stdout.readline().startswith("rule ")

    def requests(self) -> list[dict[str, Any]]:
        """Every request that the edge has forwarded so far: side, method, path and status."""
        lines = self.edge_log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def kill_railway(self) -> None:
        """Kill all processes of that side, as a power cut would."""
        for process in self.on_railway:
            process.kill()
        for process in self.on_railway:
            process.wait(30)


@contextmanager
def run_two_sides(folder: Path, **more: str) -> Iterator[TwoSides]:
    """Both sides serve. There is no worker but the server's own."""
    with production(folder, **more) as product, ExitStack() as stack:
        migrated = product.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        product.serve()
        vercel = stack.enter_context(_vercel(product, folder / "vercel"))
        vercel.client.get("/health").raise_for_status()  # the first request opens everything
        log = folder / "edge.jsonl"
        log.touch()
        edge = stack.enter_context(_edge(log, product.url, str(vercel.client.base_url).rstrip("/")))
        assert edge.stdout
        url = edge.stdout.readline().strip()
        yield TwoSides(url, product, vercel, edge, log, list(product.processes))


@contextmanager
def _vercel(product: Production, folder: Path) -> Iterator[Function]:
    """Our entry as Vercel starts it: with its variable set, in a folder outside of the checkout."""
    (folder / "api").mkdir(parents=True)
    (folder / "tmp").mkdir()
    shutil.copy(ENTRY, folder / "api" / "index.py")
    unset = {"AUDIOBREW_DATA", "AUDIOBREW_HOST", "PORT"}
    variables = {name: value for name, value in product.environment.items() if name not in unset}
    variables |= {"VERCEL": "1", "TMPDIR": str(folder / "tmp")}
    with run_function(RUNTIME, folder, "api/index.py", environment(**variables)) as started:
        yield started


@contextmanager
def _edge(log: Path, railway: str, vercel: str) -> Iterator[subprocess.Popen[str]]:
    sides = [f"railway={railway}", f"vercel={vercel}"]
    with run_program("tests/edge/server.ts", str(log), *sides) as edge:
        yield edge


@contextmanager
def run_program(script: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program of the web app, which exits when its standard input is closed."""
    process = subprocess.Popen(
        [find_node(), "--no-warnings", script, *words],
        cwd=WEB,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.stdin and not process.stdin.closed:
            process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        if process.stdout:
            process.stdout.close()


class LineReader:
    """Reads the lines that a program prints, which are JSON."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[dict[str, Any]] = []
        self._process = process
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.lines.append(json.loads(line))

    def read_to_end(self, within: float) -> None:
        self._reader.join(within)
        assert not self._reader.is_alive(), "the program does not end"
