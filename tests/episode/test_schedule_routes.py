"""The routes of a schedule."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from audiobrew.http.time_zone import ZONES

DAILY: dict[str, Any] = {"cadence": "daily", "time": "06:30", "zone": "Europe/Madrid"}


def test_a_missing_schedule_is_a_problem(owner: httpx2.Client) -> None:
    answer = owner.get("/api/schedule")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-schedule")


def test_a_schedule_can_be_set_read_changed_and_deleted(owner: httpx2.Client) -> None:
    schedule = owner.put("/api/schedule", json=DAILY).raise_for_status().json()
    again = owner.get("/api/schedule").json()
    changed = owner.put("/api/schedule", json=DAILY | {"minutes": 7}).json()
    owner.delete("/api/schedule").raise_for_status()

    assert schedule == again
    assert (schedule["minutes"], changed["minutes"]) == (5, 7)
    assert (schedule["last_at"], schedule["outcome"]) == (None, None)
    local = datetime.fromisoformat(schedule["next_at"]).astimezone(ZoneInfo("Europe/Madrid"))
    assert (local.hour, local.minute) == (6, 30)
    assert owner.get("/api/schedule").status_code == 404


def test_a_weekly_schedule_without_a_weekday_is_on_monday(owner: httpx2.Client) -> None:
    schedule = owner.put("/api/schedule", json=DAILY | {"cadence": "weekly"}).json()

    assert schedule["weekday"] == 0
    assert datetime.fromisoformat(schedule["next_at"]).weekday() == 0


def test_a_daily_one_has_no_day(owner: httpx2.Client) -> None:
    assert owner.put("/api/schedule", json=DAILY | {"weekday": 3}).json()["weekday"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
        {"zone": "europe/madrid"},
        {"time": "24:00"},
        {"time": "6:30"},
        {"time": "٠٦:٣٠"},
        {"cadence": "hourly"},
        {"weekday": 7},
        {"minutes": 0},
        {"hosts": 3},
        {"weekday": False},
        {"minutes": True},
        {"hosts": "1"},
        {"language": "german"},
    ],
)
def test_what_cannot_be_is_told_with_its_place(owner: httpx2.Client, wrong: dict[str, Any]) -> None:
    answer = owner.put("/api/schedule", json=DAILY | wrong)

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/body/{next(iter(wrong))}"]


def test_every_zone_of_the_contract_has_a_clock() -> None:
    for zone in ZONES:
        ZoneInfo(zone)
