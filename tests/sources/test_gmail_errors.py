from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from uuid import UUID

import httpx2
import pytest
from audiobrew.wiring import open_ports

from tests.sources.gmail_world import Person, World


def problem_type(answer: httpx2.Response) -> str:
    """The type of the problem."""
    return str(answer.json()["type"]).rsplit("/", 1)[-1]


@pytest.fixture
def connected(world: World, ada: Person) -> Iterator[Person]:
    ada.connect()
    ada.receive("Beans are back")
    world.fetched()
    yield ada
    world.google.faults.clear()


def test_a_consent_revoked_at_google_requires_a_reconnect(world: World, connected: Person) -> None:
    connected.emails()
    world.google.revoke_all(connected.address)
    answer = connected.client.get("/api/gmail/emails")
    status = connected.status()

    assert (answer.status_code, problem_type(answer)) == (409, "reconnect-needed")
    assert (status["is_connected"], status["state"]) == (False, "reconnect")
    assert status["email"] == connected.address
    world.fetched()
    assert problem_type(connected.client.get("/api/gmail/labels")) == "reconnect-needed"
    assert world.google.calls == []  # Google is not asked in vain

    connected.connect()
    assert connected.status()["state"] == "connected"
    assert connected.subjects() == ["Beans are back"]
    assert world.fetched() == 0


def test_a_rejected_access_token_is_renewed(world: World, connected: Person) -> None:
    connected.emails()
    world.google.consent.access.clear()

    assert connected.subjects() == ["Beans are back"]
    assert connected.status()["state"] == "connected"


@pytest.mark.parametrize("kind", ["429", "quota", "403", "user403", "500", "503"])
@pytest.mark.parametrize("of", ["labels.list", "messages.get"])
def test_temporary_errors_of_google_are_retried(
    world: World, connected: Person, kind: str, of: str
) -> None:
    world.google.inject(of, kind, times=2)

    assert connected.subjects() == ["Beans are back"]


def test_retries_wait_as_long_as_google_asks(world: World, connected: Person) -> None:
    world.google.inject("labels.list", "429", retry_after=2)
    begun = monotonic()

    assert connected.subjects() == ["Beans are back"]
    assert 2 <= monotonic() - begun < 30


def test_a_long_retry_after_is_passed_on_to_the_client(world: World, connected: Person) -> None:
    world.google.inject("labels.list", "429", retry_after=900)
    answer = connected.client.get("/api/gmail/emails")

    assert (answer.status_code, problem_type(answer)) == (503, "google-away")
    assert answer.headers["retry-after"] == "900"


def test_an_exhausted_quota_is_reported_and_not_retried(world: World, connected: Person) -> None:
    world.google.inject("messages.get", "daily")
    answer = connected.client.get("/api/gmail/emails")

    assert (answer.status_code, problem_type(answer)) == (503, "gmail-spent")
    assert "cannot read more Gmail today" in answer.json()["detail"]
    assert world.fetched() == 1
    assert connected.subjects() == ["Beans are back"]


@pytest.mark.parametrize(("of", "times"), [("labels.list", 4), ("messages.get", 4), ("token", 3)])
def test_lasting_errors_are_reported_and_keep_the_connection(
    world: World, connected: Person, of: str, times: int
) -> None:
    world.google.consent.access.clear()
    world.google.inject(of, "503", times=times)
    answer = connected.client.get("/api/gmail/emails")

    assert (answer.status_code, problem_type(answer)) == (503, "google-away")
    assert connected.status()["state"] == "connected"
    assert connected.subjects() == ["Beans are back"]


def test_an_interrupted_sync_continues_where_it_stopped(world: World, connected: Person) -> None:
    connected.receive(*(f"Issue {number}" for number in range(24)))
    world.google.inject("messages.get", "none", times=25, delay=0.1)
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(connected.client.get, "/api/gmail/emails")
        while not connected.client.get("/api/mail").json():
            sleep(0.02)
        world.google.revoke_all(connected.address)
        assert problem_type(reading.result()) == "reconnect-needed"
    count = len(connected.client.get("/api/mail").json())
    world.fetched()
    connected.connect()

    assert 0 < count < 25
    assert connected.emails()["total"] == 25
    assert world.fetched() == 25 - count


def test_disconnecting_revokes_the_consent_and_keeps_the_mails(
    world: World, connected: Person
) -> None:
    connected.emails()
    answer = connected.client.delete("/api/gmail/disconnect").json()

    assert answer == {"success": True, "message": "Gmail is disconnected."}
    accounts = [account for account, _ in world.google.consent.refresh.values()]
    assert connected.address not in accounts
    assert connected.status()["state"] == "none"
    assert problem_type(connected.client.get("/api/gmail/labels")) == "gmail-not-connected"
    assert len(connected.client.get("/api/mail").json()) == 1
    again = connected.client.delete("/api/gmail/disconnect").json()
    assert again == {"success": True, "message": "Gmail was not connected."}


def test_disconnecting_works_while_google_is_unavailable(world: World, connected: Person) -> None:
    world.google.inject("revoke", "503", times=3)

    assert connected.client.delete("/api/gmail/disconnect").json()["success"]
    assert connected.status()["state"] == "none"


def test_connecting_another_mailbox_replaces_the_first(
    world: World, connected: Person, bob: Person
) -> None:
    bob.receive("In the other mailbox")
    connected.emails()
    connected.finish_consent(connected.consent(account=bob.address)).raise_for_status()

    assert connected.status()["email"] == bob.address
    assert connected.subjects() == ["In the other mailbox"]
    accounts = [account for account, _ in world.google.consent.refresh.values()]
    assert connected.address not in accounts
    assert bob.address in accounts


async def test_mails_are_fetched_before_a_scheduled_brew(
    world: World, connected: Person, bob: Person
) -> None:
    """As a worker does, in another process on the same data."""
    async with open_ports(world.service.settings) as ports:
        fetch = ports.background_jobs._fetch
        await fetch(UUID(bob.id))
        await fetch(UUID(connected.id))
        world.google.revoke_all(connected.address)
        world.google.consent.access.clear()
        await fetch(UUID(connected.id))

    assert connected.status()["state"] == "reconnect"
    assert [mail["subject"] for mail in connected.client.get("/api/mail").json()] == [
        "Beans are back"
    ]
    assert bob.client.get("/api/mail").json() == []
