"""What calls cost: reserved before each call, corrected after it.

The calls of an episode are limited by its cap. What a listener spends in a day (UTC) is limited by the
operator's daily limit. It is counted in a row of its own, which remains when the day's episodes are deleted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.tables import charges, episodes, spending
from audiobrew.db.upsert import insert
from audiobrew.models.usage import Usage


@dataclass(frozen=True, slots=True)
class Bill:
    """What an episode cost, in millionths of a dollar.

    `lost` is the most that calls may have cost whose answer never arrived or could not be used.
    """

    calls: int
    amount: int
    lost: int


class Limit(Enum):
    """The limit that a reservation would exceed."""

    CAP = "the episode's cap"
    DAY = "the listener's daily limit"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a call may use, and its price in millionths of a dollar.

    `output_tokens` is the largest number of output tokens of one try, if the call has such a limit.
    """

    usage: Usage
    amount: int
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money set aside for one call: the charge row with this `id`, also counted in the listener's day."""

    id: UUID
    listener: UUID
    episode: UUID
    day: date
    allowance: Allowance


# The statements that record the final cost, run in the transaction that completes a result.
Settlement = Sequence[sa.Update]
# Takes what may still be spent (None: no limit), and returns what to reserve, or None if that is too little.
ChooseAllowance = Callable[[int | None], Allowance | None]


class Charges:
    """`daily_limit`: what a listener may spend in a day, in millionths of a dollar; None: no limit."""

    def __init__(self, engine: AsyncEngine, daily_limit: int | None = None) -> None:
        self._engine = engine
        self.daily_limit = daily_limit

    async def reserve(
        self, listener: UUID, episode: UUID, key: str, choose: ChooseAllowance
    ) -> Reservation | Limit:
        """Reserve money for a call. If that exceeds a limit, return the limit and write nothing.

        Concurrent calls wait for each other at the episode's row and at the day's row, so together they
        cannot exceed a limit.
        """
        now = datetime.now(UTC)
        async with self._engine.begin() as database:
            allowance = await self._allow(database, listener, episode, now.date(), choose)
            if isinstance(allowance, Limit):
                return allowance
            reservation = Reservation(uuid4(), listener, episode, now.date(), allowance)
            row = {
                "id": reservation.id,
                "episode_id": episode,
                "key": key,
                "model": allowance.usage.model,
                "units": dict(allowance.usage.units),
                "amount": allowance.amount,
                "kept": False,
                "created_at": now,
            }
            await database.execute(charges.insert().values(row))
            await database.execute(_spend(reservation, allowance.amount))
        return reservation

    async def extend(self, reservation: Reservation, units: dict[str, float]) -> Limit | None:
        """Reserve as much again for another try. Returns the limit if that exceeds one.

        `units` are the units of all tries together.
        """
        allowance = reservation.allowance
        async with self._engine.begin() as database:
            result = await self._allow(
                database,
                reservation.listener,
                reservation.episode,
                reservation.day,
                lambda limit: allowance if limit is None or allowance.amount <= limit else None,
            )
            if isinstance(result, Limit):
                return result
            more = {"amount": charges.c.amount + allowance.amount, "units": units}
            await database.execute(
                charges.update().where(charges.c.id == reservation.id).values(more)
            )
            await database.execute(_spend(reservation, allowance.amount))
        return None

    def settlement(self, reservation: Reservation, usage: Usage, amount: int) -> Settlement:
        """The statements that replace the reserved amount by what the call really cost.

        They can run twice without harm: the listener's day is corrected by the difference to the charge's
        present amount.
        """
        return _replacement(reservation, usage, amount, settled=True)

    async def lose(self, reservation: Reservation, usage: Usage, amount: int) -> None:
        """Charge a call whose answer could not be used."""
        async with self._engine.begin() as database:
            for statement in _replacement(reservation, usage, amount, settled=False):
                await database.execute(statement)

    async def release(self, reservation: Reservation) -> None:
        """Remove the charge of a call that was refused, and therefore cost nothing."""
        async with self._engine.begin() as database:
            await database.execute(_correction(reservation, 0))
            await database.execute(charges.delete().where(charges.c.id == reservation.id))

    async def bill(self, episode: UUID) -> Bill:
        """What the calls of this episode cost so far."""
        settled = sa.case((charges.c.kept, charges.c.amount), else_=0)
        totals = sa.select(
            sa.func.count(charges.c.id),
            sa.func.coalesce(sa.func.sum(settled), 0),
            sa.func.coalesce(sa.func.sum(charges.c.amount - settled), 0),
        ).where(charges.c.episode_id == episode)
        async with self._engine.connect() as database:
            calls, amount, lost = (await database.execute(totals)).one()
        return Bill(calls, int(amount), int(lost))

    async def spent(self, listener: UUID, day: date) -> int:
        """What a listener's calls of a day (UTC) cost so far, including what is reserved for open calls."""
        mine = (spending.c.listener_id == listener) & (spending.c.day == day)
        async with self._engine.connect() as database:
            row = await database.execute(sa.select(spending.c.amount).where(mine))
            return int(row.scalar_one_or_none() or 0)

    async def _allow(
        self,
        database: AsyncConnection,
        listener: UUID,
        episode: UUID,
        day: date,
        choose: ChooseAllowance,
    ) -> Allowance | Limit:
        """What the call may use. Locks the episode's row and the day's row until the transaction ends."""
        episode_remaining = await _episode_remaining(database, episode)
        day_remaining = await self._day_remaining(database, listener, day)
        if choose(episode_remaining) is None:
            return Limit.CAP
        limits = [limit for limit in (episode_remaining, day_remaining) if limit is not None]
        return choose(min(limits, default=None)) or Limit.DAY

    async def _day_remaining(
        self, database: AsyncConnection, listener: UUID, day: date
    ) -> int | None:
        """What may still be spent under the daily limit; None without one. Locks the day's row."""
        new = insert(database, spending).values(listener_id=listener, day=day, amount=0)
        await database.execute(new.on_conflict_do_nothing())
        if self.daily_limit is None:
            return None
        mine = (spending.c.listener_id == listener) & (spending.c.day == day)
        lock = spending.update().where(mine).values(amount=spending.c.amount)
        spent = (await database.execute(lock.returning(spending.c.amount))).scalar_one()
        return self.daily_limit - int(spent)


