"""`python3 noxfile.py -s dev`, without nox: one address, signed in, samples, and a clean end on Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.ports import free_port
from tests.product import clean_environment
from tests.web.browser import find_node

ROOT = Path(__file__).parents[2]
START_SECONDS = 300


@contextmanager
def running_dev(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the sign-in link that it prints."""
    node_folder = str(Path(find_node()).parent)
    process = subprocess.Popen(
        [sys.executable, "scripts/dev.py", "--port", str(free_port()), "--data", str(data)],
        cwd=ROOT,
        env=clean_environment() | {"PATH": f"{node_folder}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    killer = threading.Timer(START_SECONDS, process.kill)
    killer.start()
    try:
        yield process, find_link(process)
    finally:
        killer.cancel()
        process.terminate()
        process.communicate(timeout=60)


def find_link(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if link := re.search(r"http://\S+/dashboard#code=\S+", line):
            return link[0]
    raise AssertionError("".join(lines))


@pytest.mark.timeout(2 * START_SECONDS)
def test_serves_app_and_api_signed_in_with_samples_until_ctrl_c(tmp_path: Path) -> None:
    with running_dev(tmp_path / "data") as (process, link):
        address, code = link.split("/dashboard#code=")
        with httpx2.Client(base_url=address, headers={"Origin": address}, timeout=60) as browser:
            assert "kit.start" in browser.get("/dashboard").text
            assert browser.get("/@vite/client").is_success  # replaces modules in the open page
            assert browser.post("/api/session/browser", json={"code": code}).is_success
            assert len(browser.get("/api/mail").json()) >= 10

        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)

        assert process.returncode == 0, output
        assert "Traceback" not in output
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", urlsplit(address).port)) != 0
