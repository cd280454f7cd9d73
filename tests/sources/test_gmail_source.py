"""Gmail as a source like others: added, read in the background, paused, removed."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.sources.gmail_world import Person, World, run_world
from tests.sources.test_gmail_errors import problem_type


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with run_world(tmp_path_factory.mktemp("world"), looks=True) as world:
        yield world


def add(person: Person) -> dict[str, Any]:
    """Add the mailbox as the page does."""
    url = person.client.post("/api/sources/gmail/consent").raise_for_status().json()
    fragment = person.follow_callback(person.consent(url["authorization_url"]))
    body = {"code": fragment["gmail_code"], "state": fragment["gmail_state"]}
    source: dict[str, Any] = person.client.post("/api/sources/gmail", json=body).json()
    return source


def get(person: Person) -> dict[str, Any]:
    [source] = person.client.get("/api/sources").raise_for_status().json()
    return dict(source)


def wait_for(person: Person, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    end = time.monotonic() + 60
    while not condition(source := get(person)):
        assert time.monotonic() < end, source
        time.sleep(0.05)
    return source


def change(person: Person, **changes: Any) -> Any:
    return person.client.patch(f"/api/sources/{get(person)['id']}", json=changes)


def mails(person: Person) -> list[str]:
    return sorted(mail["subject"] for mail in person.client.get("/api/mail").json())


def is_up_to_date(source: dict[str, Any]) -> bool:
    return bool(source["state"] == "up_to_date")


def test_a_mailbox_is_read_in_the_background(ada: Person) -> None:
    ada.receive("First", "Second")
    added = add(ada)
    source = wait_for(ada, is_up_to_date)

    assert (added["kind"], added["name"], added["address"]) == ("gmail", ada.address, ada.address)
    assert (source["id"], source["mails"], source["label"]) == (added["id"], 2, None)
    assert mails(ada) == ["First", "Second"]
    assert ada.subjects() and ada.status()["is_connected"]


def test_a_look_brings_what_is_new(ada: Person) -> None:
    ada.receive("First")
    add(ada)
    wait_for(ada, is_up_to_date)
    ada.receive("Second")
    ada.client.post(f"/api/sources/{get(ada)['id']}/look").raise_for_status()
    wait_for(ada, lambda source: is_up_to_date(source) and source["mails"] == 2)

    assert mails(ada) == ["First", "Second"]


def test_another_label_is_chosen_and_read_at_once(ada: Person, bob: Person) -> None:
    ada.receive("First")
    ada.receive("Of another label", label="Letters")
    source = add(ada)
    wait_for(ada, is_up_to_date)
    labels = ada.client.get(f"/api/sources/{source['id']}/labels").raise_for_status().json()
    [letters] = [label["id"] for label in labels["labels"] if label["name"] == "Letters"]

    assert labels["has_audiobrew_label"]
    assert change(ada, label=letters).json()["label"] == letters
    wait_for(ada, lambda source: is_up_to_date(source) and source["mails"] == 2)
    assert mails(ada) == ["First", "Of another label"]
    assert problem_type(change(ada, label="none")) == "no-such-label"
    assert change(ada, label="").json()["label"] is None
    path = f"/api/sources/{source['id']}"
    assert problem_type(bob.client.get(f"{path}/labels")) == "source-not-found"
    assert bob.client.patch(path, json={"label": letters}).status_code == 404


def test_a_missing_label_and_a_revoked_consent_are_said(world: World, ada: Person) -> None:
    ada.receive("First", label="Letters")
    add(ada)
    source = wait_for(ada, lambda source: source["state"] == "trouble")
    assert "no label named AudioBrew" in source["message"]

    world.google.revoke_all(ada.address)
    world.google.consent.access.clear()
    ada.client.post(f"/api/sources/{source['id']}/look").raise_for_status()
    source = wait_for(ada, lambda source: source["state"] == "stopped")
    assert source["trouble_type"] == "/problems/reconnect-needed"
    assert ada.status()["state"] == "reconnect"

    ada.receive("Second")
    assert add(ada)["id"] == source["id"]
    wait_for(ada, is_up_to_date)


def test_a_paused_source_is_not_read_until_it_is_resumed(ada: Person) -> None:
    ada.receive("First")
    add(ada)
    wait_for(ada, is_up_to_date)
    source = change(ada, paused=True).json()
    ada.receive("Second")

    assert (source["state"], source["message"][:6]) == ("paused", "Paused")
    assert ada.subjects() == ["First"]
    assert change(ada, paused=True).json()["state"] == "paused"
    assert change(ada, paused=False).json()["state"] != "paused"
    wait_for(ada, lambda source: is_up_to_date(source) and source["mails"] == 2)


@pytest.mark.parametrize("with_mails", [True, False])
def test_a_removed_mailbox_takes_its_mails_with_it_if_that_is_wanted(
    world: World, ada: Person, *, with_mails: bool
) -> None:
    ada.receive("First", "Second")
    add(ada)
    wait_for(ada, is_up_to_date)
    path = f"/api/sources/{get(ada)['id']}"
    ada.client.delete(path, params={"with_mails": with_mails}).raise_for_status()

    assert mails(ada) == ([] if with_mails else ["First", "Second"])
    assert ada.client.get("/api/sources").json() == []
    assert ada.status()["state"] == "none"
    accounts = [account for account, _ in world.google.consent.refresh.values()]
    assert ada.address not in accounts


def test_a_paused_source_stays_paused_when_its_label_changes(ada: Person) -> None:
    ada.receive("First", label="Letters")
    source = add(ada)
    labels = ada.client.get(f"/api/sources/{source['id']}/labels").raise_for_status().json()
    [letters] = [label["id"] for label in labels["labels"] if label["name"] == "Letters"]
    change(ada, paused=True).raise_for_status()
    changed = change(ada, label=letters).json()

    assert (changed["state"], changed["label"]) == ("paused", letters)
    assert change(ada, paused=False).json()["state"] != "paused"
    wait_for(ada, is_up_to_date)
    assert mails(ada) == ["First"]
