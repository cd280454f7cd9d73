"""Store and query the mails and blocks of each listener."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import lock_listener
from audiobrew.db.tables import blocks, mails
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.inbox import copies
from audiobrew.inbox.coverage import (
    IS_NEW,
    IS_NEWSLETTER,
    PRECEDENCE,
    list_repeats,
    reset_omissions,
)
from audiobrew.inbox.rules import (
    ListenerRule,
    RuleKind,
    add_block_rules,
    apply_rules,
    choose_kind,
    comes_first,
    find_mark,
    list_rules,
    mark_restored,
    mark_sender,
)
from audiobrew.mail.fingerprint import Fingerprint, normalize_subject
from audiobrew.mail.mail import (
    InboxFull,
    MailCopy,
    MailNotFound,
    MailSize,
    NoSuchBlock,
    StoredMail,
)
from audiobrew.mail.newsletter import Block, BlockKind, BlockRole, Cut, Link, Newsletter
from audiobrew.script.earlier_episodes import EarlierSentence
from audiobrew.search.index import index_mail

# All columns except the fingerprint, which is large.
MAIL_COLUMNS = [column for column in mails.c if column is not mails.c.fingerprint]
# Not joined and grouped: that would read the blocks of the whole inbox to list a page of it.
BLOCK_COUNT = (
    sa.select(sa.func.count())
    .where(blocks.c.mail_id == mails.c.id)
    .correlate(mails)
    .scalar_subquery()
)
MAILS_WITH_COUNTS = sa.select(
    *MAIL_COLUMNS, IS_NEW.label("is_new"), BLOCK_COUNT.label("block_count")
)
# The columns of `MailSize`, which need no blocks.
MAIL_SIZES = sa.select(
    mails.c.id,
    mails.c.language,
    IS_NEWSLETTER.label("bulk"),
    mails.c.told_blocks,
    mails.c.told_characters,
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

        Newsletters from the same bytes are one mail. The listener's rules decide about blocks and senders.
        Raises InboxFull, and SignInNeeded if the account was deleted.
        """
        prepared = await self.prepare(listener, newsletters)
        async with self._engine.begin() as database:
            await self.insert(database, listener, prepared)
        ids = [mail.id for mail in prepared]
        stored = {mail.id: mail for mail in await self._list_where(mails.c.id.in_(ids))}
        return [stored[id] for id in ids if id in stored]  # another request may have deleted some

    async def prepare(
        self, listener: UUID, newsletters: Iterable[Newsletter]
    ) -> Sequence["PreparedMail"]:
        """The newsletters as `insert` takes them: with the rules for blocks applied, and each once."""
        by_id = {mail_id(listener, newsletter.digest): newsletter for newsletter in newsletters}
        async with self._engine.connect() as database:
            rules = await list_rules(database, listener)
        return await to_thread.run_sync(prepare_mails, by_id, rules)

    async def insert(
        self, database: AsyncConnection, listener: UUID, prepared: Iterable["PreparedMail"]
    ) -> int:
        """Store those that are new, in the caller's transaction. Returns how many were new.

        Raises InboxFull, and SignInNeeded if the account was deleted.
        """
        # The lock makes concurrent calls wait, so that the check below counts their mails, too, and no
        # sender is marked meanwhile.
        await lock_listener(database, listener)
        rules = await list_rules(database, listener)
        insertions = [
            await _insert(database, listener, mail, find_mark(mail.newsletter, rules))
            for mail in prepared
        ]
        if any(insertions):
            await self._check_room(database, listener)
        return sum(insertions)

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
        self,
        listener: UUID,
        id: UUID,
        restore: Sequence[str],
        cut: Sequence[str],
        *,
        remember: bool = True,
        is_newsletter: bool | None = None,
        is_first: bool | None = None,
    ) -> StoredMail:
        """Restore some blocks, cut others and mark the sender: all of it or nothing.

        `remember` makes rules for later issues of the newsletter. `is_newsletter` marks its sender, unless it
        is None. `is_first` says whether its newsletters come first in every episode; they are newsletters
        then. Raises MailNotFound, NoSuchBlock and TooManyRules.
        """
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            mail = await _read_mail(database, listener, id, [*restore, *cut])
            for block_ids, value in ((set(restore), None), (set(cut), Cut.LISTENER)):
                update = (
                    blocks.update()
                    .where(blocks.c.mail_id == id, blocks.c.id.in_(block_ids))
                    .values(cut=value)
                )
                if (await database.execute(update)).rowcount != len(block_ids):
                    raise NoSuchBlock
            if remember:
                decisions = dict.fromkeys(restore, RuleKind.TELL) | dict.fromkeys(cut, RuleKind.CUT)
                await add_block_rules(database, listener, mail, decisions)
            rules = await list_rules(database, listener)
            if kind := choose_kind(mail, rules, is_newsletter=is_newsletter, is_first=is_first):
                await mark_sender(database, listener, mail, kind)
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

    async def list_always_first(
        self, listener: UUID, newsletters: Iterable[Newsletter]
    ) -> tuple[str, ...]:
        """The digests of those newsletters that the listener wants first in every episode."""
        async with self._engine.connect() as database:
            rules = await list_rules(database, listener)
        return tuple(sorted(one.digest for one in newsletters if comes_first(one, rules)))

    async def get_sizes(self, listener: UUID, ids: Sequence[UUID]) -> Sequence[MailSize]:
        """Sizes in the order of the ids. Unknown ids are left out."""
        query = MAIL_SIZES.where(mails.c.listener_id == listener, mails.c.id.in_(ids))
        async with self._engine.connect() as database:
            by_id = {row.id: MailSize(*row) for row in await database.execute(query)}
        return [by_id[id] for id in ids if id in by_id]

    async def add_missing_fingerprints(self) -> None:
        """A background job; see `copies.add_missing_fingerprints`."""
        await copies.add_missing_fingerprints(self._engine)

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
            copies_by_mail = await copies.list_copies(database, rows)
        return [
            _stored_mail(
                row, (), (row.told_blocks, row.block_count - row.told_blocks), copies_by_mail
            )
            for row in rows
        ]

    async def list_repeats(
        self, listener: UUID, ids: Collection[UUID]
    ) -> Mapping[UUID, EarlierSentence]:
        """Where episodes told these mails first; see `coverage.list_repeats`."""
        async with self._engine.connect() as database:
            return await list_repeats(database, listener, ids)

    async def _read_with_blocks(self, listener: UUID, ids: Sequence[UUID]) -> Sequence[StoredMail]:
        mail_query = sa.select(*MAIL_COLUMNS, IS_NEW.label("is_new")).where(
            mails.c.listener_id == listener, mails.c.id.in_(ids)
        )
        async with self._engine.connect() as database:
            rows = (await database.execute(mail_query)).all()
            copies_by_mail = await copies.list_copies(database, rows)
            rules = await list_rules(database, listener)
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
            counts = (uncut_count, cut_count)
            mail = _stored_mail(row, mail_blocks, counts, copies_by_mail)
            stored.append(replace(mail, newsletter=mark_restored(mail.newsletter, rules)))
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


