"""Worker processes, a stand-in for OpenAI, and the records of what was paid and answered."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from audiobrew.db.engine import open_sync_database
from audiobrew.db.tables import charges
from audiobrew.episode.engine import workflow_id
from audiobrew.settings import Settings
from dbos import DBOS

from tests.drills.programs import listening
from tests.ports import free_port
from tests.standins.openai.ledger import Call, read

ROOT = Path(__file__).parents[2]
KEY = "sk-stand-in"
BEAT, DEAD_AFTER = 1.0, 5.0
MOST_BREWS = 100


@contextmanager
def stand_in(log: Path) -> Iterator[str]:
    """Run the stand-in and yield its address. It is as slow as the real OpenAI, and writes calls to `log`."""
    port = free_port()
    options = ("--port", str(port), "--log", str(log), "--slow")
    with listening(port, "tests.standins.openai", *options, folder=ROOT):
        yield f"http://127.0.0.1:{port}/v1"


SHORT_LEASE = {"lease_beat_seconds": BEAT, "lease_dead_after_seconds": DEAD_AFTER}


def settings_of(
    data: Path, url: str, database: str | None, lease: Mapping[str, float] = SHORT_LEASE
) -> Settings:
    return Settings(
        data=data,
        openai_api_key=KEY,
        openai_base_url=url,
        database_url=database,
        brews_per_listener=MOST_BREWS,
        **lease,
    )


class Fleet:
    """Worker processes on one data folder and one database."""

    def __init__(self, settings: Settings, size: int = 2) -> None:
        self.settings = settings
        self.log = (settings.data / "workers.log").open("ab")
        self.workers: dict[int, subprocess.Popen[bytes]] = {}
        for _ in range(size):
            self.start()

    def start(self) -> None:
        settings = self.settings
        database = settings.database_url.get_secret_value() if settings.database_url else ""
        worker = subprocess.Popen(
            [sys.executable, "-m", "audiobrew", "worker", "--data", str(settings.data)],
            env={
                **{name: value for name, value in os.environ.items() if "AUDIOBREW" not in name},
                "AUDIOBREW_MODE": "embedded",
                "OPENAI_API_KEY": KEY,
                "OPENAI_BASE_URL": str(settings.openai_base_url),
                "DATABASE_URL": database,
                "AUDIOBREW_BREWS_AT_ONCE": "10",
                "AUDIOBREW_BREWS_AT_ONCE_PER_LISTENER": "10",
                "AUDIOBREW_LEASE_BEAT_SECONDS": str(settings.lease_beat_seconds),
                "AUDIOBREW_LEASE_DEAD_AFTER_SECONDS": str(settings.lease_dead_after_seconds),
            },
            stdout=self.log,
            stderr=self.log,
        )
        self.workers[worker.pid] = worker

    def signal(self, pid: int, what: signal.Signals) -> None:
        self.workers[pid].send_signal(what)

    def kill(self, pid: int) -> None:
        """Kill a worker as a power cut would, and start another one."""
        worker = self.workers.pop(pid)
        worker.kill()
        worker.wait(30)
        self.start()

    def stop(self) -> None:
        for worker in self.workers.values():
            with suppress(ProcessLookupError):
                worker.send_signal(signal.SIGCONT)
                worker.terminate()
        for worker in self.workers.values():
            worker.wait(60)
        self.log.close()


async def owner_of(episode: UUID, attempt: int = 1) -> int | None:
    """The id of the process that brews an episode, or None."""
    status = await DBOS.get_workflow_status_async(workflow_id(str(episode), attempt))
    if status is None or status.status != "PENDING" or not status.executor_id:
        return None
    return int(str(status.executor_id).split("-")[1])


class Books:
    """Compares what the product recorded as paid with what the stand-in answered."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self._database = open_sync_database(settings, 30)
        self._log = log

    def finished_calls(self) -> list[Call]:
        return [call for call in read(self._log) if call.finished] if self._log.exists() else []

    def stored_keys(self) -> set[str]:
        return {row.key for row in self._charges() if row.kept}

    def keys_paid_twice(self) -> list[str]:
        """Keys whose answer was stored more than once."""
        keys = [row.key for row in self._charges() if row.kept]
        return [key for key in set(keys) if keys.count(key) > 1]

    def count_begun(self) -> int:
        return len(self._charges())

    def count_lost(self) -> int:
        return sum(not row.kept for row in self._charges())

    def _charges(self) -> list[Any]:
        with self._database.connect() as database:
            return list(database.execute(sa.select(charges.c.key, charges.c.kept)))
