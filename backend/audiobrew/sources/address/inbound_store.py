"""Which mails providers have delivered over HTTP, so that no request counts twice."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.db.source_tables import inbound_deliveries
from audiobrew.db.upsert import insert

# Longer than any provider's signature is accepted.
REMEMBERED_FOR = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Delivery:
    """`is_over`: it was answered for good. Until then the provider may deliver it again."""

    digest: str
    is_over: bool


class DeliveryStore:
    """Deliveries are known by hashes, and forgotten after some days."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def claim(self, id: str, digest: str) -> Delivery:
        """Remember a delivery, unless it is remembered already. Returns what is remembered."""
        now = datetime.now(UTC)
        table = inbound_deliveries
        row = {"id": id, "digest": digest, "is_over": False, "created_at": now}
        async with self._engine.begin() as database:
            await database.execute(table.delete().where(table.c.created_at < now - REMEMBERED_FOR))
            await database.execute(insert(database, table).values(row).on_conflict_do_nothing())
            remembered = (await database.execute(table.select().where(table.c.id == id))).one()
        return Delivery(remembered.digest, remembered.is_over)

    async def finish(self, id: str) -> None:
        """Remember that a delivery was answered for good."""
        table = inbound_deliveries
        async with self._engine.begin() as database:
            await database.execute(sa.update(table).where(table.c.id == id).values(is_over=True))
