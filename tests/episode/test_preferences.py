"""What a listener prefers is used where an order, a quote or a schedule leaves it out, and by nobody else."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.serving import Service, a_mail

LIKES = {"minutes": 2, "hosts": 1, "style": "conversation", "cap_usd": 0.25}
DAILY = {"cadence": "daily", "time": "06:30", "zone": "Europe/Madrid"}


@pytest.fixture
def ada(owner: httpx2.Client) -> Iterator[httpx2.Client]:
    """The owner, who prefers something else, and later what everybody does."""
    prefer(owner, LIKES)
    response = owner.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    response.raise_for_status()
    yield owner
    prefer(owner, {"minutes": 5, "hosts": 2, "style": "briefing", "cap_usd": None})
    for episode in owner.get("/api/podcast/list").json():
        owner.delete(f"/api/podcast/{episode['id']}")
    owner.delete("/api/schedule")


def prefer(client: httpx2.Client, preferences: dict[str, Any]) -> None:
    id = client.get("/api/session").raise_for_status().json()["user_id"]
    changed = client.patch(f"/api/user/{id}", json={"preferences": preferences})
    assert changed.status_code == 200, changed.text


def mails(client: httpx2.Client) -> list[str]:
    return [mail["id"] for mail in client.get("/api/mail").json()]


def ordered(client: httpx2.Client, key: str | None = None, **order: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"email_ids": mails(client)} | order
    response = client.post("/api/podcast/generate", json=body, headers=headers).raise_for_status()
    return client.get(f"/api/podcast/{response.json()['id']}").json()


def test_an_order_is_as_its_listener_prefers_where_it_says_nothing(ada: httpx2.Client) -> None:
    bare, explicit = ordered(ada), ordered(ada, minutes=3, hosts=2, cap_usd=None)

    assert {name: bare[name] for name in ("minutes", "hosts", "style")} == {
        name: LIKES[name] for name in ("minutes", "hosts", "style")
    }
    assert bare["bill"]["cap_usd"] == 0.25
    assert (explicit["minutes"], explicit["hosts"], explicit["style"]) == (3, 2, "conversation")
    assert explicit["bill"]["cap_usd"] is None


def test_a_quote_is_for_what_would_be_ordered(ada: httpx2.Client) -> None:
    def quoted(**order: Any) -> Any:
        body = {"email_ids": mails(ada)} | order
        return ada.post("/api/podcast/quote", json=body).raise_for_status().json()

    assert quoted() == quoted(minutes=2, hosts=1, style="conversation")


def test_a_schedule_is_as_its_listener_prefers_where_it_says_nothing(ada: httpx2.Client) -> None:
    bare = ada.put("/api/schedule", json=DAILY).raise_for_status().json()
    explicit = ada.put("/api/schedule", json=DAILY | {"minutes": 4}).raise_for_status().json()

    assert (bare["minutes"], bare["hosts"], bare["style"]) == (2, 1, "conversation")
    assert (explicit["minutes"], explicit["hosts"], explicit["style"]) == (4, 1, "conversation")


def test_an_order_that_is_sent_again_is_the_same_whatever_is_preferred_by_then(
    ada: httpx2.Client,
) -> None:
    first = ordered(ada, key="preferred")
    prefer(ada, {"minutes": 7})
    again = ordered(ada, key="preferred")

    assert (again["id"], again["minutes"]) == (first["id"], 2)


def test_nobody_elses_preferences_count(ada: httpx2.Client, second: httpx2.Client) -> None:
    response = second.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    response.raise_for_status()
    theirs = ordered(second)

    assert (theirs["minutes"], theirs["hosts"], theirs["style"]) == (5, 2, "briefing")


def test_clients_are_told_no_default_that_they_would_send(service: Service) -> None:
    contract = httpx2.get(f"{service.url}/openapi.json").json()["components"]["schemas"]
    for name, fields in (
        ("BrewRequest", ("minutes", "hosts", "style", "language", "cap_usd")),
        ("ScheduleRequest", ("minutes", "hosts", "style", "language")),
    ):
        for field in fields:
            explicit = contract[name]["properties"][field]
            assert "default" not in explicit
            assert "your preference applies" in explicit["description"]
            assert field not in contract[name].get("required", ())
