"""The durable engine: started, fed and stopped in one place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from audiobrew.episode.brew import Kitchens, brew
from audiobrew.episode.kitchen import Kitchen
from audiobrew.episode.lease import Lease, new_executor
from audiobrew.settings import Settings
from audiobrew.store.database import connecting

QUEUE = "episodes"
GOING_ON = {"PENDING", "ENQUEUED", "DELAYED"}


@asynccontextmanager
async def engine(
    settings: Settings, kitchen: Kitchen, *, alone: bool, brews: bool
) -> AsyncIterator[None]:
    """Runs on the event loop it is opened on. One at a time in a process."""
    lease = Lease(settings, executor := new_executor())
    await anyio.to_thread.run_sync(lease.touch)
    Kitchens.open = kitchen
    DBOS(config=_configuration(settings, executor))
    if not brews:
        DBOS.listen_queues([])
    DBOS.launch()
    try:
        await DBOS.register_queue_async(
            QUEUE, worker_concurrency=settings.brews_at_once, polling_interval_sec=0.25
        )
        if brews:
            await anyio.to_thread.run_sync(lambda: lease.take_over(alone=alone))
            lease.start()
        yield
    finally:
        await _stop(lease)


async def enqueue(id: str, attempt: int) -> None:
    """Asking twice for the same attempt is asking once."""
    with SetWorkflowID(workflow_id(id, attempt)):
        await DBOS.enqueue_workflow_async(QUEUE, brew, workflow_id(id, attempt))


async def is_over(id: str, attempt: int) -> bool:
    """Whether the engine will do nothing more for this attempt, however that came."""
    status = await DBOS.get_workflow_status_async(workflow_id(id, attempt))
    return status is not None and status.status not in GOING_ON


async def cancel(id: str, attempt: int) -> None:
    """No further step of this attempt begins."""
    await DBOS.cancel_workflow_async(workflow_id(id, attempt))


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


def _memory(settings: Settings) -> DBOSConfig:
    """Where the engine remembers: a file of its own, or a schema of its own in our database."""
    if settings.database_url is None:
        file = (settings.data / "engine.sqlite").absolute()
        return {"system_database_url": f"sqlite:///{file}"}
    return {
        "system_database_url": settings.database_url.get_secret_value(),
        "dbos_system_schema": f"{settings.database_schema}_engine",
        "db_engine_kwargs": {
            "connect_args": connecting(settings.busy_seconds),
            "pool_pre_ping": True,
            "pool_recycle": 300,
        },
    }


async def _stop(lease: Lease) -> None:
    """Brews at work are let go where they are; whoever takes over goes on from there."""
    at_work = list(Kitchens.brewing)
    for task in at_work:
        task.cancel()
    await asyncio.gather(*at_work, return_exceptions=True)
    await anyio.to_thread.run_sync(lease.rest)
    DBOS.destroy()
    await anyio.to_thread.run_sync(lease.stop)
    Kitchens.open = None
