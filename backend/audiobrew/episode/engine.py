"""The durable engine: started, fed and stopped in one place."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import anyio.to_thread
from dbos import (
    DBOS,
    DBOSClient,
    DBOSConfig,
    DBOSPortableJSONSerializer,
    SetEnqueueOptions,
    SetWorkflowID,
    error,
)

from audiobrew.db.engine import make_private, psycopg_options
from audiobrew.episode import engine_private as private
from audiobrew.episode.brew import ProcessContext, brew
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import BrewFailed, BrewSetAside
from audiobrew.episode.worker_heartbeat import WorkerHeartbeat, new_executor
from audiobrew.problems import Problem
from audiobrew.settings import Settings

QUEUE = "episodes"
ASKED_AT_ONCE = 400
PAGE = 1000
"""Workflows that the engine lists or deletes at once."""
LONGEST_TAKING_SECONDS = 10.0
GOING_ON = {"PENDING", "ENQUEUED", "DELAYED"}
SET_ASIDE = str(BrewSetAside())
POISON = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"


@asynccontextmanager
async def engine(
    settings: Settings, context: BrewContext, *, alone: bool, brews: bool
) -> AsyncIterator[None]:
    """Runs on the event loop it is opened on. One at a time in a process."""
    if ProcessContext.open is not None:
        raise RuntimeError("This process has an engine already, and room for one only.")
    lease = WorkerHeartbeat(settings, executor := new_executor(), context.results.claims.held)
    await anyio.to_thread.run_sync(lease.touch)
    dbos = _launched(settings, context, executor, brews=brews)
    try:
        await DBOS.register_queue_async(
            QUEUE,
            worker_concurrency=settings.brews_at_once,
            partition_concurrency=settings.brews_at_once_per_listener,
            polling_interval_sec=0.25,
        )
        if brews:
            await anyio.to_thread.run_sync(lambda: lease.take_over(alone=alone))
            lease.start()
        yield
    finally:
        await _stop(dbos, settings, lease)


def _launched(settings: Settings, context: BrewContext, executor: str, *, brews: bool) -> DBOS:
    """The context is open before the first brew can come. Of an engine that could not start nothing is
    left, so that starting can be tried again."""
    if settings.database_url is None:
        make_private(_file(settings))
    ProcessContext.open = context
    dbos = DBOS(config=_configuration(settings, executor))
    take_over_log()
    if not brews:
        DBOS.listen_queues([])
    try:
        DBOS.launch()
    except BaseException:
        DBOS.destroy()
        ProcessContext.open = None
        raise
    return dbos


class EndedByListener(logging.Filter):
    """Leaves out what the engine says when a brew was cancelled or its episode deleted: that is no fault."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.exc_info[1] if record.exc_info else None
        ended = (error.DBOSAwaitedWorkflowCancelledError, error.DBOSNonExistentWorkflowError)
        return not isinstance(told, ended)


def take_over_log() -> None:
    """The engine logs like everything else of this process, not in lines of its own form."""
    logger = logging.getLogger("dbos")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.propagate = True
    if not any(isinstance(one, EndedByListener) for one in logger.filters):
        logger.addFilter(EndedByListener())


async def enqueue(listener: UUID, id: str, attempt: int) -> None:
    """Asking twice for the same attempt is asking once. Listeners take turns, each in a line of its own."""
    with (
        SetWorkflowID(workflow_id(id, attempt)),
        SetEnqueueOptions(queue_partition_key=str(listener)),
    ):
        await DBOS.enqueue_workflow_async(QUEUE, brew, workflow_id(id, attempt))


async def states(attempts: Sequence[tuple[str, int]]) -> dict[str, Problem | None]:
    """What the engine knows of these attempts, by workflow id: None while it goes on, else why it will do
    nothing more, however that came. One that it does not know is left out."""
    found: dict[str, Problem | None] = {}
    ids = [workflow_id(*attempt) for attempt in attempts]
    for first in range(0, len(ids), ASKED_AT_ONCE):
        for one in await DBOS.list_workflows_async(
            workflow_ids=ids[first : first + ASKED_AT_ONCE], load_input=False, load_output=False
        ):
            given_up = BrewSetAside() if one.status == POISON else BrewFailed()
            found[one.workflow_id] = None if one.status in GOING_ON else given_up
    return found


