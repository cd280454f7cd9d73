"""A job that is slow, fails or hangs delays no other job and is counted."""

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


def metric(name: str, job: str) -> float:
    nothing = Workload(open={}, oldest_seconds=0, workers=0, due=0, late_seconds=0)
    text = metrics.render_metrics(Settings(), nothing, end_of).decode()
    match = re.search(rf'^{name}{{job="{job}"}} (\S+)$', text, re.MULTILINE)
    return float(match[1]) if match else 0.0


async def test_a_job_runs_at_once_when_it_is_woken() -> None:
    runs, wake = asyncio.Queue[int](), asyncio.Event()

    async def run() -> None:
        runs.put_nowait(1)

    async with PeriodicJobs([Job("woken", run, 3600, wake=wake)]).running():
        for _ in range(2):
            wake.set()
            await runs.get()
        await asyncio.sleep(0)
        assert runs.empty()


async def test_a_job_that_hangs_delays_no_other() -> None:
    quick_runs, is_hanging = 0, asyncio.Event()

    async def quick() -> None:
        nonlocal quick_runs
        quick_runs += 1

    async def hangs() -> None:
        is_hanging.set()
        await asyncio.sleep(3600)

    jobs = PeriodicJobs([Job("hangs", hangs, 0.01), Job("quick", quick, 0.01)])
    async with jobs.running():
        await is_hanging.wait()
        before = quick_runs
        async with asyncio.timeout(10):
            while quick_runs < before + 5:
                await asyncio.sleep(0.01)

    assert quick_runs >= before + 5


async def test_a_job_that_takes_too_long_is_cancelled_counted_and_repeated() -> None:
    runs = 0

    async def hangs() -> None:
        nonlocal runs
        runs += 1
        await asyncio.sleep(3600)

    before = metric("audiobrew_job_failures_total", "too-long")
    with capture_logs() as logs:
        async with PeriodicJobs([Job("too-long", hangs, 0.01, limit=0.05)]).running():
            async with asyncio.timeout(10):
                while runs < 3:
                    await asyncio.sleep(0.01)

    assert {"event": "job.cut_off", "job": "too-long"}.items() <= logs[0].items()
    assert metric("audiobrew_job_failures_total", "too-long") >= before + 2
    assert metric("audiobrew_job_success_timestamp", "too-long") == 0


@pytest.mark.parametrize("error", [LookupError("a bug"), ConnectionError(), TimeoutError()])
async def test_a_job_that_fails_is_counted_and_repeated(error: Exception) -> None:
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
    assert metric("audiobrew_job_failures_total", name) == 1
    assert metric("audiobrew_job_success_timestamp", name) > 0
    assert metric("audiobrew_job_seconds_count", name) == 2


async def test_jobs_end_with_their_process() -> None:
    is_cancelled = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            is_cancelled.set()

    async with PeriodicJobs([Job("endless", endless, 0.0)]).running():
        await asyncio.sleep(0.05)

    assert is_cancelled.is_set()


async def test_old_cached_results_and_their_audio_are_deleted_by_jobs(
    tmp_path: Path,
) -> None:
    """By periodic jobs, not only at the start of a process."""
    settings = make_settings(data=tmp_path)
    await migrate(settings)
    async with open_ports(settings) as ports:
        jobs = {job.name: job for job in ports.background_jobs.jobs}
        listener = await ports.listeners.local()
        cache, keys = ResultCache(ports.database, ports.media), {}
        for days in (29, 31):
            key = keys[days] = key_of(listener, "clip", days=days)
            await cache.get_or_make(listener, "clip", key, sound)
            past = datetime.now(UTC) - timedelta(days=days)
            own = paid.update().where(paid.c.key == key).values(created_at=past)
            async with ports.database.begin() as database:
                await database.execute(own)
        went_well = [await run_once(jobs[name]) for name in ("answers", "deletions")]
        sizes = {days: await ports.media.stat(media_key(key)) for days, key in keys.items()}

    assert jobs.keys() >= {"orders", "schedules", "answers", "accounts", "deletions", "sweep"}
    assert went_well == [True, True]
    assert sizes[29] is not None
    assert sizes[31] is None


async def sound() -> ModelResult:
    return ModelResult({}, b"sound")


async def test_a_worker_soon_notices_a_file_that_another_process_received(tmp_path: Path) -> None:
    """A worker cannot be woken by the process that serves requests, so it looks often."""
    async with open_ports(make_settings(data=tmp_path)) as ports:
        [every] = [job.every for job in ports.background_jobs.jobs if job.name == "imports"]

    assert every <= 2
