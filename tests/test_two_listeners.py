"""No listener can see, change or delete what another one has: every operation with an id is tested.

For a new path with an id, add a function that creates such a thing to CREATORS.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx2
import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.engine import open_database

from tests.contract.document import contract_document
from tests.serving import Service, a_mail


def upload_mail(owner: httpx2.Client) -> str:
    upload = owner.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    return str(upload.raise_for_status().json()["mails"][0]["id"])


def order_episode(owner: httpx2.Client) -> str:
    mails = [upload_mail(owner)]
    order = owner.post("/api/podcast/generate", json={"email_ids": mails, "minutes": 1})
    return str(order.raise_for_status().json()["id"])


def create_feed_token(owner: httpx2.Client) -> str:
    token_response = owner.post("/api/feed/tokens", json={"name": "Phone"})
    return str(token_response.raise_for_status().json()["id"])


def make_rule(owner: httpx2.Client) -> str:
    mail = upload_mail(owner)
    change = owner.patch(f"/api/mail/{mail}", json={"newsletter": True})
    return str(change.raise_for_status().json()["rules"][0]["id"])


def begin_import(owner: httpx2.Client) -> str:
    begun = owner.post("/api/mail/imports", json={"name": "in.mbox", "bytes": 10})
    return str(begun.raise_for_status().json()["id"])


def store_pronunciation(owner: httpx2.Client) -> str:
    stored = owner.put("/api/pronunciations", json={"word": "Nguyen", "say": "Win"})
    return str(stored.raise_for_status().json()["id"])


def add_source(owner: httpx2.Client) -> str:
    opml = '<opml><body><outline xmlUrl="http://127.0.0.1:9/feed"/></body></opml>'
    added = owner.post("/api/sources/opml", json={"opml": opml}).raise_for_status().json()["added"]
    return str(added[0]["id"])


CREATORS: dict[str, Callable[[httpx2.Client], str]] = {
    "/api/mail/{id}": upload_mail,
    "/api/mail/imports/{id}": begin_import,
    "/api/podcast/{id}": order_episode,
    "/api/feed/tokens/{id}": create_feed_token,
    "/api/rules/{id}": make_rule,
    "/api/pronunciations/{id}": store_pronunciation,
    "/api/sources/{id}": add_source,
}
# Accounts of a server of one's own. `tests/account/home/` tests who may do what there.
HOME = "/api/home/"
# What operations need besides an id and a JSON body.
REQUESTS: dict[str, Any] = {
    "uploadImportPart": {
        "params": {"offset": 0},
        "content": b"0123456789",
        "headers": {"Content-Type": "application/octet-stream"},
    },
}
BODIES: dict[str, Any] = {
    "changeMail": {"cut": [], "newsletter": False},
    "changePodcast": {"title": "Mine now"},
    "setPlayback": {"seconds": 10},
    "changeSentence": {"removed": True},
    "changeSource": {"name": "Mine now"},
    "decideAboutSender": {"newsletter": True},
}
OPERATIONS_WITH_ID = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, item in contract_document()["paths"].items()
    for method, operation in item.items()
    if operation.get("security") and "{id}" in path and not path.startswith(HOME)
]
OPERATIONS_WITH_USER_ID = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, item in contract_document()["paths"].items()
    for method, operation in item.items()
    if "{user_id}" in path
]


@pytest.fixture(scope="module")
def owners_ids(owner: httpx2.Client) -> dict[str, str]:
    """The id of one thing of each kind that the owner has."""
    return {path: create(owner) for path, create in CREATORS.items()}


def test_operations_with_an_id_are_found() -> None:
    assert {case.id for case in OPERATIONS_WITH_ID} >= {
        "getMail",
        "deleteMail",
        "getPodcast",
        "revokeFeedToken",
        "revokeRule",
    }


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS_WITH_ID)
def test_what_another_listener_has_is_not_found(
    second: httpx2.Client,
    owners_ids: dict[str, str],
    method: str,
    path: str,
    operation: dict[str, Any],
) -> None:
    [kind] = [kind for kind in owners_ids if path.startswith(kind)]
    owners_path = path.replace("{id}", owners_ids[kind]).replace("{number}", "0")

    name = operation["operationId"]
    response = second.request(method, owners_path, **REQUESTS.get(name, {"json": BODIES.get(name)}))

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS_WITH_USER_ID)
def test_another_listeners_account_is_refused(
    service: Service, second: httpx2.Client, method: str, path: str, operation: dict[str, Any]
) -> None:
    owners_path = path.replace("{user_id}", str(asyncio.run(owner_id(service))))
    body = {"preferences": {}} if operation["operationId"] == "changeUser" else None

    response = second.request(method, owners_path, json=body)

    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"


async def owner_id(service: Service) -> UUID:
    """The owner's id: the machine's own listener."""
    engine = open_database(service.settings)
    try:
        return await ListenerStore(engine).local()
    finally:
        await engine.dispose()


def test_every_operation_with_an_id_is_tested() -> None:
    tested = {case.id for case in OPERATIONS_WITH_ID} | {
        case.id for case in OPERATIONS_WITH_USER_ID
    }
    secured = {
        operation["operationId"]
        for path, item in contract_document()["paths"].items()
        for operation in item.values()
        if operation.get("security") and "{" in path and not path.startswith(HOME)
    }

    assert secured == tested


def test_the_owners_things_are_unchanged(owner: httpx2.Client, owners_ids: dict[str, str]) -> None:
    mail = owner.get(f"/api/mail/{owners_ids['/api/mail/{id}']}").json()
    episode = owner.get(f"/api/podcast/{owners_ids['/api/podcast/{id}']}").json()
    tokens = owner.get("/api/feed/tokens").json()
    mail_import = owner.get(f"/api/mail/imports/{owners_ids['/api/mail/imports/{id}']}").json()
    rules = owner.get("/api/rules").json()

    assert owners_ids["/api/rules/{id}"] in {rule["id"] for rule in rules}
    assert [source["name"] for source in owner.get("/api/sources").json()] != ["Mine now"]
    assert [word["say"] for word in owner.get("/api/pronunciations").json()] == ["Win"]
    assert mail["marked"] is True
    assert (mail_import["status"], mail_import["received_bytes"]) == ("uploading", 0)
    assert mail["subject"] == "Beans are back"
    assert episode["title"] != "Mine now"
    assert episode["playback"] is None
    assert [
        token["revoked_at"]
        for token in tokens
        if token["id"] == owners_ids["/api/feed/tokens/{id}"]
    ] in (
        [None],
        [],
    )


def test_another_listeners_lists_are_empty(
    second: httpx2.Client, owners_ids: dict[str, str]
) -> None:
    assert second.get("/api/mail").json() == []
    assert second.get("/api/mail/imports").json() == []
    assert second.get("/api/podcast/list").json() == []
    assert second.get("/api/feed/tokens").json() == []
    assert second.get("/api/rules").json() == []
    assert second.get("/api/sources").json() == []
    assert second.get("/api/pronunciations").json() == []
    assert second.get("/api/queue").json() == []
    for kind in ("stories", "newsletters"):
        assert second.get(f"/api/search/{kind}", params={"q": "beans"}).json() == []


def test_another_listener_cannot_brew_from_the_mail(
    second: httpx2.Client, owners_ids: dict[str, str]
) -> None:
    order = {"email_ids": [owners_ids["/api/mail/{id}"]], "minutes": 1}

    assert second.post("/api/podcast/generate", json=order).status_code == 404


def test_the_same_mail_of_another_listener_has_another_id(
    second: httpx2.Client, owners_ids: dict[str, str]
) -> None:
    assert upload_mail(second) != owners_ids["/api/mail/{id}"]


def test_what_another_listener_heard_is_no_memory(
    owner: httpx2.Client, second: httpx2.Client, owners_ids: dict[str, str]
) -> None:
    """The owner heard a mail that the other one has as well."""
    owners_episode = owners_ids["/api/podcast/{id}"]
    wait_until_ready(owner, owners_episode)
    upload_mail(second)
    order = second.post("/api/podcast/generate", json={"minutes": 1}).raise_for_status()
    seconds_episode = str(order.json()["id"])
    wait_until_ready(second, seconds_episode)
    script = second.get(f"/api/podcast/{seconds_episode}/script").raise_for_status().json()

    assert script["repeats"] == []
    assert [part["update_of"] for part in script["segments"]] == [None] * len(script["segments"])
    assert owners_episode not in json.dumps(script)
    assert owners_episode not in second.get("/api/mail").text


def test_what_a_listener_pronounces_does_not_change_another_ones_review(
    owner: httpx2.Client, second: httpx2.Client
) -> None:
    mail = upload_mail(second)
    order = {"email_ids": [mail], "minutes": 1, "review": True}
    id = str(second.post("/api/podcast/generate", json=order).raise_for_status().json()["id"])
    wait_for_event(second, id, '"awaits_review":true')
    before = second.get(f"/api/podcast/{id}/script").json()
    owner.put("/api/pronunciations", json={"word": "beans", "say": "tarantella " * 8})
    after = second.get(f"/api/podcast/{id}/script").json()

    assert before["review"] == after["review"]
    assert before["review"] is not None
    assert owner.get(f"/api/podcast/{id}/script").status_code == 404


def wait_until_ready(listener: httpx2.Client, id: str) -> None:
    wait_for_event(listener, id, '"ready"')


def wait_for_event(listener: httpx2.Client, id: str, text: str) -> None:
    with listener.stream("GET", f"/api/podcast/{id}/events") as events:
        assert any(text in line for line in events.iter_lines())
