"""Schedules, one a listener."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.tables import listeners, schedules
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.episode.schedule import Cadence, NoSchedule, Schedule, StoredSchedule
from audiobrew.script.writer import Style

AT_ONCE = 100
"""So many due schedules are looked up at a time."""


class Schedules:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, listener: UUID) -> StoredSchedule:
        """Raises NoSchedule."""
        chosen = schedules.select().where(schedules.c.listener_id == listener)
        async with self._engine.connect() as database:
            row = (await database.execute(chosen)).one_or_none()
        if row is None:
            raise NoSchedule
        return _kept(row)

    async def put(self, listener: UUID, schedule: Schedule, next_at: datetime) -> StoredSchedule:
        """In place of the one before; what came of that one is kept."""
        values = {
            "cadence": schedule.cadence,
            "weekday": schedule.weekday,
            "time": schedule.time,
            "zone": schedule.zone,
            "minutes": schedule.minutes,
            "hosts": schedule.hosts,
            "style": schedule.style,
            "language": schedule.language,
            "next_at": next_at,
        }
        async with self._engine.begin() as database:
            new = insert(database, schedules).values(listener_id=listener, **values)
            await database.execute(
                new.on_conflict_do_update(index_elements=["listener_id"], set_=values)
            )
        return await self.get(listener)

    async def day_of(self, listener: UUID, zone: str | None, now: datetime | None = None) -> date:
        """Which day it is for a listener: where they say they are, else where they prefer to be, else where
        their schedule is, else in UTC."""
        chosen = sa.select(listeners.c.preferences, schedules.c.zone).join_from(
            listeners, schedules, isouter=True
        )
        if zone is None:
            async with self._engine.connect() as database:
                row = (await database.execute(chosen.where(listeners.c.id == listener))).first()
            zone = row and (row.preferences.get("zone") or row.zone)
        return (now or datetime.now(UTC)).astimezone(ZoneInfo(zone or "UTC")).date()

    async def delete(self, listener: UUID) -> None:
        """Deleting none is no error."""
        own = schedules.delete().where(schedules.c.listener_id == listener)
        async with self._engine.begin() as database:
            await database.execute(own)

    async def due(self, now: datetime) -> Sequence[StoredSchedule]:
        """The longest overdue first."""
        chosen = schedules.select().where(schedules.c.next_at <= now)
        async with self._engine.connect() as database:
            rows = await database.execute(chosen.order_by(schedules.c.next_at).limit(AT_ONCE))
            return [_kept(row) for row in rows]

    async def came(
        self, kept: StoredSchedule, next_at: datetime, outcome: str, episode: UUID | None = None
    ) -> bool:
        """What came of it. False when another worker was first, or the listener changed it meanwhile."""
        same = sa.and_(
            schedules.c.listener_id == kept.listener, schedules.c.next_at == kept.next_at
        )
        told: dict[str, Any] = {
            "next_at": next_at,
            "last_at": kept.next_at,
            "last_episode": episode,
            "outcome": outcome,
        }
        async with self._engine.begin() as database:
            done = await database.execute(schedules.update().where(same).values(told))
        return bool(done.rowcount)


def _kept(row: Any) -> StoredSchedule:
    schedule = Schedule(
        Cadence(row.cadence),
        row.weekday,
        row.time,
        row.zone,
        row.minutes,
        row.hosts,
        Style(row.style),
        row.language,
    )
    last_at = row.last_at and utc(row.last_at)
    return StoredSchedule(
        row.listener_id, schedule, utc(row.next_at), last_at, row.last_episode, row.outcome
    )
