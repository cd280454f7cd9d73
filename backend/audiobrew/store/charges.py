"""What an episode's calls cost: reserved before each, told after it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.paying import Use
from audiobrew.store.tables import charges, episodes


@dataclass(frozen=True, slots=True)
class Bill:
    """Millionths of a dollar. `lost` was spent, as far as anybody knows, on answers that never arrived."""

    calls: int
    amount: int
    lost: int


class Charges:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def reserve(self, episode: UUID, key: str, use: Use, amount: int) -> UUID | None:
        """Before a call. None when the episode's cap would be passed.

        Calls side by side take turns at the episode's row, so that they cannot pass the cap together.
        """
        id = uuid4()
        row = {
            "id": id,
            "episode_id": episode,
            "key": key,
            "model": use.model,
            "units": dict(use.units),
            "amount": amount,
            "kept": False,
            "created_at": datetime.now(UTC),
        }
        async with self._engine.begin() as database:
            if not await _affordable(database, episode, amount):
                return None
            await database.execute(charges.insert().values(row))
        return id

    def settled(self, id: UUID, use: Use, amount: int) -> sa.Update:
        """What is written once the answer is finished: what the call really took."""
        told = {"units": dict(use.units), "model": use.model, "amount": amount, "kept": True}
        return charges.update().where(charges.c.id == id).values(told)

    async def lose(self, id: UUID, use: Use, amount: int) -> None:
        """The call was answered, and the answer was of no use."""
        told = {"units": dict(use.units), "amount": amount}
        async with self._engine.begin() as database:
            await database.execute(charges.update().where(charges.c.id == id).values(told))

    async def release(self, id: UUID) -> None:
        """The call was refused, so it cost nothing."""
        async with self._engine.begin() as database:
            await database.execute(charges.delete().where(charges.c.id == id))

    async def bill(self, episode: UUID) -> Bill:
        kept = sa.case((charges.c.kept, charges.c.amount), else_=0)
        asked = sa.select(
            sa.func.count(charges.c.id),
            sa.func.coalesce(sa.func.sum(kept), 0),
            sa.func.coalesce(sa.func.sum(charges.c.amount - kept), 0),
        ).where(charges.c.episode_id == episode)
        async with self._engine.connect() as database:
            calls, amount, lost = (await database.execute(asked)).one()
        return Bill(calls, int(amount), int(lost))


async def _affordable(database: AsyncConnection, episode: UUID, amount: int) -> bool:
    """Writes to the episode's row first: on either database whoever comes second waits."""
    held = episodes.update().where(episodes.c.id == episode).values(cap=episodes.c.cap)
    cap = (await database.execute(held.returning(episodes.c.cap))).scalar_one_or_none()
    if cap is None:
        return True
    spent: Any = sa.select(sa.func.coalesce(sa.func.sum(charges.c.amount), 0)).where(
        charges.c.episode_id == episode
    )
    return bool(int((await database.execute(spent)).scalar_one()) + amount <= cap)
