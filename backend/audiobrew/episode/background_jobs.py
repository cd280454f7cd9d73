"""What every brewing process looks after again and again: orders left alone, and schedules that are due.

All of them do it, and none needs to know of the others: what two do at the same moment happens once.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from uuid import UUID, uuid4

import structlog

from audiobrew.episode.episode import IdempotencyKeyReused, NothingToBrew, Order
from audiobrew.episode.orders import EpisodeOrders
from audiobrew.episode.schedule import StoredSchedule, local_day, next_after
from audiobrew.episode.schedule_store import Schedules
from audiobrew.ops.periodic_jobs import Job, PeriodicJobs
from audiobrew.problems import Problem

EVERY_SECONDS = 15.0
AT_ONCE = 8
"""So many listeners' mailboxes are read at the same time."""
PASSES = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
PATIENCE = timedelta(hours=1)
"""So long an episode waits for what passes, a mailbox that is out or other brews, before it is skipped."""
FETCH_SECONDS = 120.0
HOUR_SECONDS = 3600.0
log = structlog.get_logger()


class MailboxSlow(Problem):
    """Your mailbox took too long to answer."""

    type = "mailbox-slow"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class BackgroundJobs:
    """`fetch` brings a listener's new mails in before a scheduled brew; `more` are other rooms' jobs."""

    def __init__(
        self,
        orders: EpisodeOrders,
        schedules: Schedules,
        fetch: Callable[[UUID], Awaitable[None]],
        more: Iterable[Job] = (),
        every: float = EVERY_SECONDS,
        fetch_seconds: float = FETCH_SECONDS,
    ) -> None:
        self._orders = orders
        self._schedules = schedules
        self._fetch = fetch
        self._fetch_seconds = fetch_seconds
        self.jobs = (
            Job("orders", orders.look_after, every, limit=60),
            Job("schedules", self.brew_what_is_due, every, limit=900),
            Job("answers", orders.forget_old_answers, HOUR_SECONDS, limit=600, first_after=60),
            *more,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with PeriodicJobs(self.jobs).running():
            yield

    async def brew_what_is_due(self, now: datetime | None = None) -> None:
        """For each by itself: what goes wrong for one listener holds up no other."""
        now, some = now or datetime.now(UTC), asyncio.Semaphore(AT_ONCE)

        async def brew(kept: StoredSchedule) -> None:
            async with some:
                await self._brew(kept, now)

        due = await self._schedules.due(now)
        for found in await asyncio.gather(*map(brew, due), return_exceptions=True):
            if isinstance(found, Exception):
                log.error("schedule.missed", exc_info=found)

    async def _brew(self, kept: StoredSchedule, now: datetime) -> None:
        """Under an id as a request has one, which goes on to whoever brews it."""
        with structlog.contextvars.bound_contextvars(request=uuid4().hex):
            log.info("schedule.due")
            await self._brew_under(kept, now)

    async def _brew_under(self, kept: StoredSchedule, now: datetime) -> None:
        try:
            outcome, episode = await self._brewed(kept)
        except Problem as problem:
            if problem.status in PASSES and now - kept.next_at < PATIENCE:
                return
            outcome, episode = f"Skipped: {problem}", None
        await self._schedules.came(kept, next_after(kept.schedule, now), outcome, episode)

    async def _brewed(self, kept: StoredSchedule) -> tuple[str, UUID | None]:
        """What came of it in words. The day is part of the order's key, so that it is brewed once."""
        schedule, day = kept.schedule, local_day(kept.schedule, kept.next_at)
        order = Order(
            (),
            schedule.minutes,
            day,
            hosts=schedule.hosts,
            style=schedule.style,
            language=schedule.language,
        )
        try:
            await self._fetched(kept.listener)
            episode = await self._orders.start(kept.listener, order, f"schedule-{day}")
        except NothingToBrew:
            return "Skipped: no new newsletter had come.", None
        except IdempotencyKeyReused:
            return "Skipped: an episode was brewed on this day already.", None
        return "Brewed.", episode.id

    async def _fetched(self, listener: UUID) -> None:
        """Raises MailboxSlow, and whatever the mailbox raises."""
        try:
            async with asyncio.timeout(self._fetch_seconds):
                await self._fetch(listener)
        except TimeoutError:
            raise MailboxSlow from None
