"""The deletion of an account in production, with a real Postgres and a stand-in for Supabase."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import psycopg
import pytest
from audiobrew.account.listener_store import tombstone_hash
from audiobrew.settings import Settings
from audiobrew.wiring import connect

from tests.account.user_fixtures import UserData, create_user_data
from tests.postgres import Cluster, cluster
from tests.serving import serving as serving_product
from tests.standins.supabase import Supabase, serving

OLD = """
create table public.podcasts (id uuid primary key, user_id uuid not null, title text);
create table public.gmail_connections (id uuid primary key, user_id uuid not null, email text);
grant usage on schema public to audiobrew;
"""
GRANT = "grant select, delete on public.podcasts, public.gmail_connections to audiobrew;"
TABLES = """
select format('%I.%I', table_schema, table_name) from information_schema.tables
where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
"""


@dataclass
class World:
    """The services that hold data. `address` is the URL of the database for its owner."""

    supabase: Supabase
    settings: Settings
    address: str

    def traces_of(self, user: UserData) -> list[str]:
        """The tables, files and users that contain a trace of this listener."""
        traces = [trace.decode() for trace in user.traces()[:3]] + [user.word.encode().hex()]
        places = [
            name for name, content in self.contents() if any(trace in content for trace in traces)
        ]
        users = ["user"] if str(user.id) in self.supabase.users else []
        return places + users

    def contents(self) -> Iterator[tuple[str, str]]:
        with psycopg.connect(self.address) as database:
            for (name,) in database.execute(TABLES).fetchall():
                rows = database.execute(f"select t::text from {name} t".encode()).fetchall()
                yield name, str(rows)
        for bucket in self.supabase.buckets.values():
            for key, file in list(bucket.objects.items()):  # the service changes it meanwhile
                yield f"{bucket.id}/{key}", key + file.data.decode("latin-1")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def world(postgres: Cluster, tmp_path: Path) -> Iterator[World]:
    supabase, address = Supabase(), postgres.database()
    with psycopg.connect(postgres.as_owner(address), autocommit=True) as database:
        database.execute(OLD.encode())
        database.execute(GRANT.encode())
    with serving(supabase.app) as url:
        supabase.base = url
        yield World(
            supabase, settings(tmp_path, supabase, url, address), postgres.as_owner(address)
        )


def settings(folder: Path, supabase: Supabase, url: str, address: str) -> Settings:
    return Settings(
        mode="production",
        host="127.0.0.1",
        data=folder / "data",
        web=folder / "none",
        supabase_url=url,
        supabase_secret_key=supabase.secret_key,
        supabase_publishable_key=supabase.publishable_key,
        database_url=address,
        google_client_id="client",
        google_client_secret="secret",
        redirect_uri="https://audiobrew.example/api/auth/gmail/callback",
        google_url="http://127.0.0.1:9",  # nobody is there
        openai_api_key="sk-none",
        writer="extractive",
        voice="espeak",
    )


@pytest.fixture
async def users(world: World) -> AsyncIterator[tuple[UserData, UserData]]:
    users = []
    async with connect(world.settings) as ports:
        for word in ("Zaragoza", "Timbuktu"):
            id = UUID(world.supabase.add_user(f"{word}@mail.example", "correct horse").id)
            assert await ports.listeners.join(id)
            users.append(await create_user_data(ports, id, word))
            add_old_data(world, users[-1])
    yield users[0], users[1]


def add_old_data(world: World, user: UserData) -> None:
    """Add the listener's data in the old application."""
    row = (uuid4(), user.id, f"Beans for {user.word}")
    with psycopg.connect(world.address, autocommit=True) as database:
        for table in ("podcasts", "gmail_connections"):
            database.execute(f"insert into public.{table} values (%s, %s, %s)".encode(), row)
    with httpx2.Client(headers={"apikey": world.supabase.secret_key}) as storage:
        bucket = {"id": "podcasts", "name": "podcasts", "public": True}
        url = f"{world.supabase.base}/storage/v1"
        storage.post(f"{url}/bucket", json=bucket)
        path = f"{url}/object/podcasts/podcasts/{user.id}/{uuid4()}.mp3"
        storage.post(path, content=b"sound").raise_for_status()


async def test_a_deletion_leaves_only_a_tombstone(
    world: World, users: tuple[UserData, UserData]
) -> None:
    ada, bob = users
    assert len(world.traces_of(ada)) > 8
    assert {
        "audiobrew.spending",
        "audiobrew.charges",
        "audiobrew.claims",
        "audiobrew.listener_rules",
        "audiobrew.pronunciations",
        "audiobrew.imports",
    } <= set(world.traces_of(ada))
    others = {name.split("/")[0] for name in world.traces_of(bob)}
    with serving_product(world.settings) as service:
        user = world.supabase.users[str(ada.id)]
        token = world.supabase.access_token(user)
        with service.client(token) as client:
            assert client.get(f"/api/user/{ada.id}").status_code == 200
            assert client.delete(f"/api/user/{ada.id}").status_code == 202
            assert client.get(f"/api/user/{ada.id}").status_code == 401
            wait_until_gone(world, ada)
            assert client.get(f"/api/user/{ada.id}").status_code == 401

    assert {name.split("/")[0] for name in world.traces_of(bob)} == others
    assert tombstone_hash(ada.id) in dict(world.contents())["audiobrew.tombstones"]


def wait_until_gone(world: World, user: UserData) -> None:
    late = time.monotonic() + 180
    while traces := world.traces_of(user):
        assert time.monotonic() < late, traces
        time.sleep(1)


async def test_a_deletion_is_resumed_after_an_outage_of_supabase(
    world: World, users: tuple[UserData, UserData]
) -> None:
    ada, _ = users
    async with connect(world.settings, brews=False) as ports:
        await ports.account_deletion.begin(ada.id)
        world.supabase.inject("/auth/v1/admin", status=503, times=50)
        await ports.account_deletion.resume_all()
        assert set(world.traces_of(ada)) >= {"user", "audiobrew.deletions"}
        world.supabase.faults.clear()
        await ports.account_deletion.resume_all()

    assert world.traces_of(ada) == []


async def test_missing_or_protected_old_tables_do_not_stop_a_deletion(
    world: World, users: tuple[UserData, UserData]
) -> None:
    ada, bob = users
    with psycopg.connect(world.address, autocommit=True) as database:
        database.execute(b"drop table public.podcasts")
        database.execute(b"revoke all on public.gmail_connections from audiobrew")
    async with connect(world.settings, brews=False) as ports:
        await ports.account_deletion.begin(ada.id)
        await ports.account_deletion.resume_all()

    assert world.traces_of(ada) == ["public.gmail_connections"]
    assert world.traces_of(bob)


async def test_one_time_codes_are_refused_in_production(world: World) -> None:
    with serving_product(world.settings) as service, service.client() as anonymous:
        refused = anonymous.post("/api/session", json={"code": "x"})
        config = anonymous.get("/api/config").json()

    assert refused.status_code == 409
    assert "Supabase" in refused.json()["detail"]
    assert config["auth"] == "supabase"
    assert config["gmail"] is True
    assert config["supabase_url"] == world.settings.supabase_url
    assert config["supabase_key"] == world.supabase.publishable_key
    assert world.supabase.secret_key not in str(config)
