"""Store and query imports, and the progress of reading them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.db.import_states import OPEN_IMPORTS, ImportState
from audiobrew.db.tables import imports, listeners
from audiobrew.db.timestamps import utc
from audiobrew.inbox.imports.mail_import import (
    Counts,
    ImportNotFound,
    ImportsFull,
    MailImport,
    SkipReason,
)
from audiobrew.inbox.mail_files import FIRST, Place
from audiobrew.media.deletion_queue import Kind, request_deletion
from audiobrew.media.storage import stored_part_keys

# Imports of one listener that have not ended, and those that are listed. As many ended ones are remembered.
MAX_OPEN, MAX_LISTED = 20, 50
# Listeners whose turn it may be.
MAX_CANDIDATES = 50
# What a `MailImport` has. The hashes of senders may be thousands, so the database counts them.
IMPORT_COLUMNS = [
    *(column for column in imports.c if column is not imports.c.senders),
    sa.func.json_array_length(imports.c.senders, type_=sa.Integer).label("sender_count"),
]


class ImportStore:
    """`max_bytes`: what the files of one listener's open imports may have together."""

    def __init__(self, engine: AsyncEngine, max_bytes: int) -> None:
        self.engine = engine
        self.max_bytes = max_bytes

    async def add(
        self,
        listener: UUID,
        name: str,
        bytes_: int,
        part_bytes: int,
        content_hash: str | None,
        *,
        keeps_others: bool,
    ) -> MailImport:
        """Add an import, and forget the listener's oldest ones that have ended. Raises ImportsFull."""
        id, now = uuid4(), datetime.now(UTC)
        row = {
            "id": id,
            "listener_id": listener,
            "name": name,
            "bytes": bytes_,
            "part_bytes": part_bytes,
            "received": 0,
            "content_hash": content_hash,
            "others": keeps_others,
            "state": ImportState.UPLOADING,
            "position": 0,
            "place": asdict(FIRST),
            "counts": asdict(Counts()),
            "reasons": [],
            "senders": [],
            "attempts": 0,
            "created_at": now,
            "updated_at": now,
            "next_at": now,
        }
        async with self.engine.begin() as database:
            # The lock makes concurrent calls wait, so that the check below counts their imports, too.
            lock = sa.select(listeners.c.id).where(listeners.c.id == listener).with_for_update()
            await database.execute(lock)
            await database.execute(imports.insert().values(row))
            await self._check_space(database, listener)
            await database.execute(delete_old(listener))
        return await self.get(listener, id)

    async def _check_space(self, database: AsyncConnection, listener: UUID) -> None:
        """Raises ImportsFull."""
        totals = sa.select(sa.func.count(), sa.func.sum(imports.c.bytes)).where(
            imports.c.listener_id == listener, imports.c.state.in_(OPEN_IMPORTS)
        )
        count, total = (await database.execute(totals)).one()
        if count > MAX_OPEN or total > self.max_bytes:
            raise ImportsFull(
                f"Up to {MAX_OPEN} imports with {self.max_bytes / 2**20:,.0f} MB together can wait at a"
                " time. Wait until your other ones are read, or stop one."
            )

    async def list(self, listener: UUID) -> Sequence[MailImport]:
        """The listener's imports, newest first."""
        query = (
            sa.select(*IMPORT_COLUMNS)
            .where(imports.c.listener_id == listener)
            .order_by(imports.c.created_at.desc(), imports.c.id)
            .limit(MAX_LISTED)
        )
        async with self.engine.connect() as database:
            return [to_import(row) for row in await database.execute(query)]

    async def get(self, listener: UUID, id: UUID) -> MailImport:
        """Raises ImportNotFound."""
        own = sa.and_(imports.c.id == id, imports.c.listener_id == listener)
        query = sa.select(*IMPORT_COLUMNS).where(own)
        async with self.engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            raise ImportNotFound
        return to_import(row)

    async def list_senders(self, id: UUID) -> Sequence[str]:
        """Hashes of the keys of the newsletters that an import has found."""
        query = sa.select(imports.c.senders).where(imports.c.id == id)
        async with self.engine.connect() as database:
            return (await database.execute(query)).scalar_one_or_none() or ()

    async def add_part(self, mail_import: MailImport) -> bool:
        """Record that the next part is in storage. Returns False if another request did so, or if the import
        has ended."""
        received = mail_import.received + mail_import.next_part_bytes
        complete = received == mail_import.bytes
        now = datetime.now(UTC)
        update = (
            imports.update()
            .where(
                imports.c.id == mail_import.id,
                imports.c.state == ImportState.UPLOADING,
                imports.c.received == mail_import.received,
            )
            .values(
                received=received,
                state=ImportState.WAITING if complete else ImportState.UPLOADING,
                updated_at=now,
                next_at=now,
            )
        )
        async with self.engine.begin() as database:
            return bool((await database.execute(update)).rowcount)

    async def end(
        self,
        id: UUID,
        state: ImportState,
        trouble: str | None = None,
        unchanged_since: datetime | None = None,
    ) -> Sequence[str]:
        """End an import, if it did not change after `unchanged_since`.

        Returns the keys of its parts, whose deletion is queued; none if it had ended or was not ended.
        """
        async with self.engine.begin() as database:
            return await end_within(database, id, state, trouble, unchanged_since)

    async def delete(self, listener: UUID, id: UUID) -> Sequence[str]:
        """Delete an import. Returns the keys of its parts, as `end` does. Raises ImportNotFound."""
        own = sa.and_(imports.c.id == id, imports.c.listener_id == listener)
        async with self.engine.begin() as database:
            deletion = imports.delete().where(own).returning(*imports.c)
            row = (await database.execute(deletion)).one_or_none()
            if row is None:
                raise ImportNotFound
            if row.state not in OPEN_IMPORTS:
                return ()
            return await request_part_deletion(database, row)

    async def list_abandoned(self, since: datetime) -> Sequence[tuple[UUID, ImportState]]:
        """Open imports that did not change after `since`."""
        query = sa.select(imports.c.id, imports.c.state).where(
            imports.c.state.in_(OPEN_IMPORTS), imports.c.updated_at < since
        )
        async with self.engine.connect() as database:
            return [(row.id, ImportState(row.state)) for row in await database.execute(query)]

    async def delete_ended(self, older_than: timedelta) -> None:
        """Delete what is known of imports that ended before this time."""
        ended = sa.and_(
            imports.c.state.not_in(OPEN_IMPORTS),
            imports.c.updated_at < datetime.now(UTC) - older_than,
        )
        async with self.engine.begin() as database:
            await database.execute(imports.delete().where(ended))

    async def list_candidates(self) -> Sequence[UUID]:
        """Listeners whose imports can be read now, the one that has waited longest first."""
        query = (
            sa.select(imports.c.listener_id)
            .where(_is_due())
            .group_by(imports.c.listener_id)
            .order_by(sa.func.min(imports.c.next_at))
            .limit(MAX_CANDIDATES)
        )
        async with self.engine.connect() as database:
            return list((await database.execute(query)).scalars())

    async def begin_turn(self, listener: UUID) -> MailImport | None:
        """Begin to read on in the listener's import that has waited longest; None if there is none.

        The turn is counted as one that ends abnormally, until `end_turn` or the next batch says otherwise.
        """
        first = (
            sa.select(imports.c.id)
            .where(_is_due(), imports.c.listener_id == listener)
            .order_by(imports.c.next_at, imports.c.id)
            .limit(1)
            .scalar_subquery()
        )
        update = (
            imports.update()
            .where(imports.c.id == first, _is_due())
            .values(state=ImportState.READING, attempts=imports.c.attempts + 1)
            .returning(*IMPORT_COLUMNS)
        )
        async with self.engine.begin() as database:
            row = (await database.execute(update)).one_or_none()
        return to_import(row) if row else None

    async def end_turn(self, id: UUID, wait: timedelta = timedelta(0)) -> None:
        """Leave the rest of an import to later turns, from `wait` on."""
        own = sa.and_(imports.c.id == id, imports.c.state == ImportState.READING)
        values = {"attempts": 0, "next_at": datetime.now(UTC) + wait}
        async with self.engine.begin() as database:
            await database.execute(imports.update().where(own).values(values))

    async def postpone(self, id: UUID, wait: timedelta) -> None:
        """Try again later, after a turn that ended abnormally."""
        own = sa.and_(imports.c.id == id, imports.c.state == ImportState.READING)
        values = {"next_at": datetime.now(UTC) + wait}
        async with self.engine.begin() as database:
            await database.execute(imports.update().where(own).values(values))


