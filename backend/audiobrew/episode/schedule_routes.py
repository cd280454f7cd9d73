"""Routes of the listener's schedule."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool

from audiobrew.account.current_listener import Listener
from audiobrew.account.show_fields import (
    CLOSEST_STYLES,
    HOST_NAMES_DESCRIPTION,
    HOST_ROLES_DESCRIPTION,
    INTERESTS_DESCRIPTION,
    SHOW_STYLE_DESCRIPTION,
    SOUNDS_DESCRIPTION,
    HostNames,
    Interests,
    Sounds,
    Style,
)
from audiobrew.episode.dependencies import OrdersDep, SchedulesDep
from audiobrew.episode.preferences import Preferred, preferable, stand_ins, without_default
from audiobrew.episode.schedule import Cadence, NoSchedule, Schedule, StoredSchedule, next_after
from audiobrew.episode.schemas import REVIEW_DESCRIPTION
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.http.fields import Hosts, Language, Minutes, Weekday
from audiobrew.http.time_zone import Zone
from audiobrew.problems import SignInNeeded, problems
from audiobrew.script.host_name import named_hosts
from audiobrew.script.order_limits import CannotTranslate, MinutesOutOfRange
from audiobrew.script.writer import HostRoles, ShowStyle

router = APIRouter(route_class=LimitedRoute, prefix="/api/schedule", tags=["podcast"])


class ScheduleFields(BaseModel):
    """A schedule but for the style, which answers name in two ways."""

    model_config = ConfigDict(extra="forbid")
    cadence: Cadence
    weekday: Weekday | None = Field(
        default=None, description="The day of a weekly schedule. 0 is Monday, which is the default."
    )
    time: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["06:30"])]
    zone: Zone
    minutes: Minutes = preferable(5)
    hosts: Hosts = preferable(2)
    language: Language | None = preferable(None)
    interests: Interests = preferable("", INTERESTS_DESCRIPTION)
    host_names: HostNames = preferable([], HOST_NAMES_DESCRIPTION)
    host_roles: HostRoles = preferable(HostRoles.SHARED, HOST_ROLES_DESCRIPTION)
    sounds: Sounds = preferable(None, SOUNDS_DESCRIPTION)
    review: StrictBool = Field(
        default=False, description=REVIEW_DESCRIPTION, json_schema_extra=without_default
    )


class ScheduleRequest(ScheduleFields):
    """When episodes are brewed automatically, and how."""

    style: ShowStyle = preferable(ShowStyle.BRIEFING)


class KeptSchedule(ScheduleFields):
    """A schedule, its next time, and the outcome of its last one."""

    style: Style = preferable(Style.BRIEFING)
    show_style: ShowStyle = Field(default=ShowStyle.BRIEFING, description=SHOW_STYLE_DESCRIPTION)
    next_at: AwareDatetime
    last_at: AwareDatetime | None
    last_episode: UUID | None
    outcome: str | None = Field(description="The outcome of the last time, as a sentence.")


@router.get("", responses=problems(SignInNeeded, NoSchedule))
async def get_schedule(listener: Listener, schedules: SchedulesDep) -> KeptSchedule:
    """Get your schedule, with the time of the next episode."""
    return _response(await schedules.get(listener))


@router.put("", responses=problems(SignInNeeded, MinutesOutOfRange, CannotTranslate))
async def set_schedule(
    listener: Listener,
    request: ScheduleRequest,
    schedules: SchedulesDep,
    orders: OrdersDep,
    preferences: Preferred,
) -> KeptSchedule:
    """Brew episodes automatically, daily or weekly, at a time in your time zone."""
    possible = orders.possible_preferences(stand_ins(request, preferences))
    request = request.model_copy(update=possible)
    orders.check_limits(request.minutes, request.language)
    schedule = Schedule(
        request.cadence,
        (request.weekday or 0) if request.cadence is Cadence.WEEKLY else None,
        datetime.strptime(request.time, "%H:%M").time(),  # noqa: DTZ007 -- a clock's time has no zone
        request.zone,
        request.minutes,
        request.hosts,
        request.style,
        request.language,
        request.interests,
        named_hosts(request.host_names),
        request.review,
        request.sounds,
        request.host_roles,
    )
    next_at = next_after(schedule, datetime.now(UTC))
    return _response(await schedules.put(listener, schedule, next_at))


@router.delete("", status_code=204, responses=problems(SignInNeeded))
async def delete_schedule(listener: Listener, schedules: SchedulesDep) -> None:
    """Delete your schedule. No more episodes are brewed automatically."""
    await schedules.delete(listener)


def _response(stored: StoredSchedule) -> KeptSchedule:
    schedule = stored.schedule
    return KeptSchedule(
        cadence=schedule.cadence,
        weekday=schedule.weekday,
        time=schedule.time.strftime("%H:%M"),
        zone=schedule.zone,
        minutes=schedule.minutes,
        hosts=schedule.hosts,
        style=CLOSEST_STYLES[schedule.style],
        show_style=schedule.style,
        language=schedule.language,
        interests=schedule.interests,
        host_names=list(schedule.host_names),
        review=schedule.review,
        host_roles=schedule.host_roles,
        sounds=schedule.sounds,
        next_at=stored.next_at,
        last_at=stored.last_at,
        last_episode=stored.last_episode,
        outcome=stored.outcome,
    )
