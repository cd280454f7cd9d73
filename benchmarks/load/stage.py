"""The product as a host runs it, an API and a worker, with listeners who have a library, mails and a feed."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx2
import psycopg

from tests.postgres import free_port
from tests.product import SAMPLES
from tests.production import Listener, Production, production

LIBRARY = 49
"""Finished episodes of each listener, besides the one that is really brewed."""
METER = {"Authorization": "Bearer figures"}


@dataclass(frozen=True)
class Person:
    """What a client of one listener knows."""

    token: str
    feed: str
    episode: str
    mails: list[str]


@dataclass
class Stage:
    """`cast` is the file from which load generators learn whom to play."""

    product: Production
    people: list[Person]
    cast: Path

    @property
    def api(self) -> int:
        return self.product.processes[0].pid

    @property
    def worker(self) -> int:
        return self.product.processes[1].pid

    def episodes(self) -> dict[str, int]:
        """How many are at each stage, asked of the database itself, which answers also under load."""
        counted = "select stage, count(*) from audiobrew.episodes group by stage"
        with psycopg.connect(self.product.postgres.as_owner(self.product.database)) as database:
            return dict(database.execute(counted).fetchall())


@contextmanager
def staged(listeners: int, **settings: str) -> Iterator[Stage]:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # else Postgres would outlive us
    told = {"AUDIOBREW_WORKER_PORT": str(free_port()), **settings}
    with TemporaryDirectory() as folder, production(Path(folder), **told) as product:
        assert product.run("migrate").returncode == 0
        product.serve()
        product.start("worker", "--data", str(Path(folder, "elsewhere")))
        people = [_moved_in(product, number) for number in range(listeners)]
        cast = Path(folder, "cast.json")
        cast.write_text(json.dumps([asdict(person) for person in people]))
        yield Stage(product, people, cast)


def _moved_in(product: Production, number: int) -> Person:
    """Somebody with mails, one real episode, a library and a feed."""
    listener = product.sign_up(f"listener{number}@mail.example")
    headers = {"Authorization": f"Bearer {listener.token}"}
    with httpx2.Client(base_url=product.url, headers=headers, timeout=60) as http:
        mails = [_uploaded(http, sample) for sample in sorted(SAMPLES.glob("0[1-6]*.eml"))]
        episode = _brewed(http, mails)
        feed = http.post("/api/feed/tokens", json={"name": "load"}).raise_for_status().json()
    _library(product, listener)
    path = "/" + feed["url"].split("/", 3)[3]
    return Person(listener.token, product.url + path, episode, mails)


def _uploaded(http: httpx2.Client, sample: Path) -> str:
    files = {"file": (sample.name, sample.read_bytes(), "message/rfc822")}
    answer: Any = http.post("/api/mail", files=files).raise_for_status().json()
    return str(answer["mails"][0]["id"])


def _brewed(http: httpx2.Client, mails: list[str]) -> str:
    order = {"email_ids": mails, "minutes": 1}
    id = http.post("/api/podcast/generate", json=order).raise_for_status().json()["id"]
    late = monotonic() + 300
    while (told := http.get(f"/api/podcast/{id}").json())["status"] != "ready":
        assert told["status"] != "failed", told["trouble"]
        assert monotonic() < late
        sleep(0.3)
    return str(id)


def _library(product: Production, listener: Listener) -> None:
    """Copies of the real episode, an hour apart, without scripts."""
    now = datetime.now(UTC)
    copied = """
        insert into audiobrew.episodes
        select (jsonb_populate_record(e, %s::jsonb)).* from audiobrew.episodes e
        where e.listener_id = %s and e.stage = 'ready' and e.idempotency_key is null
        order by e.created_at desc limit 1"""
    with psycopg.connect(product.postgres.as_owner(product.database)) as database:
        for hours in range(1, LIBRARY + 1):
            made = (now - timedelta(hours=hours)).isoformat()
            other = {"id": str(uuid4()), "created_at": made, "published_at": made}
            database.execute(copied, [json.dumps(other), listener.id])


def environment(stage: Stage, **more: str) -> dict[str, str]:
    """For a load generator in a process of its own."""
    return {**os.environ, "LOAD_CAST": str(stage.cast), **more}
