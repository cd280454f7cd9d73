"""Episodes in lists, with their sources, and refused for another user id."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.serving import a_mail


def wait_until_ended(client: httpx2.Client, id: str) -> None:
    """The event stream ends with the brew."""
    client.get(f"/api/podcast/{id}/events").raise_for_status()


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
    wait_until_ended(owner, id)
    yield id


def test_another_user_id_than_the_tokens_is_refused(owner: httpx2.Client, mail: str) -> None:
    stranger = str(uuid4())

    answers = [
        generate(owner, email_ids=[mail], user_id=stranger),
        owner.get("/api/podcast/list", params={"user_id": stranger}),
        owner.get(f"/api/podcast/{uuid4()}", params={"user_id": stranger}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_every_sourced_sentence_shows_its_block(owner: httpx2.Client, brewed: str) -> None:
    script = owner.get(f"/api/podcast/{brewed}/script").json()
    sources = {source["block_id"]: source["text"] for source in script["sources"]}
    sentences = [sentence for segment in script["segments"] for sentence in segment["sentences"]]
    sourced = [sentence for sentence in sentences if sentence["kind"] == "sourced"]

    assert sourced
    assert all(sentence["cites"] and set(sentence["cites"]) <= set(sources) for sentence in sourced)
    assert {one["sender_domain"] for one in script["sources"]} == {"roast.example"}


def test_episodes_are_listed_newest_first_in_pages_without_scripts(
    owner: httpx2.Client, mail: str, brewed: str
) -> None:
    newest = generate(owner, email_ids=[mail]).json()["id"]
    wait_until_ended(owner, newest)

    everything = owner.get("/api/podcast/list").json()
    first = owner.get("/api/podcast/list", params={"limit": 1}).json()
    rest = owner.get("/api/podcast/list", params={"before": first[0]["id"]}).json()

    assert first[0]["id"] == newest
    assert first + rest == everything
    assert not any("script_markdown" in episode for episode in everything)
