import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from tests.serving import Service, a_mail, service_settings, serving
from tests.settings_factory import dump_tables


@dataclass
class Person:
    """A signed-in listener, with the path of their account."""

    client: httpx2.Client
    id: UUID

    @property
    def path(self) -> str:
        return f"/api/user/{self.id}"

    def prefer(self, **changed: Any) -> httpx2.Response:
        return self.client.patch(self.path, json={"preferences": changed})


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[Service]:
    with serving(service_settings(tmp_path)) as service:
        yield service


@pytest.fixture
def ada(own_service: Service) -> Iterator[Person]:
    yield from sign_in(own_service)


@pytest.fixture
def bob(own_service: Service) -> Iterator[Person]:
    yield from sign_in(own_service, second=True)


def sign_in(service: Service, *, second: bool = False) -> Iterator[Person]:
    code = asyncio.run(service.code(second=second))
    with service.client() as anonymous:
        session = anonymous.post("/api/session", json={"code": code}).json()
    with service.client(session["token"]) as client:
        yield Person(client, UUID(session["user_id"]))


def test_a_new_account_has_the_default_preferences(ada: Person) -> None:
    user = ada.client.get(ada.path).json()

    assert user["id"] == str(ada.id)
    assert user["mailbox_connected"] is False
    assert user["preferences"] == {
        "minutes": 5,
        "hosts": 2,
        "style": "briefing",
        "language": None,
        "zone": "UTC",
        "cap_usd": None,
        "interests": "",
        "host_names": [],
        "host_roles": "shared",
        "sounds": None,
        "speed": 1.0,
        "show_style": "briefing",
    }


@pytest.mark.parametrize(
    ("style", "closest"),
    [
        ("briefing", "briefing"),
        ("conversation", "conversation"),
        ("interview", "conversation"),
        ("deep_dive", "briefing"),
    ],
)
def test_a_style_is_answered_in_all_values_and_in_the_first_two(
    ada: Person, style: str, closest: str
) -> None:
    preferences = ada.prefer(style=style).raise_for_status().json()["preferences"]

    assert (preferences["style"], preferences["show_style"]) == (closest, style)


def test_preferences_can_be_sent_back_as_they_were_received(ada: Person) -> None:
    changed = {
        "style": "interview",
        "interests": "Rivers",
        "host_names": ["Ada", ""],
        "host_roles": "first_asks",
        "sounds": False,
    }
    received = ada.prefer(**changed).json()["preferences"]

    assert ada.prefer(**received).json()["preferences"] == received


def test_a_client_that_knows_two_styles_can_change_the_style(ada: Person) -> None:
    received = ada.prefer(style="interview").json()["preferences"]
    changed = ada.prefer(**received | {"style": "briefing"}).json()["preferences"]

    assert (changed["style"], changed["show_style"]) == ("briefing", "briefing")


def test_interests_and_names_lose_the_spaces_around_them(ada: Person) -> None:
    preferences = ada.prefer(interests=" Rivers\n", host_names=[" Jean  Luc "]).json()[
        "preferences"
    ]

    assert (preferences["interests"], preferences["host_names"]) == ("Rivers", ["Jean Luc"])


def test_omitted_preferences_stay_unchanged(ada: Person) -> None:
    ada.prefer(minutes=12, zone="Europe/Berlin").raise_for_status()
    ada.prefer(cap_usd=0.5, hosts=1).raise_for_status()
    preferences = ada.prefer(cap_usd=None).json()["preferences"]

    assert (preferences["minutes"], preferences["zone"], preferences["hosts"]) == (
        12,
        "Europe/Berlin",
        1,
    )
    assert preferences["cap_usd"] is None
    assert ada.client.get(ada.path).json()["preferences"] == preferences


@pytest.mark.parametrize(
    "changed",
    [
        {"minutes": 0},
        {"minutes": None},
        {"hosts": 3},
        {"style": "shouting"},
        {"language": "german"},
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
        {"cap_usd": 0},
        {"cap_usd": 1e9},
        {"colour": "red"},
        {"interests": "x" * 501},
        {"interests": "bell \x07"},
        {"interests": None},
        {"host_names": ["Ada", "Ben", "Cleo"]},
        {"host_names": ["A" * 41]},
        {"host_names": ["Ada of ada.example"]},
        {"host_names": ["R2D2"]},
        {"host_names": ["☕"]},
        {"host_names": ["Call Now"]},
        {"host_names": "Ada"},
        {"host_roles": "both"},
        {"host_roles": None},
        {"sounds": "off"},
        {"sounds": 0},
        {"speed": 4},
        {"speed": "1.5"},
        {"speed": None},
    ],
)
def test_invalid_preferences_change_nothing(ada: Person, changed: dict[str, Any]) -> None:
    before = ada.client.get(ada.path).json()
    answer = ada.prefer(**changed)

    assert answer.status_code == 422
    assert ada.client.get(ada.path).json() == before


def test_minutes_out_of_this_services_range_are_refused_with_the_range(ada: Person) -> None:
    answer = ada.prefer(minutes=5000)

    assert answer.status_code == 400
    assert "minutes" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_another_listeners_account_is_refused(ada: Person, bob: Person, method: str) -> None:
    body = {"preferences": {}} if method == "PATCH" else None
    for theirs in (ada.path, f"/api/user/{uuid4()}"):
        answer = bob.client.request(method, theirs, json=body)

        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
    assert ada.client.get(ada.path).status_code == 200


def test_a_deletion_rejects_the_listeners_token_and_feed_at_once(
    ada: Person, bob: Person, own_service: Service
) -> None:
    ada.client.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    feed = ada.client.post("/api/feed/tokens", json={"name": "Phone"}).json()["url"]
    answer = ada.client.delete(ada.path)

    assert answer.status_code == 202
    assert "deleted" in answer.json()["message"]
    assert ada.client.get("/api/mail").status_code == 401
    assert ada.client.delete(ada.path).status_code == 401
    with own_service.client() as anonymous:
        assert anonymous.get(feed).status_code in (404, 410)
    assert bob.client.get(bob.path).status_code == 200


def test_a_deletion_is_finished_by_the_background_job(ada: Person, own_service: Service) -> None:
    ada.client.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    assert repr(ada.id) in dump_tables(own_service.settings.data)
    ada.client.delete(ada.path).raise_for_status()
    late = time.monotonic() + 180
    while repr(ada.id) in dump_tables(own_service.settings.data):
        assert time.monotonic() < late
        time.sleep(0.5)