def delete_old(listener: UUID) -> Any:
    """The statement that keeps only the newest of a listener's imports that have ended."""
    ended = sa.and_(imports.c.listener_id == listener, imports.c.state.not_in(OPEN_IMPORTS))
    newest = (
        sa.select(imports.c.id)
        .where(ended)
        .order_by(imports.c.created_at.desc(), imports.c.id)
        .limit(MAX_LISTED)
    )
    return imports.delete().where(ended, imports.c.id.not_in(newest))


def _is_due() -> sa.ColumnElement[bool]:
    readable = imports.c.state.in_([ImportState.WAITING, ImportState.READING])
    return sa.and_(readable, imports.c.next_at <= datetime.now(UTC))


async def save_progress(
    database: AsyncConnection,
    id: UUID,
    position: int,
    place: Place,
    counts: Counts,
    reasons: Collection[SkipReason],
    senders: Collection[str],
) -> bool:
    """Store how far an import is read. Returns False if it is not to be read any more."""
    update = (
        imports.update()
        .where(imports.c.id == id, imports.c.state == ImportState.READING)
        .values(
            position=position,
            place=asdict(place),
            counts=asdict(counts),
            reasons=[asdict(reason) for reason in reasons],
            senders=list(senders),
            attempts=0,
            updated_at=datetime.now(UTC),
        )
    )
    return bool((await database.execute(update)).rowcount)


