"""Stores how far a listener has heard each episode, and which episodes come up next."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.account.listener_store import lock_listener
from audiobrew.db.tables import episodes
from audiobrew.episode.episode import Episode, Playback
from audiobrew.episode.playback import read_playback
from audiobrew.episode.store import read_episode
from audiobrew.ops import metrics
from audiobrew.problems import EpisodeNotFound


class PlaybackStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def put(
        self,
        listener: UUID,
        episode: UUID,
        seconds: float,
        finished: bool,
        age: timedelta,
        client: str,
    ) -> Playback:
        """Store where the listener was `age` ago, unless a later position is stored.

        Returns what is stored then. A finished episode is no longer among those that come up next. Raises
        EpisodeNotFound.
        """
        heard_at = datetime.now(UTC) - age
        own = sa.and_(episodes.c.id == episode, episodes.c.listener_id == listener)
        is_later = sa.or_(episodes.c.heard_at.is_(None), episodes.c.heard_at <= heard_at)
        # A position is never behind the end.
        end = sa.func.coalesce(episodes.c.seconds, seconds)
        change = (
            episodes.update()
            .where(own, is_later)
            .values(
                heard_seconds=sa.case((end < seconds, end), else_=seconds),
                heard_at=heard_at,
                heard_client=client,
                finished=finished,
                queue_place=None if finished else episodes.c.queue_place,
            )
        )
        async with self._engine.begin() as database:
            is_stored = bool((await database.execute(change)).rowcount)
            row = (await database.execute(episodes.select().where(own))).one_or_none()
        playback = read_playback(row) if row is not None else None
        if playback is None:
            raise EpisodeNotFound
        metrics.PLAYBACK_POSITIONS.labels("stored" if is_stored else "older").inc()
        return playback

    async def queue(self, listener: UUID) -> Sequence[Episode]:
        """The episodes that come up next, in order."""
        query = (
            episodes.select()
            .where(episodes.c.listener_id == listener, episodes.c.queue_place.is_not(None))
            .order_by(episodes.c.queue_place)
        )
        async with self._engine.connect() as database:
            return [read_episode(row) for row in await database.execute(query)]

    async def set_queue(self, listener: UUID, ids: Sequence[UUID]) -> None:
        """These episodes come up next, in this order. Ids that are not the listener's are left out."""
        own = episodes.c.listener_id == listener
        places = {id: place for place, id in enumerate(dict.fromkeys(ids))}
        queued = episodes.c.queue_place.is_not(None)
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            await database.execute(episodes.update().where(own, queued).values(queue_place=None))
            if places:
                place = sa.case(places, value=episodes.c.id)
                change = episodes.update().where(own, episodes.c.id.in_(places))
                await database.execute(change.values(queue_place=place))
