"""Where a test keeps its data: a folder, and with AUDIOBREW_TEST_POSTGRES set a database of its own there."""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from audiobrew.settings import Settings

POSTGRES = os.environ.get("AUDIOBREW_TEST_POSTGRES")
"""A superuser's address of a cluster in which the role `audiobrew` exists."""
sqlite_only = pytest.mark.skipif(
    bool(POSTGRES), reason="looks into SQLite's own file; its twin on Postgres is another test"
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
    host = str(POSTGRES).partition("@")[2]
    return f"postgresql://audiobrew:secret@{host}/{name}"
