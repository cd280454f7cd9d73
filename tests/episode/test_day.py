"""The day of an episode is the day in its listener's time zone."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx2
import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.store import AccountStore
from audiobrew.episode.schedule import Cadence, Schedule
from audiobrew.episode.schedule_store import ScheduleStore
from audiobrew.script.writer import ShowStyle
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener
from tests.serving import a_mail

KIRITIMATI, NIUE = "Pacific/Kiritimati", "Pacific/Niue"
BEFORE, AFTER = (
    datetime(2026, 11, 28, 9, 59, 59, tzinfo=UTC),
    datetime(2026, 11, 28, 10, tzinfo=UTC),
)
"""Midnight in Kiritimati, fourteen hours before London's."""
NIUES_BEFORE, NIUES_AFTER = BEFORE.replace(hour=10), AFTER.replace(hour=11)


@pytest.fixture
async def ada(engine: AsyncEngine) -> AsyncIterator[UUID]:
    yield await add_listener(ListenerStore(engine))


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        (KIRITIMATI, BEFORE, 28),
        (KIRITIMATI, AFTER, 29),
        (NIUE, NIUES_BEFORE, 27),
        (NIUE, NIUES_AFTER, 28),
        ("UTC", AFTER, 28),
        (None, AFTER, 28),
    ],
)
async def test_the_day_begins_at_the_listeners_midnight(
    engine: AsyncEngine, ada: UUID, zone: str | None, now: datetime, day: int
) -> None:
    assert await ScheduleStore(engine).day_of(ada, zone, now) == date(2026, 11, day)


async def test_the_zone_of_the_request_precedes_preferences_and_schedule(
    engine: AsyncEngine, ada: UUID
) -> None:
    schedules = ScheduleStore(engine)
    schedule = Schedule(Cadence.DAILY, None, time(6), KIRITIMATI, 5, 2, ShowStyle.BRIEFING, None)
    await schedules.put(ada, schedule, AFTER)
    assert await schedules.day_of(ada, None, AFTER) == date(2026, 11, 29)

    await AccountStore(engine).change_preferences(ada, {"zone": NIUE})
    assert await schedules.day_of(ada, None, AFTER) == date(2026, 11, 27)
    assert await schedules.day_of(ada, "UTC", AFTER) == date(2026, 11, 28)


@pytest.mark.parametrize("zone", [KIRITIMATI, NIUE])
def test_the_script_names_the_day(owner: httpx2.Client, zone: str) -> None:
    # Each has news of its own: what an episode told is not told again.
    mail = a_mail(zone).replace(b"Huila", zone.split("/")[1].encode())
    mail = mail.replace(b"Beans", zone.split("/")[1].encode() + b" beans")
    response = owner.post("/api/mail", files={"file": ("a.eml", mail, "message/rfc822")})
    order = {"email_ids": [response.json()["mails"][0]["id"]], "minutes": 1, "time_zone": zone}
    before = datetime.now(ZoneInfo(zone)).date()
    id = owner.post("/api/podcast/generate", json=order).raise_for_status().json()["id"]
    owner.get(f"/api/podcast/{id}/events").raise_for_status()
    episode = owner.get(f"/api/podcast/{id}").raise_for_status().json()
    assert episode["status"] == "ready", episode["trouble"]
    days = {before, datetime.now(ZoneInfo(zone)).date()}

    names = [f"{day:%B} {day.day}" for day in days] + [f"{day.day} {day:%B}" for day in days]
    assert any(name in episode["script_markdown"] for name in names), episode["script_markdown"]


def test_an_invalid_time_zone_is_refused(owner: httpx2.Client) -> None:
    order = {"minutes": 1, "time_zone": "../../etc/passwd"}
    assert owner.post("/api/podcast/generate", json=order).status_code == 422
