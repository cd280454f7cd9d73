"""`GET /api/podcast/list` with a verified token and the default limit, with 100 and 10,000 episodes.

`python benchmarks/listing.py [SECONDS]`. Requests a second and the 99th percentile by wrk with 16
connections, as a ratio to a bare FastAPI route that returns the same bytes, in the same run.
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
from server_process import audiobrew, bare, free_port, started

LIST = "/api/podcast/list"
CONNECTIONS = 16
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TARGETS = "target: the same at 100 and 10,000"
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


async def listener_with(data: Path, count: int) -> str:
    """A data folder with so many finished episodes; the token of the listener they belong to."""
    settings = Settings(data=data)
    await migrate(settings)
    engine = open_database(settings)
    listeners = ListenerStore(engine)
    listener = await listeners.local()
    async with engine.begin() as database:
        rows = [episode(listener, number) for number in range(count)]
        await database.execute(episodes.insert(), rows)
    identity = LocalIdentity(listeners, settings.session_days)
    session = await identity.exchange_code(await identity.issue_code(listener))
    await engine.dispose()
    return session.token


def episode(listener: UUID, number: int) -> dict[str, Any]:
    id, made = uuid4(), NOON - timedelta(hours=number)
    return {
        "id": id,
        "listener_id": listener,
        "title": f"Brew {number}",
        "title_chosen": False,
        "stage": Stage.READY,
        "minutes": 5,
        "hosts": 2,
        "day": made.date(),
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
        "created_at": made,
        "updated_at": made,
        "published_at": made,
    }


def loaded(url: str, token: str, seconds: int) -> tuple[float, float]:
    """Requests a second, and the 99th percentile in milliseconds."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-H"]
    told = subprocess.run(
        [*command, f"Authorization: Bearer {token}", url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in told:
        raise SystemExit(told)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    assert rate
    assert slowest
    return float(rate[1]), float(slowest[1]) * UNITS[slowest[2]]


def fetched(port: int, path: str, token: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    assert answer.status == 200
    return answer.read()


def product(data: Path, token: str, seconds: int) -> tuple[float, float, bytes]:
    port = free_port()
    url = f"http://127.0.0.1:{port}{LIST}"
    with started(audiobrew(port, data), port, "/health"):
        body = fetched(port, LIST, token)
        loaded(url, token, 1)
        return *loaded(url, token, seconds), body


def floor(body: Path, seconds: int) -> tuple[float, float]:
    port = free_port()
    with started(bare(port, str(body)), port, "/"):
        return loaded(f"http://127.0.0.1:{port}/", "none", seconds)


def main(seconds: int) -> None:
    if not shutil.which("wrk"):
        raise SystemExit("Please install wrk (on Debian: apt-get install wrk).")
    print(f"{CONNECTIONS} connections by wrk, {seconds} s each; {TARGETS}")
    for count in (100, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            token = asyncio.run(listener_with(Path(folder, "data"), count))
            rate, slowest, answer = product(Path(folder, "data"), token, seconds)
            body = Path(folder, "body.json")
            body.write_bytes(answer)
            bare_rate, bare_slowest = floor(body, seconds)
        print(
            f"{count:6} episodes ({len(answer)} bytes): {rate:6.0f} req/s, p99 {slowest:5.1f} ms;"
            f" bare {bare_rate:6.0f} req/s, p99 {bare_slowest:5.1f} ms;"
            f" {rate / bare_rate:.2f} of bare"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
