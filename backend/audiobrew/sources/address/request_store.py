"""What an own address asks its listener: to confirm subscriptions, and to decide about new senders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import lock_listener
from audiobrew.db.source_tables import confirmations, mail_sources, waiting_senders
from audiobrew.db.timestamps import utc
from audiobrew.db.upsert import insert
from audiobrew.inbox.rules import RuleKind, mark_sender
from audiobrew.mail.newsletter import Newsletter
from audiobrew.problems import Problem
from audiobrew.sources.address.confirmation import Confirmation, ConfirmationKind

CONFIRMATION_DAYS = 14
# Of one source. Older confirmations make room for new ones, and senders wait until others are decided.
MAX_CONFIRMATIONS, MAX_LISTED = 20, 50


class ConfirmationNotFound(Problem):
    """There is nothing to confirm any more."""

    type = "confirmation-not-found"
    status = HTTPStatus.NOT_FOUND


class SenderNotFound(Problem):
    """This sender does not wait for a decision."""

    type = "sender-not-found"
    status = HTTPStatus.NOT_FOUND


@dataclass(frozen=True, slots=True)
class StoredConfirmation:
    number: int
    confirmation: Confirmation
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingSender:
    number: int
    sender: str
    address: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Requests:
    """What one source asks."""

    confirmations: tuple[StoredConfirmation, ...] = ()
    senders: tuple[WaitingSender, ...] = ()


class RequestStore:
    """Every method touches the listener's own sources only."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def list(self, listener: UUID) -> Mapping[UUID, Requests]:
        """What each source asks, the oldest first."""
        own = mail_sources.c.listener_id == listener
        recent = confirmations.c.created_at > oldest_confirmation()
        questions = confirmations.select().join(mail_sources).where(own, recent)
        waiting = waiting_senders.select().join(mail_sources).where(own)
        async with self._engine.connect() as database:
            confirmation_rows = (
                await database.execute(questions.order_by(confirmations.c.number))
            ).all()
            sender_rows = (await database.execute(waiting.order_by(waiting_senders.c.number))).all()
        ids = {row.source_id for row in (*confirmation_rows, *sender_rows)}
        return {
            id: Requests(
                tuple(_confirmation(row) for row in confirmation_rows if row.source_id == id),
                tuple(_sender(row) for row in sender_rows if row.source_id == id)[:MAX_LISTED],
            )
            for id in ids
        }

    async def finish_confirmation(self, listener: UUID, source: UUID, number: int) -> None:
        """Forget what was confirmed. Raises ConfirmationNotFound."""
        own = _own(confirmations, listener, source, number)
        async with self._engine.begin() as database:
            if not (await database.execute(confirmations.delete().where(own))).rowcount:
                raise ConfirmationNotFound

    async def decide(
        self, listener: UUID, source: UUID, number: int, *, is_newsletter: bool
    ) -> None:
        """Make a rule about a sender that waits, also for its mails that are stored. Raises SenderNotFound,
        TooManyRules."""
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            own = _own(waiting_senders, listener, source, number)
            row = (await database.execute(waiting_senders.select().where(own))).one_or_none()
            if row is None:
                raise SenderNotFound
            sources = sa.select(mail_sources.c.id).where(mail_sources.c.listener_id == listener)
            same = waiting_senders.c.source_id.in_(sources) & (waiting_senders.c.key == row.key)
            await database.execute(waiting_senders.delete().where(same))
            sender = _newsletter_of(row)
            kind = RuleKind.NEWSLETTER if is_newsletter else RuleKind.NOT_NEWSLETTER
            await mark_sender(database, listener, sender, kind)


async def save_confirmation(
    database: AsyncConnection, source: UUID, confirmation: Confirmation
) -> None:
    """Add what a mail asks, in the caller's transaction, unless the same is asked already."""
    table = confirmations
    of_source = table.c.source_id == source
    same = (
        of_source
        & table.c.url.is_not_distinct_from(confirmation.url)
        & table.c.code.is_not_distinct_from(confirmation.code)
    )
    newest = (
        sa.select(table.c.number)
        .where(of_source)
        .order_by(table.c.number.desc())
        .limit(MAX_CONFIRMATIONS - 1)
    )
    numbers = (await database.execute(newest)).scalars().all()
    too_old = (table.c.created_at <= oldest_confirmation()) | table.c.number.not_in(numbers)
    await database.execute(table.delete().where(of_source & (too_old | same)))
    row = {
        "source_id": source,
        "kind": confirmation.kind,
        "sender": confirmation.sender,
        "url": confirmation.url,
        "code": confirmation.code,
        "created_at": datetime.now(UTC),
    }
    await database.execute(table.insert().values(row))


async def add_waiting(database: AsyncConnection, source: UUID, newsletter: Newsletter) -> None:
    """Let a new sender wait, in the caller's transaction."""
    row = {
        "source_id": source,
        "key": newsletter.key,
        "address": newsletter.address,
        "sender": newsletter.sender,
        "created_at": datetime.now(UTC),
    }
    await database.execute(insert(database, waiting_senders).values(row).on_conflict_do_nothing())


def oldest_confirmation() -> datetime:
    return datetime.now(UTC) - timedelta(days=CONFIRMATION_DAYS)


def _own(table: sa.Table, listener: UUID, source: UUID, number: int) -> sa.ColumnElement[bool]:
    own = sa.select(mail_sources.c.id).where(
        mail_sources.c.listener_id == listener, mail_sources.c.id == source
    )
    return (table.c.number == number) & table.c.source_id.in_(own)


def _newsletter_of(row: Any) -> Newsletter:
    """As much of a newsletter as a rule about its sender needs."""
    return Newsletter(
        digest="",
        key=row.key,
        sender=row.sender,
        address=row.address,
        subject="",
        language="",
        received_at=row.created_at,
        bulk=True,
        blocks=(),
    )


def _confirmation(row: Any) -> StoredConfirmation:
    confirmation = Confirmation(ConfirmationKind(row.kind), row.sender, row.url, row.code)
    return StoredConfirmation(row.number, confirmation, utc(row.created_at))


def _sender(row: Any) -> WaitingSender:
    return WaitingSender(row.number, row.sender, row.address, utc(row.created_at))
