from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes
from audiobrew.feed.show import RecordingNotFound
from audiobrew.feed.store import ShowStore
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.feed.library_fixtures import NOON, a_listener, an_episode


@pytest.fixture
def shows(engine: AsyncEngine) -> ShowStore:
    return ShowStore(engine)


@pytest.fixture
async def listener(engine: AsyncEngine) -> UUID:
    return await a_listener(engine)


async def test_an_edition_holds_the_newest_finished_episodes(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    episodes_made = [
        await an_episode(engine, listener, created_at=NOON + timedelta(hours=hour))
        for hour in range(3)
    ]
    await an_episode(engine, listener, stage=Stage.SPEAKING, media=None)
    await an_episode(engine, listener, stage=Stage.FAILED, media=None)
    await an_episode(engine, await a_listener(engine))

    assert (await shows.edition(listener, 100)).episodes == tuple(reversed(episodes_made))
    assert (await shows.edition(listener, 2)).episodes == (episodes_made[2], episodes_made[1])


async def test_an_edition_changes_with_every_change_and_only_then(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    fingerprints = [(await shows.edition(listener, 100)).fingerprint]
    first, second = [await an_episode(engine, listener) for _ in range(2)]
    fingerprints.append((await shows.edition(listener, 100)).fingerprint)
    same = (await shows.edition(listener, 100)).fingerprint
    async with engine.begin() as database:
        later = NOON + timedelta(seconds=1)
        renamed = sa.update(episodes).where(episodes.c.id == first).values(updated_at=later)
        await database.execute(renamed)
    fingerprints.append((await shows.edition(listener, 100)).fingerprint)
    async with engine.begin() as database:
        await database.execute(sa.delete(episodes).where(episodes.c.id == second))
    fingerprints.append((await shows.edition(listener, 100)).fingerprint)

    assert same == fingerprints[1]
    assert len(set(fingerprints)) == len(fingerprints)


async def test_an_item_tells_its_stories_and_who_told_them(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    await an_episode(engine, listener)
    [item] = await shows.items(await shows.edition(listener, 100))
    beans, tea = item.stories

    assert (item.title, item.bytes, item.published_at) == ("Tuesday brew", 150_000, NOON)
    assert [(story.title, story.start) for story in item.stories] == [
        ("Beans & <b>more</b>", 0.0),
        ("Tea", 6.0),
    ]
    assert [source.sender for source in beans.sources] == ["The Roast"]
    assert [link.url for link in beans.sources[0].links] == [
        "https://roast.test/1",
        "https://roast.test/2",
    ]
    assert [source.sender for source in tea.sources] == ["Leaf", "The Roast"]


async def test_only_what_is_heard_is_in_the_transcript(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    lines = await shows.lines(await an_episode(engine, listener))

    assert [line.text[:4] for line in lines] == ["Good", "Bean", "Tea "]
    assert [(line.start, line.end) for line in lines] == [(0.0, 1.5), (2.0, 3.5), (6.0, 7.5)]


async def test_a_recording_is_found_by_its_listener_only(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    id, other = await an_episode(engine, listener), await a_listener(engine)

    assert (await shows.recording(id, listener)).media == f"episodes/{id}.mp3"
    assert (await shows.recording(id)).episode == id
    with pytest.raises(RecordingNotFound):
        await shows.recording(id, other)


async def test_an_unfinished_episode_cannot_be_heard(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    id = await an_episode(engine, listener, stage=Stage.JOINING)

    with pytest.raises(RecordingNotFound):
        await shows.recording(id, listener)
