"""Reads the old application's tables. Nothing here writes to them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.move_tables import exported_episodes, imported_connections, imported_podcasts
from audiobrew.db.timestamps import utc
from audiobrew.legacy.old_rows import (
    Counts,
    OldConnection,
    OldPodcast,
    OldTablesExposed,
    OldTablesMissing,
    OldTablesUnreadable,
)
from audiobrew.legacy.tables import gmail_connections, podcasts
from audiobrew.problems import Problem

# The advisory lock of the import. Postgres releases it when its connection ends.
IMPORT_LOCK = 20_261_125

TABLES_EXIST = sa.text("""
select count(*) = 2 from unnest(array['public.podcasts', 'public.gmail_connections']) as one
where to_regclass(one) is not null
""")
# Whether our role may read all rows of both tables, with row-level security taken into account.
TABLES_READABLE = sa.text("""
select bool_and(has_table_privilege(one, 'select') and (
  not row_security_active(one) or exists (
    select 1 from pg_policies where schemaname = 'public' and 'public.' || tablename = one
    and cmd in ('ALL', 'SELECT') and current_user = any (roles) and qual = 'true'
  )
)) from unnest(array['public.podcasts', 'public.gmail_connections']) as one
""")
# Whether the public roles can read or write any row of either table.
TABLES_EXPOSED = sa.text("""
select exists (
  select 1
  from pg_class one, pg_roles reader
  where one.oid in (to_regclass('public.podcasts'), to_regclass('public.gmail_connections'))
  and reader.rolname in ('anon', 'authenticated')
  and has_table_privilege(reader.oid, one.oid, 'select, insert, update, delete')
  and (not one.relrowsecurity or exists (
    select 1 from pg_policies
    where schemaname = 'public' and tablename = one.relname and permissive = 'PERMISSIVE'
    and (roles && array['public', reader.rolname])
    and coalesce(qual, 'true') = 'true' and coalesce(with_check, 'true') = 'true'
  ))
)
""")


class ImportAlreadyRunning(Problem):
    """Another `audiobrew adopt` is running on this database. Wait until it has finished."""

    type = "adopted-now"


class OldTables:
    """Lists the rows that were not imported yet, or changed since. So after an interruption, listing them
    again continues the import."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def check(self) -> None:
        """Raises OldTablesMissing, OldTablesUnreadable, OldTablesExposed."""
        async with self._engine.connect() as database:
            if not (await database.execute(TABLES_EXIST)).scalar_one():
                raise OldTablesMissing
            if not (await database.execute(TABLES_READABLE)).scalar_one():
                raise OldTablesUnreadable
            if (await database.execute(TABLES_EXPOSED)).scalar_one():
                raise OldTablesExposed

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Keep other imports of this database out. Raises ImportAlreadyRunning."""
        async with self._engine.connect() as database:
            query = sa.select(sa.func.pg_try_advisory_lock(IMPORT_LOCK))
            acquired = (await database.execute(query)).scalar_one()
            await database.commit()
            if not acquired:
                raise ImportAlreadyRunning
            try:
                yield
            finally:
                await database.execute(sa.select(sa.func.pg_advisory_unlock(IMPORT_LOCK)))
                await database.commit()

    async def podcasts(self, before: OldPodcast | None, limit: int) -> list[OldPodcast]:
        """Podcasts to import, the newest first; only those that come after `before` in that order."""
        joined = podcasts.outerjoin(imported_podcasts, _same_podcast())
        exported = sa.exists().where(exported_episodes.c.episode_id == podcasts.c.id)
        query = (
            sa.select(podcasts)
            .select_from(joined)
            .where(NEW_PODCAST, ~exported)
            .order_by(podcasts.c.created_at.desc(), podcasts.c.id.desc())
        )
        if before:
            position = sa.tuple_(podcasts.c.created_at, podcasts.c.id)
            query = query.where(position < sa.tuple_(before.created_at, before.id))
        async with self._engine.connect() as database:
            return [_podcast(row) for row in await database.execute(query.limit(limit))]

    async def connections(self, after: UUID | None, limit: int) -> list[OldConnection]:
        """Connections to import, ordered by their listeners' ids."""
        names = ("user_id", "email", "updated_at")
        credentials = sa.cast(gmail_connections.c.credentials, sa.Text).label("credentials")
        query = (
            sa.select(*(gmail_connections.c[name] for name in names), credentials)
            .select_from(_joined_connections())
            .where(NEW_CONNECTION)
            .order_by(gmail_connections.c.user_id)
        )
        if after:
            query = query.where(gmail_connections.c.user_id > after)
        async with self._engine.connect() as database:
            return [_connection(row) for row in await database.execute(query.limit(limit))]

    async def podcast_counts(self) -> Counts:
        joined = podcasts.outerjoin(imported_podcasts, _same_podcast()).outerjoin(
            exported_episodes, exported_episodes.c.episode_id == podcasts.c.id
        )
        exported = exported_episodes.c.episode_id.is_not(None)
        query = sa.select(
            sa.func.count(),
            sa.func.count().filter(~exported, ~NEW_PODCAST),
            sa.func.count().filter(~exported, NEW_PODCAST),
            sa.func.count().filter(exported),
        ).select_from(joined)
        return await self._counts(query)

    async def connection_counts(self) -> Counts:
        query = sa.select(
            sa.func.count(),
            sa.func.count().filter(~NEW_CONNECTION),
            sa.func.count().filter(NEW_CONNECTION),
        ).select_from(_joined_connections())
        return await self._counts(query)

    async def _counts(self, query: Any) -> Counts:
        async with self._engine.connect() as database:
            return Counts(*(await database.execute(query)).one())


# Conditions: an old row that was not imported, or changed since.
NEW_PODCAST = sa.or_(
    imported_podcasts.c.podcast_id.is_(None),
    imported_podcasts.c.changed_at != podcasts.c.updated_at,
)
NEW_CONNECTION = sa.or_(
    imported_connections.c.listener_id.is_(None),
    imported_connections.c.changed_at != gmail_connections.c.updated_at,
)


def _same_podcast() -> Any:
    return imported_podcasts.c.podcast_id == podcasts.c.id


def _joined_connections() -> Any:
    same = imported_connections.c.listener_id == gmail_connections.c.user_id
    return gmail_connections.outerjoin(imported_connections, same)


def _podcast(row: Any) -> OldPodcast:
    return OldPodcast(
        row.id,
        row.user_id,
        row.title,
        row.audio_url,
        row.script_markdown,
        row.duration,
        row.source_emails,
        utc(row.created_at),
        utc(row.updated_at),
    )


def _connection(row: Any) -> OldConnection:
    credentials = json.loads(row.credentials)
    if not isinstance(credentials, dict):
        credentials = {}
    return OldConnection(row.user_id, row.email, credentials, utc(row.updated_at))
