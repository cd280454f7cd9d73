from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes
from audiobrew.feed.show import RecordingNotFound
from audiobrew.feed.store import ShowStore
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.feed.library_fixtures import NOON, create_episode, create_listener


@pytest.fixture
def shows(engine: AsyncEngine) -> ShowStore:
    return ShowStore(engine)


@pytest.fixture
async def listener(engine: AsyncEngine) -> UUID:
    return await create_listener(engine)


async def test_an_edition_has_the_newest_finished_episodes(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    episodes_made = [
        await create_episode(engine, listener, created_at=NOON + timedelta(hours=hour))
        for hour in range(3)
    ]
    await create_episode(engine, listener, stage=Stage.SPEAKING, media=None)
    await create_episode(engine, listener, stage=Stage.FAILED, media=None)
    await create_episode(engine, await create_listener(engine))

    assert (await shows.edition(listener, 100)).episodes == tuple(reversed(episodes_made))
    assert (await shows.edition(listener, 2)).episodes == (episodes_made[2], episodes_made[1])


async def test_the_fingerprint_changes_with_every_change_and_only_then(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    fingerprints = [(await shows.edition(listener, 100)).fingerprint]
    first, second = [await create_episode(engine, listener) for _ in range(2)]
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


async def test_an_item_has_its_stories_and_their_sources(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    await create_episode(engine, listener)
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


async def test_the_transcript_has_only_spoken_sentences(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    lines = await shows.lines(await create_episode(engine, listener))

    assert [line.text[:4] for line in lines] == ["Good", "Bean", "Tea "]
    assert [(line.start, line.end) for line in lines] == [(0.0, 1.5), (2.0, 3.5), (6.0, 7.5)]


async def test_a_recording_is_found_by_its_listener_only(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    id, other = await create_episode(engine, listener), await create_listener(engine)

    assert (await shows.recording(id, listener)).media == f"episodes/{id}.mp3"
    assert (await shows.recording(id)).episode == id
    with pytest.raises(RecordingNotFound):
        await shows.recording(id, other)


async def test_an_unfinished_episode_has_no_recording(
    shows: ShowStore, engine: AsyncEngine, listener: UUID
) -> None:
    id = await create_episode(engine, listener, stage=Stage.JOINING)

    with pytest.raises(RecordingNotFound):
        await shows.recording(id, listener)
