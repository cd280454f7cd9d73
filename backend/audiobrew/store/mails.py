"""Mails and their blocks, each listener's own."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.inbox.mail import InboxFull, KeptMail, MailNotFound, MailSize, NoSuchBlock
from audiobrew.inbox.newsletter import Block, BlockKind, Cut, Link, Newsletter
from audiobrew.store.coverage import IS_NEW, PRECEDENCE, give_another_chance
from audiobrew.store.dialect import insert
from audiobrew.store.moment import utc
from audiobrew.store.tables import blocks, listeners, mails

TOLD = sa.func.coalesce(sa.func.sum(sa.case((blocks.c.cut.is_(None), 1), else_=0)), 0)
COUNTED = (
    sa.select(
        mails,
        IS_NEW.label("is_new"),
        TOLD.label("told"),
        (sa.func.count(blocks.c.id) - TOLD).label("cut"),
    )
    .join_from(mails, blocks, isouter=True)
    .group_by(mails.c.id)
)
# How much there is to tell, without reading it.
SIZES = sa.select(
    mails.c.id, mails.c.language, mails.c.bulk, mails.c.told_blocks, mails.c.told_characters
)

# Blocks, and characters of their text and links, that one statement writes. Between statements other
# requests are answered.
AT_ONCE = 200
CHARACTERS_AT_ONCE = 200_000
# Blocks that one query reads, and that are fetched at a time, for the same reason. A mail with more blocks is
# read by a query of its own.
READ_AT_ONCE = 2000
ROWS_AT_ONCE = 500


class Mails:
    """`most` and `most_characters`: what one listener may keep."""

    def __init__(
        self, engine: AsyncEngine, most: int = 20_000, most_characters: int = 500 * 2**20
    ) -> None:
        self._engine = engine
        self.most, self.most_characters = most, most_characters

    async def add(self, listener: UUID, newsletters: Iterable[Newsletter]) -> Sequence[KeptMail]:
        """Keep what is new; the same bytes twice are one mail. In the order given. Raises InboxFull."""
        chosen = {mail_id(listener, newsletter.digest): newsletter for newsletter in newsletters}
        async with self._engine.begin() as database:
            # Whoever adds at the same time waits here, so that the check below sees both.
            one = sa.select(listeners.c.id).where(listeners.c.id == listener)
            await database.execute(one.with_for_update())
            added = [await _insert(database, listener, *one) for one in chosen.items()]
            if any(added):
                await self._check_room(database, listener)
        kept = {mail.id: mail for mail in await self._counted(mails.c.id.in_(chosen))}
        return [kept[id] for id in chosen if id in kept]  # some may be deleted again meanwhile

    async def list(self, listener: UUID, limit: int, before: UUID | None) -> Sequence[KeptMail]:
        """Newest first; `before` is the last id seen, and one that is gone or foreign lists nothing."""
        chosen = mails.c.listener_id == listener
        if before:
            place = sa.tuple_(mails.c.received_at, mails.c.id)
            seen = sa.select(mails.c.received_at, mails.c.id).where(
                mails.c.id == before, mails.c.listener_id == listener
            )
            chosen = sa.and_(chosen, place < seen.scalar_subquery())
        return await self._counted(chosen, limit)

    async def get(self, listener: UUID, id: UUID) -> KeptMail:
        """With its blocks. Raises MailNotFound."""
        found = await self._whole(listener, [id])
        if not found:
            raise MailNotFound
        return found[0]

    async def change(
        self, listener: UUID, id: UUID, restore: Sequence[str], cut: Sequence[str]
    ) -> KeptMail:
        """Tell some blocks again, cut others. All of it or nothing. Raises MailNotFound, NoSuchBlock."""
        async with self._engine.begin() as database:
            await _own(database, listener, id)
            for chosen, value in ((restore, None), (cut, Cut.LISTENER)):
                await _cut(database, id, set(chosen), value)
            await give_another_chance(database, id)
            await database.execute(_measured(id))
        return await self.get(listener, id)

    async def delete(self, listener: UUID, id: UUID) -> None:
        """Episodes keep the sources that they cite. Raises MailNotFound."""
        own = mails.delete().where(mails.c.id == id, mails.c.listener_id == listener)
        async with self._engine.begin() as database:
            if not (await database.execute(own)).rowcount:
                raise MailNotFound

    async def newsletters(self, listener: UUID, ids: Sequence[UUID]) -> Sequence[KeptMail]:
        """With their blocks, in the order asked; what is gone or foreign is left out."""
        found = {mail.id: mail for mail in await self._whole(listener, ids)}
        return [found[id] for id in ids if id in found]

    async def untold(self, listener: UUID) -> Sequence[MailSize]:
        """Newsletters that no finished episode has told yet, in the order in which to tell them."""
        own = SIZES.where(mails.c.listener_id == listener, IS_NEW).order_by(*PRECEDENCE)
        async with self._engine.connect() as database:
            return [MailSize(*row) for row in await database.execute(own)]

    async def sizes(self, listener: UUID, ids: Sequence[UUID]) -> Sequence[MailSize]:
        """In the order of the ids; what is gone or foreign is left out."""
        own = SIZES.where(mails.c.listener_id == listener, mails.c.id.in_(ids))
        async with self._engine.connect() as database:
            found = {row.id: MailSize(*row) for row in await database.execute(own)}
        return [found[id] for id in ids if id in found]

    async def _check_room(self, database: AsyncConnection, listener: UUID) -> None:
        held = sa.select(sa.func.count(), sa.func.sum(mails.c.characters)).where(
            mails.c.listener_id == listener
        )
        count, characters = (await database.execute(held)).one()
        if count > self.most or characters > self.most_characters:
            raise InboxFull(
                f"Your inbox is full: it holds up to {self.most:,} mails and"
                f" {self.most_characters / 2**20:.0f} MB of text. Delete mails that you no longer"
                " need, then try again."
            )

    async def _counted(self, chosen: Any, limit: int | None = None) -> Sequence[KeptMail]:
        query = (
            COUNTED.where(chosen)
            .order_by(mails.c.received_at.desc(), mails.c.id.desc())
            .limit(limit)
        )
        async with self._engine.connect() as database:
            return [_mail(row, (), row.told, row.cut) for row in await database.execute(query)]

    async def _whole(self, listener: UUID, ids: Sequence[UUID]) -> Sequence[KeptMail]:
        own = sa.select(mails, IS_NEW.label("is_new")).where(
            mails.c.listener_id == listener, mails.c.id.in_(ids)
        )
        async with self._engine.connect() as database:
            rows = (await database.execute(own)).all()
            parts: dict[UUID, list[Block]] = {row.id: [] for row in rows}
            for some in await _in_batches(database, list(parts)):
                theirs = (
                    blocks.select()
                    .where(blocks.c.mail_id.in_(some))
                    .order_by(blocks.c.mail_id, blocks.c.number)
                )
                found = await database.stream(theirs)
                async for rows_at_once in found.partitions(ROWS_AT_ONCE):
                    for block in rows_at_once:
                        parts[block.mail_id].append(_block(block))
        return [_with_blocks(row, tuple(parts[row.id])) for row in rows]


async def _in_batches(database: AsyncConnection, ids: Sequence[UUID]) -> list[list[UUID]]:
    """The mails in groups of about `READ_AT_ONCE` blocks: one listener's inbox may hold millions."""
    counted = (
        sa.select(blocks.c.mail_id, sa.func.count())
        .where(blocks.c.mail_id.in_(ids))
        .group_by(blocks.c.mail_id)
    )
    batches: list[list[UUID]] = [[]]
    size = 0
    for mail, count in (await database.execute(counted)).all():
        if batches[-1] and size + count > READ_AT_ONCE:
            batches.append([])
            size = 0
        batches[-1].append(mail)
        size += count
    return [batch for batch in batches if batch]


