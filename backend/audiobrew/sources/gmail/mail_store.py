"""Which Gmail messages were imported under which label, so that none is fetched twice."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.batches import batched
from audiobrew.db.source_tables import gmail_mails
from audiobrew.db.tables import blocks, mails
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.inbox.coverage import IS_COVERED, IS_NEWSLETTER

SNIPPET_CHARACTERS = 200
SNIPPET_BLOCKS = 5  # enough for a snippet
BATCH_SIZE = 500  # message ids in one query; databases limit the number of parameters

MAX_ATTEMPTS = 2
# Messages that were parsed or given up. A row with fewer attempts is left by a process that died while it
# parsed the message.
IS_FINISHED = sa.or_(gmail_mails.c.attempts.is_(None), gmail_mails.c.attempts >= MAX_ATTEMPTS)


@dataclass(frozen=True, slots=True)
class LabelledMail:
    """`snippet`: the first characters of the blocks that an episode may tell. `in_episode`: a finished
    episode told this mail."""

    id: UUID
    subject: str
    sender: str
    address: str
    received_at: datetime
    newsletter: bool
    snippet: str
    in_episode: bool


class GmailMails:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def unfinished(self, listener: UUID, messages: Sequence[str]) -> Sequence[str]:
        """Those of these messages that are not finished under any label, in the same order."""
        finished: set[str] = set()
        async with self._engine.connect() as database:
            for batch in batched(messages, BATCH_SIZE):
                query = sa.select(gmail_mails.c.message).where(
                    _is_any(listener, batch), IS_FINISHED
                )
                finished |= set((await database.execute(query)).scalars())
        return [message for message in messages if message not in finished]

    async def add(self, listener: UUID, label: str, message: str, mail: UUID | None) -> None:
        """Record a finished message. `mail` is None if it cannot be parsed; it is not fetched again."""
        row = {"mail_id": mail, "attempts": None}
        async with self._engine.begin() as database:
            await database.execute(_upsert(database, listener, label, message, row, row))

    async def begin_attempt(self, listener: UUID, label: str, message: str) -> int:
        """Record, before parsing a message, that an attempt begins. Returns its number, from 1."""
        increment = {"attempts": sa.func.coalesce(gmail_mails.c.attempts, 0) + 1}
        async with self._engine.begin() as database:
            upsert = _upsert(database, listener, label, message, {"attempts": 1}, increment)
            result = await database.execute(upsert.returning(gmail_mails.c.attempts))
            return int(result.scalar_one())

    async def withdraw_attempt(self, listener: UUID, label: str, message: str) -> None:
        """Do not count the last attempt: it failed for a reason other than the mail itself."""
        row = sa.and_(_is_any(listener, [message]), gmail_mails.c.label == label)
        update = gmail_mails.update().where(row, gmail_mails.c.attempts > 0)
        async with self._engine.begin() as database:
            await database.execute(update.values(attempts=gmail_mails.c.attempts - 1))

    async def add_label(self, listener: UUID, label: str, messages: Iterable[str]) -> None:
        """Record that messages, which were imported under another label, carry this one too."""
        async with self._engine.begin() as database:
            for batch in batched(list(messages), BATCH_SIZE):
                query = gmail_mails.select().where(_is_any(listener, batch))
                rows = [
                    row._asdict() | {"label": label}
                    for row in (await database.execute(query)).all()
                ]
                if rows:
                    new = insert(database, gmail_mails).on_conflict_do_nothing()
                    await database.execute(new, rows)

    async def remove_label(self, listener: UUID, label: str, messages: Iterable[str]) -> None:
        """Record that these messages no longer carry the label. Their mails stay."""
        async with self._engine.begin() as database:
            for batch in batched(list(messages), BATCH_SIZE):
                rows = sa.and_(_is_any(listener, batch), gmail_mails.c.label == label)
                await database.execute(gmail_mails.delete().where(rows))

    async def messages_with_label(self, listener: UUID, label: str) -> set[str]:
        query = sa.select(gmail_mails.c.message).where(
            gmail_mails.c.listener_id == listener, gmail_mails.c.label == label
        )
        async with self._engine.connect() as database:
            return set((await database.execute(query)).scalars())

    async def list(
        self, listener: UUID, label: str, limit: int, before: UUID | None
    ) -> Sequence[LabelledMail]:
        """A page, the newest first. `before` is the last id of the previous page; if it does not exist or
        is another listener's, the page is empty."""
        condition: Any = mails.c.id.in_(_mail_ids(listener, label))
        position = sa.tuple_(mails.c.received_at, mails.c.id)
        if before:
            last = sa.select(mails.c.received_at, mails.c.id).where(
                mails.c.id == before, mails.c.listener_id == listener
            )
            condition = sa.and_(condition, position < last.scalar_subquery())
        query = sa.select(
            *(mails.c.id, mails.c.subject, mails.c.sender, mails.c.address, mails.c.received_at),
            IS_NEWSLETTER.label("is_newsletter"),
            IS_COVERED.label("in_episode"),
        ).where(condition)
        newest = query.order_by(mails.c.received_at.desc(), mails.c.id.desc()).limit(limit)
        async with self._engine.connect() as database:
            rows = (await database.execute(newest)).all()
            snippets = await load_snippets(database, [row.id for row in rows])
        return [
            LabelledMail(
                id=row.id,
                subject=row.subject,
                sender=row.sender,
                address=row.address,
                received_at=utc(row.received_at),
                newsletter=row.is_newsletter,
                snippet=snippets.get(row.id, ""),
                in_episode=row.in_episode,
            )
            for row in rows
        ]

    async def count(self, listener: UUID, label: str) -> int:
        """How many of the label's messages could be parsed and were not deleted here."""
        query = sa.select(sa.func.count()).where(mails.c.id.in_(_mail_ids(listener, label)))
        async with self._engine.connect() as database:
            return int((await database.execute(query)).scalar_one())


