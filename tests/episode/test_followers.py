"""All followers share one query, and a slow reader does not accumulate changes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from audiobrew.account.identity import IdentityUnavailable
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.engine import DatabaseUnavailable
from audiobrew.db.stages import Stage
from audiobrew.episode import followers
from audiobrew.episode.episode import EpisodeChange, Order, Progress
from audiobrew.episode.followers import MOST_PENDING, Follower, Followers, TooManyStreams, changes
from audiobrew.episode.store import EpisodeStore
from audiobrew.inbox.store import MailStore
from audiobrew.mail.newsletter import Newsletter
from audiobrew.problems import SignInNeeded
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.episode.fakes import make_newsletter
from tests.listeners import add_listener


class Place:
    """A database with listeners and brews, and the followers of one process."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine, self.episodes = engine, EpisodeStore(engine)
        self.followers = Followers(self.episodes.changes, self.episodes.notifier)
        self.asked: list[str] = []
        sa.event.listen(engine.sync_engine, "before_cursor_execute", self._count)

    def _count(self, _: Any, __: Any, statement: str, *___: Any) -> None:
        self.asked.append(statement)

    async def listener(self) -> UUID:
        return await add_listener(ListenerStore(self.engine))

    async def brew(self, listener: UUID, newsletter: Newsletter | None = None) -> UUID:
        [mail] = await MailStore(self.engine).add(listener, [newsletter or make_newsletter()])
        order = Order((mail.id,), 1, date(2026, 11, 23))
        return (await self.episodes.order(listener, order, "Brew", "hash", None)).id


@pytest.fixture
async def place(engine: AsyncEngine) -> AsyncIterator[Place]:
    new_place = Place(engine)
    yield new_place
    await new_place.followers.close()


async def told(follower: Follower) -> Any:
    async with asyncio.timeout(10):
        while (change := await follower.next(10)) is None:
            pass
        return change


async def test_two_hundred_followers_cause_no_more_queries_than_one(place: Place) -> None:
    listeners = [await place.listener() for _ in range(100)]
    ids = {listener: await place.brew(listener) for listener in listeners}
    with ExitStack() as stack:
        all_of_them = [
            stack.enter_context(place.followers.join(listener))
            for listener in listeners
            for _ in range(2)
        ]
        for follower in all_of_them:
            [change] = await told(follower)
            assert change.id == ids[follower.listener]
        place.asked.clear()
        await asyncio.sleep(2.2)

        assert 1 <= len(place.asked) <= 12, place.asked


async def test_without_followers_there_are_no_queries(place: Place) -> None:
    with place.followers.join(await place.listener()) as follower:
        await told(follower)
    await asyncio.sleep(1.2)
    place.asked.clear()
    await asyncio.sleep(1.2)

    assert place.asked == []


async def test_a_change_by_this_process_is_sent_at_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "LOOK_EVERY_SECONDS", 30.0)
    listener = await place.listener()
    with place.followers.join(listener) as follower:
        assert await told(follower) == []
        id = await place.brew(listener)

        assert (await told(follower)).id == id


async def test_a_slow_reader_gets_the_latest_state_of_each(place: Place) -> None:
    listener = await place.listener()
    with place.followers.join(listener) as follower:
        await told(follower)
        one, two = await place.brew(listener), await place.brew(listener, make_newsletter(2))
        for _ in range(20):
            await place.episodes.count(one, 5)
            await asyncio.sleep(0.02)
        await place.episodes.end(two, Stage.FAILED, "No.", "/problems/no")
        await asyncio.sleep(1.5)
        received = [await told(follower), await told(follower)]

        assert {change.id for change in received} == {one, two}
        assert await follower.next(0.2) is None
        states = {change.id: change.progress for change in received}
        assert states[one].done == 20
        assert states[two].trouble_type == "/problems/no"


