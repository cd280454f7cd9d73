"""The sources of each listener, and which are due for a look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import BEING_DELETED, lock_listener
from audiobrew.db.source_tables import mail_sources
from audiobrew.db.timestamps import utc
from audiobrew.sources.address.own_address import hash_local_part
from audiobrew.sources.gmail.token_cipher import (
    REFRESH_TOKEN,
    DecryptionFailed,
    EncryptedSecret,
    TokenCipher,
)
from audiobrew.sources.source import (
    Config,
    Cursor,
    MailSource,
    NothingToChange,
    SourceExists,
    SourceKind,
    SourceNotFound,
    SourceState,
    TooManySources,
)
from audiobrew.sources.source_mails import delete_mails

MAX_SOURCES = 100
# What the encryption of a secret is bound to, besides its listener.
PASSWORD = "source password"  # noqa: S105
PURPOSES = {SourceKind.GMAIL: REFRESH_TOKEN}
NOT_PAUSED = mail_sources.c.state != SourceState.PAUSED


class SourceStore:
    """Every method with a listener touches that listener's sources only."""

    def __init__(self, engine: AsyncEngine, cipher: TokenCipher) -> None:
        self.engine = engine
        self._cipher = cipher

    async def add(
        self, listener: UUID, kind: SourceKind, name: str, config: Config, secret: str | None
    ) -> MailSource:
        """Add a source, whose first look is due at once. Raises SourceExists, TooManySources."""
        row = self._new_row(listener, kind, name, config, secret)
        async with self.engine.begin() as database:
            existing = await check_number(database, listener)
            if any((one.kind, one.config) == (kind, dict(config)) for one in existing):
                raise SourceExists
            await database.execute(mail_sources.insert().values(row))
        return await self.get(listener, row["id"])

    def _new_row(
        self, listener: UUID, kind: SourceKind, name: str, config: Config, secret: str | None
    ) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "id": uuid4(),
            "listener_id": listener,
            "kind": kind,
            "name": "".join(c for c in name if c.isprintable()),
            "config": dict(config),
            **self._sealed(listener, kind, secret),
            "created_at": now,
            **new_row(now),
        }

    async def add_address(
        self, listener: UUID, name: str, local_part: str, config: Config
    ) -> MailSource:
        """Add an own address, which waits for mails. Raises TooManySources."""
        row = self._new_row(listener, SourceKind.ADDRESS, name, config, local_part)
        row |= {"address_hash": hash_local_part(local_part), "next_at": None}
        async with self.engine.begin() as database:
            await check_number(database, listener)
            await database.execute(mail_sources.insert().values(row))
        return await self.get(listener, row["id"])

    async def replace_address(self, listener: UUID, id: UUID, local_part: str) -> MailSource:
        """Give an own address another local part; mails to the old one are refused from now on. Raises
        SourceNotFound, NothingToChange."""
        if (await self.get(listener, id)).kind is not SourceKind.ADDRESS:
            raise NothingToChange
        values = self._sealed(listener, SourceKind.ADDRESS, local_part)
        await self._update(listener, id, values | {"address_hash": hash_local_part(local_part)})
        return await self.get(listener, id)

    async def find_address(self, local_part: str) -> MailSource | None:
        """The source with this local part; None if there is none."""
        digest = hash_local_part(local_part)
        query = mail_sources.select().where(
            mail_sources.c.address_hash == digest,
            mail_sources.c.listener_id.not_in(BEING_DELETED),
        )
        async with self.engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        # The hash keeps times from saying anything about the token; the last comparison is constant, too.
        is_known = row is not None and compare_digest(row.address_hash, digest)
        return read_source(row) if is_known else None

    async def list(self, listener: UUID) -> Sequence[MailSource]:
        """In the order in which they were added."""
        query = (
            mail_sources.select()
            .where(mail_sources.c.listener_id == listener)
            .order_by(mail_sources.c.created_at, mail_sources.c.id)
        )
        async with self.engine.connect() as database:
            return [read_source(row) for row in await database.execute(query)]

    async def get(self, listener: UUID, id: UUID) -> MailSource:
        """Raises SourceNotFound."""
        query = mail_sources.select().where(_own(listener, id))
        async with self.engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            raise SourceNotFound
        return read_source(row)

    async def change(
        self,
        listener: UUID,
        id: UUID,
        name: str | None,
        secret: str | None,
        config: Config | None = None,
    ) -> MailSource:
        """Rename a source, or replace its password or configuration. A new password makes it due at once,
        unless it is paused. Raises SourceNotFound."""
        values: dict[str, Any] = {} if name is None else {"name": name}
        if config is not None:
            values["config"] = dict(config)
        if secret is not None:
            values |= self._sealed(listener, SourceKind.IMAP, secret)
            if (await self.get(listener, id)).state is not SourceState.PAUSED:
                values |= due_values()
        if values:
            await self._update(listener, id, values)
        return await self.get(listener, id)

    async def ask_for_look(self, listener: UUID, id: UUID) -> MailSource:
        """Make a source due at once, also one that is stopped or paused. Raises SourceNotFound,
        NothingToChange."""
        if (await self.get(listener, id)).kind is SourceKind.ADDRESS:
            raise NothingToChange("Emails arrive here by themselves: there is nowhere to look.")
        values = {"next_at": datetime.now(UTC), "failures": 0, "state": SourceState.WAITING}
        await self._update(listener, id, values)
        return await self.get(listener, id)

    async def ask_for_looks(self, listener: UUID) -> None:
        """Make all sources of a listener due that are not stopped."""
        own = (mail_sources.c.listener_id == listener) & mail_sources.c.next_at.is_not(None)
        async with self.engine.begin() as database:
            await database.execute(
                mail_sources.update().where(own).values(next_at=datetime.now(UTC))
            )

    async def pause(self, listener: UUID, id: UUID) -> None:
        """No more looks: a look that is under way ends. Raises SourceNotFound."""
        values = {"state": SourceState.PAUSED, "next_at": None, "position": 0, "total": 0}
        await self._update(listener, id, values)

    async def resume(self, listener: UUID, id: UUID) -> None:
        """Make a source due at once. Raises SourceNotFound."""
        await self._update(listener, id, due_values())

    async def delete_mails(self, listener: UUID, id: UUID) -> None:
        """Pause a source, and delete the mails that came from it and from no other. Raises SourceNotFound."""
        await self.pause(listener, id)
        await delete_mails(self.engine, id)

    async def remove(self, listener: UUID, id: UUID) -> None:
        """Its mails stay. Raises SourceNotFound."""
        async with self.engine.begin() as database:
            result = await database.execute(mail_sources.delete().where(_own(listener, id)))
        if not result.rowcount:
            raise SourceNotFound

    def password(self, source: MailSource) -> str:
        """The source's password or refresh token, empty without one. Raises DecryptionFailed."""
        if source.secret is None:
            return ""
        purpose = PURPOSES.get(source.kind, PASSWORD)
        return self._cipher.decrypt(purpose, source.listener, source.secret).decode()

    async def due(self, limit: int) -> Sequence[MailSource]:
        """Sources that are due, those that waited longest first; one of each listener."""
        first = (
            sa.select(
                mail_sources.c.id,
                sa.func.row_number()
                .over(
                    partition_by=mail_sources.c.listener_id,
                    order_by=(mail_sources.c.next_at, mail_sources.c.id),
                )
                .label("place"),
            )
            .where(
                mail_sources.c.next_at <= datetime.now(UTC),
                mail_sources.c.listener_id.not_in(BEING_DELETED),
            )
            .subquery()
        )
        query = (
            mail_sources.select()
            .join(first, first.c.id == mail_sources.c.id)
            .where(first.c.place == 1)
            .order_by(mail_sources.c.next_at, mail_sources.c.id)
            .limit(limit)
        )
        async with self.engine.connect() as database:
            return [read_source(row) for row in await database.execute(query)]

    async def find(self, id: UUID, *, is_due: bool = False) -> MailSource | None:
        """A source of any listener; None if it was removed, or with `is_due` if it is not due any more."""
        query = mail_sources.select().where(mail_sources.c.id == id)
        if is_due:
            query = query.where(mail_sources.c.next_at <= datetime.now(UTC))
        async with self.engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        return None if row is None else read_source(row)

    async def record(self, source: MailSource, **values: Any) -> None:
        """Record how a look goes. Does nothing if the source was removed or paused, or has another password
        since."""
        condition = _unchanged(source) & NOT_PAUSED
        async with self.engine.begin() as database:
            await database.execute(mail_sources.update().where(condition).values(values))

    async def encrypted_with_other_keys(self) -> Sequence[MailSource]:
        """Sources whose password was encrypted with another key than the newest."""
        query = mail_sources.select().where(
            mail_sources.c.sealed.is_not(None),
            mail_sources.c.key_id != self._cipher.newest_key_id,
        )
        async with self.engine.connect() as database:
            return [read_source(row) for row in await database.execute(query)]

    async def encrypt_again(self, source: MailSource) -> None:
        """Encrypt a password with the newest key. Raises DecryptionFailed."""
        values = self._sealed(source.listener, source.kind, self.password(source))
        unchanged = sa.and_(
            mail_sources.c.id == source.id,
            mail_sources.c.sealed == (source.secret.ciphertext if source.secret else None),
        )
        async with self.engine.begin() as database:
            await database.execute(mail_sources.update().where(unchanged).values(values))

    async def _update(self, listener: UUID, id: UUID, values: Mapping[str, Any]) -> None:
        async with self.engine.begin() as database:
            result = await database.execute(
                mail_sources.update().where(_own(listener, id)).values(values)
            )
        if not result.rowcount:
            raise SourceNotFound

    def _sealed(self, listener: UUID, kind: SourceKind, secret: str | None) -> dict[str, Any]:
        if secret is None:
            return {"sealed": None, "key_id": None}
        encrypted = self._cipher.encrypt(PURPOSES.get(kind, PASSWORD), listener, secret.encode())
        return {"sealed": encrypted.ciphertext, "key_id": encrypted.key_id}


