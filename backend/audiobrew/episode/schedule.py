"""When a listener's episodes are brewed by themselves: every day, or once a week, at their own clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from audiobrew.problems import Problem
from audiobrew.script.writer import Style


class NoSchedule(Problem):
    """You have no schedule. Set one, and episodes come by themselves."""

    type = "no-schedule"
    status = HTTPStatus.NOT_FOUND


class Cadence(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """`weekday` is 0 for Monday, and counts for a weekly one only. `zone` is IANA's name."""

    cadence: Cadence
    weekday: int | None
    time: time
    zone: str
    minutes: int
    hosts: int
    style: Style
    language: str | None


@dataclass(frozen=True, slots=True)
class StoredSchedule:
    """A schedule with when it comes next, and what came of it last. Times are UTC."""

    listener: UUID
    schedule: Schedule
    next_at: datetime
    last_at: datetime | None
    last_episode: UUID | None
    outcome: str | None


def next_after(schedule: Schedule, now: datetime) -> datetime:
    """The first time after `now`, in UTC: once on every local day that counts.

    A time that the clocks skip in spring is taken as much later as they skip; one that comes twice in
    autumn is taken the first time.
    """
    day = now.astimezone(ZoneInfo(schedule.zone)).date() - timedelta(days=1)
    while not _counts(schedule, day) or _at(schedule, day) <= now:
        day += timedelta(days=1)
    return _at(schedule, day)


def local_day(schedule: Schedule, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(schedule.zone)).date()


def _counts(schedule: Schedule, day: date) -> bool:
    return schedule.cadence is Cadence.DAILY or day.weekday() == schedule.weekday


def _at(schedule: Schedule, day: date) -> datetime:
    local = datetime.combine(day, schedule.time, tzinfo=ZoneInfo(schedule.zone))
    return local.astimezone(UTC)
