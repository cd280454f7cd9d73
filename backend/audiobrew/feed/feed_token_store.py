"""Feed tokens: made, listed, revoked and opened. Only their sha256 is kept."""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import lock_listener
from audiobrew.db.tables import feed_tokens, listeners
from audiobrew.db.timestamps import utc
from audiobrew.feed.feed_token import (
    FeedNotFound,
    FeedOwner,
    FeedRevoked,
    FeedTokenNotFound,
    StoredToken,
    TooManyFeedTokens,
)

TOKEN_BYTES = 24
"""192 bits: nobody guesses it."""

USE_IS_NOTED_EVERY = timedelta(minutes=1)
KEPT = [column for column in feed_tokens.c if column.name != "token_hash"]


class FeedTokens:
    """At most `limit` unrevoked tokens a listener."""

    def __init__(self, engine: AsyncEngine, limit: int) -> None:
        self._engine = engine
        self._limit = limit

    async def make(self, listener: UUID, name: str) -> tuple[StoredToken, str]:
        """The new row, and the token, which is told this once. Raises TooManyFeedTokens."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        made = StoredToken(uuid4(), listener, name, datetime.now(UTC), None, None)
        row = {"id": made.id, "listener_id": listener, "name": name, "created_at": made.created_at}
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            await self._leave_room(database, listener)
            await database.execute(feed_tokens.insert().values(row | {"token_hash": hashed(token)}))
        return made, token

    async def _leave_room(self, database: AsyncConnection, listener: UUID) -> None:
        living = sa.select(sa.func.count()).where(
            feed_tokens.c.listener_id == listener, feed_tokens.c.revoked_at.is_(None)
        )
        if (await database.execute(living)).scalar_one() >= self._limit:
            raise TooManyFeedTokens

    async def list(self, listener: UUID) -> list[StoredToken]:
        """Newest first, revoked ones too."""
        chosen = (
            sa.select(*KEPT)
            .where(feed_tokens.c.listener_id == listener)
            .order_by(feed_tokens.c.created_at.desc(), feed_tokens.c.id)
        )
        async with self._engine.connect() as database:
            return [_kept(row) for row in await database.execute(chosen)]

    async def revoke(self, listener: UUID, id: UUID) -> None:
        """Close it for good; once is as good as twice. Raises FeedTokenNotFound."""
        mine = sa.and_(feed_tokens.c.id == id, feed_tokens.c.listener_id == listener)
        first = sa.func.coalesce(feed_tokens.c.revoked_at, datetime.now(UTC))
        async with self._engine.begin() as database:
            done = await database.execute(feed_tokens.update().where(mine).values(revoked_at=first))
        if not done.rowcount:
            raise FeedTokenNotFound

    async def open(self, token: str) -> FeedOwner:
        """Whose show this is. Raises FeedNotFound, FeedRevoked."""
        chosen = (
            sa.select(*KEPT, listeners.c.show_id)
            .join_from(feed_tokens, listeners)
            .where(feed_tokens.c.token_hash == hashed(token))
        )
        async with self._engine.connect() as database:
            row = (await database.execute(chosen)).one_or_none()
        if row is None:
            raise FeedNotFound
        if row.revoked_at is not None:
            raise FeedRevoked
        await self._note_use(_kept(row))
        return FeedOwner(row.listener_id, row.show_id)

    async def _note_use(self, token: StoredToken) -> None:
        """At most once a minute: an app that reads an hour of audio in pieces must not write each time."""
        now = datetime.now(UTC)
        if token.last_used_at and now - token.last_used_at < USE_IS_NOTED_EVERY:
            return
        noted = feed_tokens.update().where(feed_tokens.c.id == token.id).values(last_used_at=now)
        async with self._engine.begin() as database:
            await database.execute(noted)


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _kept(row: Any) -> StoredToken:
    return StoredToken(
        id=row.id,
        listener=row.listener_id,
        name=row.name,
        created_at=utc(row.created_at),
        last_used_at=row.last_used_at and utc(row.last_used_at),
        revoked_at=row.revoked_at and utc(row.revoked_at),
    )
