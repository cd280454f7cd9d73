"""How far a listener has heard episodes, and what comes up next: as nobody, the owner and another one."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from audiobrew.db.tables import episodes as episodes_table
from audiobrew.episode.episode import Playback
from audiobrew.episode.playback import PlaybackFilter
from audiobrew.episode.playback_store import PlaybackStore
from audiobrew.episode.store import EpisodeStore
from audiobrew.problems import EpisodeNotFound
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.row_factory import episode_row
from tests.serving import a_mail

NOW = timedelta(0)
PHONE, LAPTOP = "Firefox on Android", "Safari on Mac"
ANDROID = "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0"


@pytest.fixture
def playbacks(engine: AsyncEngine) -> PlaybackStore:
    return PlaybackStore(engine)


@pytest.fixture
async def ids(engine: AsyncEngine, ada: UUID) -> list[UUID]:
    """Three episodes of five minutes, oldest first."""
    now = datetime.now(UTC)
    rows = [
        episode_row(ada, "ready", now - timedelta(days=3 - number)) | {"seconds": 300.0}
        for number in range(3)
    ]
    async with engine.begin() as database:
        await database.execute(episodes_table.insert(), rows)
    return [row["id"] for row in rows]


async def playback_of(engine: AsyncEngine, listener: UUID, id: UUID) -> Playback:
    playback = (await EpisodeStore(engine).get(listener, id)).playback
    assert playback
    return playback


async def test_the_latest_position_counts_whatever_arrives_last(
    playbacks: PlaybackStore, engine: AsyncEngine, ada: UUID, ids: list[UUID]
) -> None:
    await playbacks.put(ada, ids[0], 120.0, False, NOW, PHONE)
    answer = await playbacks.put(ada, ids[0], 30.0, False, timedelta(hours=1), LAPTOP)

    assert (answer.seconds, answer.client) == (120.0, PHONE)
    assert await playback_of(engine, ada, ids[0]) == answer
    later = await playbacks.put(ada, ids[0], 20.0, False, NOW, LAPTOP)
    assert (later.seconds, later.client) == (20.0, LAPTOP)


async def test_the_latest_position_counts_if_devices_send_at_once(
    playbacks: PlaybackStore, engine: AsyncEngine, ada: UUID, ids: list[UUID]
) -> None:
    ages = [timedelta(minutes=minutes) for minutes in (5, 1, 9, 3, 7)]
    await asyncio.gather(
        *(
            playbacks.put(ada, ids[0], float(age.seconds // 60), False, age, f"{age}")
            for age in ages
        )
    )

    assert (await playback_of(engine, ada, ids[0])).seconds == 1.0


async def test_a_position_is_not_behind_the_end(
    playbacks: PlaybackStore, ada: UUID, ids: list[UUID]
) -> None:
    assert (await playbacks.put(ada, ids[0], 8000.0, True, NOW, PHONE)).seconds == 300.0


async def test_lists_are_filtered_by_what_was_heard(
    playbacks: PlaybackStore, engine: AsyncEngine, ada: UUID, ids: list[UUID]
) -> None:
    await playbacks.put(ada, ids[0], 100.0, False, NOW, PHONE)
    await playbacks.put(ada, ids[1], 300.0, True, NOW, PHONE)
    store = EpisodeStore(engine)
    lists = {
        heard: [one.id for one in await store.list(ada, 10, None, heard)]
        for heard in PlaybackFilter
    }

    assert lists == {
        PlaybackFilter.NEW: [ids[2]],
        PlaybackFilter.UNFINISHED: [ids[0]],
        PlaybackFilter.PLAYED: [ids[1]],
    }
    await playbacks.put(ada, ids[1], 0.0, False, NOW, PHONE)
    unplayed = await store.list(ada, 10, None, PlaybackFilter.NEW)
    assert [one.id for one in unplayed] == [ids[2], ids[1]]
    assert await store.list(ada, 10, ids[1], PlaybackFilter.NEW) == []


async def test_a_position_changes_nothing_else(
    playbacks: PlaybackStore, engine: AsyncEngine, ada: UUID, ids: list[UUID]
) -> None:
    """Feeds and event streams, which compare these, report no change."""
    store = EpisodeStore(engine)
    before = await store.get(ada, ids[0])
    await playbacks.put(ada, ids[0], 100.0, False, NOW, PHONE)

    assert (await store.get(ada, ids[0])).updated_at == before.updated_at
    assert (await store.progress(ids[0])).revision == 1


async def test_another_listener_stores_no_position(
    playbacks: PlaybackStore, engine: AsyncEngine, ada: UUID, bob: UUID, ids: list[UUID]
) -> None:
    with pytest.raises(EpisodeNotFound):
        await playbacks.put(bob, ids[0], 100.0, False, NOW, PHONE)
    await playbacks.set_queue(bob, ids)

    assert (await EpisodeStore(engine).get(ada, ids[0])).playback is None
    assert await playbacks.queue(ada) == await playbacks.queue(bob) == []


async def test_the_queue_has_an_order_and_loses_what_is_finished_or_deleted(
    playbacks: PlaybackStore, engine: AsyncEngine, ada: UUID, ids: list[UUID]
) -> None:
    first, second, third = ids
    await playbacks.set_queue(ada, [third, first, uuid4(), second, third])
    assert [one.id for one in await playbacks.queue(ada)] == [third, first, second]

    await playbacks.put(ada, first, 10.0, False, NOW, PHONE)
    await playbacks.put(ada, third, 300.0, True, NOW, PHONE)
    await EpisodeStore(engine).delete(ada, second)
    assert [one.id for one in await playbacks.queue(ada)] == [first]

    await playbacks.set_queue(ada, [])
    assert await playbacks.queue(ada) == []


@pytest.fixture(scope="module")
def episode(owner: httpx2.Client) -> str:
    upload = owner.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    mails = [mail["id"] for mail in upload.raise_for_status().json()["mails"]]
    order = owner.post("/api/podcast/generate", json={"email_ids": mails, "minutes": 1})
    return str(order.raise_for_status().json()["id"])


def test_every_answer_about_an_episode_has_its_position(
    owner: httpx2.Client, second: httpx2.Client, episode: str
) -> None:
    path = f"/api/podcast/{episode}"
    assert owner.get(path).json()["playback"] is None
    position = {"seconds": 12.5, "finished": False, "age_seconds": 3}
    headers = {"User-Agent": ANDROID}
    response = owner.put(f"{path}/playback", json=position, headers=headers)
    stored = response.raise_for_status().json()

    assert (stored["seconds"], stored["finished"], stored["client"]) == (12.5, False, PHONE)
    assert owner.get(path).json()["playback"] == stored
    assert owner.patch(path, json={"title": "Beans"}).json()["playback"] == stored
    assert owner.get("/api/podcast/list").json()[0]["playback"] == stored
    assert second.put(f"{path}/playback", json=position).status_code == 404
    queue = owner.put("/api/queue", json={"episode_ids": [episode]}).raise_for_status().json()
    assert queue == owner.get("/api/queue").json()
    assert [(one["id"], one["playback"]) for one in queue] == [(episode, stored)]
    assert second.put("/api/queue", json={"episode_ids": [episode]}).json() == []
    assert second.get("/api/queue").json() == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seconds": -1},
        {"seconds": "12"},
        {"seconds": 1e9},
        {"seconds": 1, "finished": "yes"},
        {"seconds": 1, "age_seconds": -5},
        {"seconds": 1, "age_seconds": 1e9},
        {"seconds": 1, "client": "My phone"},
    ],
)
def test_impossible_positions_are_refused(
    owner: httpx2.Client, episode: str, body: dict[str, Any]
) -> None:
    assert owner.put(f"/api/podcast/{episode}/playback", json=body).status_code == 422


def test_nobody_has_positions_or_a_queue(anonymous: httpx2.Client, episode: str) -> None:
    put = anonymous.put(f"/api/podcast/{episode}/playback", json={"seconds": 1})

    assert put.status_code == 401
    assert anonymous.get("/api/queue").status_code == 401
    assert anonymous.put("/api/queue", json={"episode_ids": []}).status_code == 401


def test_the_queue_is_limited(owner: httpx2.Client) -> None:
    ids = [str(uuid4()) for _ in range(101)]

    assert owner.put("/api/queue", json={"episode_ids": ids}).status_code == 422


def test_the_speed_is_a_preference(owner: httpx2.Client) -> None:
    user = owner.get("/api/session").json()["user_id"]
    path = f"/api/user/{user}"
    for speed, status in ((1.5, 200), (9, 422), ("fast", 422), (1.0, 200)):
        assert owner.patch(path, json={"preferences": {"speed": speed}}).status_code == status

    assert owner.get(path).json()["preferences"]["speed"] == 1.0
