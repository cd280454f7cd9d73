"""Settings for tests: a data folder, and with AUDIOBREW_TEST_POSTGRES a database of its own in that
cluster."""

import asyncio
import atexit
import hashlib
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from audiobrew.db.engine import database_file, make_private, sqlalchemy_url, upgrade
from audiobrew.db.tables import tables
from audiobrew.settings import Settings
from dbos import DBOS

# The address of a superuser of a cluster in which the role `audiobrew` exists.
POSTGRES = os.environ.get("AUDIOBREW_TEST_POSTGRES")
sqlite_only = pytest.mark.skipif(
    bool(POSTGRES),
    reason="locks SQLite's own file; tests/db/test_postgres_troubles.py is its twin",
)


def make_settings(data: Path, **more: Any) -> Settings:
    """The same folder always has the same database, also in another process."""
    return Settings(data=data, **database_option(data), **voice_option(more), **more)


def make_migrated_settings(data: Path, **more: Any) -> Settings:
    """The same with empty tables. They are copied, because the migrations take longer than most tests."""
    if POSTGRES:
        url = create_database(str(data.absolute()), template=template_database())
        return Settings(data=data, database_url=url, **voice_option(more), **more)
    settings = Settings(data=data, **voice_option(more), **more)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for original in template_files():
        if not (data / original.name).exists():
            shutil.copy(original, data / original.name)
    return settings


def voice_option(more: dict[str, Any]) -> dict[str, str]:
    """Without a key, espeak: natural voices take seconds to load. `tests/audio/test_local_voice.py` and
    `tests/journey/test_natural_voices.py` use them."""
    return {} if more.keys() & {"openai_api_key", "voice"} else {"voice": "espeak"}


@cache
def template_files() -> list[Path]:
    """SQLite's files of a migrated, empty database."""
    folder = Path(tempfile.mkdtemp(prefix="audiobrew-migrated-"))
    atexit.register(shutil.rmtree, folder)
    settings, engine = Settings(data=folder), folder / "engine.sqlite"
    for file in (database_file(settings), engine):
        make_private(file)
    upgrade(sqlalchemy_url(settings))
    DBOS.migrate(f"sqlite:///{engine}")
    return sorted(folder.iterdir())


@cache
def template_database() -> str:
    """The name of a migrated, empty database in Postgres. It is used without a pooler, which would stay
    connected: a database can only be copied while nobody is connected to it."""
    name = database_name(secrets.token_hex())
    create_named_database(name)
    host = str(POSTGRES).partition("@")[2]
    settings = Settings(database_url=database_url(host, name))
    upgrade(sqlalchemy_url(settings))
    schema = f"{settings.database_schema}_engine"
    DBOS.migrate(database_url(host, name), schema=schema)
    return name


def database_option(data: Path) -> dict[str, str]:
    return {"database_url": create_database(str(data.absolute()))} if POSTGRES else {}


@cache
def create_database(folder: str, template: str | None = None) -> str:
    import psycopg

    name = database_name(folder)
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as database:
        exists = database.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
    if not exists:
        create_named_database(name, template)
    return database_url(
        os.environ.get("AUDIOBREW_TEST_POOLER") or str(POSTGRES).partition("@")[2], name
    )


def database_name(text: str) -> str:
    return f"t{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def database_url(host: str, name: str) -> str:
    return f"postgresql://audiobrew:secret@{host}/{name}"


def create_named_database(name: str, template: str | None = None) -> None:
    import psycopg

    from tests.postgres import SCHEMAS

    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as database:
        template_clause = f' template "{template}"' if template else ""
        database.execute(f'create database "{name}"{template_clause}'.encode())
    if template:
        return
    with psycopg.connect(f"{POSTGRES}/{name}", autocommit=True) as database:
        for schema in SCHEMAS:
            database.execute(f"create schema {schema} authorization audiobrew".encode())


@contextmanager
def connect_to_tables(data: Path) -> Iterator[sa.Connection]:
    """A connection of another program to AudioBrew's tables. Changes are committed."""
    settings = make_settings(data)
    with connect(sqlalchemy_url(settings), settings.database_schema) as database:
        yield database


@asynccontextmanager
async def hold_write_lock(settings: Settings) -> AsyncIterator[None]:
    """Another program writes to SQLite's file, so that all others that want to write have to wait.

    It waits for its turn without blocking this event loop, on which a task may hold the lock.
    """
    with closing(
        sqlite3.connect(database_file(settings), isolation_level=None, timeout=0)
    ) as connection:
        while not connection.in_transaction:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:  # locked
                await asyncio.sleep(0.01)
        yield
        connection.execute("ROLLBACK")


@contextmanager
def connect_to_engine_tables(data: Path) -> Iterator[sa.Connection]:
    """The same for the engine's tables."""
    settings = make_settings(data)
    url = sqlalchemy_url(settings) if POSTGRES else f"sqlite:///{data / 'engine.sqlite'}"
    with connect(url, f"{settings.database_schema}_engine") as database:
        yield database


@contextmanager
def connect(url: str, schema: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.begin() as database:
            if POSTGRES:
                database.execute(sa.text(f"set search_path to {schema}"))
            yield database
    finally:
        engine.dispose()


def dump_tables(data: Path) -> str:
    """All rows of all our tables as text."""
    with connect_to_tables(data) as database:
        return "".join(
            str(database.execute(table.select()).all()) for table in tables.sorted_tables
        )
