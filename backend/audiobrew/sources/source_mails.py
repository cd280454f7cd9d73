"""Which mails came from which source, so that a listener can delete them together."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.source_tables import source_mails
from audiobrew.db.tables import mails
from audiobrew.db.upsert import insert

BATCH_SIZE = 200  # mails that one transaction deletes


async def list_linkable(database: AsyncConnection, ids: Sequence[UUID]) -> Sequence[UUID]:
    """Those of these mails that are about to be stored, or that another source brought: not those that the
    listener uploaded."""
    from_sources = sa.exists().where(source_mails.c.mail_id == mails.c.id)
    uploaded = sa.select(mails.c.id).where(mails.c.id.in_(ids), ~from_sources)
    own = set((await database.execute(uploaded)).scalars())
    return [id for id in ids if id not in own]


async def link_mails(database: AsyncConnection, source: UUID, ids: Sequence[UUID]) -> None:
    """Record, in the caller's transaction, that stored mails came from a source."""
    if ids:
        rows = [{"source_id": source, "mail_id": id} for id in ids]
        await database.execute(insert(database, source_mails).on_conflict_do_nothing(), rows)


async def delete_mails(engine: AsyncEngine, source: UUID) -> None:
    """Delete the mails that came from this source and from no other. Can be interrupted and repeated."""
    links = source_mails.alias()
    elsewhere = sa.exists().where(
        links.c.mail_id == source_mails.c.mail_id, links.c.source_id != source
    )
    ids = (
        sa.select(source_mails.c.mail_id)
        .where(source_mails.c.source_id == source, ~elsewhere)
        .limit(BATCH_SIZE)
    )
    deleted = BATCH_SIZE
    while deleted:
        async with engine.begin() as database:
            batch = (await database.execute(ids)).scalars().all()
            await database.execute(mails.delete().where(mails.c.id.in_(batch)))
        deleted = len(batch)
