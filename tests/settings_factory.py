"""Where a test keeps its data: a folder, and with AUDIOBREW_TEST_POSTGRES set a database of its own there."""

import atexit
import hashlib
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from audiobrew.db.engine import database_file, make_private, sqlalchemy_url, upgrade
from audiobrew.db.tables import tables
from audiobrew.settings import Settings
from dbos import DBOS

POSTGRES = os.environ.get("AUDIOBREW_TEST_POSTGRES")
"""A superuser's address of a cluster in which the role `audiobrew` exists."""
sqlite_only = pytest.mark.skipif(
    bool(POSTGRES),
    reason="locks SQLite's own file; tests/db/test_postgres_troubles.py is its twin",
)


def make_settings(data: Path, **more: Any) -> Settings:
    """The same folder is the same database, in whichever process."""
    return Settings(data=data, **database_option(data), **more)


def make_migrated_settings(data: Path, **more: Any) -> Settings:
    """The same with all tables, empty: copied, because a hundred migrations take longer than most tests."""
    if POSTGRES:
        url = _database(str(data.absolute()), template=template_database())
        return Settings(data=data, database_url=url, **more)
    settings = Settings(data=data, **more)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for original in template_files():
        if not (data / original.name).exists():
            shutil.copy(original, data / original.name)
    return settings


@cache
def template_files() -> list[Path]:
    """SQLite's files of an AudioBrew that nobody has used."""
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
    """The name of such a database in Postgres. It is reached without a pooler, which would stay connected:
    only a database that nobody is connected to can be copied."""
    name = _name(secrets.token_hex())
    _create(name)
    host = str(POSTGRES).partition("@")[2]
    settings = Settings(database_url=_url(host, name))
    upgrade(sqlalchemy_url(settings))
    schema = f"{settings.database_schema}_engine"
    DBOS.migrate(_url(host, name), schema=schema)
    return name


def database_option(data: Path) -> dict[str, str]:
    return {"database_url": _database(str(data.absolute()))} if POSTGRES else {}


@cache
def _database(folder: str, template: str | None = None) -> str:
    import psycopg

    name = _name(folder)
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as every:
        known = every.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
    if not known:
        _create(name, template)
    return _url(os.environ.get("AUDIOBREW_TEST_POOLER") or str(POSTGRES).partition("@")[2], name)


def _name(of: str) -> str:
    return f"t{hashlib.sha256(of.encode()).hexdigest()[:20]}"


def _url(host: str, name: str) -> str:
    return f"postgresql://audiobrew:secret@{host}/{name}"


def _create(name: str, template: str | None = None) -> None:
    import psycopg

    from tests.postgres import SCHEMAS

    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as every:
        copied = f' template "{template}"' if template else ""
        every.execute(f'create database "{name}"{copied}'.encode())
    if template:
        return
    with psycopg.connect(f"{POSTGRES}/{name}", autocommit=True) as own:
        for schema in SCHEMAS:
            own.execute(f"create schema {schema} authorization audiobrew".encode())


@contextmanager
def connect_to_tables(data: Path) -> Iterator[sa.Connection]:
    """AudioBrew's own tables, as another program reaches them; what is changed is kept."""
    settings = make_settings(data)
    with _reached(sqlalchemy_url(settings), settings.database_schema) as database:
        yield database


@contextmanager
def hold_write_lock(settings: Settings) -> Iterator[None]:
    """SQLite's file, held by another program that writes: whoever else would write has to wait."""
    with closing(
        sqlite3.connect(database_file(settings), isolation_level=None, timeout=30)
    ) as another:
        another.execute("BEGIN IMMEDIATE")
        yield
        another.execute("ROLLBACK")


@contextmanager
def connect_to_engine_tables(data: Path) -> Iterator[sa.Connection]:
    """The engine's tables."""
    settings = make_settings(data)
    url = sqlalchemy_url(settings) if POSTGRES else f"sqlite:///{data / 'engine.sqlite'}"
    with _reached(url, f"{settings.database_schema}_engine") as database:
        yield database


@contextmanager
def _reached(url: str, schema: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.begin() as database:
            if POSTGRES:
                database.execute(sa.text(f"set search_path to {schema}"))
            yield database
    finally:
        engine.dispose()


def dump_tables(data: Path) -> str:
    """Every row of every table of ours."""
    with connect_to_tables(data) as database:
        return "".join(str(database.execute(one.select()).all()) for one in tables.sorted_tables)
