import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiosqlite
import anyio
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.engine import (
    MIGRATIONS,
    DatabaseBusy,
    DatabaseFull,
    alembic_config,
    is_migrated,
    latest_revision,
    migrate,
    open_database,
    sqlalchemy_url,
    upgrade,
)
from audiobrew.db.tables import listeners, tables
from audiobrew.settings import Settings
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "100% data", busy_seconds=0.2)
    await migrate(settings)
    return settings


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = open_database(settings)
    yield engine
    await engine.dispose()


def lock_database(settings: Settings) -> sqlite3.Connection:
    """Another program that holds the write lock."""
    other = sqlite3.connect(settings.data / "audiobrew.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


async def test_migrations_and_tables_agree(engine: AsyncEngine) -> None:
    """Except for the search index, which each database has in its own way."""

    def is_in_tables(name: str | None, *_: object) -> bool:
        return not (name or "").startswith("search_index")

    def differences(connection: sa.Connection) -> Any:
        options = {"include_name": is_in_tables}
        return compare_metadata(MigrationContext.configure(connection, opts=options), tables)

    async with engine.connect() as database:
        assert await database.run_sync(differences) == []


async def test_migrations_go_up_and_down_and_up(settings: Settings, engine: AsyncEngine) -> None:
    command.downgrade(alembic_config(sqlalchemy_url(settings)), "base")
    async with engine.connect() as database:
        table_names = await database.run_sync(
            lambda connection: sa.inspect(connection).get_table_names()
        )
    upgrade(sqlalchemy_url(settings))

    assert table_names == ["alembic_version"]
    assert await is_migrated(engine)


async def test_migrating_again_keeps_the_data(settings: Settings, engine: AsyncEngine) -> None:
    ada = await ListenerStore(engine).local()
    await migrate(settings)

    assert await ListenerStore(engine).local() == ada


async def test_the_previous_version_accepts_a_newer_database(
    settings: Settings, engine: AsyncEngine
) -> None:
    async with engine.begin() as database:
        await database.execute(sa.text("update alembic_version set version_num = '9999'"))

    await migrate(settings)

    assert await is_migrated(engine)
    assert await ListenerStore(engine).local()


def test_migrations_only_add() -> None:
    """The previous version must keep working, and it does not write columns that were added later."""
    for file in sorted((MIGRATIONS / "versions").glob("[0-9]*.py")):
        source = file.read_text(encoding="utf-8")
        up = source.partition("def upgrade")[2].partition("def downgrade")[0]

        assert up
        assert not re.findall(r"drop_column|drop_table|rename_table|alter_column", up), file.name
        for column in up.split("add_column(")[1:]:
            definition = column.split("op.")[0]
            assert "nullable=True" in definition or "server_default" in definition, file.name


async def test_concurrent_migrations_run_once(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new")
    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(migrate, settings)
    engine = open_database(settings)

    assert await is_migrated(engine)
    await engine.dispose()


async def test_an_empty_database_is_not_ready(tmp_path: Path) -> None:
    engine = open_database(Settings(data=tmp_path))

    assert not await is_migrated(engine)
    await engine.dispose()


def test_the_latest_revision_is_the_head_of_the_chain(tmp_path: Path) -> None:
    from alembic.script import ScriptDirectory

    chain = ScriptDirectory.from_config(alembic_config("sqlite://"))

    assert chain.get_current_head() == latest_revision()


async def test_the_data_folder_is_private(settings: Settings) -> None:
    assert settings.data.stat().st_mode & 0o777 == 0o700


async def test_the_database_file_is_private_also_after_an_upgrade(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    await migrate(settings)
    modes_when_new = file_modes(settings.data)
    for file in settings.data.glob("*.sqlite*"):
        file.chmod(0o644)
    await migrate(settings)
    engine = open_database(settings)
    await ListenerStore(engine).local()
    modes_later = file_modes(settings.data)
    await engine.dispose()

    assert modes_when_new["audiobrew.sqlite"] == 0o600
    assert "audiobrew.sqlite-wal" in modes_later
    assert set(modes_later.values()) == {0o600}


def file_modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.glob("*.sqlite*")}


async def test_a_database_locked_by_another_program_is_reported_as_busy(
    settings: Settings, engine: AsyncEngine
) -> None:
    await ListenerStore(engine).local()
    other = lock_database(settings)

    with pytest.raises(DatabaseBusy, match="Nothing was changed; try again"):
        await add_listener(ListenerStore(engine))
    other.close()


async def test_a_database_works_again_after_it_was_busy(
    settings: Settings, engine: AsyncEngine
) -> None:
    other = lock_database(settings)
    with pytest.raises(DatabaseBusy):
        await add_listener(ListenerStore(engine))
    other.execute("ROLLBACK")
    other.close()

    assert await add_listener(ListenerStore(engine))


async def test_a_start_on_a_locked_database_is_reported(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    other = lock_database(settings)

    with pytest.raises(DatabaseBusy):
        upgrade(sqlalchemy_url(settings))
    other.close()


async def test_a_full_disk_is_reported_and_loses_nothing(
    engine: AsyncEngine,
) -> None:
    ada = await ListenerStore(engine).local()

    with pytest.raises(DatabaseFull, match="make room"):
        await fill_database(engine)
    assert await ListenerStore(engine).local() == ada


async def fill_database(engine: AsyncEngine) -> None:
    """SQLite's limit on the number of pages has the same effect as a full disk."""
    async with engine.begin() as database:
        await database.execute(sa.text("PRAGMA max_page_count = 1"))
        await database.execute(sa.text("CREATE TABLE more (text)"))
        await database.execute(sa.text("INSERT INTO more VALUES (zeroblob(1000000))"))


async def test_an_error_contains_no_parameters(engine: AsyncEngine) -> None:
    row = {"id": None, "show_id": None, "created_at": None}

    with pytest.raises(sa.exc.IntegrityError) as caught:
        async with engine.begin() as database:
            await database.execute(listeners.insert().values(row))
    assert "hide_parameters" in str(caught.value)


async def test_sqlite_is_configured_to_survive_a_power_failure(engine: AsyncEngine) -> None:
    async with engine.connect() as database:
        values = [
            (await database.execute(sa.text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert values == ["wal", 2, 1]


async def test_concurrent_starts_find_the_same_local_listener(engine: AsyncEngine) -> None:
    listeners = []

    async def find_local_listener() -> None:
        listeners.append(await ListenerStore(engine).local())

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(find_local_listener)

    assert len(set(listeners)) == 1


async def test_a_cancellation_during_a_query_stays_a_cancellation(engine: AsyncEngine) -> None:
    endless_queries = {
        "postgresql": "select pg_sleep(60)",
        "sqlite": "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000000)"
        " select count(*) from n",
    }

    async def run_query() -> None:
        async with engine.connect() as database:
            await database.execute(sa.text(endless_queries[engine.dialect.name]))

    task = asyncio.create_task(run_query())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await is_migrated(engine)


@pytest.mark.parametrize("connects_later", [False, True])
async def test_a_task_that_ends_after_its_engine_leaves_no_connection_open(
    settings: Settings, connects_later: bool
) -> None:
    engine = open_database(settings)
    ready, disposed = asyncio.Event(), asyncio.Event()
    connections: list[aiosqlite.Connection] = []

    async def query() -> None:
        if connects_later:
            ready.set()
            await disposed.wait()
        async with engine.connect() as database:
            connections.append((await database.get_raw_connection()).driver_connection)
            await database.execute(sa.text("select 1"))
            ready.set()
            await disposed.wait()

    task = asyncio.create_task(query())
    await ready.wait()
    await engine.dispose()
    disposed.set()
    await task

    [connection] = connections
    with pytest.raises(ValueError, match="no active connection"):
        await connection.commit()


async def test_a_connection_that_is_closed_in_mid_statement_keeps_no_lock(
    settings: Settings, engine: AsyncEngine
) -> None:
    """Its rows are not read to the end, as when a task is cancelled in the middle of a write."""
    async with engine.connect() as database:
        driver = (await database.get_raw_connection()).driver_connection
        cursor = await driver.execute(
            "insert into tombstones values ('a', '2026-11-28'), ('b', '2026-11-28') returning 1"
        )
        await database.invalidate()

    other = sqlite3.connect(settings.data / "audiobrew.sqlite", timeout=0.2)
    other.execute("BEGIN IMMEDIATE")
    assert other.execute("select count(*) from tombstones").fetchone() == (0,)
    other.close()
    del cursor
