"""Find the copies of an issue: mails that were sent again, corrected or forwarded.

All copies of an issue have the same `issue_id`. The newest of them is told; see `inbox/coverage.py`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import lock_listener
from audiobrew.db.batches import batched
from audiobrew.db.tables import blocks, mails
from audiobrew.db.timestamps import utc
from audiobrew.inbox.coverage import COPY_ORDER, IS_COVERED, IS_NEWSLETTER
from audiobrew.inbox.rules import same_newsletter
from audiobrew.mail.fingerprint import (
    MAX_APART,
    Fingerprint,
    Issue,
    corrects_figures,
    is_copy,
)
from audiobrew.mail.mail import MailCopy
from audiobrew.mail.newsletter import Cut
from audiobrew.ops import metrics
from audiobrew.problems import SignInNeeded

# Mails that one is compared with: the issues of two months before it, and as many after it.
MAX_CANDIDATES = 100
# Copies that are listed of one mail, the newest ones.
MAX_LISTED = 20
MAX_IDS_PER_QUERY = 500
# Mails without a fingerprint that are read at a time.
JOB_BATCH = 100
_COMPARED = (
    mails.c.id,
    mails.c.issue_id,
    mails.c.key,
    mails.c.address,
    mails.c.subject,
    mails.c.received_at,
    mails.c.created_at,
    mails.c.fingerprint,
    IS_NEWSLETTER.label("is_newsletter"),
    IS_COVERED.label("is_covered"),
)
_LISTED = (
    mails.c.id,
    mails.c.issue_id,
    mails.c.subject,
    mails.c.received_at,
    mails.c.created_at,
    mails.c.fingerprint,
    IS_NEWSLETTER.label("is_newsletter"),
    IS_COVERED.label("in_episode"),
)


async def join_copies(database: AsyncConnection, listener: UUID, id: UUID) -> None:
    """Give a stored mail the issue id of its best copies, if there are any.

    All copies of an issue must be copies of the newest one, because only that is told. So a text that is sent
    every week for a year is told again after two months, and a report that changes a little every hour does
    not stand for all that came before. A correction with other figures of what an episode told is no copy:
    its news is an update. The listener's row must be locked.
    """
    mail = (await database.execute(sa.select(*_COMPARED).where(mails.c.id == id))).one()
    if not mail.is_newsletter:
        return
    received_at = utc(mail.received_at)
    query = (
        sa.select(*_COMPARED)
        .where(
            mails.c.listener_id == listener,
            mails.c.id != id,
            mails.c.fingerprint.is_not(None),
            same_newsletter_or_sender(mail.key, mail.address),
        )
        .limit(MAX_CANDIDATES)
    )
    time = mails.c.received_at
    earlier = query.where(time.between(received_at - MAX_APART, received_at))
    later = query.where(time > received_at, time <= received_at + MAX_APART)
    rows = [
        *await database.execute(earlier.order_by(time.desc())),
        *await database.execute(later.order_by(time)),
    ]
    issue = to_issue(mail)
    shares = {
        row.id: candidate.fingerprint.share_with(issue.fingerprint)
        for row in rows
        if is_copy(candidate := to_issue(row), issue)
    }
    covered = [to_issue(row) for row in rows if row.id in shares and row.is_covered]
    if covered and all(corrects_figures(issue, copy) for copy in covered):
        return
    groups = defaultdict[UUID, list[Any]](list)
    for row in rows:
        groups[row.issue_id or row.id].append(row)

    def closeness(issue_id: UUID) -> tuple[float, float]:
        copies = [row for row in groups[issue_id] if row.id in shares]
        apart = min(abs(utc(row.received_at) - received_at) for row in copies)
        return max(shares[row.id] for row in copies), -apart.total_seconds()

    matches = {row.issue_id or row.id for row in rows if row.id in shares}
    for issue_id in sorted(matches, key=closeness, reverse=True):
        members = groups[issue_id] + await find_first_and_last(database, issue_id)
        newest = max(members, key=sent_order)
        if sent_order(mail) > sent_order(newest):
            fits = all(row.id in shares or is_copy(to_issue(row), issue) for row in members)
        else:
            fits = is_copy(to_issue(newest), issue)
        if fits:
            group = mails.c.id.in_([id, issue_id])
            await database.execute(mails.update().where(group).values(issue_id=issue_id))
            metrics.MAIL_COPIES.inc()
            return


async def find_first_and_last(database: AsyncConnection, issue_id: UUID) -> list[Any]:
    """The oldest and the newest of an issue's copies, as rows of `_COMPARED`."""
    query = sa.select(*_COMPARED).where(mails.c.issue_id == issue_id).limit(1)
    oldest = await database.execute(query.order_by(*COPY_ORDER))
    newest = await database.execute(query.order_by(*(column.desc() for column in COPY_ORDER)))
    return [*oldest, *newest]