async def cancel(id: str, attempt: int) -> None:
    """No further step of this attempt begins."""
    await DBOS.cancel_workflow_async(workflow_id(id, attempt))


async def forget(key: str) -> None:
    """Nothing is left in the engine's tables of an episode's attempts, up to the one in `<id>.<attempt>`."""
    id, attempt = key.rsplit(".", 1)
    ids = [workflow_id(id, number) for number in range(1, int(attempt) + 1)]
    await DBOS.delete_workflows_async(ids)


async def list_workflow_ids() -> AsyncIterator[list[str]]:
    """The id of every attempt that the engine knows, page by page."""
    offset = 0
    while page := await DBOS.list_workflows_async(
        limit=PAGE, offset=offset, load_input=False, load_output=False
    ):
        yield [one.workflow_id for one in page]
        offset += PAGE


def workflow_id(id: str, attempt: int) -> str:
    return f"{id}.{attempt}"


def _configuration(settings: Settings, executor: str) -> DBOSConfig:
    """The version is pinned: with the engine's default, a changed source would strand waiting brews."""
    return {
        "name": "audiobrew",
        **_memory(settings),
        "executor_id": executor,
        "application_version": "1",
        "sys_db_pool_size": settings.database_connections,
        "serializer": DBOSPortableJSONSerializer(),
        "notification_listener_polling_interval_sec": 0.2,
        "log_level": "ERROR",
    }


def _file(settings: Settings) -> Path:
    return (settings.data / "engine.sqlite").absolute()


def _memory(settings: Settings) -> DBOSConfig:
    """Where the engine remembers: a file of its own, or a schema of its own in our database."""
    if settings.database_url is None:
        return {"system_database_url": f"sqlite:///{_file(settings)}"}
    return {
        "system_database_url": settings.database_url.get_secret_value(),
        "dbos_system_schema": f"{settings.database_schema}_engine",
        "db_engine_kwargs": {
            "connect_args": psycopg_options(settings.busy_seconds),
            "pool_pre_ping": True,
            "pool_recycle": 300,
        },
    }


async def _stop(dbos: DBOS, settings: Settings, lease: WorkerHeartbeat) -> None:
    """Brews at work are let go where they are, and put back into the queue for whoever is there.

    A brew that was handed over has brought nobody down: that is not counted against it.
    """
    await anyio.to_thread.run_sync(_take_no_more, dbos)
    at_work = private.tasks_at_work(dbos)
    while at_work:  # a library may take being cancelled for a trouble of its own, and go on
        for task in at_work:
            task.cancel()
        _, at_work = await asyncio.wait(at_work, timeout=1.0)
    await anyio.to_thread.run_sync(lease.rest)
    left = await anyio.to_thread.run_sync(_left_by, lease.executor)
    DBOS.destroy()
    if left:
        await anyio.to_thread.run_sync(_put_back, settings, left)
    await anyio.to_thread.run_sync(lease.stop)
    ProcessContext.open = None


def _take_no_more(dbos: DBOS) -> None:
    """From the queue: a brew that began while the engine stops would find half of it gone."""
    private.stop_background_threads(dbos)
    for thread in private.queue_threads(QUEUE):
        thread.join(LONGEST_TAKING_SECONDS)


def _left_by(executor: str) -> list[str]:
    pending = DBOS.list_workflows(
        status="PENDING", executor_id=[executor], load_input=False, load_output=False
    )
    return [brew.workflow_id for brew in pending]


def _put_back(settings: Settings, brews: list[str]) -> None:
    """From outside of the engine, which has stopped: else it would take them up again itself."""
    memory = _memory(settings)
    client = DBOSClient(
        system_database_url=memory.get("system_database_url"),
        dbos_system_schema=memory.get("dbos_system_schema", "dbos"),
        serializer=DBOSPortableJSONSerializer(),
        retry_connection_errors=False,
    )
    try:
        client.resume_workflows(brews, queue_name=QUEUE)
    finally:
        client.destroy()