def mail_id(listener: UUID, digest: str) -> UUID:
    """The same for the same bytes, and never the same for two listeners."""
    return uuid5(listener, digest)


async def _insert(
    database: AsyncConnection, listener: UUID, id: UUID, newsletter: Newsletter
) -> bool:
    """Whether it is new."""
    names = ("digest", "key", "sender", "address", "subject", "language", "bulk")
    row = {name: getattr(newsletter, name) for name in names}
    times = {"received_at": utc(newsletter.received_at), "created_at": datetime.now(UTC)}
    size = {
        "told_blocks": len(newsletter.told),
        "told_characters": sum(len(block.text) for block in newsletter.told),
        "characters": sum(len(block.text) for block in newsletter.blocks),
    }
    new = insert(database, mails).values(row | size | times | {"id": id, "listener_id": listener})
    asked = new.on_conflict_do_nothing().returning(mails.c.id)
    added = (await database.execute(asked)).scalar_one_or_none()
    if added:
        rows, characters = list[dict[str, Any]](), 0
        for number, block in enumerate(newsletter.blocks):
            rows.append(_row(id, number, block))
            characters += len(block.text)
            characters += sum(len(link.text) + len(link.url) for link in block.links)
            if len(rows) == AT_ONCE or characters > CHARACTERS_AT_ONCE:
                await database.execute(blocks.insert(), rows)
                rows, characters = [], 0
        if rows:
            await database.execute(blocks.insert(), rows)
    return added is not None


