"""The heartbeat of this process, and the takeover of the brews of processes that have died.

Each process records the time in its row of the table `executors` every few seconds: its heartbeat. A process
whose heartbeat is too old counts as dead. The engine calls a process an executor. Settings, logs and metrics
call the heartbeat a lease.

The engine by itself leaves the brews of a dead process where they are. Here, a living process takes them over
with the engine's own compare-and-swap on the owner's id, so two processes that notice at the same moment
cannot both take one. See `engine_private.recover_pending`.
"""

import os
import threading
import time
import uuid
from collections.abc import Mapping
from types import MappingProxyType

import sqlalchemy as sa
import structlog
from dbos import DBOS

from audiobrew.db.engine import open_sync_database
from audiobrew.db.tables import executors
from audiobrew.db.upsert import clock
from audiobrew.episode.engine_private import recover_pending
from audiobrew.models.key_locks import delete_other_locks, renew_locks
from audiobrew.ops.metrics import TAKEOVERS
from audiobrew.problems import Problem
from audiobrew.settings import Settings

log = structlog.get_logger()


def new_executor() -> str:
    """A unique id for this process. It starts with the process number, and is not the engine's default."""
    return f"audiobrew-{os.getpid()}-{uuid.uuid4()}"


class WorkerHeartbeat:
    """A process without a heartbeat for `lease_dead_after_seconds` counts as dead.

    `key_locks` are the locks that this process holds, by token. They are renewed with each heartbeat.
    `patience`: how many seconds to wait for a busy database.
    """

    def __init__(
        self,
        settings: Settings,
        executor: str,
        key_locks: Mapping[str, str] = MappingProxyType({}),
        patience: float = 30.0,
    ) -> None:
        self._engine = open_sync_database(settings, patience)
        self.executor = executor
        self._key_locks = key_locks
        self._interval = settings.lease_beat_seconds
        self._dead_after = settings.lease_dead_after_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="heartbeat")

    def beat(self) -> None:
        """Record that this process is alive, and renew its key locks."""
        own = executors.c.id == self.executor
        with self._engine.begin() as database:
            now = clock(database)
            if not database.execute(executors.update().where(own).values(seen_at=now)).rowcount:
                database.execute(executors.insert().values(id=self.executor, seen_at=now))
            renew_locks(database, list(self._key_locks), self._dead_after)

    def start(self) -> None:
        self._thread.start()

    def stop_thread(self) -> None:
        """Take over no more brews: the engine is about to stop."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def remove(self) -> None:
        """Remove this process, so that others take its brews over at once, not after `dead_after`."""
        with self._engine.begin() as database:
            database.execute(executors.delete().where(executors.c.id == self.executor))

    def close(self) -> None:
        self.stop_thread()
        self._engine.dispose()

    def take_over(self, *, alone: bool = False) -> list[str]:
        """Take over the brews of dead processes. Returns the ids of those processes.

        `alone`: all other processes are dead, however recent their heartbeat.
        """
        alive = {self.executor} if alone else self._living()
        if alone:
            with self._engine.begin() as database:
                delete_other_locks(database, list(self._key_locks))
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        dead = sorted({str(brew.executor_id) for brew in pending if brew.executor_id} - alive)
        if dead:
            log.info("lease.taken_over", processes=len(dead))
            TAKEOVERS.inc(len(dead))
            recover_pending(dead)
        self._remove(dead)
        return dead

    def _run(self) -> None:
        """Send a heartbeat and take over the brews of dead processes, until the process stops.

        After an outage of the database, all heartbeats are old, also those of living processes. So nothing is
        taken over until the others have had the time to send a new one.
        """
        steady_since = last = time.monotonic()
        while not self._stopping.wait(self._interval):
            try:
                self.beat()
                now = time.monotonic()
                if now - last > 2 * self._interval + 1:
                    steady_since = now
                last = now
                if now - steady_since >= min(self._dead_after, 2 * self._interval):
                    self.take_over()
            except (sa.exc.SQLAlchemyError, Problem) as error:
                log.warning("lease.missed", error=type(error).__name__)

    def _living(self) -> set[str]:
        with self._engine.connect() as database:
            recent = executors.c.seen_at > clock(database) - self._dead_after
            return set(database.execute(sa.select(executors.c.id).where(recent)).scalars())

    def _remove(self, dead: list[str]) -> None:
        """Remove dead processes, with or without brews. A sleeping one returns with its next heartbeat."""
        with self._engine.begin() as database:
            silent = executors.c.seen_at < clock(database) - self._dead_after
            dead_or_silent = sa.or_(silent, executors.c.id.in_(dead))
            others = executors.c.id != self.executor  # our own start may have taken longer
            database.execute(executors.delete().where(dead_or_silent, others))
