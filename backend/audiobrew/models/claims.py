"""Claims: a process claims a key in the database before it pays for the result, so it is paid for once.

A claim is a row with a lease. Its owner renews the lease while it works. A claim whose lease has ended may
be taken over, by compare-and-swap. All times come from the database, so machines' clocks need not agree.
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

from audiobrew.db.engine import DATABASE_ERRORS
from audiobrew.db.tables import claims
from audiobrew.db.upsert import clock, insert
from audiobrew.problems import Problem

# A clock that runs on while this process is stopped or its machine sleeps.
CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class ClaimLost(Problem):
    """Another process makes this part of the episode already."""

    type = "claim-lost"
    status = HTTPStatus.SERVICE_UNAVAILABLE


@dataclass(slots=True)
class Claim:
    """`renewed_at` is when the last renewal was sent, in seconds of this machine's CLOCK."""

    key: str
    token: str
    renewed_at: float


@dataclass(slots=True)
class Claims:
    """`seconds`: the length of a lease. A claim that was not renewed in this time may be taken over."""

    engine: AsyncEngine
    seconds: float
    # The claims of this process. The heartbeat thread renews them.
    keys_by_token: dict[str, str] = field(default_factory=dict)

    async def take(self, listener: UUID, key: str) -> Claim | None:
        """Claim this key. Returns None while another owner's lease runs.

        If the task is cancelled meanwhile, the claim is released: nobody has to wait for its lease to end.
        Raises IntegrityError if the listener does not exist.
        """
        taking = asyncio.create_task(self._take(listener, key))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            with suppress(*DATABASE_ERRORS, Problem):
                if claim := await asyncio.shield(taking):
                    await self.release(claim)
            raise

    async def _take(self, listener: UUID, key: str) -> Claim | None:
        claim = Claim(key, uuid4().hex, time.clock_gettime(CLOCK))
        async with self.engine.begin() as database:
            until = clock(database) + self.seconds
            insertion = insert(database, claims).values(
                key=key, listener_id=listener, token=claim.token, until=until
            )
            insertion = insertion.on_conflict_do_update(
                index_elements=["key"],
                set_={"token": claim.token, "until": until},
                where=claims.c.until < clock(database),
            ).returning(claims.c.token)
            if (await database.execute(insertion)).scalar_one_or_none() is None:
                return None
        self.keys_by_token[claim.token] = key
        return claim

    async def renew(self, claim: Claim) -> None:
        """Start the lease anew. Raises ClaimLost."""
        async with self.engine.begin() as database:
            await self.renew_within(database, claim)

    async def renew_within(self, database: AsyncConnection, claim: Claim) -> None:
        """Renew in the caller's transaction: until that ends, nobody can take the claim. Raises ClaimLost."""
        sent_at = time.clock_gettime(CLOCK)
        until = clock(database) + self.seconds
        result = await database.execute(claims.update().where(_own(claim)).values(until=until))
        if not result.rowcount:
            self.keys_by_token.pop(claim.token, None)
            raise ClaimLost
        claim.renewed_at = sent_at

    async def hold(self, claim: Claim) -> None:
        """Renew if half of the lease has passed; otherwise do nothing. Raises ClaimLost."""
        if time.clock_gettime(CLOCK) - claim.renewed_at > self.seconds / 2:
            await self.renew(claim)

    async def release(self, claim: Claim) -> None:
        """Give the claim up, so that others can take it at once."""
        self.keys_by_token.pop(claim.token, None)
        async with self.engine.begin() as database:
            await database.execute(claims.delete().where(_own(claim)))

    def let_expire(self, claim: Claim, seconds: float = 0.0) -> None:
        """Stop renewing the claim after `seconds`. It is ours until its lease ends."""
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self.let_expire, claim)
        else:
            self.keys_by_token.pop(claim.token, None)


def renew_held(database: sa.Connection, tokens: list[str], seconds: float) -> None:
    """Renew the claims of this process. Claims that were taken over have other tokens and are not touched."""
    if tokens:
        until = clock(database) + seconds
        own = claims.c.token.in_(tokens)
        database.execute(claims.update().where(own).values(until=until))


def expire_others(database: sa.Connection, tokens: list[str]) -> None:
    """Delete the claims of all other processes, which are dead."""
    database.execute(claims.delete().where(claims.c.token.not_in(tokens)))


def _own(claim: Claim) -> Any:
    return (claims.c.key == claim.key) & (claims.c.token == claim.token)
