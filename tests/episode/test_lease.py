import asyncio
import inspect
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from audiobrew.episode.episode import Episode, Stage
from audiobrew.episode.lease import Lease, new_executor
from dbos import DBOS

from tests.episode.bench import Bench, opened, until
from tests.episode.fakes import ToneVoice

NOW = "(julianday('now') - 2440587.5) * 86400.0"


def executors(data: Path) -> set[str]:
    with closing(sqlite3.connect(data / "audiobrew.sqlite")) as database:
        return {str(row[0]) for row in database.execute("select id from executors")}


def owner_of_pending(data: Path) -> str:
    with closing(sqlite3.connect(data / "engine.sqlite")) as database:
        asked = "select executor_id from workflow_status where status = 'PENDING'"
        return str(database.execute(asked).fetchone()[0])


def seen(data: Path, executor: str, seconds_ago: float) -> None:
    """As another process would have written it."""
    with closing(sqlite3.connect(data / "audiobrew.sqlite")) as database, database:
        database.execute(
            f"insert or replace into executors values (?, {NOW} - ?)", [executor, seconds_ago]
        )


@pytest.fixture
async def left(tmp_path: Path) -> Episode:
    """An episode that its process left in the middle, without handing it over."""
    voice = ToneVoice()
    voice.slow = "harvest"
    async with opened(tmp_path, voice=voice) as bench:
        await bench.keep()
        episode = await bench.order()
        await until(lambda: voice.at_once == 1)
    with closing(sqlite3.connect(tmp_path / "engine.sqlite")) as database, database:
        database.execute("update workflow_status set status = 'PENDING', executor_id = 'silent'")
    return episode


async def stage(bench: Bench, episode: Episode) -> Stage:
    return (await bench.episodes.get(bench.listener, episode.id)).stage


def test_the_engine_still_has_the_private_way_that_we_use() -> None:
    taken = inspect.signature(DBOS._recover_pending_workflows).parameters

    assert next(iter(taken)) == "executor_ids"


async def test_a_living_neighbours_brew_is_left_alone_until_it_goes_silent(
    tmp_path: Path, left: Episode
) -> None:
    neighbour = owner_of_pending(tmp_path)
    seen(tmp_path, neighbour, -1.0)  # alive for two more seconds
    async with opened(tmp_path, alone=False) as bench:
        await asyncio.sleep(0.8)
        meanwhile = await stage(bench, left), owner_of_pending(tmp_path)
        ready = await bench.ended(left, within=20)

    assert meanwhile == (Stage.SPEAKING, neighbour)
    assert ready.stage is Stage.READY
    assert neighbour not in executors(tmp_path)


async def test_who_is_alone_takes_over_at_once(tmp_path: Path, left: Episode) -> None:
    seen(tmp_path, owner_of_pending(tmp_path), 0)
    slow: dict[str, Any] = {"lease_beat_seconds": 60.0, "lease_dead_after_seconds": 600.0}
    async with opened(tmp_path, alone=True, **slow) as bench:
        ready = await bench.ended(left, within=20)

    assert ready.stage is Stage.READY


async def test_a_process_that_stops_takes_its_heartbeat_with_it(tmp_path: Path) -> None:
    async with opened(tmp_path):
        during = executors(tmp_path)

    assert len(during) == 1
    assert not executors(tmp_path)


async def test_a_locked_database_is_no_end_of_the_heartbeat(bench: Bench) -> None:
    data = bench.settings.data
    hasty = bench.settings.model_copy(update={"lease_beat_seconds": 0.05})
    lease = Lease(hasty, new_executor(), patience=0.1)
    lease.touch()
    lease.start()
    with closing(sqlite3.connect(data / "audiobrew.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(0.5)
        other.execute("ROLLBACK")
    executors(data)
    with closing(sqlite3.connect(data / "audiobrew.sqlite")) as database, database:
        database.execute("delete from executors")
    await asyncio.sleep(0.5)
    came_back = executors(data)
    lease.stop()

    assert lease.executor in came_back
