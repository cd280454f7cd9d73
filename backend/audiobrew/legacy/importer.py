"""Taking over what the application before kept: in small pieces, again and again, whatever comes between.

A row counts as taken once everything of it is here. So whoever is killed goes on where the work is not
done yet, and whoever comes back finds what is new.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import anyio
import structlog
from anyio import to_thread

from audiobrew.db.engine import DATABASE_ERRORS, DatabaseBusy, DatabaseUnavailable
from audiobrew.legacy.credentials import ConnectionImporter
from audiobrew.legacy.episodes import PodcastImporter
from audiobrew.legacy.old_rows import Counts, OldConnection, OldPodcast
from audiobrew.media.supabase import MediaUnavailable

if TYPE_CHECKING:
    from audiobrew.account.listener_store import Listeners
    from audiobrew.legacy.old_tables import OldTables

BUSY_WAITS_SECONDS = (1.0, 3.0)
GONE, DELETED, AWAY, REFUSED = "gone", "deleted", "away", "refused"
T = TypeVar("T")
log = structlog.get_logger()
Told = Callable[[int], None]


@dataclass(slots=True)
class ImportResult:
    """What one run did: how many rows by what became of them. `away` and `refused` were not taken."""

    podcasts: Counter[str] = field(default_factory=Counter)
    connections: Counter[str] = field(default_factory=Counter)

    @property
    def missed(self) -> int:
        return sum(
            one[word] for one in (self.podcasts, self.connections) for word in (AWAY, REFUSED)
        )


@dataclass(frozen=True, slots=True)
class Importer:
    """`batch` rows are asked for at a time, and `at_once` of them taken side by side."""

    old: "OldTables"
    listeners: "Listeners"
    mailboxes: ConnectionImporter
    podcasts: PodcastImporter
    batch: int = 100
    at_once: int = 8
    joined: set[UUID] = field(default_factory=set)  # listeners known to be here

    async def counts(self) -> tuple[Counts, Counts]:
        """Of old podcasts, and of old connections."""
        return await self.old.podcast_counts(), await self.old.connection_counts()

    async def run(self, told: Told) -> ImportResult:
        """`told` hears of every row that is done with. For one run at a time."""
        await to_thread.run_sync(self.podcasts.sweep)
        done = ImportResult()
        await self._every_connection(done, told)
        await self._every_podcast(done, told)
        return done

    async def _every_connection(self, done: ImportResult, told: Told) -> None:
        last: UUID | None = None
        while found := await _patient(lambda: self.old.connections(last, self.batch)):  # noqa: B023
            last = found[-1].listener
            await self._each(found, self._connection, done.connections, told)

    async def _every_podcast(self, done: ImportResult, told: Told) -> None:
        last: OldPodcast | None = None
        while found := await _patient(lambda: self.old.podcasts(last, self.batch)):  # noqa: B023
            last = found[-1]
            await self._each(found, self._podcast, done.podcasts, told)

    async def _each(
        self, found: list[T], take: Callable[[T], Awaitable[str]], tally: Counter[str], told: Told
    ) -> None:
        """Some at once. What holds up all of them, a full bucket or a refused key, ends the run."""
        few = asyncio.Semaphore(self.at_once)

        async def one(old: T) -> None:
            async with few:
                tally[await self._tried(take, old)] += 1
                told(1)

        for trouble in await asyncio.gather(*map(one, found), return_exceptions=True):
            if trouble:
                raise trouble

    async def _connection(self, old: OldConnection) -> str:
        if not await self._here(old.listener):
            return GONE
        return await self.mailboxes.take(old)

    async def _podcast(self, old: OldPodcast) -> str:
        if not await self._here(old.listener):
            return GONE
        return await self.podcasts.take(old) or DELETED

    async def _here(self, listener: UUID) -> bool:
        """With a row of their own; one that is deleted meanwhile is found by the rows that refer to it."""
        if listener not in self.joined and await self.listeners.join(listener):
            self.joined.add(listener)
        return listener in self.joined

    async def _tried(self, take: Callable[[T], Awaitable[str]], old: T) -> str:
        """What went wrong with one row holds up no other; it is simply not taken yet."""
        try:
            return await _patient(lambda: take(old))
        except (MediaUnavailable, DatabaseBusy, DatabaseUnavailable) as error:
            log.warning("adopt.away", error=type(error).__name__)
            return AWAY
        except DATABASE_ERRORS as error:
            log.warning("adopt.refused", error=type(error).__name__)
            return REFUSED


async def _patient(call: Callable[[], Awaitable[T]]) -> T:
    """A lock that somebody holds for too long is asked for again: the old application goes first."""
    for wait in BUSY_WAITS_SECONDS:
        try:
            return await call()
        except DatabaseBusy:
            await anyio.sleep(wait)
    return await call()
