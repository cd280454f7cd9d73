import asyncio
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from audiobrew.db import tables
from audiobrew.db.stages import Stage
from audiobrew.db.upsert import CLOCKS
from audiobrew.episode.episode import Episode
from audiobrew.episode.worker_heartbeat import WorkerHeartbeat, new_executor

from tests.episode.bench import Bench, open_bench, wait_until
from tests.episode.fakes import ToneVoice
from tests.settings_factory import (
    connect_to_engine_tables,
    connect_to_tables,
    hold_write_lock,
    sqlite_only,
)


def executors(data: Path) -> set[str]:
    with connect_to_tables(data) as database:
        return set(database.execute(sa.select(tables.executors.c.id)).scalars())


def owner_of_pending(data: Path) -> str:
    query = "select executor_id from workflow_status where status = 'PENDING'"
    with connect_to_engine_tables(data) as database:
        return str(database.execute(sa.text(query)).scalar_one())


def seen(data: Path, executor: str, seconds_ago: float) -> None:
    """As another process would have written it."""
    with connect_to_tables(data) as database:
        now = database.execute(sa.text(f"select {CLOCKS[database.dialect.name]}")).scalar_one()
        row = {"id": executor, "seen_at": float(now) - seconds_ago}
        database.execute(tables.executors.delete().where(tables.executors.c.id == executor))
        database.execute(tables.executors.insert().values(row))


@pytest.fixture
async def abandoned(tmp_path: Path) -> Episode:
    """An episode that its process left in the middle, without handing it over."""
    voice = ToneVoice()
    voice.slow = "harvest"
    async with open_bench(tmp_path, voice=voice) as bench:
        await bench.add_mails()
        episode = await bench.order()
        await wait_until(lambda: voice.at_once == 1)
    silent = "update workflow_status set status = 'PENDING', executor_id = 'silent'"
    with connect_to_engine_tables(tmp_path) as database:
        database.execute(sa.text(silent))
    return episode


async def stage(bench: Bench, episode: Episode) -> Stage:
    return (await bench.episodes.get(bench.listener, episode.id)).stage


async def test_a_living_neighbours_brew_is_left_alone_until_it_goes_silent(
    tmp_path: Path, abandoned: Episode
) -> None:
    neighbour = owner_of_pending(tmp_path)
    seen(tmp_path, neighbour, -600)
    async with open_bench(tmp_path, alone=False) as bench:
        await asyncio.sleep(0.8)
        meanwhile = await stage(bench, abandoned), owner_of_pending(tmp_path)
        seen(tmp_path, neighbour, 600)
        ready = await bench.wait_until_ended(abandoned)

    assert meanwhile == (Stage.SPEAKING, neighbour)
    assert ready.stage is Stage.READY
    assert neighbour not in executors(tmp_path)


async def test_who_is_alone_takes_over_at_once(tmp_path: Path, abandoned: Episode) -> None:
    seen(tmp_path, owner_of_pending(tmp_path), 0)
    slow: dict[str, Any] = {"lease_beat_seconds": 60.0, "lease_dead_after_seconds": 600.0}
    async with open_bench(tmp_path, alone=True, **slow) as bench:
        ready = await bench.wait_until_ended(abandoned)

    assert ready.stage is Stage.READY


async def test_a_process_that_stops_takes_its_heartbeat_with_it(tmp_path: Path) -> None:
    async with open_bench(tmp_path):
        during = executors(tmp_path)

    assert len(during) == 1
    assert not executors(tmp_path)


@sqlite_only
async def test_a_locked_database_is_no_end_of_the_heartbeat(bench: Bench) -> None:
    data = bench.settings.data
    hasty = bench.settings.model_copy(update={"lease_beat_seconds": 0.05})
    heartbeat = WorkerHeartbeat(hasty, new_executor(), patience=0.1)
    heartbeat.beat()
    heartbeat.start()
    async with hold_write_lock(bench.settings):
        await asyncio.sleep(0.5)
    executors(data)
    with connect_to_tables(data) as database:
        database.execute(tables.executors.delete())
    await wait_until(lambda: heartbeat.executor in executors(data))
    heartbeat.close()
