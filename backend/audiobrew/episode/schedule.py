"""A listener's schedule: episodes are brewed daily or weekly, at a time on the listener's clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from audiobrew.problems import Problem
from audiobrew.script.writer import HostRoles, ShowStyle


class NoSchedule(Problem):
    """You have no schedule. Set one to have episodes brewed automatically."""

    type = "no-schedule"
    status = HTTPStatus.NOT_FOUND


class Cadence(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """`weekday` is 0 for Monday, and None for a daily schedule. `zone` is an IANA name."""

    cadence: Cadence
    weekday: int | None
    time: time
    zone: str
    minutes: int
    hosts: int
    style: ShowStyle
    language: str | None
    interests: str = ""
    host_names: tuple[str, ...] = ()
    review: bool = False
    sounds: bool | None = None
    host_roles: HostRoles = HostRoles.SHARED


@dataclass(frozen=True, slots=True)
class StoredSchedule:
    """A schedule with its next time, and the outcome of its last one. Times are UTC."""

    listener: UUID
    schedule: Schedule
    next_at: datetime
    last_at: datetime | None
    last_episode: UUID | None
    outcome: str | None


def next_after(schedule: Schedule, now: datetime) -> datetime:
    """The first time of the schedule after `now`, in UTC.

    A local time that the clocks skip in spring is taken later, by as much as they skip. One that comes twice
    in autumn is taken the first time.
    """
    day = now.astimezone(ZoneInfo(schedule.zone)).date() - timedelta(days=1)
    while not _is_scheduled(schedule, day) or _time_on(schedule, day) <= now:
        day += timedelta(days=1)
    return _time_on(schedule, day)


def local_day(schedule: Schedule, moment: datetime) -> date:
    """The day of this moment in the schedule's time zone."""
    return moment.astimezone(ZoneInfo(schedule.zone)).date()


def _is_scheduled(schedule: Schedule, day: date) -> bool:
    return schedule.cadence is Cadence.DAILY or day.weekday() == schedule.weekday


def _time_on(schedule: Schedule, day: date) -> datetime:
    local = datetime.combine(day, schedule.time, tzinfo=ZoneInfo(schedule.zone))
    return local.astimezone(UTC)
