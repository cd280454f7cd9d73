"""How fast `GET /api/podcast/list` is for a listener with 100 and with 10,000 episodes.

`python benchmarks/listing.py [SECONDS]`. The token is verified and the limit is the default. wrk measures
requests per second and the 99th percentile with 16 connections; the ratio is to a bare FastAPI route that
returns the same bytes, in the same run.
"""

import asyncio
import http.client
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.db.engine import migrate, open_database
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes
from audiobrew.settings import Settings
from server_process import audiobrew, bare, free_port, run_server

LIST = "/api/podcast/list"
CONNECTIONS = 16
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TARGETS = "target: the same at 100 and 10,000"
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


async def create_listener(data: Path, count: int) -> str:
    """Create a listener with `count` finished episodes in a new data folder, and return their token."""
    settings = Settings(data=data)
    await migrate(settings)
    engine = open_database(settings)
    listeners = ListenerStore(engine)
    listener = await listeners.local()
    async with engine.begin() as database:
        rows = [episode_row(listener, number) for number in range(count)]
        await database.execute(episodes.insert(), rows)
    identity = LocalIdentity(listeners, settings.session_days)
    session = await identity.exchange_code(await identity.issue_code(listener))
    await engine.dispose()
    return session.token


def episode_row(listener: UUID, number: int) -> dict[str, Any]:
    id, created_at = uuid4(), NOON - timedelta(hours=number)
    return {
        "id": id,
        "listener_id": listener,
        "title": f"Brew {number}",
        "title_chosen": False,
        "stage": Stage.READY,
        "minutes": 5,
        "hosts": 2,
        "day": created_at.date(),
        "language": "en",
        "mail_count": 9,
        "seconds": 301.2,
        "bytes": 3_614_400,
        "attempt": 1,
        "done": 0,
        "total": 0,
        "percent": 100,
        "revision": 1,
        "request_hash": "0" * 64,
        "media": f"episodes/{id}.mp3",
        "created_at": created_at,
        "updated_at": created_at,
        "published_at": created_at,
    }


def measure_load(url: str, token: str, seconds: int) -> tuple[float, float]:
    """Requests per second, and the 99th percentile in milliseconds."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-H"]
    output = subprocess.run(
        [*command, f"Authorization: Bearer {token}", url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in output:
        raise SystemExit(output)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)", output)
    assert rate
    assert slowest
    return float(rate[1]), float(slowest[1]) * UNITS[slowest[2]]


def fetch(port: int, path: str, token: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    assert response.status == 200
    return response.read()


def product(data: Path, token: str, seconds: int) -> tuple[float, float, bytes]:
    port = free_port()
    url = f"http://127.0.0.1:{port}{LIST}"
    with run_server(audiobrew(port, data), port, "/health"):
        body = fetch(port, LIST, token)
        measure_load(url, token, 1)
        return *measure_load(url, token, seconds), body


def floor(body: Path, seconds: int) -> tuple[float, float]:
    port = free_port()
    with run_server(bare(port, str(body)), port, "/"):
        return measure_load(f"http://127.0.0.1:{port}/", "none", seconds)


def main(seconds: int) -> None:
    if not shutil.which("wrk"):
        raise SystemExit("Please install wrk (on Debian: apt-get install wrk).")
    print(f"{CONNECTIONS} connections by wrk, {seconds} s each; {TARGETS}")
    for count in (100, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            token = asyncio.run(create_listener(Path(folder, "data"), count))
            rate, slowest, content = product(Path(folder, "data"), token, seconds)
            body = Path(folder, "body.json")
            body.write_bytes(content)
            bare_rate, bare_slowest = floor(body, seconds)
        print(
            f"{count:6} episodes ({len(content)} bytes): {rate:6.0f} req/s, p99 {slowest:5.1f} ms;"
            f" bare {bare_rate:6.0f} req/s, p99 {bare_slowest:5.1f} ms;"
            f" {rate / bare_rate:.2f} of bare"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
