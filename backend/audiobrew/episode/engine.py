"""Starts and stops DBOS, the library that runs brews as durable workflows, and puts brews into its queue.

DBOS is called the engine in this program. It stores which steps of a workflow are done, so that a workflow
continues at the first unfinished step after a crash. An attempt at an episode is one workflow, and a process
that runs workflows is an executor.
"""

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

from audiobrew.db.batches import batched
from audiobrew.db.engine import make_private, psycopg_options
from audiobrew.episode import engine_private as private
from audiobrew.episode.brew import ProcessContext, brew
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import BrewFailed, BrewSetAside
from audiobrew.episode.worker_heartbeat import WorkerHeartbeat, new_executor
from audiobrew.problems import Problem
from audiobrew.settings import Settings

QUEUE = "episodes"
# The most workflow ids in one query.
IDS_PER_QUERY = 400
# Workflows that are listed at once.
PAGE = 1000
# How long stopping waits for a queue thread that is taking a brew.
QUEUE_THREAD_SECONDS = 10.0
RUNNING_STATES = {"PENDING", "ENQUEUED", "DELAYED"}
SET_ASIDE = str(BrewSetAside())
SET_ASIDE_STATE = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"


@asynccontextmanager
async def engine(
    settings: Settings, context: BrewContext, *, alone: bool, brews: bool
) -> AsyncIterator[None]:
    """Run the engine within this block, on the current event loop. A process can run one at a time.

    `alone`: no other process works on this data. `brews`: this process takes brews from the queue.
    """
    if ProcessContext.current is not None:
        raise RuntimeError("This process has an engine already, and room for one only.")
    executor = new_executor()
    heartbeat = WorkerHeartbeat(settings, executor, context.results.locks.keys_by_token)
    ProcessContext.current = context
    try:
        await anyio.to_thread.run_sync(heartbeat.beat)
        dbos = _launch(settings, executor, brews=brews)
        try:
            await DBOS.register_queue_async(
                QUEUE,
                worker_concurrency=settings.brews_at_once,
                partition_concurrency=settings.brews_at_once_per_listener,
                polling_interval_sec=0.25,
            )
            if brews:
                await anyio.to_thread.run_sync(lambda: heartbeat.take_over(alone=alone))
                heartbeat.start()
            yield
        finally:
            await _stop(dbos, settings, heartbeat)
    finally:
        # Also if starting or stopping failed or was cancelled: no heartbeat for brews that nobody runs any
        # more, and an engine can be started again.
        heartbeat.close()
        DBOS.destroy()  # does nothing if it is stopped
        ProcessContext.current = None


def _launch(settings: Settings, executor: str, *, brews: bool) -> DBOS:
    if settings.database_url is None:
        make_private(_sqlite_file(settings))
    dbos = DBOS(config=_config(settings, executor))
    redirect_log()
    if not brews:
        DBOS.listen_queues([])
    DBOS.launch()
    return dbos


class EndedByListenerFilter(logging.Filter):
    """Drops the engine's errors about brews that a listener cancelled or deleted."""

    def filter(self, record: logging.LogRecord) -> bool:
        exception = record.exc_info[1] if record.exc_info else None
        expected = (error.DBOSAwaitedWorkflowCancelledError, error.DBOSNonExistentWorkflowError)
        return not isinstance(exception, expected)


def redirect_log() -> None:
    """Send the engine's log lines through this process's logging, in its format."""
    logger = logging.getLogger("dbos")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.propagate = True
    if not any(isinstance(filter_, EndedByListenerFilter) for filter_ in logger.filters):
        logger.addFilter(EndedByListenerFilter())


async def enqueue(listener: UUID, id: str, attempt: int) -> None:
    """Put an attempt into the queue. A second call for the same attempt does nothing.

    Each listener has a partition of the queue, and the engine takes from the partitions in turn.
    """
    with (
        SetWorkflowID(workflow_id(id, attempt)),
        SetEnqueueOptions(queue_partition_key=str(listener)),
    ):
        await DBOS.enqueue_workflow_async(QUEUE, brew, workflow_id(id, attempt))