def same_newsletter_or_sender(key: str, address: str) -> Any:
    condition = same_newsletter(mails, key, address)
    return sa.or_(condition, mails.c.address == address) if address else condition


def to_issue(row: Any) -> Issue:
    return Issue(row.subject, utc(row.received_at), Fingerprint.from_bytes(row.fingerprint))


async def list_copies(
    database: AsyncConnection, rows: Sequence[Any]
) -> dict[UUID, tuple[MailCopy, ...]]:
    """The newest other copies of these rows of `mails`, newest first, by the id of the mail.

    The same text may be sent every day for years, so an issue may have thousands of copies.
    """
    issue_ids = {row.issue_id for row in rows if row.issue_id}
    if not issue_ids:
        return {}
    newest_first = [column.desc() for column in COPY_ORDER]
    place = sa.func.row_number().over(partition_by=mails.c.issue_id, order_by=newest_first)
    ranked = (
        sa.select(mails.c.id, place.label("place"))
        .where(mails.c.issue_id.in_(issue_ids))
        .subquery()
    )
    newest = sa.select(ranked.c.id).where(ranked.c.place <= MAX_LISTED + 1)
    query = sa.select(*_LISTED).where(mails.c.id.in_(newest)).order_by(*newest_first)
    groups = defaultdict[UUID, list[Any]](list)
    fingerprints: dict[UUID, bytes] = {}
    for row in await database.execute(query):
        groups[row.issue_id].append(row)
        fingerprints[row.id] = row.fingerprint
    others = {
        row.id: (row, [one for one in groups[row.issue_id] if one.id != row.id][:MAX_LISTED])
        for row in rows
        if row.issue_id
    }
    # Those of mails that are not among the newest copies.
    for batch in batched(list(others.keys() - fingerprints.keys()), MAX_IDS_PER_QUERY):
        stored = sa.select(mails.c.id, mails.c.fingerprint).where(mails.c.id.in_(batch))
        fingerprints |= {row.id: row.fingerprint for row in await database.execute(stored)}
    return await to_thread.run_sync(describe_copies, others, fingerprints)


def describe_copies(
    others: Mapping[UUID, tuple[Any, Sequence[Any]]], fingerprints: Mapping[UUID, bytes]
) -> dict[UUID, tuple[MailCopy, ...]]:
    """`others` are the rows of each mail and of its other copies.

    Comparing takes long for many mails: call this in a thread.
    """
    return {
        id: tuple(
            MailCopy(
                id=other.id,
                subject=other.subject,
                received_at=utc(other.received_at),
                is_newer=sent_order(other) > sent_order(row) and bool(other.is_newsletter),
                in_episode=other.in_episode,
                is_changed=are_different(fingerprints[id], fingerprints[other.id]),
            )
            for other in copies
            if id in fingerprints  # else deleted meanwhile
        )
        for id, (row, copies) in others.items()
    }


def sent_order(row: Any) -> tuple[datetime, datetime, UUID]:
    """The order of copies, as `COPY_ORDER` in the database."""
    return utc(row.received_at), utc(row.created_at), row.id


def are_different(one: bytes, other: bytes) -> bool:
    return one != other and Fingerprint.from_bytes(one).differs_from(Fingerprint.from_bytes(other))


async def add_missing_fingerprints(engine: AsyncEngine) -> None:
    """Compute the fingerprints of mails that were stored before there were any, oldest first.

    A background job calls this. If two processes do, the effect is the same.
    """
    query = (
        sa.select(mails.c.id, mails.c.listener_id)
        .where(mails.c.fingerprint.is_(None))
        .order_by(mails.c.created_at, mails.c.id)
        .limit(JOB_BATCH)
    )
    while True:
        async with engine.connect() as database:
            rows = (await database.execute(query)).all()
        for row in rows:
            await add_fingerprint(engine, row.listener_id, row.id)
        if len(rows) < JOB_BATCH:
            return


async def add_fingerprint(engine: AsyncEngine, listener: UUID, id: UUID) -> None:
    """Compute the fingerprint of a stored mail, and find its copies."""
    # What the listener cut belongs to the issue all the same.
    is_text = sa.or_(blocks.c.cut.is_(None), blocks.c.cut == Cut.LISTENER)
    query = (
        sa.select(blocks.c.text).where(blocks.c.mail_id == id, is_text).order_by(blocks.c.number)
    )
    async with engine.connect() as database:
        texts = (await database.execute(query)).scalars().all()
    fingerprint = await to_thread.run_sync(Fingerprint.of, texts)
    update = (
        mails.update()
        .where(mails.c.id == id, mails.c.fingerprint.is_(None))
        .values(fingerprint=fingerprint.to_bytes())
    )
    async with engine.begin() as database:
        try:
            await lock_listener(database, listener)
        except SignInNeeded:  # the account was deleted meanwhile
            return
        if (await database.execute(update)).rowcount:
            await join_copies(database, listener, id)
