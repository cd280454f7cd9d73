import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.serving import a_mail


def events(client: httpx2.Client, id: str, after: int | None = None) -> list[tuple[int, Any]]:
    """What the stream tells until it ends, each with its id."""
    headers = {"Last-Event-ID": str(after)} if after is not None else {}
    with client.stream("GET", f"/api/podcast/{id}/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        parts = answer.read().decode().replace("\r\n", "\n").split("\n\n")
    told = [dict(line.split(": ", 1) for line in part.splitlines()) for part in parts if part]
    return [(int(event["id"]), json.loads(event["data"])) for event in told if "data" in event]


def generate(client: httpx2.Client, key: str | None = None, **order: Any) -> httpx2.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/api/podcast/generate", json={"minutes": 1, **order}, headers=headers)


@pytest.fixture(scope="module")
def mail(owner: httpx2.Client) -> str:
    answer = owner.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    return str(answer.raise_for_status().json()["mails"][0]["id"])


@pytest.fixture(scope="module")
def brewed(owner: httpx2.Client, mail: str) -> Iterator[str]:
    """The id of an episode that has ended."""
    answer = generate(owner, email_ids=[mail]).raise_for_status()
    id = answer.json()["id"]
    events(owner, id)
    yield id


def test_an_order_is_taken_on_and_its_id_can_be_asked_for_at_once(
    owner: httpx2.Client, mail: str
) -> None:
    answer = generate(owner, email_ids=[mail], title="At once")
    id = answer.json()["id"]

    assert answer.status_code == 202
    assert answer.headers["location"] == f"/api/podcast/{id}"
    assert owner.get(answer.headers["location"]).json()["title"] == "At once"
    assert events(owner, id)[-1][1]["stage"] == "ready"


def test_one_key_is_one_episode_and_another_order_under_it_a_conflict(
    owner: httpx2.Client, mail: str
) -> None:
    first, again = (generate(owner, "wire-key", email_ids=[mail]) for _ in range(2))
    other = generate(owner, "wire-key", email_ids=[mail], hosts=1)

    assert first.json() == again.json()
    assert other.status_code == 409
    assert other.json()["type"] == "/problems/idempotency-key-reused"


def test_another_user_id_than_the_tokens_is_refused(owner: httpx2.Client, mail: str) -> None:
    stranger = str(uuid4())

    answers = [
        generate(owner, email_ids=[mail], user_id=stranger),
        owner.get("/api/podcast/list", params={"user_id": stranger}),
        owner.get(f"/api/podcast/{uuid4()}", params={"user_id": stranger}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


@pytest.mark.parametrize("minutes", [0, -1, 10_000])
def test_minutes_out_of_range_are_told_with_the_limits(
    owner: httpx2.Client, mail: str, minutes: int
) -> None:
    answer = generate(owner, email_ids=[mail], minutes=minutes)

    assert answer.status_code == 400
    assert answer.json()["detail"] == "AudioBrew makes episodes of 1 to 120 minutes."


def test_events_go_on_after_the_last_one_seen(owner: httpx2.Client, brewed: str) -> None:
    [(last, end)] = events(owner, brewed)
    [again] = events(owner, brewed, last)

    assert end["event"] == "end"
    assert (end["stage"], end["percent"], end["trouble"]) == ("ready", 100, None)
    assert again == (last, end)


def test_every_sourced_sentence_shows_its_block(owner: httpx2.Client, brewed: str) -> None:
    script = owner.get(f"/api/podcast/{brewed}/script").json()
    sources = {source["block_id"]: source["text"] for source in script["sources"]}
    said = [sentence for segment in script["segments"] for sentence in segment["sentences"]]
    sourced = [sentence for sentence in said if sentence["kind"] == "sourced"]

    assert sourced
    assert all(sentence["cites"] and set(sentence["cites"]) <= set(sources) for sentence in sourced)


def test_an_ended_episode_can_be_renamed_but_not_cancelled_or_retried(
    owner: httpx2.Client, brewed: str
) -> None:
    path = f"/api/podcast/{brewed}"

    renamed = owner.patch(path, json={"title": "Tuesday brew"})

    assert renamed.json()["title"] == "Tuesday brew"
    assert owner.post(f"{path}/cancel").json()["type"] == "/problems/already-ended"
    assert owner.post(f"{path}/retry").json()["type"] == "/problems/not-retriable"


def test_lists_are_newest_first_in_pages_and_carry_no_script(
    owner: httpx2.Client, mail: str, brewed: str
) -> None:
    newest = generate(owner, email_ids=[mail]).json()["id"]
    events(owner, newest)

    everything = owner.get("/api/podcast/list").json()
    first = owner.get("/api/podcast/list", params={"limit": 1}).json()
    rest = owner.get("/api/podcast/list", params={"before": first[0]["id"]}).json()

    assert first[0]["id"] == newest
    assert first + rest == everything
    assert not any("script_markdown" in episode for episode in everything)


def test_a_deleted_episode_is_gone_with_its_audio(owner: httpx2.Client, mail: str) -> None:
    id = generate(owner, email_ids=[mail]).json()["id"]
    events(owner, id)
    audio = owner.get(f"/api/podcast/{id}").json()["audio_url"]
    before = owner.get(audio).status_code

    assert owner.delete(f"/api/podcast/{id}").status_code == 204
    assert before == 200
    assert owner.get(f"/api/podcast/{id}").status_code == 404
    assert owner.get(audio).status_code == 404
