"""The old application's database in a real Postgres, with the access that Supabase's Data API has."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import dict_row

SCHEMA = Path(__file__).with_name("schema.sql")
Database = psycopg.Connection[dict[str, Any]]


def install(owner: str) -> None:
    """Create the old tables and Supabase's roles. `owner` is the address of a superuser."""
    with psycopg.connect(owner, autocommit=True) as database:
        database.execute(SCHEMA.read_bytes())


def of_role(address: str, role: str) -> str:
    """The same database, as another role; the cluster trusts this machine."""
    parts = urlsplit(address)
    return f"postgresql://{role}@{parts.hostname}:{parts.port}{parts.path}"


@contextmanager
def as_api(address: str, role: str = "service_role", listener: str = "") -> Iterator[Database]:
    """One request through the Data API: `anon`, `authenticated` as a listener, or `service_role`."""
    claims = json.dumps({"role": role, **({"sub": listener} if listener else {})})
    with psycopg.connect(of_role(address, "authenticator"), row_factory=dict_row) as database:
        database.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        database.execute(f"set local role {role}".encode())
        yield database


@contextmanager
def as_dashboard(address: str) -> Iterator[psycopg.Connection]:
    """Supabase's SQL editor."""
    with psycopg.connect(of_role(address, "dashboard"), autocommit=True) as database:
        yield database


def add_user(address: str, id: str, email: str) -> None:
    """Add the row that Supabase's Auth has for an account. Does nothing if it exists."""
    with psycopg.connect(of_role(address, "supabase_auth_admin"), autocommit=True) as database:
        row = (id, email)
        database.execute(
            "insert into auth.users (id, email) values (%s, %s) on conflict do nothing", row
        )


def delete_user(address: str, id: str) -> None:
    """Delete a user and every row that refers to it."""
    with psycopg.connect(of_role(address, "supabase_auth_admin"), autocommit=True) as database:
        database.execute("delete from auth.users where id = %s", [id])
