"""Stores feed tokens, as their sha256."""

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

# 192 bits.
TOKEN_BYTES = 24

RECORD_USE_EVERY = timedelta(minutes=1)
COLUMNS = [column for column in feed_tokens.c if column.name != "token_hash"]


class FeedTokenStore:
    """A listener can have at most `limit` tokens that are not revoked."""

    def __init__(self, engine: AsyncEngine, limit: int) -> None:
        self._engine = engine
        self._limit = limit

    async def make(self, listener: UUID, name: str) -> tuple[StoredToken, str]:
        """Returns the stored row, and the token itself, which is not stored. Raises TooManyFeedTokens."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        stored = StoredToken(uuid4(), listener, name, datetime.now(UTC), None, None)
        row = {
            "id": stored.id,
            "listener_id": listener,
            "name": name,
            "created_at": stored.created_at,
        }
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            await self._check_limit(database, listener)
            await database.execute(
                feed_tokens.insert().values(row | {"token_hash": hash_token(token)})
            )
        return stored, token

    async def _check_limit(self, database: AsyncConnection, listener: UUID) -> None:
        count = sa.select(sa.func.count()).where(
            feed_tokens.c.listener_id == listener, feed_tokens.c.revoked_at.is_(None)
        )
        if (await database.execute(count)).scalar_one() >= self._limit:
            raise TooManyFeedTokens

    async def list(self, listener: UUID) -> list[StoredToken]:
        """All tokens of a listener, newest first, including revoked ones."""
        query = (
            sa.select(*COLUMNS)
            .where(feed_tokens.c.listener_id == listener)
            .order_by(feed_tokens.c.created_at.desc(), feed_tokens.c.id)
        )
        async with self._engine.connect() as database:
            return [_stored_token(row) for row in await database.execute(query)]

    async def revoke(self, listener: UUID, id: UUID) -> None:
        """Revoke a token for good. Revoking it again changes nothing. Raises FeedTokenNotFound."""
        own = sa.and_(feed_tokens.c.id == id, feed_tokens.c.listener_id == listener)
        revoked_at = sa.func.coalesce(feed_tokens.c.revoked_at, datetime.now(UTC))
        async with self._engine.begin() as database:
            result = await database.execute(
                feed_tokens.update().where(own).values(revoked_at=revoked_at)
            )
        if not result.rowcount:
            raise FeedTokenNotFound

    async def get_owner(self, token: str) -> FeedOwner:
        """The owner of the show that this token opens. Raises FeedNotFound, FeedRevoked."""
        query = (
            sa.select(*COLUMNS, listeners.c.show_id)
            .join_from(feed_tokens, listeners)
            .where(feed_tokens.c.token_hash == hash_token(token))
        )
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            raise FeedNotFound
        if row.revoked_at is not None:
            raise FeedRevoked
        await self._record_use(_stored_token(row))
        return FeedOwner(row.listener_id, row.show_id)

    async def _record_use(self, token: StoredToken) -> None:
        """Writes at most once a minute: an app reads an hour of audio in many small requests."""
        now = datetime.now(UTC)
        if token.last_used_at and now - token.last_used_at < RECORD_USE_EVERY:
            return
        update = feed_tokens.update().where(feed_tokens.c.id == token.id).values(last_used_at=now)
        async with self._engine.begin() as database:
            await database.execute(update)


def hash_token(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _stored_token(row: Any) -> StoredToken:
    return StoredToken(
        id=row.id,
        listener=row.listener_id,
        name=row.name,
        created_at=utc(row.created_at),
        last_used_at=row.last_used_at and utc(row.last_used_at),
        revoked_at=row.revoked_at and utc(row.revoked_at),
    )
