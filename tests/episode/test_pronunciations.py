"""The listener's dictionary in the API, as nobody, the owner and another listener."""

import asyncio
from uuid import UUID, uuid4

import httpx2
import pytest
from audiobrew.episode import pronunciations
from audiobrew.episode.pronunciations import PronunciationStore, TooManyPronunciations
from sqlalchemy.ext.asyncio import AsyncEngine

PATH = "/api/pronunciations"


def test_a_word_is_stored_changed_listed_and_deleted(
    owner: httpx2.Client, second: httpx2.Client
) -> None:
    first = owner.put(PATH, json={"word": "Nguyen", "say": "Noo-yen"}).raise_for_status().json()
    changed = owner.put(PATH, json={"word": " nguyen ", "say": " Win "}).raise_for_status().json()

    assert (changed["id"], changed["word"], changed["say"]) == (first["id"], "nguyen", "Win")
    assert owner.get(PATH).json() == [changed]
    assert second.get(PATH).json() == []
    assert second.delete(f"{PATH}/{first['id']}").status_code == 404
    assert owner.delete(f"{PATH}/{first['id']}").status_code == 204
    problem = owner.delete(f"{PATH}/{first['id']}")
    assert problem.status_code == 404
    assert problem.json()["type"] == "/problems/pronunciation-not-found"
    assert owner.get(PATH).json() == []


@pytest.mark.parametrize(
    "body",
    [
        {"word": "", "say": "x"},
        {"word": " … ", "say": "x"},
        {"word": "x" * 61, "say": "x"},
        {"word": "x", "say": "x" * 121},
        {"word": "a\nb", "say": "x"},
        {"word": "x"},
        {"word": "x", "say": "y", "more": 1},
    ],
)
def test_what_cannot_be_said_is_refused(owner: httpx2.Client, body: dict[str, object]) -> None:
    response = owner.put(PATH, json=body)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


def test_nobody_has_words(anonymous: httpx2.Client) -> None:
    assert anonymous.get(PATH).status_code == 401
    assert anonymous.put(PATH, json={"word": "x", "say": "y"}).status_code == 401
    assert anonymous.delete(f"{PATH}/{uuid4()}").status_code == 401


async def test_the_list_is_limited_even_if_words_are_stored_at_once(
    engine: AsyncEngine, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pronunciations, "MAX_PRONUNCIATIONS", 3)
    store = PronunciationStore(engine)
    stored = [store.put(ada, f"word {number}", "say") for number in range(6)]
    results = await asyncio.gather(*stored, return_exceptions=True)

    assert sum(isinstance(result, TooManyPronunciations) for result in results) == 3
    assert len(await store.list(ada)) == 3
    await store.put(ada, (await store.list(ada))[0].word.upper(), "other")
    assert [one.say for one in await store.list(ada)] == ["other", "say", "say"]
