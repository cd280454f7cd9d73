"""Stores schedules, one per listener."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.account.show_fields import choose_style, stored_style
from audiobrew.db.tables import listeners, schedules
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.episode.schedule import Cadence, NoSchedule, Schedule, StoredSchedule
from audiobrew.script.writer import HostRoles

# Due schedules that are read at a time.
AT_ONCE = 100


class ScheduleStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, listener: UUID) -> StoredSchedule:
        """The listener's schedule. Raises NoSchedule."""
        query = schedules.select().where(schedules.c.listener_id == listener)
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            raise NoSchedule
        return _stored_schedule(row)

    async def put(self, listener: UUID, schedule: Schedule, next_at: datetime) -> StoredSchedule:
        """Set or replace the schedule. The outcome of the last time is kept."""
        values = {
            "cadence": schedule.cadence,
            "weekday": schedule.weekday,
            "time": schedule.time,
            "zone": schedule.zone,
            "minutes": schedule.minutes,
            "hosts": schedule.hosts,
            **stored_style(schedule.style),
            "language": schedule.language,
            "interests": schedule.interests,
            "host_names": list(schedule.host_names),
            "review": schedule.review,
            "sounds": schedule.sounds,
            "host_roles": schedule.host_roles.value,
            "next_at": next_at,
        }
        async with self._engine.begin() as database:
            new = insert(database, schedules).values(listener_id=listener, **values)
            await database.execute(
                new.on_conflict_do_update(index_elements=["listener_id"], set_=values)
            )
        return await self.get(listener)

    async def day_of(self, listener: UUID, zone: str | None, now: datetime | None = None) -> date:
        """The present day for a listener: in this `zone`, else in the zone of their preferences, else in that
        of their schedule, else in UTC."""
        query = sa.select(listeners.c.preferences, schedules.c.zone).join_from(
            listeners, schedules, isouter=True
        )
        if zone is None:
            async with self._engine.connect() as database:
                row = (await database.execute(query.where(listeners.c.id == listener))).first()
            zone = row and (row.preferences.get("zone") or row.zone)
        return (now or datetime.now(UTC)).astimezone(ZoneInfo(zone or "UTC")).date()

    async def delete(self, listener: UUID) -> None:
        """Delete the schedule, if there is one."""
        own = schedules.delete().where(schedules.c.listener_id == listener)
        async with self._engine.begin() as database:
            await database.execute(own)

    async def due(self, now: datetime) -> Sequence[StoredSchedule]:
        """The schedules whose time has come, longest overdue first."""
        query = schedules.select().where(schedules.c.next_at <= now)
        async with self._engine.connect() as database:
            rows = await database.execute(query.order_by(schedules.c.next_at).limit(AT_ONCE))
            return [_stored_schedule(row) for row in rows]

    async def record_outcome(
        self, stored: StoredSchedule, next_at: datetime, outcome: str, episode: UUID | None = None
    ) -> bool:
        """Record the outcome of a due schedule, and set its next time.

        Returns False if another worker was first, or the listener changed the schedule meanwhile.
        """
        same = sa.and_(
            schedules.c.listener_id == stored.listener, schedules.c.next_at == stored.next_at
        )
        values: dict[str, Any] = {
            "next_at": next_at,
            "last_at": stored.next_at,
            "last_episode": episode,
            "outcome": outcome,
        }
        async with self._engine.begin() as database:
            result = await database.execute(schedules.update().where(same).values(values))
        return bool(result.rowcount)


def _stored_schedule(row: Any) -> StoredSchedule:
    schedule = Schedule(
        Cadence(row.cadence),
        row.weekday,
        row.time,
        row.zone,
        row.minutes,
        row.hosts,
        choose_style(row.style, row.show_style),
        row.language,
        row.interests,
        tuple(row.host_names),
        row.review,
        row.sounds,
        HostRoles(row.host_roles),
    )
    last_at = row.last_at and utc(row.last_at)
    return StoredSchedule(
        row.listener_id, schedule, utc(row.next_at), last_at, row.last_episode, row.outcome
    )