@dataclass(frozen=True, slots=True)
class PreparedMail:
    """A mail to insert, with the listener's rules for blocks applied."""

    id: UUID
    newsletter: Newsletter
    fingerprint: bytes


def prepare_mails(
    newsletters: Mapping[UUID, Newsletter], rules: Sequence[ListenerRule]
) -> list[PreparedMail]:
    """Apply the rules and compute the fingerprints. Takes long for large mails: call it in a thread."""
    normalize_subject("")  # the first call reads the files of all languages
    return [
        PreparedMail(
            id,
            apply_rules(newsletter, rules),
            # Of what all listeners would hear, so that a rule does not keep copies from being recognized.
            Fingerprint.of(block.text for block in newsletter.uncut_blocks).to_bytes(),
        )
        for id, newsletter in newsletters.items()
    ]


async def _insert(
    database: AsyncConnection, listener: UUID, mail: PreparedMail, marked: bool | None
) -> bool:
    """Insert a mail with its blocks. `marked` is as in `StoredMail`. Returns False if it is stored."""
    id, newsletter = mail.id, mail.newsletter
    columns = ("digest", "key", "sender", "address", "subject", "language", "bulk")
    row = {name: getattr(newsletter, name) for name in columns}
    row |= {"fingerprint": mail.fingerprint, "marked": marked}
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
        await copies.join_copies(database, listener, id)
        await index_mail(database, listener, id, newsletter.subject, newsletter.sender)
    return inserted_id is not None


async def _read_mail(
    database: AsyncConnection, listener: UUID, id: UUID, block_ids: Sequence[str]
) -> Newsletter:
    """A mail with only these of its blocks. Raises MailNotFound."""
    own = sa.and_(mails.c.id == id, mails.c.listener_id == listener)
    row = (await database.execute(sa.select(*MAIL_COLUMNS).where(own))).one_or_none()
    if row is None:
        raise MailNotFound
    query = blocks.select().where(blocks.c.mail_id == id, blocks.c.id.in_(block_ids))
    return _newsletter(row, tuple(map(_block, await database.execute(query))))


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
        "doubt": block.doubt or None,
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
        doubt=row.doubt or 0.0,
    )


def _stored_mail(
    row: Any,
    mail_blocks: tuple[Block, ...],
    counts: tuple[int, int],
    copies_by_mail: Mapping[UUID, tuple[MailCopy, ...]],
) -> StoredMail:
    uncut_count, cut_count = counts
    return StoredMail(
        row.id,
        _newsletter(row, mail_blocks),
        uncut_count,
        cut_count,
        row.is_new,
        row.marked,
        copies_by_mail.get(row.id, ()),
    )


def _newsletter(row: Any, mail_blocks: tuple[Block, ...]) -> Newsletter:
    return Newsletter(
        digest=row.digest,
        key=row.key,
        sender=row.sender,
        address=row.address,
        subject=row.subject,
        language=row.language,
        received_at=utc(row.received_at),
        bulk=row.bulk if row.marked is None else row.marked,
        blocks=mail_blocks,
    )