async def test_a_follower_with_too_many_pending_changes_gets_a_snapshot() -> None:
    follower = Follower(uuid4())
    follower.begin([])
    await follower.next(0)
    for _ in range(MOST_PENDING + 1):
        follower.put(
            EpisodeChange(follower.listener, uuid4(), Progress(1, Stage.WAITING, 0, 0, 0, None))
        )

    assert follower.wants_snapshot


async def test_changes_that_were_committed_late_are_found_by_comparing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "COMPARE_EVERY_SECONDS", 0.3)
    listener = await place.listener()
    one, two = await place.brew(listener), await place.brew(listener, make_newsletter(2))
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    with place.followers.join(listener) as follower:
        assert len(await told(follower)) == 2
        async with place.engine.begin() as database:
            failed = "set stage = 'failed', revision = revision + 1, updated_at = :at"
            late = f"update episodes {failed} where id = :id"
            types = [
                sa.bindparam("id", type_=sa.Uuid),
                sa.bindparam("at", type_=sa.DateTime(timezone=True)),
            ]
            await database.execute(sa.text(late).bindparams(*types), {"id": one, "at": long_ago})
            deletion = sa.text("delete from episodes where id = :id").bindparams(types[0])
            await database.execute(deletion, {"id": two})
        received = {
            change.id: change.progress for change in (await told(follower), await told(follower))
        }

        assert received[one] and received[one].stage is Stage.FAILED
        assert received[two] is None


async def test_an_outage_of_the_database_ends_no_stream(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "LOOK_AGAIN_SECONDS", 0.1)
    listener, since, away = await place.listener(), place.episodes.changes.since, 3

    async def flaky(moment: datetime) -> Any:
        nonlocal away
        away -= 1
        if away >= 0:
            raise DatabaseUnavailable
        return await since(moment)

    monkeypatch.setattr(place.episodes.changes, "since", flaky)
    with place.followers.join(listener) as follower:
        await told(follower)
        id = await place.brew(listener)

        assert (await told(follower)).id == id
    assert away < 0


async def test_streams_are_limited_per_listener_and_per_process(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "STREAMS_PER_LISTENER", 2)
    monkeypatch.setattr(followers, "STREAMS_PER_PROCESS", 3)
    ada, bob = await place.listener(), await place.listener()
    with ExitStack() as stack:
        for listener in (ada, ada, bob):
            stack.enter_context(place.followers.join(listener))
        for listener in (ada, bob):
            with pytest.raises(TooManyStreams):
                stack.enter_context(place.followers.join(listener))
    with place.followers.join(ada):
        pass
    assert len(place.followers) == 0


async def test_a_stream_ends_with_the_sign_in_and_not_during_an_outage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(followers, "CHECK_EVERY_SECONDS", 0.05)
    answers = [IdentityUnavailable, DatabaseUnavailable, SignInNeeded]

    async def check() -> None:
        raise answers.pop(0)

    async with asyncio.timeout(5):
        async for _ in changes(Follower(uuid4()), check):
            pass

    assert answers == []


async def test_a_stream_ends_when_the_token_expires() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=0.3)

    async with asyncio.timeout(5):
        async for _ in changes(Follower(uuid4()), None, soon):
            pass

    assert datetime.now(UTC) >= soon


async def test_a_stream_ends_when_the_account_is_deleted_by_another_process(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followers, "COMPARE_EVERY_SECONDS", 0.3)
    listener = await place.listener()
    with place.followers.join(listener) as follower:
        await told(follower)
        async with place.engine.begin() as database:
            leaving = sa.text("insert into deletions (listener_id, asked_at) values (:id, :at)")
            types = [
                sa.bindparam("id", type_=sa.Uuid),
                sa.bindparam("at", type_=sa.DateTime(timezone=True)),
            ]
            row = {"id": listener, "at": datetime.now(UTC)}
            await database.execute(leaving.bindparams(*types), row)
        async with asyncio.timeout(5):
            async for _ in changes(follower):
                pass

        assert follower.ended
