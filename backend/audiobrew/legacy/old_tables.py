"""The tables of the application before, as far as AudioBrew reads them. It never writes them from here."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.tables import adopted_connections, adopted_podcasts, returned_episodes
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

ADOPTING = 20_261_125
"""Our advisory lock: one takes over at a time. It ends with its connection, also when that is killed."""

THERE = sa.text("""
select count(*) = 2 from unnest(array['public.podcasts', 'public.gmail_connections']) as one
where to_regclass(one) is not null
""")
READABLE = sa.text("""
select bool_and(has_table_privilege(one, 'select') and (
  not row_security_active(one) or exists (
    select 1 from pg_policies where schemaname = 'public' and 'public.' || tablename = one
    and cmd in ('ALL', 'SELECT') and current_user = any (roles) and qual = 'true'
  )
)) from unnest(array['public.podcasts', 'public.gmail_connections']) as one
""")
OPEN = sa.text("""
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
    """Another `audiobrew adopt` is at work on this database. Wait until it has ended."""

    type = "adopted-now"


class OldTables:
    """Work is what was not taken yet, or changed since; asking for it again is how one goes on."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def check(self) -> None:
        """Raises OldTablesMissing, OldTablesUnreadable, OldTablesExposed."""
        async with self._engine.connect() as database:
            if not (await database.execute(THERE)).scalar_one():
                raise OldTablesMissing
            if not (await database.execute(READABLE)).scalar_one():
                raise OldTablesUnreadable
            if (await database.execute(OPEN)).scalar_one():
                raise OldTablesExposed

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Raises ImportAlreadyRunning."""
        async with self._engine.connect() as database:
            asked = sa.select(sa.func.pg_try_advisory_lock(ADOPTING))
            got = (await database.execute(asked)).scalar_one()
            await database.commit()
            if not got:
                raise ImportAlreadyRunning
            try:
                yield
            finally:
                await database.execute(sa.select(sa.func.pg_advisory_unlock(ADOPTING)))
                await database.commit()

    async def podcasts(self, before: OldPodcast | None, limit: int) -> list[OldPodcast]:
        """The newest first; `before`: only what comes after this one in that order."""
        chosen = _left(podcasts).order_by(podcasts.c.created_at.desc(), podcasts.c.id.desc())
        if before:
            place = sa.tuple_(podcasts.c.created_at, podcasts.c.id)
            chosen = chosen.where(place < sa.tuple_(before.created_at, before.id))
        async with self._engine.connect() as database:
            return [_podcast(row) for row in await database.execute(chosen.limit(limit))]

    async def connections(self, after: UUID | None, limit: int) -> list[OldConnection]:
        """In the order of their listeners."""
        names = ("user_id", "email", "updated_at")
        told = sa.cast(gmail_connections.c.credentials, sa.Text).label("told")
        chosen = (
            sa.select(*(gmail_connections.c[name] for name in names), told)
            .select_from(_connections_joined())
            .where(NEW_CONNECTION)
            .order_by(gmail_connections.c.user_id)
        )
        if after:
            chosen = chosen.where(gmail_connections.c.user_id > after)
        async with self._engine.connect() as database:
            return [_connection(row) for row in await database.execute(chosen.limit(limit))]

    async def podcast_counts(self) -> Counts:
        """`taken`: rows that are there, and were taken as they are now."""
        joined = podcasts.outerjoin(adopted_podcasts, _same_podcast()).outerjoin(
            returned_episodes, returned_episodes.c.episode_id == podcasts.c.id
        )
        ours = returned_episodes.c.episode_id.is_not(None)
        chosen = sa.select(
            sa.func.count(),
            sa.func.count().filter(~ours, ~NEW_PODCAST),
            sa.func.count().filter(~ours, NEW_PODCAST),
            sa.func.count().filter(ours),
        ).select_from(joined)
        return await self._counted(chosen)

    async def connection_counts(self) -> Counts:
        chosen = sa.select(
            sa.func.count(),
            sa.func.count().filter(~NEW_CONNECTION),
            sa.func.count().filter(NEW_CONNECTION),
        ).select_from(_connections_joined())
        return await self._counted(chosen)

    async def _counted(self, chosen: Any) -> Counts:
        async with self._engine.connect() as database:
            return Counts(*(await database.execute(chosen)).one())


NEW_PODCAST = sa.or_(
    adopted_podcasts.c.podcast_id.is_(None),
    adopted_podcasts.c.changed_at != podcasts.c.updated_at,
)
NEW_CONNECTION = sa.or_(
    adopted_connections.c.listener_id.is_(None),
    adopted_connections.c.changed_at != gmail_connections.c.updated_at,
)


def _left(old: Any) -> sa.Select[Any]:
    """Without what we copied there ourselves."""
    joined = old.outerjoin(adopted_podcasts, _same_podcast())
    ours = sa.exists().where(returned_episodes.c.episode_id == old.c.id)
    return sa.select(old).select_from(joined).where(NEW_PODCAST, ~ours)


def _same_podcast() -> Any:
    return adopted_podcasts.c.podcast_id == podcasts.c.id


def _connections_joined() -> Any:
    same = adopted_connections.c.listener_id == gmail_connections.c.user_id
    return gmail_connections.outerjoin(adopted_connections, same)


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
    told = json.loads(row.told)
    held = told if isinstance(told, dict) else {}
    return OldConnection(row.user_id, row.email, held, utc(row.updated_at))
