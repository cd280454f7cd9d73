"""The jobs that every process that brews runs periodically: stalled orders, due schedules, old results.

The processes do not need to know of each other: if two run the same job at once, its effect happens once.
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
from audiobrew.episode.schedule_store import ScheduleStore
from audiobrew.ops.periodic_jobs import Job, PeriodicJobs
from audiobrew.problems import Problem

EVERY_SECONDS = 15.0
# Listeners whose mailboxes are read concurrently.
AT_ONCE = 8
# Statuses of problems that may pass, such as an unavailable mailbox or too many open brews.
TRANSIENT_STATUSES = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
# How long a due schedule waits for such a problem to pass before it is skipped.
PATIENCE = timedelta(hours=1)
FETCH_SECONDS = 120.0
HOUR_SECONDS = 3600.0
log = structlog.get_logger()


class MailboxSlow(Problem):
    """Your mailbox took too long to answer. The next scheduled episode tries again."""

    type = "mailbox-slow"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class BackgroundJobs:
    """`fetch` imports a listener's new mails before a scheduled brew. `more`: the jobs of other rooms."""

    def __init__(
        self,
        orders: EpisodeOrders,
        schedules: ScheduleStore,
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
            Job("orders", orders.recover_stalled, every, limit=60),
            Job("schedules", self.brew_due_schedules, every, limit=900),
            Job("answers", orders.delete_old_results, HOUR_SECONDS, limit=600, first_after=60),
            *more,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with PeriodicJobs(self.jobs).running():
            yield

    async def brew_due_schedules(self, now: datetime | None = None) -> None:
        """Brew every schedule that is due. An error for one listener does not affect the others."""
        now, semaphore = now or datetime.now(UTC), asyncio.Semaphore(AT_ONCE)

        async def brew(stored: StoredSchedule) -> None:
            # The order gets a request id of its own, which the log lines of its brew carry.
            async with semaphore:
                with structlog.contextvars.bound_contextvars(request=uuid4().hex):
                    log.info("schedule.due")
                    await self._brew(stored, now)

        due = await self._schedules.due(now)
        for outcome in await asyncio.gather(*map(brew, due), return_exceptions=True):
            if isinstance(outcome, Exception):
                log.error("schedule.missed", exc_info=outcome)

    async def _brew(self, stored: StoredSchedule, now: datetime) -> None:
        """Order an episode for a due schedule, and record the outcome.

        Does nothing while a problem may pass: the next run tries again.
        """
        try:
            outcome, episode = await self._order(stored)
        except Problem as problem:
            if problem.status in TRANSIENT_STATUSES and now - stored.next_at < PATIENCE:
                return
            outcome, episode = f"Skipped: {problem}", None
        next_at = next_after(stored.schedule, now)
        await self._schedules.record_outcome(stored, next_at, outcome, episode)

    async def _order(self, stored: StoredSchedule) -> tuple[str, UUID | None]:
        """Returns the outcome in words, and the episode.

        The day is part of the idempotency key, so a schedule is brewed once a day.
        """
        schedule, day = stored.schedule, local_day(stored.schedule, stored.next_at)
        order = Order(
            (),
            schedule.minutes,
            day,
            hosts=schedule.hosts,
            style=schedule.style,
            language=schedule.language,
            interests=schedule.interests,
            host_names=schedule.host_names,
            host_roles=schedule.host_roles,
            review=schedule.review,
            sounds=schedule.sounds,
        )
        try:
            await self._fetch_mails(stored.listener)
            episode = await self._orders.start(stored.listener, order, f"schedule-{day}")
        except NothingToBrew:
            return "Skipped: no new newsletter has arrived.", None
        except IdempotencyKeyReused:
            return "Skipped: an episode was brewed on this day already.", None
        return "Brewed.", episode.id

    async def _fetch_mails(self, listener: UUID) -> None:
        """Raises MailboxSlow, and what `fetch` raises."""
        try:
            async with asyncio.timeout(self._fetch_seconds):
                await self._fetch(listener)
        except TimeoutError:
            raise MailboxSlow from None
