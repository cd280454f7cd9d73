"""Both sides of the product on one Postgres, with Vercel's edge in front: what stands in for each is its own.

*railway* is `audiobrew serve`, *vercel* our entry in Vercel's own runtime file, the edge the rules of
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
    """`url` is the edge's; `on_railway` what is killed with that host."""

    url: str
    production: Production
    vercel: Function
    edge: subprocess.Popen[str]
    edge_log: Path
    on_railway: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def rule(self, address: str = "") -> None:
        """A project-level routing rule at Vercel: everything under /api goes there; nowhere without one."""
        assert self.edge.stdin and self.edge.stdout
        self.edge.stdin.write(f"{address}\n")
        self.edge.stdin.flush()
        assert self.edge.stdout.readline().startswith("rule ")

    def asked(self) -> list[dict[str, Any]]:
        """Every request that the edge handed on so far: side, method, path and status."""
        lines = self.edge_log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def kill_railway(self) -> None:
        """As a power cut would."""
        for process in self.on_railway:
            process.kill()
        for process in self.on_railway:
            process.wait(30)


@contextmanager
def run_two_sides(folder: Path, **more: str) -> Iterator[TwoSides]:
    """With both sides serving, and no worker but the server's own."""
    with production(folder, **more) as made, ExitStack() as stack:
        migrated = made.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        made.serve()
        vercel = stack.enter_context(_vercel(made, folder / "vercel"))
        vercel.client.get("/health").raise_for_status()  # the first request opens everything
        log = folder / "edge.jsonl"
        log.touch()
        edge = stack.enter_context(_edge(log, made.url, str(vercel.client.base_url).rstrip("/")))
        assert edge.stdout
        url = edge.stdout.readline().strip()
        yield TwoSides(url, made, vercel, edge, log, list(made.processes))


@contextmanager
def _vercel(made: Production, folder: Path) -> Iterator[Function]:
    """Our entry as Vercel starts it: its own variable set, and a folder that is not the checkout."""
    (folder / "api").mkdir(parents=True)
    (folder / "tmp").mkdir()
    shutil.copy(ENTRY, folder / "api" / "index.py")
    unset = {"AUDIOBREW_DATA", "AUDIOBREW_HOST", "PORT"}
    told = {name: value for name, value in made.environment.items() if name not in unset}
    told |= {"VERCEL": "1", "TMPDIR": str(folder / "tmp")}
    with run_function(RUNTIME, folder, "api/index.py", environment(**told)) as started:
        yield started


@contextmanager
def _edge(log: Path, railway: str, vercel: str) -> Iterator[subprocess.Popen[str]]:
    sides = [f"railway={railway}", f"vercel={vercel}"]
    with run_program("tests/edge/server.ts", str(log), *sides) as edge:
        yield edge


@contextmanager
def run_program(script: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """One of the web app's own programs, which ends when its standard input does."""
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


class Told:
    """The lines that a program prints, read as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[dict[str, Any]] = []
        self._process = process
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.lines.append(json.loads(line))

    def to_the_end(self, within: float) -> None:
        self._reader.join(within)
        assert not self._reader.is_alive(), "the program goes on and on"
