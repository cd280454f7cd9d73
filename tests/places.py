"""Where a test keeps its data: a folder, and with AUDIOBREW_TEST_POSTGRES set a database of its own there."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from audiobrew.settings import Settings
from audiobrew.store.database import address, file_of
from audiobrew.store.tables import tables

POSTGRES = os.environ.get("AUDIOBREW_TEST_POSTGRES")
"""A superuser's address of a cluster in which the role `audiobrew` exists."""
sqlite_only = pytest.mark.skipif(
    bool(POSTGRES),
    reason="locks SQLite's own file; tests/store/test_postgres_troubles.py is its twin",
)


def place(data: Path, **more: Any) -> Settings:
    """The same folder is the same database, in whichever process."""
    return Settings(data=data, **database_of(data), **more)


def database_of(data: Path) -> dict[str, str]:
    return {"database_url": _made(str(data.absolute()))} if POSTGRES else {}


@cache
def _made(folder: str) -> str:
    import psycopg

    from tests.postgres import SCHEMAS

    name = f"t{hashlib.sha256(folder.encode()).hexdigest()[:20]}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as every:
        known = every.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not known:
            every.execute(f'create database "{name}"'.encode())
            with psycopg.connect(f"{POSTGRES}/{name}", autocommit=True) as own:
                for schema in SCHEMAS:
                    own.execute(f"create schema {schema} authorization audiobrew".encode())
    host = os.environ.get("AUDIOBREW_TEST_POOLER") or str(POSTGRES).partition("@")[2]
    return f"postgresql://audiobrew:secret@{host}/{name}"


@contextmanager
def ours(data: Path) -> Iterator[sa.Connection]:
    """AudioBrew's own tables, as another program reaches them; what is changed is kept."""
    settings = place(data)
    with _reached(address(settings), settings.database_schema) as database:
        yield database


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """SQLite's file, held by another program that writes: whoever else would write has to wait."""
    with closing(sqlite3.connect(file_of(settings), isolation_level=None, timeout=30)) as another:
        another.execute("BEGIN IMMEDIATE")
        yield
        another.execute("ROLLBACK")


@contextmanager
def the_engines(data: Path) -> Iterator[sa.Connection]:
    """The engine's tables."""
    settings = place(data)
    url = address(settings) if POSTGRES else f"sqlite:///{data / 'engine.sqlite'}"
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


def everything_kept(data: Path) -> str:
    """Every row of every table of ours."""
    with ours(data) as database:
        return "".join(str(database.execute(one.select()).all()) for one in tables.sorted_tables)
