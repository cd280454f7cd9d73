from datetime import date
from uuid import UUID, uuid4

import pytest
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episode_mails
from audiobrew.episode.episode import BrewStopped, Episode, Order
from audiobrew.episode.store import EpisodeStore
from audiobrew.inbox.store import MailStore
from audiobrew.mail.mail import MailNotFound
from audiobrew.problems import EpisodeNotFound
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.inbox.test_store import an_issue


@pytest.fixture
def episodes(engine: AsyncEngine) -> EpisodeStore:
    return EpisodeStore(engine)


@pytest.fixture
async def mails(engine: AsyncEngine, ada: UUID) -> tuple[UUID, ...]:
    added = await MailStore(engine).add(ada, [an_issue(subject) for subject in ("B", "A", "C")])
    return tuple(mail.id for mail in added)


@pytest.fixture
async def episode(episodes: EpisodeStore, ada: UUID, mails: tuple[UUID, ...]) -> Episode:
    return await episodes.order(ada, an_order(mails), "AudioBrew", "asked", None)


def an_order(mails: tuple[UUID, ...], title: str | None = None) -> Order:
    return Order(mails, 5, date(2026, 11, 23), title)


async def test_an_order_is_stored_with_its_mails_in_order(
    episodes: EpisodeStore, episode: Episode, mails: tuple[UUID, ...]
) -> None:
    assert (episode.stage, episode.attempt, episode.minutes) == (Stage.WAITING, 1, 5)
    assert tuple(await episodes.mails(episode.id)) == mails


async def test_an_order_of_a_deleted_mail_stores_nothing(
    episodes: EpisodeStore, ada: UUID, mails: tuple[UUID, ...]
) -> None:
    with pytest.raises(MailNotFound):
        await episodes.order(ada, an_order((*mails, uuid4())), "AudioBrew", "", "key")

    assert await episodes.list(ada, 10, None) == []
    assert await episodes.find_by_key(ada, "", "key") is None


async def test_an_idempotency_key_belongs_to_one_listener(
    episodes: EpisodeStore, ada: UUID, bob: UUID, mails: tuple[UUID, ...]
) -> None:
    await episodes.order(ada, an_order(mails), "AudioBrew", "asked", "key")

    assert await episodes.find_by_key(bob, "asked", "key") is None


async def test_episodes_are_listed_newest_first_and_page_by_page(
    episodes: EpisodeStore, ada: UUID, bob: UUID, mails: tuple[UUID, ...]
) -> None:
    ordered_episodes = [
        await episodes.order(ada, an_order(mails), "AudioBrew", "", None) for _ in range(5)
    ]
    newest = [episode.id for episode in reversed(ordered_episodes)]

    first = [episode.id for episode in await episodes.list(ada, 2, None)]
    rest = [episode.id for episode in await episodes.list(ada, 10, first[-1])]

    assert first + rest == newest
    assert await episodes.list(bob, 10, None) == []
    assert await episodes.list(bob, 10, first[0]) == []


async def test_an_episode_of_another_listener_is_not_found(
    episodes: EpisodeStore, bob: UUID, episode: Episode
) -> None:
    with pytest.raises(EpisodeNotFound):
        await episodes.get(bob, episode.id)
    with pytest.raises(EpisodeNotFound):
        await episodes.rename(bob, episode.id, "Mine")
    await episodes.delete(bob, episode.id)
    await episodes.end(episode.id, Stage.FAILED, "No.")

    assert not await episodes.reopen(bob, episode.id)
    assert (await episodes.get(episode.listener, episode.id)).title == "AudioBrew"


async def test_every_change_raises_the_revision_and_percent_never_falls(
    episodes: EpisodeStore, episode: Episode
) -> None:
    await episodes.advance(episode.id, Stage.SPEAKING, 4, 18)
    await episodes.count(episode.id, 60.9)
    await episodes.advance(episode.id, Stage.PLANNING, 0, 2)

    now = await episodes.progress(episode.id)

    assert (now.stage, now.percent, now.done, now.revision) == (Stage.PLANNING, 60, 0, 4)


async def test_only_the_first_end_counts(episodes: EpisodeStore, episode: Episode) -> None:
    assert await episodes.end(episode.id, Stage.CANCELLED)
    assert not await episodes.end(episode.id, Stage.READY, media="x")

    after = await episodes.get_unscoped(episode.id)
    assert (after.stage, after.media, after.published_at) == (Stage.CANCELLED, None, None)


async def test_an_ended_episode_does_not_change(episodes: EpisodeStore, episode: Episode) -> None:
    await episodes.end(episode.id, Stage.CANCELLED)
    before = await episodes.progress(episode.id)

    with pytest.raises(BrewStopped):
        await episodes.advance(episode.id, Stage.SPEAKING, 4, 18)
    await episodes.count(episode.id, 90)
    await episodes.update_open(episode.id, note="late")

    assert await episodes.progress(episode.id) == before
    assert (await episodes.get_unscoped(episode.id)).note is None


async def test_a_failed_episode_can_be_reopened_as_the_next_attempt(
    episodes: EpisodeStore, episode: Episode
) -> None:
    await episodes.end(episode.id, Stage.FAILED, "The voice failed.")
    assert list(await episodes.open(episode.listener)) == []

    assert await episodes.reopen(episode.listener, episode.id)
    assert not await episodes.reopen(episode.listener, episode.id)

    [again] = await episodes.open(episode.listener)
    assert (again.stage, again.attempt, again.trouble) == (Stage.WAITING, 2, None)


async def test_a_ready_episode_cannot_be_reopened(episodes: EpisodeStore, episode: Episode) -> None:
    await episodes.end(episode.id, Stage.READY, seconds=300.0, bytes=9, media="episodes/a.mp3")

    assert not await episodes.reopen(episode.listener, episode.id)
    ready = await episodes.get_unscoped(episode.id)
    assert ready.published_at
    assert ready.published_at.tzinfo
    assert (await episodes.progress(episode.id)).percent == 100


async def test_a_title_that_the_listener_chose_is_marked(
    episodes: EpisodeStore, episode: Episode
) -> None:
    assert not episode.title_chosen

    await episodes.rename(episode.listener, episode.id, "Sunday")

    renamed = await episodes.get_unscoped(episode.id)
    assert (renamed.title, renamed.title_chosen) == ("Sunday", True)


async def test_a_deleted_episode_is_gone_with_its_list_of_mails(
    episodes: EpisodeStore, engine: AsyncEngine, episode: Episode
) -> None:
    await episodes.delete(episode.listener, episode.id)

    with pytest.raises(EpisodeNotFound):
        await episodes.progress(episode.id)
    async with engine.connect() as database:
        assert not (await database.execute(episode_mails.select())).all()
