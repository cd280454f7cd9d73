"""What one listener has, another cannot see, change or delete: every operation that names a thing.

A room adds its things to MADE: how the owner makes one. A new path with an id in it fails here until it does.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx2
import pytest
from audiobrew.account.listener_store import Listeners
from audiobrew.app import contract_json
from audiobrew.db.engine import open_database

from tests.serving import Service, a_mail


def a_mail_of(owner: httpx2.Client) -> str:
    sent = owner.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    return str(sent.raise_for_status().json()["mails"][0]["id"])


def an_episode_of(owner: httpx2.Client) -> str:
    mails = [a_mail_of(owner)]
    started = owner.post("/api/podcast/generate", json={"email_ids": mails, "minutes": 1})
    return str(started.raise_for_status().json()["id"])


def a_feed_token_of(owner: httpx2.Client) -> str:
    made = owner.post("/api/feed/tokens", json={"name": "Phone"})
    return str(made.raise_for_status().json()["id"])


MADE: dict[str, Callable[[httpx2.Client], str]] = {
    "/api/mail/{id}": a_mail_of,
    "/api/podcast/{id}": an_episode_of,
    "/api/feed/tokens/{id}": a_feed_token_of,
}
BODIES: dict[str, Any] = {
    "changeMail": {"cut": []},
    "changePodcast": {"title": "Mine now"},
}
NAMING = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, item in json.loads(contract_json())["paths"].items()
    for method, operation in item.items()
    if operation.get("security") and "{id}" in path
]
OWN = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, item in json.loads(contract_json())["paths"].items()
    for method, operation in item.items()
    if "{user_id}" in path
]


@pytest.fixture(scope="module")
def things(owner: httpx2.Client) -> dict[str, str]:
    """The owner's own, one of each kind."""
    return {path: make(owner) for path, make in MADE.items()}


def test_there_are_operations_to_try() -> None:
    assert {case.id for case in NAMING} >= {
        "getMail",
        "deleteMail",
        "getPodcast",
        "revokeFeedToken",
    }


@pytest.mark.parametrize(("method", "path", "operation"), NAMING)
def test_anothers_thing_is_not_found(
    second: httpx2.Client,
    things: dict[str, str],
    method: str,
    path: str,
    operation: dict[str, Any],
) -> None:
    [kind] = [kind for kind in things if path.startswith(kind)]
    theirs = path.replace("{id}", things[kind])

    answer = second.request(method, theirs, json=BODIES.get(operation["operationId"]))

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "operation"), OWN)
def test_anothers_account_is_refused(
    service: Service, second: httpx2.Client, method: str, path: str, operation: dict[str, Any]
) -> None:
    theirs = path.replace("{user_id}", str(asyncio.run(whose(service))))
    body = {"preferences": {}} if operation["operationId"] == "changeUser" else None

    answer = second.request(method, theirs, json=body)

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


async def whose(service: Service) -> UUID:
    """The owner's id: the machine's own listener."""
    engine = open_database(service.settings)
    try:
        return await Listeners(engine).local()
    finally:
        await engine.dispose()


def test_every_operation_that_names_something_is_tried() -> None:
    named = {case.id for case in NAMING} | {case.id for case in OWN}
    secured = {
        operation["operationId"]
        for path, item in json.loads(contract_json())["paths"].items()
        for operation in item.values()
        if operation.get("security") and "{" in path
    }

    assert secured == named


def test_what_another_asked_for_left_everything_as_it_was(
    owner: httpx2.Client, things: dict[str, str]
) -> None:
    mail = owner.get(f"/api/mail/{things['/api/mail/{id}']}").json()
    episode = owner.get(f"/api/podcast/{things['/api/podcast/{id}']}").json()
    tokens = owner.get("/api/feed/tokens").json()

    assert mail["subject"] == "Beans are back"
    assert episode["title"] != "Mine now"
    assert [
        token["revoked_at"] for token in tokens if token["id"] == things["/api/feed/tokens/{id}"]
    ] in (
        [None],
        [],
    )


def test_another_lists_none_of_it(second: httpx2.Client, things: dict[str, str]) -> None:
    assert second.get("/api/mail").json() == []
    assert second.get("/api/podcast/list").json() == []
    assert second.get("/api/feed/tokens").json() == []


def test_another_cannot_brew_from_it(second: httpx2.Client, things: dict[str, str]) -> None:
    order = {"email_ids": [things["/api/mail/{id}"]], "minutes": 1}

    assert second.post("/api/podcast/generate", json=order).status_code == 404


def test_the_same_mail_is_another_mail_for_another(
    second: httpx2.Client, things: dict[str, str]
) -> None:
    assert a_mail_of(second) != things["/api/mail/{id}"]
