"""Each job runs by itself: one that is slow, fails or hangs delays no other, and is told."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from audiobrew.db.engine import migrate
from audiobrew.db.tables import paid
from audiobrew.models.deprecations import end_of
from audiobrew.models.result_cache import ResultCache, key_of, media_key
from audiobrew.models.usage import ModelResult
from audiobrew.ops import metrics
from audiobrew.ops.metrics import Workload
from audiobrew.ops.periodic_jobs import Job, PeriodicJobs, run_once
from audiobrew.settings import Settings
from audiobrew.wiring import open_ports
from structlog.testing import capture_logs

from tests.settings_factory import make_settings


def told(name: str, job: str) -> float:
    nothing = Workload(open={}, oldest_seconds=0, workers=0, due=0, late_seconds=0)
    text = metrics.render_metrics(Settings(), nothing, end_of).decode()
    found = re.search(rf'^{name}{{job="{job}"}} (\S+)$', text, re.MULTILINE)
    return float(found[1]) if found else 0.0


async def test_a_job_that_hangs_delays_no_other() -> None:
    done, hung = 0, asyncio.Event()

    async def quick() -> None:
        nonlocal done
        done += 1

    async def hangs() -> None:
        hung.set()
        await asyncio.sleep(3600)

    jobs = PeriodicJobs([Job("hangs", hangs, 0.01), Job("quick", quick, 0.01)])
    async with jobs.running():
        await hung.wait()
        before = done
        async with asyncio.timeout(10):
            while done < before + 5:
                await asyncio.sleep(0.01)

    assert done >= before + 5


async def test_a_job_that_takes_too_long_is_cut_off_told_and_tried_again() -> None:
    begun = 0

    async def hangs() -> None:
        nonlocal begun
        begun += 1
        await asyncio.sleep(3600)

    before = told("audiobrew_job_failures_total", "too-long")
    with capture_logs() as logs:
        async with PeriodicJobs([Job("too-long", hangs, 0.01, limit=0.05)]).running():
            async with asyncio.timeout(10):
                while begun < 3:
                    await asyncio.sleep(0.01)

    assert {"event": "job.cut_off", "job": "too-long"}.items() <= logs[0].items()
    assert told("audiobrew_job_failures_total", "too-long") >= before + 2
    assert told("audiobrew_job_success_timestamp", "too-long") == 0


@pytest.mark.parametrize("error", [LookupError("a bug"), ConnectionError(), TimeoutError()])
async def test_a_job_that_fails_is_told_and_tried_again(error: Exception) -> None:
    results: list[Any] = [error, None]

    async def job() -> None:
        if result := results.pop(0):
            raise result

    name = type(error).__name__.lower()
    first, second = (
        await run_once(Job(name, job, 1.0)),
        await run_once(Job(name, job, 1.0)),
    )

    assert (first, second) == (False, True)
    assert told("audiobrew_job_failures_total", name) == 1
    assert told("audiobrew_job_success_timestamp", name) > 0
    assert told("audiobrew_job_seconds_count", name) == 2


async def test_jobs_end_with_their_process() -> None:
    ended = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    async with PeriodicJobs([Job("endless", endless, 0.0)]).running():
        await asyncio.sleep(0.05)

    assert ended.is_set()


async def test_a_process_that_lives_long_forgets_old_answers_and_deletes_their_sound(
    tmp_path: Path,
) -> None:
    """By the jobs that it runs, not at its start."""
    settings = make_settings(data=tmp_path)
    await migrate(settings)
    async with open_ports(settings) as ports:
        jobs = {job.name: job for job in ports.background_jobs.jobs}
        listener = await ports.listeners.local()
        answers, kept = ResultCache(ports.database, ports.media), {}
        for days in (29, 31):
            key = kept[days] = key_of(listener, "clip", days=days)
            await answers.get_or_make(listener, "clip", key, sound)
            past = datetime.now(UTC) - timedelta(days=days)
            own = paid.update().where(paid.c.key == key).values(created_at=past)
            async with ports.database.begin() as database:
                await database.execute(own)
        went_well = [await run_once(jobs[name]) for name in ("answers", "deletions")]
        there = {days: await ports.media.stat(media_key(key)) for days, key in kept.items()}

    assert jobs.keys() >= {"orders", "schedules", "answers", "accounts", "deletions", "sweep"}
    assert went_well == [True, True]
    assert there[29] is not None
    assert there[31] is None


async def sound() -> ModelResult:
    return ModelResult({}, b"sound")