async def end_within(
    database: AsyncConnection,
    id: UUID,
    state: ImportState,
    trouble: str | None = None,
    unchanged_since: datetime | None = None,
) -> Sequence[str]:
    """See `ImportStore.end`."""
    is_unchanged = imports.c.updated_at < unchanged_since if unchanged_since else sa.true()
    update = (
        imports.update()
        .where(imports.c.id == id, imports.c.state.in_(OPEN_IMPORTS), is_unchanged)
        .values(state=state, trouble=trouble, updated_at=datetime.now(UTC))
        .returning(*imports.c)
    )
    row = (await database.execute(update)).one_or_none()
    return () if row is None else await request_part_deletion(database, row)


async def request_part_deletion(database: AsyncConnection, row: Any) -> Sequence[str]:
    """Queue the deletion of the parts that are in storage."""
    keys = stored_part_keys(row.id, row.bytes, row.received, row.part_bytes)
    await request_deletion(database, Kind.MEDIA, keys)
    return keys


def to_import(row: Any) -> MailImport:
    return MailImport(
        id=row.id,
        listener=row.listener_id,
        name=row.name,
        bytes=row.bytes,
        part_bytes=row.part_bytes,
        received=row.received,
        content_hash=row.content_hash,
        keeps_others=row.others,
        state=ImportState(row.state),
        position=row.position,
        place=Place(**row.place),
        counts=Counts(**row.counts),
        reasons=[SkipReason(**reason) for reason in row.reasons],
        sender_count=row.sender_count,
        attempts=row.attempts,
        trouble=row.trouble,
        created_at=utc(row.created_at),
        updated_at=utc(row.updated_at),
    )
