import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from audiobrew.settings import Settings
from audiobrew.store.database import (
    MIGRATIONS,
    DatabaseBusy,
    DatabaseFull,
    address,
    configuration,
    is_migrated,
    migrate,
    newest,
    open_database,
    upgrade,
)
from audiobrew.store.listeners import Listeners
from audiobrew.store.tables import listeners, tables
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import a_listener


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


def locked(settings: Settings) -> sqlite3.Connection:
    """Another program in the middle of writing."""
    other = sqlite3.connect(settings.data / "audiobrew.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


async def test_migrations_and_tables_agree(engine: AsyncEngine) -> None:
    def differences(connection: sa.Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection), tables)

    async with engine.connect() as database:
        assert await database.run_sync(differences) == []


async def test_migrations_go_up_and_down_and_up(settings: Settings, engine: AsyncEngine) -> None:
    command.downgrade(configuration(address(settings)), "base")
    async with engine.connect() as database:
        left = await database.run_sync(lambda connection: sa.inspect(connection).get_table_names())
    upgrade(address(settings))

    assert left == ["alembic_version"]
    assert await is_migrated(engine)


async def test_migrating_again_keeps_what_is_there(settings: Settings, engine: AsyncEngine) -> None:
    ada = await Listeners(engine).local()
    await migrate(settings)

    assert await Listeners(engine).local() == ada


async def test_the_version_before_can_come_back_to_a_database_that_went_ahead(
    settings: Settings, engine: AsyncEngine
) -> None:
    async with engine.begin() as database:
        await database.execute(sa.text("update alembic_version set version_num = '9999'"))

    await migrate(settings)

    assert await is_migrated(engine)
    assert await Listeners(engine).local()


def test_migrations_only_add() -> None:
    """What is there stays for the version before, which may leave out a column that came later."""
    for file in sorted((MIGRATIONS / "versions").glob("[0-9]*.py")):
        source = file.read_text(encoding="utf-8")
        up = source.partition("def upgrade")[2].partition("def downgrade")[0]

        assert up
        assert not re.findall(r"drop_column|drop_table|rename_table|alter_column", up), file.name
        for column in up.split("add_column(")[1:]:
            told = column.split("op.")[0]
            assert "nullable=True" in told or "server_default" in told, file.name


async def test_two_who_migrate_at_once_do_it_once(tmp_path: Path) -> None:
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


def test_the_newest_migration_is_the_last_in_the_chain(tmp_path: Path) -> None:
    from alembic.script import ScriptDirectory

    chain = ScriptDirectory.from_config(configuration("sqlite://"))

    assert chain.get_current_head() == newest()


async def test_only_this_user_may_open_the_data_folder(settings: Settings) -> None:
    assert settings.data.stat().st_mode & 0o777 == 0o700


async def test_only_this_user_may_read_the_database_also_one_of_before(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    await migrate(settings)
    fresh = modes(settings.data)
    for file in settings.data.glob("*.sqlite*"):
        file.chmod(0o644)
    await migrate(settings)
    again = open_database(settings)
    await Listeners(again).local()
    written = modes(settings.data)
    await again.dispose()

    assert fresh["audiobrew.sqlite"] == 0o600
    assert "audiobrew.sqlite-wal" in written
    assert set(written.values()) == {0o600}


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.glob("*.sqlite*")}


async def test_a_database_held_by_another_is_busy_in_words(
    settings: Settings, engine: AsyncEngine
) -> None:
    await Listeners(engine).local()
    other = locked(settings)

    with pytest.raises(DatabaseBusy, match="Nothing was changed; try again"):
        await a_listener(Listeners(engine))
    other.close()


async def test_what_was_busy_works_again_afterwards(
    settings: Settings, engine: AsyncEngine
) -> None:
    other = locked(settings)
    with pytest.raises(DatabaseBusy):
        await a_listener(Listeners(engine))
    other.execute("ROLLBACK")
    other.close()

    assert await a_listener(Listeners(engine))


async def test_a_start_on_a_held_database_is_told_in_words(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    other = locked(settings)

    with pytest.raises(DatabaseBusy):
        upgrade(address(settings))
    other.close()


async def test_a_full_disk_is_told_in_words_and_keeps_what_was_there(
    engine: AsyncEngine,
) -> None:
    ada = await Listeners(engine).local()

    with pytest.raises(DatabaseFull, match="make room"):
        await _fill(engine)
    assert await Listeners(engine).local() == ada


async def _fill(engine: AsyncEngine) -> None:
    """SQLite's own limit on its pages is what a full disk is to it."""
    async with engine.begin() as database:
        await database.execute(sa.text("PRAGMA max_page_count = 1"))
        await database.execute(sa.text("CREATE TABLE more (text)"))
        await database.execute(sa.text("INSERT INTO more VALUES (zeroblob(1000000))"))


async def test_an_error_tells_no_parameters(engine: AsyncEngine) -> None:
    row = {"id": None, "show_id": None, "created_at": None}

    with pytest.raises(sa.exc.IntegrityError) as caught:
        async with engine.begin() as database:
            await database.execute(listeners.insert().values(row))
    assert "hide_parameters" in str(caught.value)


async def test_what_is_written_survives_a_power_cut(engine: AsyncEngine) -> None:
    async with engine.connect() as database:
        told = [
            (await database.execute(sa.text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert told == ["wal", 2, 1]


async def test_two_who_start_at_once_find_the_same_listener(engine: AsyncEngine) -> None:
    found = []

    async def look() -> None:
        found.append(await Listeners(engine).local())

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(look)

    assert len(set(found)) == 1


async def test_whoever_is_cancelled_in_a_query_is_cancelled(engine: AsyncEngine) -> None:
    forever = {
        "postgresql": "select pg_sleep(60)",
        "sqlite": "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000000)"
        " select count(*) from n",
    }

    async def ask() -> None:
        async with engine.connect() as database:
            await database.execute(sa.text(forever[engine.dialect.name]))

    asked = asyncio.create_task(ask())
    await asyncio.sleep(0.2)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked

    assert await is_migrated(engine)


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