@dataclass(frozen=True, slots=True)
class RotationResult:
    """`undecryptable`: secrets that no known key can decrypt."""

    reencrypted: int
    undecryptable: int


async def rotate_keys(sources: SourceStore) -> RotationResult:
    """Encrypt the passwords and tokens of older keys with the newest key, so that older keys can be thrown
    away. Can be interrupted and run again."""
    reencrypted = undecryptable = 0
    for source in await sources.encrypted_with_other_keys():
        try:
            await sources.encrypt_again(source)
            reencrypted += 1
        except DecryptionFailed:  # the next look asks for the password, or for a new consent
            undecryptable += 1
    return RotationResult(reencrypted, undecryptable)


async def check_number(database: AsyncConnection, listener: UUID) -> Sequence[Any]:
    """Lock the listener, and return the kinds and configurations of their sources. Raises TooManySources."""
    await lock_listener(database, listener)
    own = sa.select(mail_sources.c.kind, mail_sources.c.config).where(
        mail_sources.c.listener_id == listener
    )
    existing = (await database.execute(own)).all()
    if len(existing) >= MAX_SOURCES:
        raise TooManySources
    return existing


async def save_arrival(database: AsyncConnection, source: MailSource, added: int) -> bool:
    """Record, in the caller's transaction, that a mail arrived. Returns whether its address is still
    valid."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "mails": mail_sources.c.mails + added,
        "new_mails": added,
        "state": SourceState.UP_TO_DATE,
        "trouble": None,
        "trouble_type": None,
        "looked_at": now,
        "succeeded_at": now,
    }
    result = await database.execute(mail_sources.update().where(_unchanged(source)).values(values))
    return bool(result.rowcount)


async def save_progress(
    database: AsyncConnection, id: UUID, cursor: Cursor, added: int, position: int, total: int
) -> bool:
    """Record, in the caller's transaction, how far a look has come. Returns whether the source is still to be
    read."""
    values: dict[str, Any] = {
        "cursor": dict(cursor),
        "mails": mail_sources.c.mails + added,
        "new_mails": mail_sources.c.new_mails + added,
        "position": position,
        "total": total,
    }
    result = await database.execute(
        mail_sources.update().where(mail_sources.c.id == id, NOT_PAUSED).values(values)
    )
    return bool(result.rowcount)


def new_row(now: datetime) -> dict[str, Any]:
    """Columns of a source that is due for its first look."""
    counts = dict.fromkeys(("mails", "new_mails", "position", "total"), 0)
    return {"state": SourceState.WAITING, "failures": 0, "next_at": now} | counts


def due_values() -> dict[str, Any]:
    """What to write to a source so that it is looked at at once, whatever was wrong with it."""
    return {
        "state": SourceState.WAITING,
        "trouble": None,
        "trouble_type": None,
        "failures": 0,
        "next_at": datetime.now(UTC),
    }


def _own(listener: UUID, id: UUID) -> sa.ColumnElement[bool]:
    return (mail_sources.c.id == id) & (mail_sources.c.listener_id == listener)


def _unchanged(source: MailSource) -> sa.ColumnElement[bool]:
    """Condition on a source that was not removed, and still has the same password or address."""
    sealed = source.secret.ciphertext if source.secret else None
    return (mail_sources.c.id == source.id) & mail_sources.c.sealed.is_not_distinct_from(sealed)


def read_source(row: Any) -> MailSource:
    secret = None if row.sealed is None else EncryptedSecret(row.sealed, row.key_id)
    return MailSource(
        id=row.id,
        listener=row.listener_id,
        kind=SourceKind(row.kind),
        name=row.name,
        config=row.config,
        secret=secret,
        state=SourceState(row.state),
        trouble=row.trouble,
        trouble_type=row.trouble_type,
        cursor=row.cursor,
        failures=row.failures,
        looked_at=utc(row.looked_at) if row.looked_at else None,
        succeeded_at=utc(row.succeeded_at) if row.succeeded_at else None,
        mails=row.mails,
        new_mails=row.new_mails,
        position=row.position,
        total=row.total,
        created_at=utc(row.created_at),
    )
