"""A schedule is brewed once on each scheduled local day, whatever the clocks and the workers do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from audiobrew.db.engine import open_database
from audiobrew.db.stages import Stage
from audiobrew.episode.background_jobs import BackgroundJobs, MailboxSlow
from audiobrew.episode.episode import NothingToBrew, Review
from audiobrew.episode.schedule import Cadence, NoSchedule, Schedule, next_after
from audiobrew.episode.schedule_store import ScheduleStore
from audiobrew.ops.periodic_jobs import Job
from audiobrew.problems import Problem
from audiobrew.script.writer import ShowStyle

from tests.episode.bench import Bench, open_bench
from tests.listeners import add_listener

HALF_PAST_TWO = Schedule(
    Cadence.DAILY, None, time(2, 30), "Europe/Berlin", 1, 2, ShowStyle.BRIEFING, None
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def told(schedule: Schedule, start: datetime, days: int) -> list[datetime]:
    moments, now = [], start
    for _ in range(days):
        now = next_after(schedule, now)
        moments.append(now)
    return moments


def test_a_schedule_uses_the_listeners_time_zone() -> None:
    assert next_after(HALF_PAST_TWO, NOON) == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def test_the_next_time_is_after_the_present_one() -> None:
    moment = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)

    assert next_after(HALF_PAST_TWO, moment) == moment + timedelta(days=1)


def test_a_time_that_is_skipped_in_spring_is_moved_later() -> None:
    moments = told(HALF_PAST_TWO, datetime(2027, 3, 26, 12, tzinfo=UTC), 3)

    assert [moment.isoformat() for moment in moments] == [
        "2027-03-27T01:30:00+00:00",
        "2027-03-28T01:30:00+00:00",  # 02:30 is not there; the clocks say 03:30
        "2027-03-29T00:30:00+00:00",
    ]


def test_a_time_that_is_repeated_in_autumn_counts_once() -> None:
    moments = told(HALF_PAST_TWO, datetime(2026, 10, 23, 12, tzinfo=UTC), 3)

    assert [moment.isoformat() for moment in moments] == [
        "2026-10-24T00:30:00+00:00",
        "2026-10-25T00:30:00+00:00",
        "2026-10-26T01:30:00+00:00",
    ]


def test_a_weekly_schedule_keeps_its_weekday() -> None:
    friday = replace(HALF_PAST_TWO, cadence=Cadence.WEEKLY, weekday=4)

    assert [moment.weekday() for moment in told(friday, NOON, 4)] == [4, 4, 4, 4]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu"])
def test_every_day_of_a_year_has_one_time(zone: str) -> None:
    moments = told(replace(HALF_PAST_TWO, zone=zone), NOON, 366)

    gaps = {after - before for before, after in pairwise(moments)}
    assert gaps <= {timedelta(hours=hours) for hours in (23, 24, 25)}


async def _fetch(listener: UUID) -> None:
    """Nothing new comes in."""


@asynccontextmanager
async def scheduled(data: Path) -> AsyncIterator[tuple[Bench, ScheduleStore]]:
    async with open_bench(data) as bench:
        database = open_database(bench.settings)
        schedules = ScheduleStore(database)
        await schedules.put(bench.listener, HALF_PAST_TWO, NOON)
        yield bench, schedules
        await database.dispose()


async def test_concurrent_workers_brew_a_due_schedule_once(tmp_path: Path) -> None:
    async with scheduled(tmp_path) as (bench, schedules):
        await bench.add_mails()
        workers = [BackgroundJobs(bench.orders, schedules, _fetch) for _ in range(4)]
        await asyncio.gather(*(worker.brew_due_schedules(NOON) for worker in workers))
        brewed = await bench.episodes.list(bench.listener, 10, None)
        stored = await schedules.get(bench.listener)

    assert len(brewed) == 1
    assert stored.next_at == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    assert stored.last_at == NOON
    assert (stored.outcome, stored.last_episode) == ("Brewed.", brewed[0].id)


async def test_the_script_of_a_scheduled_brew_waits_if_the_listener_wants_to_read_it(
    tmp_path: Path,
) -> None:
    async with scheduled(tmp_path) as (bench, schedules):
        await schedules.put(bench.listener, replace(HALF_PAST_TWO, review=True), NOON)
        await bench.add_mails()
        await BackgroundJobs(bench.orders, schedules, _fetch).brew_due_schedules(NOON)
        [episode] = await bench.episodes.list(bench.listener, 10, None)
        await bench.wait_for_stage(episode, Stage.REVIEW)
        waiting = await bench.episodes.get(bench.listener, episode.id)
        assert waiting.media is None and waiting.review is Review.ORDERED

        await bench.orders.approve(bench.listener, episode.id)
        finished = await bench.wait_until_ended(episode)

    assert finished.stage is Stage.READY


async def test_a_worker_that_dies_causes_no_second_episode(tmp_path: Path) -> None:
    async with scheduled(tmp_path) as (bench, schedules):
        await bench.add_mails()
        first = BackgroundJobs(bench.orders, schedules, _fetch)
        [due] = await schedules.due(NOON)
        await first._order(due)  # the worker dies before it records the outcome
        await BackgroundJobs(bench.orders, schedules, _fetch).brew_due_schedules(NOON)
        brewed = await bench.episodes.list(bench.listener, 10, None)

    assert len(brewed) == 1


async def test_a_day_without_mail_is_skipped_with_a_sentence(tmp_path: Path) -> None:
    async with scheduled(tmp_path) as (bench, schedules):
        await BackgroundJobs(bench.orders, schedules, _fetch).brew_due_schedules(NOON)
        stored = await schedules.get(bench.listener)
        brewed = await bench.episodes.list(bench.listener, 10, None)

    assert stored.outcome == "Skipped: no new newsletter has arrived."
    assert stored.next_at > NOON
    assert not brewed


async def test_a_mailbox_that_refuses_is_skipped_with_its_sentence(tmp_path: Path) -> None:
    async def refused(_: UUID) -> None:
        raise NoSchedule("Gmail no longer lets us in.")

    async with scheduled(tmp_path) as (bench, schedules):
        await bench.add_mails()
        await BackgroundJobs(bench.orders, schedules, refused).brew_due_schedules(NOON)
        stored = await schedules.get(bench.listener)

    assert stored.outcome == "Skipped: Gmail no longer lets us in."
    assert stored.next_at > NOON


class Out(Problem):
    """Gmail does not answer."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


