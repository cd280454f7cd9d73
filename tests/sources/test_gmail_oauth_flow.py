import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from audiobrew.db.engine import open_database
from audiobrew.sources.gmail.connection_store import Connections
from audiobrew.sources.gmail.google import READ_MAIL, SEE_ADDRESS, challenge
from audiobrew.sources.gmail.oauth_flow import STATE, VERIFIER
from audiobrew.sources.gmail.token_cipher import TokenCipher

from tests.sources.gmail_world import CALLBACK, Person, World

NOT_CONNECTED = {"is_connected": False, "email": None, "state": "none", "label": None}


def problem_type(answer: object) -> str:
    """The type of the problem."""
    return str(answer.json()["type"]).rsplit("/", 1)[-1]  # type: ignore[attr-defined]


def with_connections(world: World, do: Callable[[Connections], Awaitable[object]]) -> None:
    async def once() -> None:
        engine = open_database(world.service.settings)
        await do(Connections(engine))
        await engine.dispose()

    asyncio.run(once())


def test_a_listener_connects_their_gmail(ada: Person) -> None:
    assert ada.status() == NOT_CONNECTED | {"offered": True}
    answer = ada.finish_consent(ada.consent())

    status = {"is_connected": True, "email": ada.address, "state": "connected", "label": None}
    assert answer.json() == ada.status() == status | {"offered": True}


def test_the_consent_page_requests_only_the_needed_scopes(ada: Person) -> None:
    parameters = {name: value for name, [value] in parse_qs(urlsplit(ada.begin()).query).items()}

    assert set(parameters.pop("scope").split()) == {"openid", READ_MAIL, SEE_ADDRESS}
    assert len(parameters.pop("code_challenge")) == len(challenge("verifier"))
    assert str(UUID(int=0)) not in parameters.pop("state")
    parameters.pop("client_id")
    assert parameters == {
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "access_type": "offline",
        "prompt": "consent",
        "code_challenge_method": "S256",
    }


@pytest.mark.parametrize("path", ["/api/gmail/callback", "/api/auth/gmail/callback"])
def test_the_callback_passes_the_code_in_the_fragment(world: World, ada: Person, path: str) -> None:
    came = urlsplit(ada.consent())
    with world.service.client() as anonymous:
        answer = anonymous.get(f"{path}?{came.query}")

    to = urlsplit(answer.headers["location"])
    assert (answer.status_code, answer.headers["cache-control"]) == (303, "no-store")
    assert (to.netloc, to.path, to.query) == ("", "/dashboard/sources", "")
    assert set(parse_qs(to.fragment)) == {"gmail_code", "gmail_state"}
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert ada.status()["state"] == "none"


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("error=access_denied&state=a", "access_denied"),
        ("error=%3Cscript%3E", "refused"),
        ("code=a", "incomplete"),
        ("code=&state=a", "incomplete"),
        (f"code=a&state={'a' * 5000}", "incomplete"),
        ("", "incomplete"),
    ],
)
def test_the_callback_passes_an_error_as_one_word(ada: Person, query: str, word: str) -> None:
    assert ada.follow_callback(f"{CALLBACK}?{query}") == {"gmail_error": word}


def test_cancelling_at_google_connects_nothing(ada: Person) -> None:
    assert ada.follow_callback(ada.consent(consent="cancel")) == {"gmail_error": "access_denied"}


def test_an_attackers_callback_link_does_not_connect_the_victim(ada: Person, bob: Person) -> None:
    attacker, victim = ada, bob
    answer = victim.finish_consent(victim.consent(attacker.begin()))

    assert (answer.status_code, problem_type(answer)) == (403, "not-yours")
    assert attacker.status()["state"] == victim.status()["state"] == "none"


def test_an_attackers_mailbox_cannot_be_connected_to_a_victims_account(
    ada: Person, bob: Person
) -> None:
    attacker, victim = ada, bob
    answer = victim.finish_consent(attacker.consent())

    assert (answer.status_code, problem_type(answer)) == (403, "not-yours")
    assert victim.status()["state"] == "none"


def test_a_state_that_another_listener_tried_is_used_up(ada: Person, bob: Person) -> None:
    back = ada.consent()
    bob.finish_consent(back)

    assert problem_type(ada.finish_consent(back)) == "consent-expired"


def test_a_state_can_be_used_only_once(ada: Person) -> None:
    back = ada.consent()
    first, again = ada.finish_consent(back), ada.finish_consent(back)

    assert (first.status_code, again.status_code) == (200, 409)
    assert problem_type(again) == "consent-expired"
    assert ada.status()["state"] == "connected"


def test_a_state_expires(world: World, ada: Person) -> None:
    """A signed and stored consent that was begun eleven minutes ago."""
    cipher, past = TokenCipher.of(world.service.settings), datetime.now(UTC) - timedelta(minutes=1)
    payload = f"{'a' * 32}.{int(past.timestamp())}"
    state = f"{payload}.{cipher.sign(STATE, payload.encode())}"
    listener = UUID(ada.id)
    verifier = cipher.encrypt(VERIFIER, listener, b"verifier")
    with_connections(
        world, lambda connections: connections.add_consent(listener, state, verifier, past)
    )

    answer = ada.client.post("/api/gmail/connect", json={"code": "4/0", "state": state})
    assert (answer.status_code, problem_type(answer)) == (409, "consent-expired")


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_changed_state_is_refused(ada: Person, part: int) -> None:
    fragment = ada.follow_callback(ada.consent())
    parts = fragment["gmail_state"].split(".")
    parts[part] = str(int(parts[1]) + 600) if part == 1 else parts[part][::-1]

    body = {"code": fragment["gmail_code"], "state": ".".join(parts)}
    assert problem_type(ada.client.post("/api/gmail/connect", json=body)) == "consent-expired"


@pytest.mark.parametrize("state", ["a", "a.b.c", "ü" * 40, f"{'a' * 32}.9999999999.{'0' * 64}"])
def test_a_forged_state_is_refused(ada: Person, state: str) -> None:
    answer = ada.client.post("/api/gmail/connect", json={"code": "4/0", "state": state})

    assert (answer.status_code, problem_type(answer)) == (409, "consent-expired")


def test_a_code_that_google_did_not_issue_is_refused(ada: Person) -> None:
    state = ada.follow_callback(ada.consent())["gmail_state"]
    answer = ada.client.post("/api/gmail/connect", json={"code": "4/0-mine", "state": state})

    assert (answer.status_code, problem_type(answer)) == (409, "consent-refused")


def test_a_missing_scope_is_named(world: World, ada: Person) -> None:
    world.google.deny_scopes.add(READ_MAIL)
    answer = ada.finish_consent(ada.consent())
    world.google.deny_scopes.clear()

    assert problem_type(answer) == "not-all-granted"
    assert "you did not allow reading your mail." in answer.json()["detail"]
    assert ada.status()["state"] == "none"


def test_an_outage_of_google_is_reported_when_connecting(world: World, ada: Person) -> None:
    back = ada.consent()
    world.google.inject("token", "503", times=3)

    assert problem_type(ada.finish_consent(back)) == "google-away"
    assert ada.status()["state"] == "none"


def test_the_user_id_of_another_listener_is_refused(ada: Person, bob: Person) -> None:
    theirs = {"user_id": bob.id}
    for method, path in (
        ("GET", "auth"),
        ("GET", "status"),
        ("GET", "labels"),
        ("GET", "emails"),
        ("DELETE", "disconnect"),
    ):
        answer = ada.client.request(method, f"/api/gmail/{path}", params=theirs)

        assert (answer.status_code, problem_type(answer)) == (403, "not-yours")