def _measured(mail: UUID) -> Any:
    """A mail's size, counted anew."""

    def over(what: Any, *chosen: Any) -> Any:
        counted = sa.select(what).where(blocks.c.mail_id == mail, *chosen)
        return sa.func.coalesce(counted.scalar_subquery(), 0)

    told = blocks.c.cut.is_(None)
    return (
        mails.update()
        .where(mails.c.id == mail)
        .values(
            told_blocks=over(sa.func.count(), told),
            told_characters=over(sa.func.sum(sa.func.length(blocks.c.text)), told),
        )
    )


def _row(mail: UUID, number: int, block: Block) -> dict[str, Any]:
    return {
        "mail_id": mail,
        "number": number,
        "id": block.id,
        "kind": block.kind,
        "text": block.text,
        "links": [{"text": link.text, "url": link.url} for link in block.links],
        "cut": block.cut,
    }


async def _own(database: AsyncConnection, listener: UUID, id: UUID) -> None:
    own = sa.select(mails.c.id).where(mails.c.id == id, mails.c.listener_id == listener)
    if (await database.execute(own)).one_or_none() is None:
        raise MailNotFound


async def _cut(database: AsyncConnection, mail: UUID, ids: set[str], cut: Cut | None) -> None:
    chosen = blocks.update().where(blocks.c.mail_id == mail, blocks.c.id.in_(ids)).values(cut=cut)
    if (await database.execute(chosen)).rowcount != len(ids):
        raise NoSuchBlock


def _with_blocks(row: Any, parts: tuple[Block, ...]) -> KeptMail:
    told = sum(block.cut is None for block in parts)
    return _mail(row, parts, told, len(parts) - told)


def _mail(row: Any, parts: tuple[Block, ...], told: int, cut: int) -> KeptMail:
    newsletter = Newsletter(
        digest=row.digest,
        key=row.key,
        sender=row.sender,
        address=row.address,
        subject=row.subject,
        language=row.language,
        received_at=utc(row.received_at),
        bulk=row.bulk,
        blocks=parts,
    )
    return KeptMail(row.id, newsletter, told, cut, row.is_new)


def _block(row: Any) -> Block:
    links = tuple(Link(link["text"], link["url"]) for link in row.links)
    return Block(row.id, BlockKind(row.kind), row.text, links, Cut(row.cut) if row.cut else None)
