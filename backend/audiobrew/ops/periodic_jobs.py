"""Jobs that a process repeats for as long as it runs, each in its own task so that none waits for another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import monotonic, time

import structlog

from audiobrew.ops import metrics

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """`every`: seconds between the end of one run and the start of the next; `first_after`: before the first.

    A run is cancelled after `limit` seconds, so a job must be safe to repeat. Once `wake` is set, the next
    run starts at once.
    """

    name: str
    run: Callable[[], Awaitable[object]]
    every: float
    limit: float = 300.0
    first_after: float | None = None
    wake: asyncio.Event | None = None


class PeriodicJobs:
    """Runs jobs for as long as the context is open."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self.jobs = tuple(jobs)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(repeat(job), name=f"job-{job.name}") for job in self.jobs]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def repeat(job: Job) -> None:
    await wait_for_next(job, job.every if job.first_after is None else job.first_after)
    while True:
        await run_once(job)
        await wait_for_next(job, job.every)


async def wait_for_next(job: Job, seconds: float) -> None:
    if job.wake is None:
        await asyncio.sleep(seconds)
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await job.wake.wait()
    job.wake.clear()


async def run_once(job: Job) -> bool:
    """Returns whether the run succeeded. Errors are logged and not raised, so that the next run follows."""
    start = monotonic()
    try:
        async with asyncio.timeout(job.limit):
            await job.run()
    except TimeoutError:
        log.error("job.cut_off", job=job.name, seconds=job.limit)
        metrics.JOB_FAILURES.labels(job.name).inc()
        return False
    except Exception as error:
        log.error("job.failed", job=job.name, exc_info=error)
        metrics.JOB_FAILURES.labels(job.name).inc()
        return False
    finally:
        metrics.JOB_SECONDS.labels(job.name).observe(monotonic() - start)
    metrics.JOB_SUCCESS.labels(job.name).set(time())
    return True
