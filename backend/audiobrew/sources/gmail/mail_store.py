"""Which of Gmail's messages were read under which label, so that none is fetched twice."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.tables import blocks, gmail_mails, mails
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.inbox.coverage import IS_TOLD

SNIPPET = 200
FIRST_BLOCKS = 5
"""So many told blocks are enough for a snippet."""
AT_ONCE = 500
"""So many message ids go into one question: databases limit them."""

MOST_ATTEMPTS = 2
READ = sa.or_(gmail_mails.c.attempts.is_(None), gmail_mails.c.attempts >= MOST_ATTEMPTS)
"""Read to the end, or given up. A row with fewer attempts was left by a process that died in one."""


@dataclass(frozen=True, slots=True)
class LabelledMail:
    """`snippet`: the first characters of what is told. `told`: a finished episode told this mail."""

    id: UUID
    subject: str
    sender: str
    address: str
    received_at: datetime
    newsletter: bool
    snippet: str
    told: bool


class GmailMails:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def unknown(self, listener: UUID, messages: Sequence[str]) -> Sequence[str]:
        """Those that were never read to the end, under whichever label; in the order given."""
        known: set[str] = set()
        async with self._engine.connect() as database:
            for some in _parts(messages):
                asked = sa.select(gmail_mails.c.message).where(_of(listener, some), READ)
                known |= set((await database.execute(asked)).scalars())
        return [message for message in messages if message not in known]

    async def add(self, listener: UUID, label: str, message: str, mail: UUID | None) -> None:
        """`mail` is None for a message that cannot be read: it is not asked for again."""
        row = {"mail_id": mail, "attempts": None}
        async with self._engine.begin() as database:
            await database.execute(_merge(database, listener, label, message, row, row))

    async def begin(self, listener: UUID, label: str, message: str) -> int:
        """Write down that the message is about to be parsed; which attempt this is."""
        more = {"attempts": sa.func.coalesce(gmail_mails.c.attempts, 0) + 1}
        async with self._engine.begin() as database:
            begun = _merge(database, listener, label, message, {"attempts": 1}, more)
            found = await database.execute(begun.returning(gmail_mails.c.attempts))
            return int(found.scalar_one())

    async def withdraw(self, listener: UUID, label: str, message: str) -> None:
        """The last attempt ended in order, and not by the mail's fault."""
        one = sa.and_(_of(listener, [message]), gmail_mails.c.label == label)
        begun = gmail_mails.update().where(one, gmail_mails.c.attempts > 0)
        async with self._engine.begin() as database:
            await database.execute(begun.values(attempts=gmail_mails.c.attempts - 1))

    async def relabel(self, listener: UUID, label: str, messages: Iterable[str]) -> None:
        """Messages that were read under another label are this one's too."""
        async with self._engine.begin() as database:
            for some in _parts(list(messages)):
                known = (
                    await database.execute(gmail_mails.select().where(_of(listener, some)))
                ).all()
                if known:
                    rows = [row._asdict() | {"label": label} for row in known]
                    new = insert(database, gmail_mails).on_conflict_do_nothing()
                    await database.execute(new, rows)

    async def leave(self, listener: UUID, label: str, messages: Iterable[str]) -> None:
        """These messages no longer carry the label; their mails stay."""
        async with self._engine.begin() as database:
            for some in _parts(list(messages)):
                gone = sa.and_(_of(listener, some), gmail_mails.c.label == label)
                await database.execute(gmail_mails.delete().where(gone))

    async def labelled(self, listener: UUID, label: str) -> set[str]:
        """The messages known to carry the label."""
        asked = sa.select(gmail_mails.c.message).where(
            gmail_mails.c.listener_id == listener, gmail_mails.c.label == label
        )
        async with self._engine.connect() as database:
            return set((await database.execute(asked)).scalars())

    async def list(
        self, listener: UUID, label: str, limit: int, before: UUID | None
    ) -> Sequence[LabelledMail]:
        """Newest first; `before` is the last id seen, and one that is gone or foreign lists nothing."""
        chosen: Any = mails.c.id.in_(_mails_of(listener, label))
        place = sa.tuple_(mails.c.received_at, mails.c.id)
        if before:
            seen = sa.select(mails.c.received_at, mails.c.id).where(
                mails.c.id == before, mails.c.listener_id == listener
            )
            chosen = sa.and_(chosen, place < seen.scalar_subquery())
        asked = sa.select(mails, IS_TOLD.label("told")).where(chosen)
        newest = asked.order_by(mails.c.received_at.desc(), mails.c.id.desc()).limit(limit)
        async with self._engine.connect() as database:
            rows = (await database.execute(newest)).all()
            snippets = await _snippets(database, [row.id for row in rows])
        return [_labelled(row, snippets.get(row.id, "")) for row in rows]

    async def count(self, listener: UUID, label: str) -> int:
        """How many of the label's messages could be read and are still here."""
        asked = sa.select(sa.func.count()).where(mails.c.id.in_(_mails_of(listener, label)))
        async with self._engine.connect() as database:
            return int((await database.execute(asked)).scalar_one())


def _mails_of(listener: UUID, label: str) -> Any:
    return sa.select(gmail_mails.c.mail_id).where(
        gmail_mails.c.listener_id == listener,
        gmail_mails.c.label == label,
        gmail_mails.c.mail_id.is_not(None),
    )


def _merge(
    database: AsyncConnection,
    listener: UUID,
    label: str,
    message: str,
    new: dict[str, Any],
    known: dict[str, Any],
) -> Any:
    """The message's row, made with `new` values or given the `known` ones."""
    keys = {"listener_id": listener, "message": message, "label": label}
    return (
        insert(database, gmail_mails)
        .values(keys | new)
        .on_conflict_do_update(index_elements=list(keys), set_=known)
    )


def _of(listener: UUID, messages: Collection[str]) -> Any:
    return sa.and_(gmail_mails.c.listener_id == listener, gmail_mails.c.message.in_(messages))


def _parts(messages: Sequence[str]) -> Iterable[Sequence[str]]:
    return (messages[start : start + AT_ONCE] for start in range(0, len(messages), AT_ONCE))


async def _snippets(database: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """From each mail's first told blocks, because a whole newsletter is too much to look up for it."""
    place = sa.func.row_number().over(partition_by=blocks.c.mail_id, order_by=blocks.c.number)
    told = (
        sa.select(blocks.c.mail_id, blocks.c.text, place.label("place"))
        .where(blocks.c.mail_id.in_(ids), blocks.c.cut.is_(None))
        .subquery()
    )
    first = sa.select(told).where(told.c.place <= FIRST_BLOCKS).order_by(told.c.place)
    found: dict[UUID, str] = {}
    for row in await database.execute(first):
        found[row.mail_id] = f"{found.get(row.mail_id, '')} {row.text}".strip()
    return {id: _cut(text) for id, text in found.items()}


def _cut(text: str) -> str:
    """At a word's end."""
    return text if len(text) <= SNIPPET else text[:SNIPPET].rsplit(None, 1)[0] + "…"


def _labelled(row: Any, snippet: str) -> LabelledMail:
    return LabelledMail(
        row.id,
        row.subject,
        row.sender,
        row.address,
        utc(row.received_at),
        row.bulk,
        snippet,
        row.told,
    )