async def _episode_remaining(database: AsyncConnection, episode: UUID) -> int | None:
    """What may still be spent under the cap; None without one.

    The update locks the episode's row on SQLite and on Postgres.
    """
    lock = episodes.update().where(episodes.c.id == episode).values(cap=episodes.c.cap)
    cap = (await database.execute(lock.returning(episodes.c.cap))).scalar_one_or_none()
    if cap is None:
        return None
    spent: Any = sa.select(sa.func.coalesce(sa.func.sum(charges.c.amount), 0)).where(
        charges.c.episode_id == episode
    )
    return int(cap) - int((await database.execute(spent)).scalar_one())


def _replacement(
    reservation: Reservation, usage: Usage, amount: int, *, settled: bool
) -> Settlement:
    """Set the charge to `amount`. The day is corrected first: it reads the charge's old amount."""
    values = {"units": dict(usage.units), "model": usage.model, "amount": amount, "kept": settled}
    charge = charges.update().where(charges.c.id == reservation.id).values(values)
    return _correction(reservation, amount), charge


def _correction(reservation: Reservation, amount: int) -> sa.Update:
    """Correct the listener's day by the difference between `amount` and the charge's present amount.

    If the charge was deleted with its episode, the day's amount stays.
    """
    charge = sa.select(charges.c.amount).where(charges.c.id == reservation.id).scalar_subquery()
    return _spend(reservation, amount - sa.func.coalesce(charge, amount))


def _spend(reservation: Reservation, amount: Any) -> sa.Update:
    mine = (spending.c.listener_id == reservation.listener) & (spending.c.day == reservation.day)
    return spending.update().where(mine).values(amount=spending.c.amount + amount)
