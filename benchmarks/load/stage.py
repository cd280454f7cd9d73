"""The service as a host runs it (an API and a worker), with listeners who have mails, episodes and a feed."""

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

from tests.ports import free_port
from tests.product import SAMPLES
from tests.production import Listener, Production, production

# Copied episodes of each listener, besides the one that is really brewed.
LIBRARY = 49
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
    """`people_file` is the file from which load generators read the listeners."""

    product: Production
    people: list[Person]
    people_file: Path

    @property
    def api(self) -> int:
        return self.product.processes[0].pid

    @property
    def worker(self) -> int:
        return self.product.processes[1].pid

    def episodes(self) -> dict[str, int]:
        """The number of episodes at each stage, from the database, which answers even under load."""
        query = "select stage, count(*) from audiobrew.episodes group by stage"
        with psycopg.connect(self.product.postgres.as_owner(self.product.database)) as database:
            return dict(database.execute(query).fetchall())


@contextmanager
def run_stage(listeners: int, **settings: str) -> Iterator[Stage]:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # stops Postgres as well
    variables = {"AUDIOBREW_WORKER_PORT": str(free_port()), **settings}
    with TemporaryDirectory() as folder, production(Path(folder), **variables) as product:
        assert product.run("migrate").returncode == 0
        product.serve()
        product.start("worker", "--data", str(Path(folder, "elsewhere")))
        people = [_create_person(product, number) for number in range(listeners)]
        people_file = Path(folder, "cast.json")
        people_file.write_text(json.dumps([asdict(person) for person in people]))
        yield Stage(product, people, people_file)


def _create_person(product: Production, number: int) -> Person:
    """A listener with mails, one brewed episode, copies of it, and a feed."""
    listener = product.sign_up(f"listener{number}@mail.example")
    headers = {"Authorization": f"Bearer {listener.token}"}
    with httpx2.Client(base_url=product.url, headers=headers, timeout=60) as http:
        mails = [_upload(http, sample) for sample in sorted(SAMPLES.glob("0[1-6]*.eml"))]
        episode = _brew(http, mails)
        feed = http.post("/api/feed/tokens", json={"name": "load"}).raise_for_status().json()
    _library(product, listener)
    path = "/" + feed["url"].split("/", 3)[3]
    return Person(listener.token, product.url + path, episode, mails)


def _upload(http: httpx2.Client, sample: Path) -> str:
    files = {"file": (sample.name, sample.read_bytes(), "message/rfc822")}
    answer: Any = http.post("/api/mail", files=files).raise_for_status().json()
    return str(answer["mails"][0]["id"])


def _brew(http: httpx2.Client, mails: list[str]) -> str:
    order = {"email_ids": mails, "minutes": 1}
    id = http.post("/api/podcast/generate", json=order).raise_for_status().json()["id"]
    deadline = monotonic() + 300
    while (episode := http.get(f"/api/podcast/{id}").json())["status"] != "ready":
        assert episode["status"] != "failed", episode["trouble"]
        assert monotonic() < deadline
        sleep(0.3)
    return str(id)


def _library(product: Production, listener: Listener) -> None:
    """Copy the brewed episode, without its script. The copies are an hour apart."""
    now = datetime.now(UTC)
    query = """
        insert into audiobrew.episodes
        select (jsonb_populate_record(e, %s::jsonb)).* from audiobrew.episodes e
        where e.listener_id = %s and e.stage = 'ready' and e.idempotency_key is null
        order by e.created_at desc limit 1"""
    with psycopg.connect(product.postgres.as_owner(product.database)) as database:
        for hours in range(1, LIBRARY + 1):
            created_at = (now - timedelta(hours=hours)).isoformat()
            changes = {"id": str(uuid4()), "created_at": created_at, "published_at": created_at}
            database.execute(query, [json.dumps(changes), listener.id])


def environment(stage: Stage, **more: str) -> dict[str, str]:
    """The environment of a load generator."""
    return {**os.environ, "LOAD_PEOPLE": str(stage.people_file), **more}
