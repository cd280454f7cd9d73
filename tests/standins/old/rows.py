"""The old application's rows, read and written with its service key, to which row level security does not
apply."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from tests.standins.old.database import as_api


class NotThere(Exception):
    """Answered with 404."""


class Rows:
    def __init__(self, address: str) -> None:
        self._address = address

    def podcasts(self, user: str) -> list[dict[str, Any]]:
        """A user's podcasts, newest first. Nobody checks who asks."""
        query = "select * from public.podcasts where user_id = %s order by created_at desc"
        with as_api(self._address) as database:
            return [_as_json(row) for row in database.execute(query, [user])]

    def podcast(self, id: str, user: str) -> dict[str, Any]:
        query = "select * from public.podcasts where id = %s and user_id = %s"
        with as_api(self._address) as database:
            return _require(database.execute(query, [id, user]).fetchone())

    def add_podcast(self, **row: Any) -> dict[str, Any]:
        names = ", ".join(row)
        values = ", ".join(f"%({name})s" for name in row)
        query = f"insert into public.podcasts ({names}) values ({values}) returning *"
        with as_api(self._address) as database:
            return _require(database.execute(query.encode(), row).fetchone())

    def delete_podcast(self, id: str, user: str) -> dict[str, Any]:
        query = "delete from public.podcasts where id = %s and user_id = %s returning *"
        with as_api(self._address) as database:
            return _require(database.execute(query, [id, user]).fetchone())

    def connection(self, user: str) -> dict[str, Any] | None:
        query = "select * from public.gmail_connections where user_id = %s"
        with as_api(self._address) as database:
            return database.execute(query, [user]).fetchone()

    def keep_connection(self, user: str, credentials: dict[str, Any]) -> None:
        query = """
            insert into public.gmail_connections (user_id, credentials, email) values (%s, %s, %s)
            on conflict (user_id) do update
            set credentials = excluded.credentials, email = excluded.email
        """
        with as_api(self._address) as database:
            database.execute(query, [user, Jsonb(credentials), credentials.get("email")])

    def forget_connection(self, user: str) -> None:
        with as_api(self._address) as database:
            database.execute("delete from public.gmail_connections where user_id = %s", [user])

    def forget_credentials(self, user: str) -> None:
        """In a table that does not exist."""
        with suppress(psycopg.errors.UndefinedTable), as_api(self._address) as database:
            database.execute("delete from public.gmail_credentials where user_id = %s", [user])


def _require(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        raise NotThere("Podcast not found")
    return _as_json(row)


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    """A row with values that JSON can represent."""
    return {name: _json_value(value) for name, value in row.items()}


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
