"""The tables of the application before, in the schema `public`: not ours, so no migration makes them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

podcasts = sa.table(
    "podcasts",
    sa.column("id", sa.Uuid),
    sa.column("user_id", sa.Uuid),
    sa.column("title", sa.Text),
    sa.column("audio_url", sa.Text),
    sa.column("script_markdown", sa.Text),
    sa.column("duration", sa.Integer),
    sa.column("source_emails", sa.Integer),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("updated_at", sa.DateTime(timezone=True)),
    schema="public",
)
gmail_connections = sa.table(
    "gmail_connections",
    sa.column("user_id", sa.Uuid),
    sa.column("email", sa.Text),
    sa.column("credentials"),
    sa.column("updated_at", sa.DateTime(timezone=True)),
    schema="public",
)
OLD_TABLES = (podcasts, gmail_connections)


class OldRows:
    """A listener's rows in the old tables, for the deletion of an account. Postgres only."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def delete(self, listener: UUID) -> None:
        """Delete the rows as far as the tables exist and are ours to delete from.

        What is not ours to delete goes with the listener's user at Supabase, to which it refers.
        """
        async with self._engine.begin() as database:
            for old in OLD_TABLES:
                if await may_delete(database, old.fullname):
                    await database.execute(old.delete().where(old.c.user_id == listener))


async def may_delete(database: AsyncConnection, table: str) -> bool:
    """Whether this table is there, and its rows ours to delete."""
    asked = sa.text(
        "select to_regclass(:name) is not null"
        " and has_schema_privilege('public', 'usage')"
        " and has_table_privilege(to_regclass(:name), 'select')"
        " and has_table_privilege(to_regclass(:name), 'delete')"
    )
    return bool((await database.execute(asked, {"name": table})).scalar_one())
