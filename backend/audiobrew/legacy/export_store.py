"""Episodes copied back into the table of the application before: the only place where it is written."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.stages import Stage
from audiobrew.db.tables import adopted_podcasts, episodes, returned_episodes
from audiobrew.db.timestamps import utc
from audiobrew.legacy.old_rows import OldTableNotWritable
from audiobrew.legacy.tables import podcasts

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
    """An episode of ours that is finished."""

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

    async def left(
        self, fresh_until: datetime, after: UUID | None, limit: int
    ) -> list[ExportableEpisode]:
        """Finished episodes of ours that are not there, were renamed, or whose address ends before this."""
        chosen = (
            sa.select(episodes)
            .outerjoin(returned_episodes, returned_episodes.c.episode_id == episodes.c.id)
            .where(_finished(), ~_from_there())
            .where(
                sa.or_(
                    returned_episodes.c.episode_id.is_(None),
                    returned_episodes.c.expires_at < fresh_until,
                    returned_episodes.c.title != episodes.c.title,
                )
            )
            .order_by(episodes.c.id)
            .limit(limit)
        )
        if after:
            chosen = chosen.where(episodes.c.id > after)
        async with self._engine.connect() as database:
            return [_returning(row) for row in await database.execute(chosen)]

    async def put(self, episode: ExportableEpisode, url: str, expires_at: datetime) -> None:
        """Title and address, no script. There and in our books at once."""
        row = {
            "title": episode.title,
            "audio_url": url,
            "script_markdown": "",
            "duration": max(1, round(episode.seconds)),
            "source_emails": episode.mails,
            "created_at": episode.created_at,
        }
        new = insert(podcasts).values(id=episode.id, user_id=episode.listener, **row)
        kept = {"title": episode.title, "expires_at": expires_at}
        noted = insert(returned_episodes).values(
            episode_id=episode.id, listener_id=episode.listener, **kept
        )
        async with self._engine.begin() as database:
            await database.execute(
                noted.on_conflict_do_update(index_elements=["episode_id"], set_=kept)
            )
            await database.execute(new.on_conflict_do_update(index_elements=["id"], set_=row))

    async def take_away(self, limit: int = 100, *, only_deleted: bool = False) -> int:
        """Some of what we put there is deleted again; how many rows."""
        chosen = sa.select(returned_episodes.c.episode_id)
        if only_deleted:
            chosen = chosen.where(
                ~sa.exists().where(episodes.c.id == returned_episodes.c.episode_id)
            )
        async with self._engine.begin() as database:
            ids = (await database.execute(chosen.limit(limit))).scalars().all()
            if ids:
                await database.execute(podcasts.delete().where(podcasts.c.id.in_(ids)))
                own = returned_episodes.c.episode_id.in_(ids)
                await database.execute(returned_episodes.delete().where(own))
        return len(ids)

    async def count(self) -> int:
        async with self._engine.connect() as database:
            asked = sa.select(sa.func.count()).select_from(returned_episodes)
            return int((await database.execute(asked)).scalar_one())


def _finished() -> sa.ColumnElement[bool]:
    return sa.and_(episodes.c.stage == Stage.READY, episodes.c.media.is_not(None))


def _from_there() -> sa.ColumnElement[bool]:
    return sa.exists().where(adopted_podcasts.c.podcast_id == episodes.c.id)


def _returning(row: sa.Row[tuple[object, ...]]) -> ExportableEpisode:
    told = row._mapping
    return ExportableEpisode(
        told["id"],
        told["listener_id"],
        told["title"],
        told["media"],
        told["seconds"],
        told["mail_count"],
        utc(told["created_at"]),
    )
