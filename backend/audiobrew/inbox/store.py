"""Store and query the mails and blocks of each listener."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.tables import blocks, listeners, mails
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.inbox.coverage import IS_NEW, PRECEDENCE, reset_omissions
from audiobrew.mail.mail import InboxFull, MailNotFound, MailSize, NoSuchBlock, StoredMail
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Cut, Link, Newsletter

UNCUT_COUNT = sa.func.coalesce(sa.func.sum(sa.case((blocks.c.cut.is_(None), 1), else_=0)), 0)
MAILS_WITH_COUNTS = (
    sa.select(
        mails,
        IS_NEW.label("is_new"),
        UNCUT_COUNT.label("uncut_count"),
        (sa.func.count(blocks.c.id) - UNCUT_COUNT).label("cut_count"),
    )
    .join_from(mails, blocks, isouter=True)
    .group_by(mails.c.id)
)
# The columns of `MailSize`, which need no blocks.
MAIL_SIZES = sa.select(
    mails.c.id, mails.c.language, mails.c.bulk, mails.c.told_blocks, mails.c.told_characters
)

# Blocks, and characters of their text and links, that one statement inserts. Other requests are served
# between the statements.
INSERT_BATCH = 200
INSERT_CHARACTERS = 200_000
# Blocks that one query reads, and rows fetched at a time, for the same reason. A mail with more blocks is a
# batch of its own.
READ_BATCH = 2000
ROWS_PER_FETCH = 500
# A row can have another role after a later version was rolled back.
KNOWN_ROLES = frozenset(BlockRole)


class MailStore:
    """Every method touches the listener's own mails only.

    `max_mails` and `max_characters` limit what one listener may store.
    """

    def __init__(
        self, engine: AsyncEngine, max_mails: int = 20_000, max_characters: int = 500 * 2**20
    ) -> None:
        self._engine = engine
        self.max_mails, self.max_characters = max_mails, max_characters

    async def add(self, listener: UUID, newsletters: Iterable[Newsletter]) -> Sequence[StoredMail]:
        """Store the newsletters that are new, and return all of them without blocks, in the same order.

        Newsletters from the same bytes are one mail. Raises InboxFull.
        """
        by_id = {mail_id(listener, newsletter.digest): newsletter for newsletter in newsletters}
        async with self._engine.begin() as database:
            # The lock makes concurrent calls wait, so that the check below counts their mails, too.
            lock = sa.select(listeners.c.id).where(listeners.c.id == listener).with_for_update()
            await database.execute(lock)
            insertions = [await _insert(database, listener, *item) for item in by_id.items()]
            if any(insertions):
                await self._check_room(database, listener)
        stored = {mail.id: mail for mail in await self._list_where(mails.c.id.in_(by_id))}
        return [stored[id] for id in by_id if id in stored]  # another request may have deleted some

    async def list(self, listener: UUID, limit: int, before: UUID | None) -> Sequence[StoredMail]:
        """Mails without blocks, newest first.

        `before` is the last id of the previous page. If it is unknown, the result is empty.
        """
        condition = mails.c.listener_id == listener
        if before:
            position = sa.tuple_(mails.c.received_at, mails.c.id)
            last_position = sa.select(mails.c.received_at, mails.c.id).where(
                mails.c.id == before, mails.c.listener_id == listener
            )
            condition = sa.and_(condition, position < last_position.scalar_subquery())
        return await self._list_where(condition, limit)

    async def get(self, listener: UUID, id: UUID) -> StoredMail:
        """One mail with its blocks. Raises MailNotFound."""
        matches = await self._read_with_blocks(listener, [id])
        if not matches:
            raise MailNotFound
        return matches[0]

    async def change(
        self, listener: UUID, id: UUID, restore: Sequence[str], cut: Sequence[str]
    ) -> StoredMail:
        """Restore some blocks and cut others, all of them or none.

        Raises MailNotFound and NoSuchBlock.
        """
        async with self._engine.begin() as database:
            own_mail = sa.select(mails.c.id).where(
                mails.c.id == id, mails.c.listener_id == listener
            )
            if (await database.execute(own_mail)).one_or_none() is None:
                raise MailNotFound
            for block_ids, value in ((set(restore), None), (set(cut), Cut.LISTENER)):
                update = (
                    blocks.update()
                    .where(blocks.c.mail_id == id, blocks.c.id.in_(block_ids))
                    .values(cut=value)
                )
                if (await database.execute(update)).rowcount != len(block_ids):
                    raise NoSuchBlock
            await reset_omissions(database, id)
            await database.execute(_update_size(id))
        return await self.get(listener, id)

    async def delete(self, listener: UUID, id: UUID) -> None:
        """Delete a mail. Episodes keep the sources that they cite. Raises MailNotFound."""
        statement = mails.delete().where(mails.c.id == id, mails.c.listener_id == listener)
        async with self._engine.begin() as database:
            if not (await database.execute(statement)).rowcount:
                raise MailNotFound

    async def get_many(self, listener: UUID, ids: Sequence[UUID]) -> Sequence[StoredMail]:
        """Mails with their blocks, in the order of the ids. Unknown ids are left out."""
        by_id = {mail.id: mail for mail in await self._read_with_blocks(listener, ids)}
        return [by_id[id] for id in ids if id in by_id]

    async def list_new_sizes(self, listener: UUID) -> Sequence[MailSize]:
        """Newsletters that no finished episode has covered, in the order in which to cover them."""
        query = MAIL_SIZES.where(mails.c.listener_id == listener, IS_NEW).order_by(*PRECEDENCE)
        async with self._engine.connect() as database:
            return [MailSize(*row) for row in await database.execute(query)]

    async def get_sizes(self, listener: UUID, ids: Sequence[UUID]) -> Sequence[MailSize]:
        """Sizes in the order of the ids. Unknown ids are left out."""
        query = MAIL_SIZES.where(mails.c.listener_id == listener, mails.c.id.in_(ids))
        async with self._engine.connect() as database:
            by_id = {row.id: MailSize(*row) for row in await database.execute(query)}
        return [by_id[id] for id in ids if id in by_id]

    async def _check_room(self, database: AsyncConnection, listener: UUID) -> None:
        """Raises InboxFull."""
        totals = sa.select(sa.func.count(), sa.func.sum(mails.c.characters)).where(
            mails.c.listener_id == listener
        )
        count, characters = (await database.execute(totals)).one()
        if count > self.max_mails or characters > self.max_characters:
            raise InboxFull(
                f"Your inbox is full: it holds up to {self.max_mails:,} mails and"
                f" {self.max_characters / 2**20:.0f} MB of text. Delete mails that you no longer"
                " need, then try again."
            )

    async def _list_where(self, condition: Any, limit: int | None = None) -> Sequence[StoredMail]:
        query = (
            MAILS_WITH_COUNTS.where(condition)
            .order_by(mails.c.received_at.desc(), mails.c.id.desc())
            .limit(limit)
        )
        async with self._engine.connect() as database:
            rows = (await database.execute(query)).all()
        return [_stored_mail(row, (), row.uncut_count, row.cut_count) for row in rows]

    async def _read_with_blocks(self, listener: UUID, ids: Sequence[UUID]) -> Sequence[StoredMail]:
        mail_query = sa.select(mails, IS_NEW.label("is_new")).where(
            mails.c.listener_id == listener, mails.c.id.in_(ids)
        )
        async with self._engine.connect() as database:
            rows = (await database.execute(mail_query)).all()
            blocks_by_mail: dict[UUID, list[Block]] = {row.id: [] for row in rows}
            for batch in await split_batches(database, list(blocks_by_mail)):
                block_query = (
                    blocks.select()
                    .where(blocks.c.mail_id.in_(batch))
                    .order_by(blocks.c.mail_id, blocks.c.number)
                )
                result = await database.stream(block_query)
                async for rows_of_blocks in result.partitions(ROWS_PER_FETCH):
                    for row in rows_of_blocks:
                        blocks_by_mail[row.mail_id].append(_block(row))
        stored = []
        for row in rows:
            mail_blocks = tuple(blocks_by_mail[row.id])
            uncut_count = sum(block.cut is None for block in mail_blocks)
            cut_count = len(mail_blocks) - uncut_count
            stored.append(_stored_mail(row, mail_blocks, uncut_count, cut_count))
        return stored


def mail_id(listener: UUID, digest: str) -> UUID:
    """Equal for equal bytes of one listener, different for different listeners."""
    return uuid5(listener, digest)


async def split_batches(database: AsyncConnection, ids: Sequence[UUID]) -> list[list[UUID]]:
    """Group mails so that each group has about `READ_BATCH` blocks.

    An inbox may hold millions of blocks.
    """
    query = (
        sa.select(blocks.c.mail_id, sa.func.count())
        .where(blocks.c.mail_id.in_(ids))
        .group_by(blocks.c.mail_id)
    )
    batches: list[list[UUID]] = [[]]
    size = 0
    for mail, count in (await database.execute(query)).all():
        if batches[-1] and size + count > READ_BATCH:
            batches.append([])
            size = 0
        batches[-1].append(mail)
        size += count
    return [batch for batch in batches if batch]


async def _insert(
    database: AsyncConnection, listener: UUID, id: UUID, newsletter: Newsletter
) -> bool:
    """Insert a mail with its blocks. Returns False if it is stored already."""
    columns = ("digest", "key", "sender", "address", "subject", "language", "bulk")
    row = {name: getattr(newsletter, name) for name in columns}
    times = {"received_at": utc(newsletter.received_at), "created_at": datetime.now(UTC)}
    size = {
        "told_blocks": len(newsletter.uncut_blocks),
        "told_characters": sum(len(block.text) for block in newsletter.uncut_blocks),
        "characters": sum(len(block.text) for block in newsletter.blocks),
    }
    statement = (
        insert(database, mails)
        .values(row | size | times | {"id": id, "listener_id": listener})
        .on_conflict_do_nothing()
        .returning(mails.c.id)
    )
    inserted_id = (await database.execute(statement)).scalar_one_or_none()
    if inserted_id:
        rows, characters = list[dict[str, Any]](), 0
        for number, block in enumerate(newsletter.blocks):
            rows.append(_block_row(id, number, block))
            characters += len(block.text)
            characters += sum(len(link.text) + len(link.url) for link in block.links)
            if len(rows) == INSERT_BATCH or characters > INSERT_CHARACTERS:
                await database.execute(blocks.insert(), rows)
                rows, characters = [], 0
        if rows:
            await database.execute(blocks.insert(), rows)
    return inserted_id is not None


def _update_size(mail: UUID) -> Any:
    """The statement that counts a mail's blocks and characters again."""

    def aggregate(expression: Any) -> Any:
        query = sa.select(expression).where(blocks.c.mail_id == mail, blocks.c.cut.is_(None))
        return sa.func.coalesce(query.scalar_subquery(), 0)

    return (
        mails.update()
        .where(mails.c.id == mail)
        .values(
            told_blocks=aggregate(sa.func.count()),
            told_characters=aggregate(sa.func.sum(sa.func.length(blocks.c.text))),
        )
    )


def _block_row(mail: UUID, number: int, block: Block) -> dict[str, Any]:
    return {
        "mail_id": mail,
        "number": number,
        "id": block.id,
        "kind": block.kind,
        "level": block.level or None,
        "role": block.role,
        "text": block.text,
        "links": [{"text": link.text, "url": link.url} for link in block.links],
        "cut": block.cut,
    }


def _block(row: Any) -> Block:
    links = tuple(Link(link["text"], link["url"]) for link in row.links)
    return Block(
        row.id,
        BlockKind(row.kind),
        row.text,
        links,
        Cut(row.cut) if row.cut else None,
        row.level or 0,
        BlockRole(row.role) if row.role in KNOWN_ROLES else None,
    )


def _stored_mail(
    row: Any, mail_blocks: tuple[Block, ...], uncut_count: int, cut_count: int
) -> StoredMail:
    newsletter = Newsletter(
        digest=row.digest,
        key=row.key,
        sender=row.sender,
        address=row.address,
        subject=row.subject,
        language=row.language,
        received_at=utc(row.received_at),
        bulk=row.bulk,
        blocks=mail_blocks,
    )
    return StoredMail(row.id, newsletter, uncut_count, cut_count, row.is_new)
