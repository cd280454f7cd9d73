"""The stores on a real Postgres, with a role that owns only its two schemas."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.engine import DatabaseUnavailable, is_migrated, migrate, open_database
from audiobrew.db.stages import Stage
from audiobrew.episode.episode import Order
from audiobrew.inbox.samples import SampleMailbox
from audiobrew.settings import Settings
from audiobrew.wiring import Ports, connect

from tests.postgres import Cluster, cluster

SUPABASE_SQL = Path(__file__).parents[2] / "deploy" / "supabase.sql"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as server:
        yield server


@pytest.fixture
def settings(postgres: Cluster, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, database_url=postgres.database(), busy_seconds=2)


@pytest.fixture
async def ports(settings: Settings) -> AsyncIterator[Ports]:
    async with connect(settings) as ports:
        yield ports


async def test_concurrent_migrations_on_postgres_run_once(settings: Settings) -> None:
    await asyncio.gather(*(migrate(settings) for _ in range(3)))
    database = open_database(settings)

    assert await is_migrated(database)
    await database.dispose()


async def test_our_tables_are_only_in_our_schemas(
    settings: Settings, postgres: Cluster, ports: Ports
) -> None:
    assert settings.database_url
    url = postgres.as_owner(settings.database_url.get_secret_value())
    with psycopg.connect(url) as superuser:
        schemas = superuser.execute(
            "select distinct table_schema from information_schema.tables"
            " where table_schema not in ('pg_catalog', 'information_schema')"
        ).fetchall()

    assert {schema for (schema,) in schemas} == {"audiobrew", "audiobrew_engine"}


async def test_an_episode_is_brewed_and_stored(ports: Ports) -> None:
    listener = await ports.listeners.local()
    samples = [mail for mail in SampleMailbox().newsletters() if mail.language == "en"][:2]
    mails = await ports.mails.add(listener, samples)
    order = Order(tuple(mail.id for mail in mails), 1, date(2026, 11, 23))
    episode = await ports.orders.start(listener, order, "once")
    again = await ports.orders.start(listener, order, "once")
    async with asyncio.timeout(60):
        async for _ in ports.orders.events(episode.id):
            pass
    ready = await ports.episodes.get(listener, episode.id)

    assert again.id == episode.id
    assert ready.stage is Stage.READY, ready.trouble
    assert (await ports.scripts.get(episode.id)).sources
    assert await ports.episodes.list(listener, 10, None) == [ready]


async def test_concurrent_first_calls_create_one_listener(settings: Settings) -> None:
    await migrate(settings)
    database = open_database(settings)
    listeners = await asyncio.gather(*(ListenerStore(database).local() for _ in range(5)))
    await database.dispose()

    assert len(set(listeners)) == 1


async def test_a_missing_database_is_reported(tmp_path: Path) -> None:
    unreachable = Settings(
        data=tmp_path, database_url="postgresql://audiobrew:x@127.0.0.1:9/none", busy_seconds=1
    )

    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        await ListenerStore(database := open_database(unreachable)).local()
    await database.dispose()


async def test_public_roles_see_no_row_even_with_too_many_grants(
    settings: Settings, postgres: Cluster, ports: Ports
) -> None:
    await ports.listeners.local()
    assert settings.database_url
    url = settings.database_url.get_secret_value()
    with psycopg.connect(postgres.as_owner(url), autocommit=True) as superuser:
        superuser.execute("create role anybody")
        superuser.execute("grant usage on schema audiobrew to anybody")
        superuser.execute("grant all on all tables in schema audiobrew to anybody")
        superuser.execute("set role anybody")
        visible_rows = [
            len(superuser.execute(query).fetchall()) for query in queries_of_each_table(url)
        ]

    assert len(visible_rows) > 15
    assert sum(visible_rows) == 0


def queries_of_each_table(url: str) -> list[bytes]:
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'audiobrew'"
        ).fetchall()
    return [f"select 1 from audiobrew.{name}".encode() for (name,) in names]


def test_the_documented_role_is_sufficient(postgres: Cluster, tmp_path: Path) -> None:
    with psycopg.connect(f"{postgres.owner}/postgres", autocommit=True) as superuser:
        superuser.execute("create database as_at_supabase")
    with psycopg.connect(f"{postgres.owner}/as_at_supabase", autocommit=True) as superuser:
        superuser.execute("create table public.podcasts (user_id uuid)")
        superuser.execute("alter table public.podcasts enable row level security")
        superuser.execute("insert into public.podcasts values (gen_random_uuid())")
        sql = SUPABASE_SQL.read_text().replace("role audiobrew login", "role owned login")
        superuser.execute(re.sub(r"(to|authorization) audiobrew\b", r"\1 owned", sql).encode())
    host = postgres.owner.rpartition("@")[2]
    url = f"postgresql://owned:CHANGE-ME@{host}/as_at_supabase"
    asyncio.run(migrate(Settings(data=tmp_path, database_url=url)))

    with psycopg.connect(url) as role:
        assert role.execute("select 1 from audiobrew.listeners").fetchall() == []
        assert len(role.execute("select 1 from public.podcasts").fetchall()) == 1
        assert role.execute("delete from public.podcasts").rowcount == 1
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role.execute("create table public.mine (id int)")
