"""Imports the data of the old application in small batches. The import can be interrupted and repeated.

A row counts as imported only when everything of it has been copied. So a run that was killed continues with
the rest, and a later run finds the rows that are new or changed.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import structlog
from anyio import to_thread

from audiobrew.db.engine import DATABASE_ERRORS, DatabaseBusy, DatabaseUnavailable
from audiobrew.legacy.credentials import ConnectionImporter
from audiobrew.legacy.episodes import PodcastImporter
from audiobrew.legacy.old_rows import Counts, OldConnection, OldPodcast
from audiobrew.media.supabase import MediaUnavailable
from audiobrew.ops.calls import gather_all, retry

if TYPE_CHECKING:
    from audiobrew.account.listener_store import ListenerStore
    from audiobrew.legacy.old_tables import OldTables

LOCK_WAITS_SECONDS = (1.0, 3.0)
GONE, DELETED, AWAY, REFUSED = "gone", "deleted", "away", "refused"
T = TypeVar("T")
log = structlog.get_logger()
Progress = Callable[[int], None]


@dataclass(slots=True)
class ImportResult:
    """The number of rows by outcome. Rows with the outcomes `away` and `refused` were not imported."""

    podcasts: Counter[str] = field(default_factory=Counter)
    connections: Counter[str] = field(default_factory=Counter)

    @property
    def failures(self) -> int:
        return sum(
            counter[outcome]
            for counter in (self.podcasts, self.connections)
            for outcome in (AWAY, REFUSED)
        )


@dataclass(frozen=True, slots=True)
class Importer:
    """`batch_size` rows are loaded at a time, and up to `concurrency` of them imported at once."""

    old_tables: "OldTables"
    listeners: "ListenerStore"
    connections: ConnectionImporter
    podcasts: PodcastImporter
    batch_size: int = 100
    concurrency: int = 8
    joined: set[UUID] = field(default_factory=set)  # listeners who are known to have a row

    async def counts(self) -> tuple[Counts, Counts]:
        """Of old podcasts, and of old connections."""
        return await self.old_tables.podcast_counts(), await self.old_tables.connection_counts()

    async def run(self, progress: Progress) -> ImportResult:
        """Import everything new. `progress` is called with 1 for each row. Only one run at a time."""
        await to_thread.run_sync(self.podcasts.delete_temporary_files)
        result = ImportResult()
        tables, size = self.old_tables, self.batch_size
        listener: UUID | None = None
        while connections := await retry_when_locked(
            lambda: tables.connections(listener, size)  # noqa: B023 -- called in this iteration
        ):
            listener = connections[-1].listener
            await self._import_all(
                connections, self._import_connection, result.connections, progress
            )
        podcast: OldPodcast | None = None
        while podcasts := await retry_when_locked(
            lambda: tables.podcasts(podcast, size)  # noqa: B023 -- called in this iteration
        ):
            podcast = podcasts[-1]
            await self._import_all(podcasts, self._import_podcast, result.podcasts, progress)
        return result

    async def _import_all(
        self,
        rows: list[T],
        import_row: Callable[[T], Awaitable[str]],
        outcomes: Counter[str],
        progress: Progress,
    ) -> None:
        """Import several rows at once. An error that concerns all rows, such as a full bucket or a rejected
        key, ends the run; an error of one row is counted."""
        semaphore = asyncio.Semaphore(self.concurrency)

        async def import_one(row: T) -> None:
            async with semaphore:
                try:
                    outcome = await retry_when_locked(lambda: import_row(row))
                except (MediaUnavailable, DatabaseBusy, DatabaseUnavailable) as error:
                    log.warning("adopt.away", error=type(error).__name__)
                    outcome = AWAY
                except DATABASE_ERRORS as error:
                    log.warning("adopt.refused", error=type(error).__name__)
                    outcome = REFUSED
                outcomes[outcome] += 1
                progress(1)

        await gather_all(map(import_one, rows))

    async def _import_connection(self, old: OldConnection) -> str:
        if not await self._join(old.listener):
            return GONE
        return await self.connections.import_connection(old)

    async def _import_podcast(self, old: OldPodcast) -> str:
        if not await self._join(old.listener):
            return GONE
        return await self.podcasts.import_podcast(old) or DELETED

    async def _join(self, listener: UUID) -> bool:
        """Create the listener's row. False if the account was deleted. A deletion after this check makes
        the foreign keys of the imported rows fail."""
        if listener not in self.joined and await self.listeners.join(listener):
            self.joined.add(listener)
        return listener in self.joined


async def retry_when_locked(call: Callable[[], Awaitable[T]]) -> T:
    """Our lock timeout is short, so that the old application is not held up; so try again later."""
    return await retry(call, LOCK_WAITS_SECONDS, DatabaseBusy)
