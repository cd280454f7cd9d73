"""A listener's preferences are the defaults of their orders, quotes and schedules."""

import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.serving import Service, a_mail

PREFERENCES = {
    "minutes": 2,
    "hosts": 1,
    "style": "conversation",
    "cap_usd": 0.25,
    "interests": "Coffee, and I am new to it",
    "host_names": ["Ada", ""],
    "host_roles": "second_asks",
    "sounds": False,
}
DEFAULTS = {
    "minutes": 5,
    "hosts": 2,
    "style": "briefing",
    "cap_usd": None,
    "interests": "",
    "host_names": [],
    "host_roles": "shared",
    "sounds": None,
}
DAILY = {"cadence": "daily", "time": "06:30", "zone": "Europe/Madrid"}


@pytest.fixture
def ada(owner: httpx2.Client) -> Iterator[httpx2.Client]:
    """The owner with preferences that are not the defaults. They are reset after the test."""
    prefer(owner, PREFERENCES)
    response = owner.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    response.raise_for_status()
    yield owner
    prefer(owner, DEFAULTS)
    for episode in owner.get("/api/podcast/list").json():
        owner.delete(f"/api/podcast/{episode['id']}")
    owner.delete("/api/schedule")


def prefer(client: httpx2.Client, preferences: dict[str, Any]) -> None:
    id = client.get("/api/session").raise_for_status().json()["user_id"]
    changed = client.patch(f"/api/user/{id}", json={"preferences": preferences})
    assert changed.status_code == 200, changed.text


def mails(client: httpx2.Client) -> list[str]:
    return [mail["id"] for mail in client.get("/api/mail").json()]


def place_order(client: httpx2.Client, key: str | None = None, **order: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"email_ids": mails(client)} | order
    response = client.post("/api/podcast/generate", json=body, headers=headers).raise_for_status()
    return client.get(f"/api/podcast/{response.json()['id']}").json()


def test_preferences_apply_to_omitted_fields_of_an_order(ada: httpx2.Client) -> None:
    bare = place_order(ada)
    other = {
        "minutes": 3,
        "hosts": 2,
        "cap_usd": None,
        "interests": "",
        "host_names": [],
        "host_roles": "first_asks",
        "sounds": True,
    }
    explicit = place_order(ada, **other)

    names = ("minutes", "hosts", "style", "interests", "host_names", "host_roles", "sounds")
    assert {name: bare[name] for name in names} == {name: PREFERENCES[name] for name in names}
    assert (explicit["interests"], explicit["host_names"], explicit["sounds"]) == ("", [], True)
    assert explicit["host_roles"] == "first_asks"
    assert bare["bill"]["cap_usd"] == 0.25
    assert (explicit["minutes"], explicit["hosts"], explicit["style"]) == (3, 2, "conversation")
    assert explicit["bill"]["cap_usd"] is None


def test_preferences_apply_to_a_quote(ada: httpx2.Client) -> None:
    def quoted(**order: Any) -> Any:
        body = {"email_ids": mails(ada)} | order
        return ada.post("/api/podcast/quote", json=body).raise_for_status().json()

    assert quoted() == quoted(minutes=2, hosts=1, style="conversation")


def test_preferences_apply_to_omitted_fields_of_a_schedule(ada: httpx2.Client) -> None:
    bare = ada.put("/api/schedule", json=DAILY).raise_for_status().json()
    explicit = ada.put("/api/schedule", json=DAILY | {"minutes": 4}).raise_for_status().json()

    assert (bare["minutes"], bare["hosts"], bare["style"]) == (2, 1, "conversation")
    assert (bare["interests"], bare["host_names"]) == (PREFERENCES["interests"], ["Ada", ""])
    assert (bare["host_roles"], bare["sounds"]) == ("second_asks", False)
    assert (explicit["minutes"], explicit["hosts"], explicit["style"]) == (4, 1, "conversation")


def test_the_script_says_which_interests_a_story_matches(ada: httpx2.Client) -> None:
    episode = place_order(ada, interests="Harvests and trains", host_names=["Ada", "Ben"])
    deadline = time.monotonic() + 120
    while ada.get(f"/api/podcast/{episode['id']}").json()["status"] != "ready":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    [segment] = ada.get(f"/api/podcast/{episode['id']}/script").json()["segments"]

    assert segment["chosen_because"] == ["Harvests"]
    introduction = segment["sentences"][1]
    assert introduction["kind"] == "greeting"
    assert {"Ada"} <= {word.strip(".,") for word in introduction["text"].split()}


def test_every_style_can_be_preferred_ordered_and_scheduled(ada: httpx2.Client) -> None:
    prefer(ada, {"style": "interview"})
    scheduled = ada.put("/api/schedule", json=DAILY).raise_for_status().json()
    episodes = place_order(ada), place_order(ada, style="deep_dive")

    styles = [(one["style"], one["show_style"]) for one in (scheduled, *episodes)]
    assert styles == [("conversation", "interview")] * 2 + [("briefing", "deep_dive")]


def test_a_repeated_order_ignores_preferences_that_changed_since(
    ada: httpx2.Client,
) -> None:
    first = place_order(ada, key="preferred")
    prefer(ada, {"minutes": 7})
    again = place_order(ada, key="preferred")

    assert (again["id"], again["minutes"]) == (first["id"], 2)


def test_preferences_of_another_listener_do_not_apply(
    ada: httpx2.Client, second: httpx2.Client
) -> None:
    response = second.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    response.raise_for_status()
    theirs = place_order(second)

    names = DEFAULTS.keys() - {"cap_usd", "sounds"}
    assert {name: theirs[name] for name in names} == {name: DEFAULTS[name] for name in names}
    assert theirs["sounds"] is True  # the setting of this service


def test_the_contract_has_no_default_for_fields_with_a_preference(service: Service) -> None:
    contract = httpx2.get(f"{service.url}/openapi.json").json()["components"]["schemas"]
    for name, fields in (
        (
            "BrewRequest",
            (
                *("minutes", "hosts", "style", "language", "cap_usd", "interests", "host_names"),
                *("host_roles", "sounds"),
            ),
        ),
        (
            "ScheduleRequest",
            (
                *("minutes", "hosts", "style", "language", "interests", "host_names"),
                *("host_roles", "sounds"),
            ),
        ),
    ):
        for field in fields:
            explicit = contract[name]["properties"][field]
            assert "default" not in explicit
            assert "your preference applies" in explicit["description"]
            assert field not in contract[name].get("required", ())