def _mail_ids(listener: UUID, label: str) -> Any:
    return sa.select(gmail_mails.c.mail_id).where(
        gmail_mails.c.listener_id == listener,
        gmail_mails.c.label == label,
        gmail_mails.c.mail_id.is_not(None),
    )


def _upsert(
    database: AsyncConnection,
    listener: UUID,
    label: str,
    message: str,
    inserts: dict[str, Any],
    updates: dict[str, Any],
) -> Any:
    """Insert the message's row with `inserts`, or update the existing row with `updates`."""
    keys = {"listener_id": listener, "message": message, "label": label}
    return (
        insert(database, gmail_mails)
        .values(keys | inserts)
        .on_conflict_do_update(index_elements=list(keys), set_=updates)
    )


def _is_any(listener: UUID, messages: Collection[str]) -> Any:
    return sa.and_(gmail_mails.c.listener_id == listener, gmail_mails.c.message.in_(messages))


def batches(messages: Sequence[str]) -> Iterable[Sequence[str]]:
    return (messages[start : start + BATCH_SIZE] for start in range(0, len(messages), BATCH_SIZE))


async def load_snippets(database: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The beginning of each mail, from its first uncut blocks only, so that whole newsletters are not
    loaded."""
    position = sa.func.row_number().over(partition_by=blocks.c.mail_id, order_by=blocks.c.number)
    uncut = (
        sa.select(blocks.c.mail_id, blocks.c.text, position.label("position"))
        .where(blocks.c.mail_id.in_(ids), blocks.c.cut.is_(None))
        .subquery()
    )
    first = sa.select(uncut).where(uncut.c.position <= SNIPPET_BLOCKS).order_by(uncut.c.position)
    texts: dict[UUID, str] = {}
    for row in await database.execute(first):
        texts[row.mail_id] = f"{texts.get(row.mail_id, '')} {row.text}".strip()
    return {id: shorten(text) for id, text in texts.items()}


def shorten(text: str) -> str:
    """Cut at the end of a word."""
    if len(text) <= SNIPPET_CHARACTERS:
        return text
    return text[:SNIPPET_CHARACTERS].rsplit(None, 1)[0] + "…"
