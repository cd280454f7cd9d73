"""Claims: a key is claimed in the database before its answer is paid for, so that it is bought once.

A claim is a row with a lease. Its owner renews it while it works; a claim whose lease has ended may be
taken over by compare-and-swap. All times are the database's, so that machines' clocks need not agree.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.problem import Problem
from audiobrew.store.database import TROUBLES
from audiobrew.store.dialect import clock, insert
from audiobrew.store.tables import claims

# Goes on while this process is stopped or its machine sleeps.
CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class ClaimLost(Problem):
    """Another process makes this part of the episode already."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


@dataclass(slots=True)
class Claim:
    """`renewed_at` is when the last renewal was sent, by this machine's clock."""

    key: str
    token: str
    renewed_at: float


@dataclass(slots=True)
class Claims:
    """`seconds`: a claim that was not renewed for so long may be taken over."""

    engine: AsyncEngine
    seconds: float
    held: dict[str, str] = field(
        default_factory=dict
    )  # keys by token: the lease's thread renews them

    async def take(self, listener: UUID, key: str) -> Claim | None:
        """A claim to this key; None while somebody else has one. Raises IntegrityError when the listener
        is gone.

        If the caller is cancelled, the claim is released: otherwise others would wait until its lease ends.
        """
        taking = asyncio.create_task(self._take(listener, key))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            with suppress(*TROUBLES, Problem):
                if claim := await asyncio.shield(taking):
                    await self.release(claim)
            raise

    async def _take(self, listener: UUID, key: str) -> Claim | None:
        claim = Claim(key, uuid4().hex, time.clock_gettime(CLOCK))
        async with self.engine.begin() as database:
            until = clock(database) + self.seconds
            taken = insert(database, claims).values(
                key=key, listener_id=listener, token=claim.token, until=until
            )
            taken = taken.on_conflict_do_update(
                index_elements=["key"],
                set_={"token": claim.token, "until": until},
                where=claims.c.until < clock(database),
            ).returning(claims.c.token)
            if (await database.execute(taken)).scalar_one_or_none() is None:
                return None
        self.held[claim.token] = key
        return claim

    async def renew(self, claim: Claim) -> None:
        """Raises ClaimLost."""
        async with self.engine.begin() as database:
            await self.renew_within(database, claim)

    async def renew_within(self, database: AsyncConnection, claim: Claim) -> None:
        """In a transaction of the caller's: until it ends nobody can take the claim. Raises ClaimLost."""
        sent_at = time.clock_gettime(CLOCK)
        until = clock(database) + self.seconds
        renewed = await database.execute(claims.update().where(_own(claim)).values(until=until))
        if not renewed.rowcount:
            self.held.pop(claim.token, None)
            raise ClaimLost
        claim.renewed_at = sent_at

    async def hold(self, claim: Claim) -> None:
        """Asks the database only when the lease may have ended since it was renewed. Raises ClaimLost."""
        if time.clock_gettime(CLOCK) - claim.renewed_at > self.seconds / 2:
            await self.renew(claim)

    async def release(self, claim: Claim) -> None:
        """Somebody else may try at once."""
        self.held.pop(claim.token, None)
        async with self.engine.begin() as database:
            await database.execute(claims.delete().where(_own(claim)))

    def let_expire(self, claim: Claim, seconds: float = 0.0) -> None:
        """Renew it for `seconds` more, then no longer. It stays ours until its lease ends."""
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self.let_expire, claim)
        else:
            self.held.pop(claim.token, None)


def renew_held(database: sa.Connection, tokens: list[str], seconds: float) -> None:
    """What a process's heartbeat does for the claims that it holds; lost ones are not touched."""
    if tokens:
        until = clock(database) + seconds
        own = claims.c.token.in_(tokens)
        database.execute(claims.update().where(own).values(until=until))


def expire_others(database: sa.Connection, tokens: list[str]) -> None:
    """Every other process is dead: nobody waits for what they had claimed."""
    database.execute(claims.delete().where(claims.c.token.not_in(tokens)))


def _own(claim: Claim) -> Any:
    return (claims.c.key == claim.key) & (claims.c.token == claim.token)