async def states(attempts: Sequence[tuple[str, int]]) -> dict[str, Problem | None]:
    """The state of these attempts, by workflow id. Attempts that the engine does not know are left out.

    None means queued or running. Otherwise it is the problem that explains why the attempt has ended.
    """
    states: dict[str, Problem | None] = {}
    ids = [workflow_id(*attempt) for attempt in attempts]
    for batch in batched(ids, IDS_PER_QUERY):
        for workflow in await DBOS.list_workflows_async(
            workflow_ids=list(batch), load_input=False, load_output=False
        ):
            problem = BrewSetAside() if workflow.status == SET_ASIDE_STATE else BrewFailed()
            is_running = workflow.status in RUNNING_STATES
            states[workflow.workflow_id] = None if is_running else problem
    return states


async def cancel(id: str, attempt: int) -> None:
    """Start no further step of this attempt."""
    await DBOS.cancel_workflow_async(workflow_id(id, attempt))


async def forget(key: str) -> None:
    """Delete all attempts of an episode from the engine's tables, up to this `<id>.<attempt>`."""
    id, attempt = key.rsplit(".", 1)
    ids = [workflow_id(id, number) for number in range(1, int(attempt) + 1)]
    await DBOS.delete_workflows_async(ids)


async def list_workflow_ids() -> AsyncIterator[list[str]]:
    """The ids of all attempts that the engine knows, page by page."""
    offset = 0
    while page := await DBOS.list_workflows_async(
        limit=PAGE, offset=offset, load_input=False, load_output=False
    ):
        yield [workflow.workflow_id for workflow in page]
        offset += PAGE


def workflow_id(id: str, attempt: int) -> str:
    return f"{id}.{attempt}"


def _config(settings: Settings, executor: str) -> DBOSConfig:
    """Sets the version, because DBOS's default is a hash of the source: after an update, waiting brews would
    never run."""
    return {
        "name": "audiobrew",
        **_database_config(settings),
        "executor_id": executor,
        "application_version": "1",
        "sys_db_pool_size": settings.database_connections,
        "serializer": DBOSPortableJSONSerializer(),
        "notification_listener_polling_interval_sec": 0.2,
        "log_level": "ERROR",
    }


def _sqlite_file(settings: Settings) -> Path:
    return (settings.data / "engine.sqlite").absolute()


def _database_config(settings: Settings) -> DBOSConfig:
    """Where the engine stores its tables: in its own file, or in its own schema of our database."""
    if settings.database_url is None:
        return {"system_database_url": f"sqlite:///{_sqlite_file(settings)}"}
    return {
        "system_database_url": settings.database_url.get_secret_value(),
        "dbos_system_schema": f"{settings.database_schema}_engine",
        "db_engine_kwargs": {
            "connect_args": psycopg_options(settings.busy_seconds),
            "pool_pre_ping": True,
            "pool_recycle": 300,
        },
    }


async def _stop(dbos: DBOS, settings: Settings, heartbeat: WorkerHeartbeat) -> None:
    """Stop the brews where they are, and put them back into the queue for other processes.

    Putting a brew back does not count as one of its RECOVERIES, because it has crashed nothing.
    """
    await anyio.to_thread.run_sync(_stop_queue, dbos)
    tasks = private.tasks_at_work(dbos)
    while tasks:  # a library may swallow the cancellation and continue
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=1.0)
    await anyio.to_thread.run_sync(heartbeat.stop_thread)
    pending = await anyio.to_thread.run_sync(_pending_brews, heartbeat.executor)
    DBOS.destroy()
    if pending:
        await anyio.to_thread.run_sync(_requeue, settings, pending)
    await anyio.to_thread.run_sync(heartbeat.remove)


def _stop_queue(dbos: DBOS) -> None:
    """Take no more brews from the queue: one that started now would find the engine half stopped."""
    private.stop_background_threads(dbos)
    for thread in private.queue_threads(QUEUE):
        thread.join(QUEUE_THREAD_SECONDS)


def _pending_brews(executor: str) -> list[str]:
    pending = DBOS.list_workflows(
        status="PENDING", executor_id=[executor], load_input=False, load_output=False
    )
    return [brew.workflow_id for brew in pending]


def _requeue(settings: Settings, brews: list[str]) -> None:
    """Uses a client, because a running engine would take the brews up again itself."""
    config = _database_config(settings)
    client = DBOSClient(
        system_database_url=config.get("system_database_url"),
        dbos_system_schema=config.get("dbos_system_schema", "dbos"),
        serializer=DBOSPortableJSONSerializer(),
        retry_connection_errors=False,
    )
    try:
        client.resume_workflows(brews, queue_name=QUEUE)
    finally:
        client.destroy()
