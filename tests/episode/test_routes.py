"""Episodes over HTTP, as the owner, another listener and an anonymous client ask for them."""

import json
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from tests.serving import a_mail

IN_WORDS = "application/problem+json"


@pytest.fixture(scope="module")
def mails(owner: httpx2.Client) -> list[str]:
    response = owner.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    return [mail["id"] for mail in response.raise_for_status().json()["mails"]]


@pytest.fixture(scope="module")
def ready(owner: httpx2.Client, mails: list[str]) -> Any:
    """An episode that was followed to its end."""
    id = place_order(owner, mails).raise_for_status().json()["id"]
    assert events(owner, id)[-1][1]["event"] == "end"
    return owner.get(f"/api/podcast/{id}").raise_for_status().json()


def place_order(who: httpx2.Client, mails: list[str], key: str | None = None, **more: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    order = {"email_ids": mails, "minutes": 1} | more
    return who.post("/api/podcast/generate", json=order, headers=headers)


def events(who: httpx2.Client, id: str, after: int | None = None) -> list[tuple[int, Any]]:
    """Id and data of everything that is sent until the stream ends."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    response = who.get(f"/api/podcast/{id}/events", headers=headers).raise_for_status().text
    lines = [line.partition(": ")[::2] for line in response.splitlines()]
    ids = [int(value) for name, value in lines if name == "id"]
    return list(
        zip(ids, (json.loads(value) for name, value in lines if name == "data"), strict=True)
    )


def test_the_response_to_an_order_has_the_location_of_its_episode(
    owner: httpx2.Client, mails: list[str]
) -> None:
    answer = place_order(owner, mails)

    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/podcast/{answer.json()['id']}"
    assert owner.get(answer.headers["location"]).status_code == 200
    assert owner.delete(answer.headers["location"]).status_code == 204


def test_a_ready_episode_has_audio_and_a_script(owner: httpx2.Client, ready: Any) -> None:
    script = owner.get(f"/api/podcast/{ready['id']}/script").raise_for_status().json()
    audio = owner.get(ready["audio_url"])

    assert ready["status"] == "ready"
    assert "12 percent" in ready["script_markdown"]
    assert script["segments"]
    assert (audio.status_code, audio.headers["content-type"]) == (200, "audio/mpeg")


def test_material_too_short_is_noted(ready: Any) -> None:
    assert "these newsletters hold about" in ready["note"]


def test_a_reconnecting_client_gets_new_events_and_always_the_end(
    owner: httpx2.Client, ready: Any
) -> None:
    everything = events(owner, ready["id"])
    again = events(owner, ready["id"], after=everything[-1][0])

    assert again == everything[-1:]
    nothing = {"trouble": None, "trouble_type": None}
    assert again[0][1] == {"event": "end", "stage": "ready", "percent": 100, **nothing}


@pytest.mark.parametrize("minutes", [0, -1, 121, 10_000])
def test_minutes_out_of_range_are_refused_with_a_problem(
    owner: httpx2.Client, mails: list[str], minutes: int
) -> None:
    answer = place_order(owner, mails, minutes=minutes)

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == IN_WORDS


def test_the_same_order_under_one_key_is_one_episode_and_another_one_is_refused(
    owner: httpx2.Client, mails: list[str]
) -> None:
    first = place_order(owner, mails, "one-key").json()["id"]

    assert place_order(owner, mails, "one-key").json()["id"] == first
    assert place_order(owner, mails, "one-key", minutes=2).status_code == 409
    assert owner.delete(f"/api/podcast/{first}").status_code == 204


def test_a_ready_episode_cannot_be_cancelled_or_retried(owner: httpx2.Client, ready: Any) -> None:
    for verb in ("cancel", "retry"):
        answer = owner.post(f"/api/podcast/{ready['id']}/{verb}")

        assert (answer.status_code, answer.headers["content-type"]) == (409, IN_WORDS)


def test_a_cancelled_episode_can_be_retried(owner: httpx2.Client, mails: list[str]) -> None:
    id = place_order(owner, mails, title="Stopped").json()["id"]
    cancelled = owner.post(f"/api/podcast/{id}/cancel").raise_for_status().json()

    retried = owner.post(f"/api/podcast/{id}/retry")

    assert cancelled["status"] == "cancelled"
    assert retried.status_code == 202
    assert events(owner, id)[-1][1]["stage"] == "ready"


def test_mails_of_another_listener_cannot_be_ordered(
    second: httpx2.Client, mails: list[str], ready: Any
) -> None:
    assert place_order(second, mails).status_code == 404
    assert second.post("/api/podcast/generate", json={"minutes": 1}).status_code == 409
    assert place_order(second, []).status_code == 422
    assert place_order(second, mails, user_id=ready["user_id"]).status_code == 403


@pytest.mark.parametrize("path", ["", "/script", "/events"])
def test_an_episode_of_another_listener_is_not_found(
    second: httpx2.Client, anonymous: httpx2.Client, ready: Any, path: str
) -> None:
    theirs = second.get(f"/api/podcast/{ready['id']}{path}")
    none = second.get(f"/api/podcast/{uuid4()}{path}")

    assert theirs.status_code == none.status_code == 404
    assert theirs.json()["title"] == none.json()["title"]
    assert anonymous.get(f"/api/podcast/{ready['id']}{path}").status_code == 401


def test_a_deleted_episode_is_gone_with_its_audio(owner: httpx2.Client, mails: list[str]) -> None:
    id = place_order(owner, mails).json()["id"]
    events(owner, id)
    url = owner.get(f"/api/podcast/{id}").json()["audio_url"]

    assert owner.delete(f"/api/podcast/{id}").status_code == 204
    assert owner.get(url).status_code == 404
    assert owner.get(f"/api/podcast/{UUID(id)}").status_code == 404


def test_a_cap_can_be_set_kept_and_removed(owner: httpx2.Client, ready: Any) -> None:
    def patched(**changes: Any) -> Any:
        url = f"/api/podcast/{ready['id']}"
        owner.patch(url, json=changes).raise_for_status()
        return owner.get(url).json()["bill"]["cap_usd"]

    assert patched(cap_usd=0.5) == 0.5
    assert patched(title="Another") == 0.5
    assert patched(cap_usd=None) is None
