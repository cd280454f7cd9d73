"""Searching a real service, from a mail to the results."""

import logging
from typing import Any

import httpx2
import pytest

from tests.serving import a_mail
from tests.test_two_listeners import wait_until_ready

PATHS = ("/api/search/stories", "/api/search/newsletters")


@pytest.fixture(scope="module")
def episode(owner: httpx2.Client) -> str:
    """A finished episode of one newsletter."""
    upload = owner.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    order = {"email_ids": [upload.raise_for_status().json()["mails"][0]["id"]], "minutes": 1}
    id = str(owner.post("/api/podcast/generate", json=order).raise_for_status().json()["id"])
    wait_until_ready(owner, id)
    return id


def stories(client: httpx2.Client, text: str, **more: Any) -> Any:
    answer = client.get("/api/search/stories", params={"q": text, **more})
    return answer.raise_for_status().json()


def test_a_published_episode_is_found_and_knows_where_to_play(
    owner: httpx2.Client, episode: str
) -> None:
    [match] = stories(owner, "huila harv")
    script = owner.get(f"/api/podcast/{episode}/script").json()
    sentence = next(
        sentence
        for sentence in script["segments"][match["story"]]["sentences"]
        if sentence["id"] == match["sentence_id"]
    )

    assert match["episode_id"] == episode
    assert match["start"] == sentence["start"] > 0
    assert "".join(part["text"] for part in match["snippet"]) == sentence["text"]
    assert {part["text"] for part in match["snippet"] if part["is_match"]} == {"harvest", "Huila"}


def test_the_newsletter_is_found(owner: httpx2.Client, episode: str) -> None:
    answer = owner.get("/api/search/newsletters", params={"q": "roast beans"})
    [match] = answer.json()

    assert owner.get(f"/api/mail/{match['id']}").json()["sender"] == "The Roast"
    assert [part for part in match["subject"] if part["is_match"]] == [
        {"text": "Beans", "is_match": True}
    ]


def test_another_listener_finds_nothing(
    owner: httpx2.Client, second: httpx2.Client, episode: str
) -> None:
    [match] = stories(owner, "huila")

    assert stories(second, "huila") == []
    assert stories(second, "huila", before=match["id"]) == []
    assert second.get("/api/search/newsletters", params={"q": "roast"}).json() == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("text", ["", "x" * 201, "a\0b", "a\nb"])
def test_a_text_that_is_no_query_is_refused(owner: httpx2.Client, path: str, text: str) -> None:
    answer = owner.get(path, params={"q": text})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("text", ["'", '"', "%", "\\", "'; --", "☕", "AND", "(", "x" * 200])
def test_punctuation_is_no_syntax(owner: httpx2.Client, path: str, text: str) -> None:
    answer = owner.get(path, params={"q": text})

    assert (answer.status_code, answer.json()) == (200, [])


def test_what_is_searched_is_not_logged(
    owner: httpx2.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        stories(owner, "quokka")

    own = [record for record in caplog.records if record.name.startswith("audiobrew")]
    assert own
    assert not [record for record in own if "quokka" in record.getMessage()]
    assert "quokka" not in owner.get("/metrics", headers={"Authorization": "Bearer figures"}).text


def test_a_deleted_episode_is_not_found(owner: httpx2.Client, episode: str) -> None:
    assert owner.delete(f"/api/podcast/{episode}").status_code == 204

    assert stories(owner, "huila") == []
