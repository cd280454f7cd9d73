"""The old application's tables in the schema `public`. They are not ours, so no migration creates them."""

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
        """Delete the rows, if the tables exist and our role may delete from them.

        Rows that our role may not delete go with the listener's user at Supabase, to which they refer.
        """
        async with self._engine.begin() as database:
            for table in OLD_TABLES:
                if await may_delete(database, table.fullname):
                    await database.execute(table.delete().where(table.c.user_id == listener))


async def may_delete(database: AsyncConnection, table: str) -> bool:
    """Whether the table exists and our role may delete its rows."""
    query = sa.text(
        "select to_regclass(:name) is not null"
        " and has_schema_privilege('public', 'usage')"
        " and has_table_privilege(to_regclass(:name), 'select')"
        " and has_table_privilege(to_regclass(:name), 'delete')"
    )
    return bool((await database.execute(query, {"name": table})).scalar_one())
