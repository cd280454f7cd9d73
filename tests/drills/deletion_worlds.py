"""The two places in which deletions are drilled: one machine with SQLite and a folder, and production with
Postgres and a bucket."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from uuid import UUID, uuid4

import httpx2
import sqlalchemy as sa
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.db.engine import migrate, open_database, sqlalchemy_url
from audiobrew.db.tables import tables
from audiobrew.settings import Settings

from tests.ports import free_port
from tests.product import clean_environment
from tests.production import Production, production

# Tables whose rows may remain: the pace of voices, heartbeats, deleted ids, the rollout, and the machine's
# own listener with its sign-in codes.
REMAINING_TABLES = {"paces", "executors", "tombstones", "rollout", "listeners", "sign_in_codes"}
ENGINE = ("workflow_status", "operation_outputs", "workflow_inputs", "workflow_outputs", "streams")
MODELS = {"AUDIOBREW_WRITER": "extractive", "AUDIOBREW_VOICE": "espeak"}
FAULTS = ("EROFS", "ENOSPC", "EIO")


@dataclass(frozen=True)
class TestListener:
    id: str
    http: httpx2.Client


class Machine:
    """`audiobrew serve` on one folder."""

    name = "SQLite and a folder"

    def __init__(self, folder: Path) -> None:
        self.data, self.switch = folder / "data", folder / "switch"
        self.log = folder / "log"
        self.url = f"http://127.0.0.1:{free_port()}"
        self.settings = Settings(data=self.data)
        asyncio.run(migrate(self.settings))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        port = self.url.rpartition(":")[2]
        self.process = self._run("serve", "--port", port)
        wait_until_healthy(self.url, self.process, self.log)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def sweep(self) -> int:
        return self._run("sweep", "--grace", "0", "--yes").wait(300)

    def _run(self, *words: str) -> "subprocess.Popen[bytes]":
        disk = [str(self.switch), str(self.data / "media")]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.drills.faulty_disk", *disk, *words]
                + ["--data", str(self.data)],
                env=clean_environment() | MODELS,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def sign_up(self, number: int) -> TestListener:
        id, token = asyncio.run(self._create_session())
        return connect_listener(self.url, str(id), token)

    async def _create_session(self) -> tuple[UUID, str]:
        database, id = open_database(self.settings), uuid4()
        try:
            identity = LocalIdentity(ListenerStore(database), 1)
            assert await ListenerStore(database).join(id)
            return id, (await identity.exchange_code(await identity.issue_code(id))).token
        finally:
            await database.dispose()

    def refuse(self, number: int) -> None:
        self.switch.write_text(FAULTS[number % len(FAULTS)])

    def allow(self) -> None:
        self.switch.unlink(missing_ok=True)

    def objects(self) -> list[str]:
        places = (self.data / "media", self.data / "joining")
        return [
            str(file.relative_to(self.data))
            for place in places
            for file in (place.rglob("*") if place.is_dir() else ())
            if file.is_file()
        ]

    def rows(self) -> dict[str, int]:
        engine = f"sqlite:///{self.data / 'engine.sqlite'}"
        return count_rows(sqlalchemy_url(self.settings), list(tables.tables)) | count_rows(
            engine, ENGINE
        )


class Cloud:
    """Production: Postgres, and Supabase's stand-in, which can be made to refuse."""

    name = "Postgres and a bucket"

    def __init__(self, product: Production) -> None:
        self.product = product
        self.url, self.data, self.log = product.url, product.data, product.log
        assert product.run("migrate").returncode == 0

    def start(self) -> None:
        self.product.serve()

    def kill(self) -> None:
        for process in self.product.processes:
            process.kill()
            process.wait(30)
        self.product.processes.clear()

    def stop(self) -> None:
        self.product.stop()

    def sweep(self) -> int:
        process = self.product.run("sweep", "--grace", "0", "--yes")
        with self.log.open("a") as log:
            log.write(process.stdout + process.stderr)
        return process.returncode

    def sign_up(self, number: int) -> TestListener:
        listener = self.product.sign_up(f"listener-{number}@mail.example")
        return connect_listener(self.url, listener.id, listener.token)

    def refuse(self, number: int) -> None:
        self.product.vendors.supabase.inject(
            "/storage/v1", status=(503, 500, 429)[number % 3], times=10_000
        )

    def allow(self) -> None:
        self.product.vendors.supabase.faults.clear()

    def objects(self) -> list[str]:
        keys = [
            f"{bucket.id}/{key}"
            for bucket in self.product.vendors.supabase.buckets.values()
            for key in bucket.objects
        ]
        work = self.data / "joining"
        return keys + [str(file) for file in work.rglob("*") if file.is_file()]

    def rows(self) -> dict[str, int]:
        owner = self.product.postgres.as_owner(self.product.database).partition("://")[2]
        url = f"postgresql+psycopg://{owner}"
        ours = count_rows(url, list(tables.tables), "audiobrew.")
        return ours | count_rows(url, ENGINE, "audiobrew_engine.")


World = Machine | Cloud


def connect_listener(url: str, id: str, token: str) -> TestListener:
    headers = {"Authorization": f"Bearer {token}"}
    return TestListener(id, httpx2.Client(base_url=url, headers=headers, timeout=30))


def count_rows(url: str, names: "list[str] | tuple[str, ...]", schema: str = "") -> dict[str, int]:
    """The number of rows in each of these tables that exists and is not empty."""
    engine, counts = sa.create_engine(url, poolclass=sa.NullPool), dict[str, int]()
    with engine.connect() as database:
        existing = set(sa.inspect(database).get_table_names(schema=schema.rstrip(".") or None))
        for name in sorted(existing.intersection(names) - REMAINING_TABLES):
            count = database.execute(sa.text(f"select count(*) from {schema}{name}")).scalar_one()
            counts |= {name: count} if count else {}
    engine.dispose()
    return counts


def wait_until_healthy(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = monotonic() + 180
    while monotonic() < deadline and process.poll() is None:
        with suppress(httpx2.TransportError):
            httpx2.get(f"{url}/health").raise_for_status()
            return
        sleep(0.1)
    raise AssertionError(log.read_text())


@contextmanager
def machine(folder: Path) -> Iterator[World]:
    product = Machine(folder)
    try:
        yield product
    finally:
        if product.process and product.process.poll() is None:
            product.kill()


@contextmanager
def cloud(folder: Path) -> Iterator[World]:
    with production(folder, **MODELS) as product:
        yield Cloud(product)


WORLDS = {"machine": machine, "cloud": cloud}


def crashes(log: Path) -> list[str]:
    """The lines of the log that report a bug."""
    text = log.read_text() if log.exists() else ""
    return [line for line in text.splitlines() if is_crash(line)]


def is_crash(line: str) -> bool:
    try:
        event = json.loads(line).get("event", "")
    except (ValueError, AttributeError):
        return line.startswith("Traceback")
    return event in {"step.crashed", "job.failed", "deletion.crashed", "request.crashed"}