async def test_a_short_outage_of_the_mailbox_delays_the_brew(tmp_path: Path) -> None:
    async def out(_: UUID) -> None:
        raise Out

    async with scheduled(tmp_path) as (bench, schedules):
        await bench.add_mails()
        await BackgroundJobs(bench.orders, schedules, out).brew_due_schedules(NOON)
        waiting = await schedules.get(bench.listener)
        soon = NOON + timedelta(minutes=10)
        await BackgroundJobs(bench.orders, schedules, _fetch).brew_due_schedules(soon)
        stored = await schedules.get(bench.listener)

    assert (waiting.next_at, waiting.outcome) == (NOON, None)
    assert (stored.last_at, stored.outcome) == (NOON, "Brewed.")


async def test_a_long_outage_of_the_mailbox_is_skipped_with_a_sentence(tmp_path: Path) -> None:
    async def out(_: UUID) -> None:
        raise Out

    async with scheduled(tmp_path) as (bench, schedules):
        await bench.add_mails()
        late = NOON + timedelta(hours=1)
        await BackgroundJobs(bench.orders, schedules, out).brew_due_schedules(late)
        stored = await schedules.get(bench.listener)

    assert stored.outcome == "Skipped: Gmail does not answer."
    assert stored.next_at > late


async def test_an_error_for_one_listener_does_not_affect_others(tmp_path: Path) -> None:
    async with scheduled(tmp_path) as (bench, schedules):
        await bench.add_mails()
        unlucky = await add_listener(bench.listeners)
        await schedules.put(unlucky, HALF_PAST_TWO, NOON - timedelta(hours=1))

        async def fetch(listener: UUID) -> None:
            if listener == unlucky:
                raise LookupError("a bug")

        await BackgroundJobs(bench.orders, schedules, fetch).brew_due_schedules(NOON)
        stored = await schedules.get(bench.listener)

    assert stored.outcome == "Brewed."


async def test_days_without_a_running_process_cause_one_episode(tmp_path: Path) -> None:
    late = NOON + timedelta(days=5)
    async with scheduled(tmp_path) as (bench, schedules):
        await bench.add_mails()
        for _ in range(3):
            await BackgroundJobs(bench.orders, schedules, _fetch).brew_due_schedules(late)
        brewed = await bench.episodes.list(bench.listener, 10, None)
        stored = await schedules.get(bench.listener)

    assert len(brewed) == 1
    assert stored.next_at > late


async def test_an_order_without_newsletters_raises(tmp_path: Path) -> None:
    async with scheduled(tmp_path) as (bench, _):
        with pytest.raises(NothingToBrew):
            await bench.order()


async def test_a_mailbox_that_hangs_delays_neither_others_nor_deletions(tmp_path: Path) -> None:
    hanging, deleted = asyncio.Event(), asyncio.Event()

    async def hangs(_: UUID) -> None:
        hanging.set()
        await asyncio.sleep(3600)

    async def delete() -> None:
        deleted.set()

    async with scheduled(tmp_path) as (bench, schedules):
        await schedules.put(bench.listener, HALF_PAST_TWO, datetime.now(UTC))
        more = [Job("deletions", delete, 0.2)]
        jobs = BackgroundJobs(bench.orders, schedules, hangs, more, every=0.05)
        async with jobs.running(), asyncio.timeout(20):
            await hanging.wait()
            deleted.clear()
            await deleted.wait()


async def test_a_mailbox_that_hangs_times_out_and_is_tried_again(tmp_path: Path) -> None:
    async def hangs(_: UUID) -> None:
        await asyncio.sleep(3600)

    async with scheduled(tmp_path) as (bench, schedules):
        await bench.add_mails()
        slow = BackgroundJobs(bench.orders, schedules, hangs, fetch_seconds=0.05)
        await slow.brew_due_schedules(NOON)
        waiting = await schedules.get(bench.listener)
        await slow.brew_due_schedules(NOON + timedelta(hours=2))
        stored = await schedules.get(bench.listener)

    assert (waiting.next_at, waiting.outcome) == (NOON, None)
    assert stored.outcome == f"Skipped: {MailboxSlow()}"
