"""Who brews is alive: one heartbeat a process, and a look round for those that went silent.

The engine alone leaves the episodes of a dead process with it for ever. A living process takes them
over here, by the engine's own compare-and-swap on the owner's id: two that look at the same moment
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
from audiobrew.models.claims import expire_others, renew_held
from audiobrew.ops.metrics import TAKEOVERS
from audiobrew.problems import Problem
from audiobrew.settings import Settings

log = structlog.get_logger()


def new_executor() -> str:
    """Never shared by two processes, and never the engine's default; begins with this process's number."""
    return f"audiobrew-{os.getpid()}-{uuid.uuid4()}"


class WorkerHeartbeat:
    """A process that has not been seen for `lease_dead_after_seconds` is dead."""

    def __init__(
        self,
        settings: Settings,
        executor: str,
        claims: Mapping[str, str] = MappingProxyType({}),
        patience: float = 30.0,
    ) -> None:
        self._engine = open_sync_database(settings, patience)
        self.executor = executor
        self._claims = claims  # those that this process holds, by token
        self._beat = settings.lease_beat_seconds
        self._dead_after = settings.lease_dead_after_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True, name="lease")

    def touch(self) -> None:
        """I am alive."""
        own = executors.c.id == self.executor
        with self._engine.begin() as database:
            now = clock(database)
            if not database.execute(executors.update().where(own).values(seen_at=now)).rowcount:
                database.execute(executors.insert().values(id=self.executor, seen_at=now))
            renew_held(database, list(self._claims), self._dead_after)

    def start(self) -> None:
        self._thread.start()

    def rest(self) -> None:
        """No further look round: the engine is about to be stopped."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def stop(self) -> None:
        """Hand everything over at once instead of after `dead_after`."""
        self.rest()
        with self._engine.begin() as database:
            database.execute(executors.delete().where(executors.c.id == self.executor))
        self._engine.dispose()

    def take_over(self, *, alone: bool = False) -> list[str]:
        """Recover what dead processes left. `alone`: every other one is dead, whatever was seen."""
        alive = {self.executor} if alone else self._alive()
        if alone:
            with self._engine.begin() as database:
                expire_others(database, list(self._claims))
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        dead = sorted({str(brew.executor_id) for brew in pending if brew.executor_id} - alive)
        if dead:
            log.info("lease.taken_over", processes=len(dead))
            TAKEOVERS.inc(len(dead))
            recover_pending(dead)
        self._forget(dead)
        return dead

    def _keep(self) -> None:
        steady_since = last = time.monotonic()
        while not self._stopping.wait(self._beat):
            try:
                self.touch()
                now = time.monotonic()
                if now - last > 2 * self._beat + 1:
                    steady_since = now  # the database was away: others may only be catching up
                last = now
                if now - steady_since >= min(self._dead_after, 2 * self._beat):
                    self.take_over()
            except (sa.exc.SQLAlchemyError, Problem) as error:
                log.warning("lease.missed", error=type(error).__name__)

    def _alive(self) -> set[str]:
        with self._engine.connect() as database:
            seen = executors.c.seen_at > clock(database) - self._dead_after
            return set(database.execute(sa.select(executors.c.id).where(seen)).scalars())

    def _forget(self, dead: list[str]) -> None:
        """These, and who went silent with nothing to do; a sleeper comes back with its next beat."""
        with self._engine.begin() as database:
            silent = executors.c.seen_at < clock(database) - self._dead_after
            gone = sa.or_(silent, executors.c.id.in_(dead))
            others = executors.c.id != self.executor  # a start may take longer than a lease
            database.execute(executors.delete().where(gone, others))
