"""The event stream of all brews of a listener, over HTTP."""

import asyncio
from time import monotonic, sleep
from uuid import UUID

import httpx2
import pytest
from audiobrew.db.engine import open_database
from audiobrew.db.stages import Stage
from audiobrew.episode import followers
from audiobrew.episode.store import EpisodeStore

from tests.episode.streams import Stream
from tests.serving import Service, a_mail

STREAM = "/api/podcast/events"


@pytest.fixture(scope="module")
def mails(owner: httpx2.Client) -> list[str]:
    response = owner.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    return [mail["id"] for mail in response.raise_for_status().json()["mails"]]


def place_order(who: httpx2.Client, mails: list[str]) -> str:
    order = {"email_ids": mails, "minutes": 1}
    return str(who.post("/api/podcast/generate", json=order).raise_for_status().json()["id"])


def followers_of(service: Service) -> int:
    return len(service.app.state.ports.orders.followers)


def test_one_stream_has_all_brews_until_each_has_ended(
    service: Service, owner: httpx2.Client, mails: list[str]
) -> None:
    with Stream(owner) as stream:
        assert stream.snapshot() == {"event": "snapshot", "brews": []}
        ids = [place_order(owner, mails) for _ in range(3)]
        for id in ids:
            stream.until(lambda event, id=id: event["event"] == "end" and event["podcast_id"] == id)  # type: ignore[misc]
        event_lists = [stream.of(id) for id in ids]

    assert stream.headers["content-type"].startswith("text/event-stream")
    for events in event_lists:
        kinds = [event["event"] for event in events]
        assert set(kinds[:-1]) == {"progress"}
        assert events[-1] | {"podcast_id": ""} == {
            "event": "end",
            "podcast_id": "",
            "stage": "ready",
            "percent": 100,
            "trouble": None,
            "trouble_type": None,
        }
        percents = [event["percent"] for event in events]
        assert percents == sorted(percents)


def test_a_new_stream_begins_with_the_open_brews(
    service: Service, owner: httpx2.Client, mails: list[str]
) -> None:
    id = place_order(owner, mails)
    with Stream(owner) as stream:
        brews = stream.snapshot()["brews"]
        stream.until(lambda event: event["event"] == "end" and event["podcast_id"] == id)

    assert [brew["podcast_id"] for brew in brews] == [id]
    assert set(brews[0]) == {
        "podcast_id",
        "stage",
        "done",
        "total",
        "percent",
        "awaits_review",
        "seconds_left",
    }


def test_a_retry_and_a_deletion_are_in_the_stream(
    service: Service, owner: httpx2.Client, mails: list[str]
) -> None:
    with Stream(owner) as stream:
        id = place_order(owner, mails)
        owner.post(f"/api/podcast/{id}/cancel").raise_for_status()
        stream.until(lambda event: event.get("stage") == "cancelled")
        owner.post(f"/api/podcast/{id}/retry").raise_for_status()
        stream.until(lambda event: event.get("stage") == "ready" and event["podcast_id"] == id)
        owner.delete(f"/api/podcast/{id}").raise_for_status()
        stream.until(lambda event: event == {"event": "gone", "podcast_id": id}, within=5)


def test_changes_by_another_process_are_in_the_stream_within_seconds(
    service: Service, owner: httpx2.Client, mails: list[str]
) -> None:
    id = place_order(owner, mails)
    with Stream(owner) as stream:
        stream.snapshot()
        asyncio.run(end_elsewhere(service, id))
        stream.until(lambda event: event.get("trouble_type") == "/problems/cap-reached", within=5)
        asyncio.run(delete_elsewhere(service, id))
        stream.until(lambda event: event["event"] == "gone", within=5)


async def end_elsewhere(service: Service, id: str) -> None:
    engine = open_database(service.settings)
    episodes = EpisodeStore(engine)
    await episodes.end(UUID(id), Stage.CANCELLED)
    episode = await episodes.get_unscoped(UUID(id))
    await episodes.reopen(episode.listener, episode.id)
    await episodes.end(UUID(id), Stage.FAILED, "Too dear.", "/problems/cap-reached")
    await engine.dispose()


async def delete_elsewhere(service: Service, id: str) -> None:
    engine = open_database(service.settings)
    episodes = EpisodeStore(engine)
    await episodes.delete((await episodes.get_unscoped(UUID(id))).listener, UUID(id))
    await engine.dispose()


def test_a_stream_has_no_brew_of_another_listener(
    service: Service, owner: httpx2.Client, second: httpx2.Client, mails: list[str]
) -> None:
    with Stream(second) as stream:
        stream.snapshot()
        id = place_order(owner, mails)
        with Stream(owner) as own:
            own.until(lambda event: event["event"] == "end" and event["podcast_id"] == id)
        owner.delete(f"/api/podcast/{id}").raise_for_status()
        sleep(1.5)
        assert stream.events == [{"event": "snapshot", "brews": []}]


def test_a_stream_requires_sign_in_and_the_own_user_id(
    anonymous: httpx2.Client, owner: httpx2.Client
) -> None:
    assert anonymous.get(STREAM).status_code == 401
    assert owner.get(STREAM, params={"user_id": str(UUID(int=1))}).status_code == 403


def test_closed_streams_are_forgotten(service: Service, owner: httpx2.Client) -> None:
    before = followers_of(service)
    for _ in range(5):
        with Stream(owner) as stream:
            stream.snapshot()
    deadline = monotonic() + 20
    while followers_of(service) != before:
        assert monotonic() < deadline
        sleep(0.05)


def test_the_number_of_streams_of_a_listener_is_limited(
    service: Service, second: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "STREAMS_PER_LISTENER", 2)
    with Stream(second) as first, Stream(second) as other:
        first.snapshot()
        other.snapshot()
        refused = second.get(STREAM)
        assert refused.status_code == 429
        assert refused.json()["type"] == "/problems/too-many-streams"
        assert int(refused.headers["retry-after"]) > 0
    deadline, status = monotonic() + 20, 429
    while status != 200:
        assert monotonic() < deadline
        with Stream(second) as again:
            again.ended.wait(0.5)
            status = again.status


def test_a_stream_ends_with_the_sign_in(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "CHECK_EVERY_SECONDS", 0.5)
    token = service.sign_in()
    with service.client(token) as other, Stream(other) as stream:
        stream.snapshot()
        other.delete("/api/session").raise_for_status()
        assert stream.ended.wait(15)


def test_a_stream_ends_with_the_account(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "CHECK_EVERY_SECONDS", 0.5)
    token = service.sign_in(second=True)
    with service.client(token) as other, Stream(other) as stream:
        stream.snapshot()
        own = other.get("/api/session").raise_for_status().json()["user_id"]
        other.delete(f"/api/user/{own}").raise_for_status()
        assert stream.ended.wait(15)
