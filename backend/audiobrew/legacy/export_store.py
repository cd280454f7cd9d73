"""Writes episodes into the old application's table. No other module inserts or updates rows there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.move_tables import exported_episodes, imported_podcasts
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes
from audiobrew.db.timestamps import utc
from audiobrew.legacy.old_rows import OldTableNotWritable
from audiobrew.legacy.tables import podcasts

# Whether our role may insert into the old table, with row-level security taken into account.
MAY_WRITE = sa.text("""
select has_table_privilege('public.podcasts', 'insert') and (
  not row_security_active('public.podcasts') or exists (
    select 1 from pg_policies where schemaname = 'public' and tablename = 'podcasts'
    and cmd in ('ALL', 'INSERT') and current_user = any (roles)
  )
)
""")


@dataclass(frozen=True, slots=True)
class ExportableEpisode:
    """A finished episode that was made in AudioBrew."""

    id: UUID
    listener: UUID
    title: str
    media: str
    seconds: float
    mails: int
    created_at: datetime


class ExportStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def check(self) -> None:
        """Raises OldTableNotWritable."""
        async with self._engine.connect() as database:
            if not (await database.execute(MAY_WRITE)).scalar_one():
                raise OldTableNotWritable

    async def exportable(
        self, valid_until: datetime, after: UUID | None, limit: int
    ) -> list[ExportableEpisode]:
        """Finished episodes that were not exported, were renamed since, or whose exported address expires
        before `valid_until`. Imported episodes are left out."""
        finished = sa.and_(episodes.c.stage == Stage.READY, episodes.c.media.is_not(None))
        imported = sa.exists().where(imported_podcasts.c.podcast_id == episodes.c.id)
        query = (
            sa.select(episodes)
            .outerjoin(exported_episodes, exported_episodes.c.episode_id == episodes.c.id)
            .where(finished, ~imported)
            .where(
                sa.or_(
                    exported_episodes.c.episode_id.is_(None),
                    exported_episodes.c.expires_at < valid_until,
                    exported_episodes.c.title != episodes.c.title,
                )
            )
            .order_by(episodes.c.id)
            .limit(limit)
        )
        if after:
            query = query.where(episodes.c.id > after)
        async with self._engine.connect() as database:
            rows = (await database.execute(query)).mappings()
            return [
                ExportableEpisode(
                    row["id"],
                    row["listener_id"],
                    row["title"],
                    row["media"],
                    row["seconds"],
                    row["mail_count"],
                    utc(row["created_at"]),
                )
                for row in rows
            ]

    async def export(self, episode: ExportableEpisode, url: str, expires_at: datetime) -> None:
        """Write title and address, but no script, into the old table, and record the export here. Both in
        one transaction."""
        row = {
            "title": episode.title,
            "audio_url": url,
            "script_markdown": "",
            "duration": max(1, round(episode.seconds)),
            "source_emails": episode.mails,
            "created_at": episode.created_at,
        }
        podcast = insert(podcasts).values(id=episode.id, user_id=episode.listener, **row)
        values = {"title": episode.title, "expires_at": expires_at}
        record = insert(exported_episodes).values(
            episode_id=episode.id, listener_id=episode.listener, **values
        )
        async with self._engine.begin() as database:
            await database.execute(
                record.on_conflict_do_update(index_elements=["episode_id"], set_=values)
            )
            await database.execute(podcast.on_conflict_do_update(index_elements=["id"], set_=row))

    async def undo(self, limit: int = 100, *, only_deleted: bool = False) -> int:
        """Delete up to `limit` exported rows from the old table; returns how many.

        `only_deleted`: only those whose episode no longer exists here.
        """
        query = sa.select(exported_episodes.c.episode_id)
        if only_deleted:
            query = query.where(~sa.exists().where(episodes.c.id == exported_episodes.c.episode_id))
        async with self._engine.begin() as database:
            ids = (await database.execute(query.limit(limit))).scalars().all()
            if ids:
                await database.execute(podcasts.delete().where(podcasts.c.id.in_(ids)))
                own = exported_episodes.c.episode_id.in_(ids)
                await database.execute(exported_episodes.delete().where(own))
        return len(ids)

    async def count(self) -> int:
        async with self._engine.connect() as database:
            query = sa.select(sa.func.count()).select_from(exported_episodes)
            return int((await database.execute(query)).scalar_one())
