"""Two server processes on one port and one data folder share the work without repeating it."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from tests.drills.mail_factory import letter
from tests.product import clean_environment

PATIENT = "--workers 2 --timeout-worker-healthcheck 60"
SERVER = f"uvicorn --factory audiobrew.app:service {PATIENT} --log-level warning --port"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path / "log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", *SERVER.split(), str(port)],
        env={**clean_environment(), "AUDIOBREW_DATA": str(tmp_path / "data")},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        wait_until(lambda: executors(tmp_path) == 2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)
        log.close()


def executors(folder: Path) -> int:
    file = folder / "data" / "audiobrew.sqlite"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        try:
            return int(database.execute("select count(*) from executors").fetchone()[0])
        except sqlite3.OperationalError:  # not migrated yet
            return 0


def wait_until(true: Any, within: float = 180) -> None:
    deadline = monotonic() + within
    while not true():
        assert monotonic() < deadline, "it did not come true"
        sleep(0.1)


def token(folder: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "tests.second_listener", str(folder / "data")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    return result.stdout.strip()


def test_two_processes_share_the_work_without_repeating_it(tmp_path: Path, url: str) -> None:
    """Three listeners: what two episodes of one share may be asked for twice at the same moment."""
    with ExitStack() as stack:
        clients = [stack.enter_context(client(url, token(tmp_path))) for _ in range(3)]
        orders = [(one, order(one, number)) for number, one in enumerate(clients)]
        wait_until(lambda: all(status(*one) in ("ready", "failed") for one in orders))
        ended = [status(*one) for one in orders]
    lines = (tmp_path / "log").read_text().splitlines()
    called = Counter(line.split('"key": "')[1][:64] for line in lines if "voice.called" in line)

    assert ended == ["ready"] * 3
    assert called
    assert max(called.values()) == 1


def client(url: str, token: str) -> httpx2.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.Client(base_url=url, headers=headers, timeout=30)


def order(client: httpx2.Client, number: int) -> str:
    upload = client.post("/api/mail", files={"file": ("a.eml", letter(number), "message/rfc822")})
    mail = upload.raise_for_status().json()["mails"][0]["id"]
    response = client.post("/api/podcast/generate", json={"email_ids": [mail], "minutes": 1})
    return str(response.raise_for_status().json()["id"])


def status(client: httpx2.Client, id: str) -> str:
    return str(client.get(f"/api/podcast/{id}").raise_for_status().json()["status"])
