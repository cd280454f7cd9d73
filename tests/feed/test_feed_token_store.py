from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from audiobrew.db.tables import feed_tokens
from audiobrew.feed.feed_token import (
    FeedNotFound,
    FeedRevoked,
    FeedTokenNotFound,
    TooManyFeedTokens,
)
from audiobrew.feed.feed_token_store import FeedTokenStore
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.feed.library_fixtures import create_listener


@pytest.fixture
def tokens(engine: AsyncEngine) -> FeedTokenStore:
    return FeedTokenStore(engine, limit=3)


@pytest.fixture
async def listener(engine: AsyncEngine) -> UUID:
    return await create_listener(engine)


async def test_a_token_opens_the_show_of_its_listener(
    tokens: FeedTokenStore, listener: UUID
) -> None:
    stored, token = await tokens.make(listener, "Phone")
    owner = await tokens.get_owner(token)

    assert (stored.name, stored.listener, stored.revoked_at) == ("Phone", listener, None)
    assert owner.listener == listener
    assert owner.show != listener


async def test_a_token_is_long_and_only_its_hash_is_stored(
    tokens: FeedTokenStore, listener: UUID, engine: AsyncEngine, tmp_path: Path
) -> None:
    _, token = await tokens.make(listener, "Phone")
    await engine.dispose()

    assert len(token) * 6 >= 160
    for file in tmp_path.iterdir():
        assert token.encode() not in file.read_bytes()


async def test_a_listener_lists_only_their_own_tokens(
    tokens: FeedTokenStore, engine: AsyncEngine
) -> None:
    ada, ben = await create_listener(engine), await create_listener(engine)
    phone, _ = await tokens.make(ada, "Phone")
    car, _ = await tokens.make(ada, "Car")
    await tokens.make(ben, "Kitchen")

    assert [token.id for token in await tokens.list(ada)] == [car.id, phone.id]


async def test_a_revoked_token_stays_revoked(tokens: FeedTokenStore, listener: UUID) -> None:
    stored, token = await tokens.make(listener, "Phone")
    await tokens.revoke(listener, stored.id)
    [first] = await tokens.list(listener)
    await tokens.revoke(listener, stored.id)
    [again] = await tokens.list(listener)

    assert first.revoked_at
    assert again.revoked_at == first.revoked_at
    with pytest.raises(FeedRevoked):
        await tokens.get_owner(token)


async def test_a_listener_cannot_revoke_another_listeners_token(
    tokens: FeedTokenStore, engine: AsyncEngine
) -> None:
    ada, ben = await create_listener(engine), await create_listener(engine)
    stored, token = await tokens.make(ada, "Phone")

    with pytest.raises(FeedTokenNotFound):
        await tokens.revoke(ben, stored.id)
    with pytest.raises(FeedTokenNotFound):
        await tokens.revoke(ben, uuid4())
    assert (await tokens.get_owner(token)).listener == ada


@pytest.mark.parametrize("token", ["", "guess", "../../etc", "ü", "\0", "x" * 10_000])
async def test_a_guessed_token_finds_no_feed(tokens: FeedTokenStore, token: str) -> None:
    with pytest.raises(FeedNotFound):
        await tokens.get_owner(token)


async def test_the_number_of_tokens_is_limited_and_revoked_ones_do_not_count(
    tokens: FeedTokenStore, listener: UUID
) -> None:
    stored = [(await tokens.make(listener, f"Device {number}"))[0] for number in range(3)]

    with pytest.raises(TooManyFeedTokens):
        await tokens.make(listener, "One more")
    await tokens.revoke(listener, stored[0].id)
    await tokens.make(listener, "One more")


async def test_use_is_recorded_at_most_once_a_minute(
    tokens: FeedTokenStore, listener: UUID, engine: AsyncEngine
) -> None:
    _, token = await tokens.make(listener, "Phone")
    await tokens.get_owner(token)
    [first] = await tokens.list(listener)
    await tokens.get_owner(token)
    [again] = await tokens.list(listener)
    earlier = datetime.now(UTC) - timedelta(minutes=2)
    async with engine.begin() as database:
        await database.execute(sa.update(feed_tokens).values(last_used_at=earlier))
    await tokens.get_owner(token)
    [later] = await tokens.list(listener)

    assert first.last_used_at
    assert again.last_used_at == first.last_used_at
    assert later.last_used_at
    assert later.last_used_at - earlier > timedelta(minutes=1)
