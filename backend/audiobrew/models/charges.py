"""What calls cost: reserved before each, corrected after it; of an episode, and of a listener's day.

The calls of an episode are bound by its cap. What a listener spends in a day (UTC) is bound by the
operator's daily limit, and is counted in a row of its own, which outlives the day's episodes.
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
    """Millionths of a dollar. `lost` was spent, as far as anybody knows, on answers that never arrived."""

    calls: int
    amount: int
    lost: int


class Limit(Enum):
    """What stands in the way of a reservation."""

    CAP = "the episode's cap"
    DAY = "the listener's daily limit"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a call may take. `output_tokens`: the most that a try may answer with, where that is counted."""

    use: Usage
    amount: int
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """A charge under this `id`, which says how much is reserved, and is counted in the listener's day."""

    id: UUID
    listener: UUID
    episode: UUID
    day: date
    offer: Allowance


# What is written, in one transaction, when an answer is finished.
Settlement = Sequence[sa.Update]
# What to reserve when so much may still be spent (None: any sum); None when that is too little.
ChooseAllowance = Callable[[int | None], Allowance | None]


class Charges:
    """`daily_limit`: what a listener may spend in a day, in millionths of a dollar."""

    def __init__(self, engine: AsyncEngine, daily_limit: int | None = None) -> None:
        self._engine = engine
        self.daily_limit = daily_limit

    async def reserve(
        self, listener: UUID, episode: UUID, key: str, fit: ChooseAllowance
    ) -> Reservation | Limit:
        """Before a call. A Limit when it would be passed: then nothing is written.

        Calls side by side take turns at the episode's row and at the day's, so that they cannot pass a
        limit together.
        """
        now = datetime.now(UTC)
        async with self._engine.begin() as database:
            offer = await self._fit(database, listener, episode, now.date(), fit)
            if isinstance(offer, Limit):
                return offer
            reservation = Reservation(uuid4(), listener, episode, now.date(), offer)
            row = {
                "id": reservation.id,
                "episode_id": episode,
                "key": key,
                "model": offer.use.model,
                "units": dict(offer.use.units),
                "amount": offer.amount,
                "kept": False,
                "created_at": now,
            }
            await database.execute(charges.insert().values(row))
            await database.execute(_spend(reservation, offer.amount))
        return reservation

    async def extend(self, reservation: Reservation, units: dict[str, float]) -> Limit | None:
        """Before another try, which may take as much as the first: `units` are those of all tries."""
        offer = reservation.offer
        async with self._engine.begin() as database:
            offer_or_limit = await self._fit(
                database,
                reservation.listener,
                reservation.episode,
                reservation.day,
                lambda room: offer if room is None or offer.amount <= room else None,
            )
            if isinstance(offer_or_limit, Limit):
                return offer_or_limit
            more = {"amount": charges.c.amount + offer.amount, "units": units}
            await database.execute(
                charges.update().where(charges.c.id == reservation.id).values(more)
            )
            await database.execute(_spend(reservation, offer.amount))
        return None

    def settlement(self, reservation: Reservation, use: Usage, amount: int) -> Settlement:
        """What is written with the finished answer, in one transaction: what the call really took.

        The listener's day is corrected by what the charge says so far, so that writing it twice changes
        nothing.
        """
        return _replacement(reservation, use, amount, kept=True)

    async def lose(self, reservation: Reservation, use: Usage, amount: int) -> None:
        """The call was answered, and the answer was of no use."""
        async with self._engine.begin() as database:
            for statement in _replacement(reservation, use, amount, kept=False):
                await database.execute(statement)

    async def release(self, reservation: Reservation) -> None:
        """The call was refused, so it cost nothing."""
        async with self._engine.begin() as database:
            await database.execute(_correction(reservation, 0))
            await database.execute(charges.delete().where(charges.c.id == reservation.id))

    async def bill(self, episode: UUID) -> Bill:
        kept = sa.case((charges.c.kept, charges.c.amount), else_=0)
        totals = sa.select(
            sa.func.count(charges.c.id),
            sa.func.coalesce(sa.func.sum(kept), 0),
            sa.func.coalesce(sa.func.sum(charges.c.amount - kept), 0),
        ).where(charges.c.episode_id == episode)
        async with self._engine.connect() as database:
            calls, amount, lost = (await database.execute(totals)).one()
        return Bill(calls, int(amount), int(lost))

    async def spent(self, listener: UUID, day: date) -> int:
        """What a listener's calls of a day (UTC) cost so far, those under way among them."""
        mine = (spending.c.listener_id == listener) & (spending.c.day == day)
        async with self._engine.connect() as database:
            row = await database.execute(sa.select(spending.c.amount).where(mine))
            return int(row.scalar_one_or_none() or 0)

    async def _fit(
        self,
        database: AsyncConnection,
        listener: UUID,
        episode: UUID,
        day: date,
        fit: ChooseAllowance,
    ) -> Allowance | Limit:
        """Holds both rows until the transaction ends."""
        of_episode = await _room_of_episode(database, episode)
        of_day = await self._room_of_day(database, listener, day)
        if fit(of_episode) is None:
            return Limit.CAP
        rooms = [room for room in (of_episode, of_day) if room is not None]
        return fit(min(rooms, default=None)) or Limit.DAY

    async def _room_of_day(
        self, database: AsyncConnection, listener: UUID, day: date
    ) -> int | None:
        new = insert(database, spending).values(listener_id=listener, day=day, amount=0)
        await database.execute(new.on_conflict_do_nothing())
        if self.daily_limit is None:
            return None
        mine = (spending.c.listener_id == listener) & (spending.c.day == day)
        lock = spending.update().where(mine).values(amount=spending.c.amount)
        spent = (await database.execute(lock.returning(spending.c.amount))).scalar_one()
        return self.daily_limit - int(spent)


async def _room_of_episode(database: AsyncConnection, episode: UUID) -> int | None:
    """What the cap leaves; None without one. Writes to the episode's row first: on either database
    whoever comes second waits."""
    lock = episodes.update().where(episodes.c.id == episode).values(cap=episodes.c.cap)
    cap = (await database.execute(lock.returning(episodes.c.cap))).scalar_one_or_none()
    if cap is None:
        return None
    spent: Any = sa.select(sa.func.coalesce(sa.func.sum(charges.c.amount), 0)).where(
        charges.c.episode_id == episode
    )
    return int(cap) - int((await database.execute(spent)).scalar_one())


def _replacement(reservation: Reservation, use: Usage, amount: int, *, kept: bool) -> Settlement:
    """`amount` instead of what the charge says so far: of the listener's day first."""
    values = {"units": dict(use.units), "model": use.model, "amount": amount, "kept": kept}
    charge = charges.update().where(charges.c.id == reservation.id).values(values)
    return _correction(reservation, amount), charge


def _correction(reservation: Reservation, amount: int) -> sa.Update:
    """The day counts `amount` for a call, instead of what its charge says so far. One whose charge went
    with its episode stays counted as it is."""
    charge = sa.select(charges.c.amount).where(charges.c.id == reservation.id).scalar_subquery()
    return _spend(reservation, amount - sa.func.coalesce(charge, amount))


def _spend(reservation: Reservation, amount: Any) -> sa.Update:
    mine = (spending.c.listener_id == reservation.listener) & (spending.c.day == reservation.day)
    return spending.update().where(mine).values(amount=spending.c.amount + amount)
