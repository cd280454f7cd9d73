"""Accounts of a server of one's own: names, roles, passwords, and the invitations that open new ones."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.home.names import clean_name, name_key
from audiobrew.account.listener_store import BEING_DELETED, lock_listener, new_listener
from audiobrew.db.account_tables import (
    home_accounts,
    invitations,
    passkeys,
    provided_identities,
)
from audiobrew.db.tables import listeners
from audiobrew.db.timestamps import utc
from audiobrew.problems import Problem

SETUP_LIFETIME = timedelta(hours=24)
INVITATION_LIFETIME = timedelta(days=7)
MAX_OPEN_INVITATIONS = 50


class Role(StrEnum):
    """The owner invites and removes listeners; everything else is the same for both."""

    OWNER = "owner"
    LISTENER = "listener"


class InvitationRefused(Problem):
    """This invitation was used already, was withdrawn, or is too old. Ask whoever sent it for a new one."""

    type = "invitation-refused"
    status = HTTPStatus.FORBIDDEN


class NameTaken(Problem):
    """Somebody on this server has this name already. Choose another one."""

    type = "name-taken"
    status = HTTPStatus.CONFLICT


class OwnerOnly(Problem):
    """Only the owner of this server can do this."""

    type = "owner-only"
    status = HTTPStatus.FORBIDDEN


class IdentityTaken(Problem):
    """This account of the provider belongs to somebody on this server already."""

    type = "identity-taken"
    status = HTTPStatus.CONFLICT


class PersonNotFound(Problem):
    """There is nobody with this id on this server."""

    type = "person-not-found"
    status = HTTPStatus.NOT_FOUND


class InvitationNotFound(Problem):
    """There is no such invitation."""

    type = "invitation-not-found"
    status = HTTPStatus.NOT_FOUND


class TooManyInvitations(Problem):
    """There are 50 open invitations. Withdraw one before you create another."""

    type = "too-many-invitations"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class HomeAccount:
    """`password`: an Argon2 hash; None if the account has none."""

    listener: UUID
    name: str
    role: Role
    password: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """`created_by`: the owner who sent it; None if the terminal printed it."""

    id: UUID
    role: Role
    note: str
    created_by: UUID | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A public key that was verified in a registration, not stored yet."""

    credential: bytes
    public_key: bytes
    sign_count: int
    name: str


@dataclass(frozen=True, slots=True)
class ProvidedIdentity:
    """Whom an OpenID Connect provider signed in. `name`: what people know this account there by."""

    issuer: str
    subject: str
    name: str


class HomeAccounts:
    """`issuer`: the provider that signs people in now, if one does."""

    def __init__(self, engine: AsyncEngine, issuer: str | None = None) -> None:
        self._engine = engine
        self._issuer = issuer

    async def has_owner(self) -> bool:
        query = sa.select(
            sa.exists().where(
                home_accounts.c.role == Role.OWNER,
                home_accounts.c.listener_id.not_in(BEING_DELETED),
            )
        )
        async with self._engine.connect() as database:
            return bool((await database.execute(query)).scalar_one())

    async def find(self, listener: UUID) -> HomeAccount | None:
        return await self._find(home_accounts.c.listener_id == listener)

    async def find_by_name(self, name: str) -> HomeAccount | None:
        return await self._find(home_accounts.c.key == name_key(name))

    async def owner(self) -> HomeAccount | None:
        """The first owner; None before setup."""
        return await self._find(home_accounts.c.role == Role.OWNER)

    async def list(self) -> Sequence[HomeAccount]:
        """All accounts, in the order in which they were created."""
        query = (
            home_accounts.select()
            .where(home_accounts.c.listener_id.not_in(BEING_DELETED))
            .order_by(home_accounts.c.created_at, home_accounts.c.listener_id)
        )
        async with self._engine.connect() as database:
            return [_account(row) for row in await database.execute(query)]

    async def is_owner(self, listener: UUID) -> bool:
        account = await self.find(listener)
        return account is not None and account.role is Role.OWNER

    async def require_owner(self, listener: UUID) -> None:
        """Raises OwnerOnly."""
        if not await self.is_owner(listener):
            raise OwnerOnly

    async def set_password(self, listener: UUID, password: str | None) -> None:
        own = home_accounts.c.listener_id == listener
        async with self._engine.begin() as database:
            await database.execute(home_accounts.update().where(own).values(password=password))

    async def remove_password(self, listener: UUID) -> bool:
        """Returns False, and changes nothing, if it is the only way to sign in."""
        own = home_accounts.c.listener_id == listener
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            password = (
                await database.execute(sa.select(home_accounts.c.password).where(own))
            ).scalar_one_or_none()
            if password and await count_ways_to_sign_in(database, listener, self._issuer) == 1:
                return False
            await database.execute(home_accounts.update().where(own).values(password=None))
        return True

    async def open_account(
        self,
        code: str,
        name: str,
        password: str | None,
        passkey: NewPasskey | None,
        identity: ProvidedIdentity | None = None,
    ) -> HomeAccount:
        """Use up an invitation for a new account. Either everything is stored, or nothing.

        The owner takes over what a listener without an account has: the newsletters and episodes from
        before this was a server.

        Raises NameRefused, NameTaken, IdentityTaken, InvitationRefused.
        """
        name = clean_name(name)
        now = datetime.now(UTC)
        try:
            async with self._engine.begin() as database:
                role = await _use_invitation(database, code, now)
                listener = await _listener_for(database, role)
                account = HomeAccount(listener, name, role, password, now)
                await database.execute(
                    home_accounts.insert().values(
                        listener_id=listener,
                        name=name,
                        key=name_key(name),
                        role=role,
                        password=password,
                        created_at=now,
                    )
                )
                if passkey:
                    await insert_passkey(database, listener, passkey, now)
                if identity:
                    await insert_identity(database, listener, identity, now)
        except IntegrityError as error:
            raise NameTaken from error
        return account

    async def invite(self, role: Role, note: str = "", created_by: UUID | None = None) -> str:
        """Create an invitation, and return its code. Also deletes expired ones.

        There is one invitation for an owner at most: a new one replaces it. Raises TooManyInvitations.
        """
        code, now = new_code(), datetime.now(UTC)
        lifetime = SETUP_LIFETIME if role is Role.OWNER else INVITATION_LIFETIME
        replaced = invitations.c.expires_at < now
        if role is Role.OWNER:
            replaced |= invitations.c.role == Role.OWNER
        row = {
            "id": uuid4(),
            "code_hash": hash_code(code),
            "role": role,
            "note": note,
            "created_by": created_by,
            "created_at": now,
            "expires_at": now + lifetime,
        }
        async with self._engine.begin() as database:
            if created_by:
                await lock_listener(database, created_by)
            await database.execute(invitations.delete().where(replaced))
            if created_by:
                own = sa.select(sa.func.count()).where(
                    invitations.c.created_by == created_by, invitations.c.used_at.is_(None)
                )
                if (await database.execute(own)).scalar_one() >= MAX_OPEN_INVITATIONS:
                    raise TooManyInvitations
            await database.execute(invitations.insert().values(row))
        return code

    async def invitation(self, code: str) -> Invitation:
        """The open invitation with this code. Raises InvitationRefused."""
        query = invitations.select().where(_is_open(code, datetime.now(UTC)))
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        if row is None:
            raise InvitationRefused
        return _invitation(row)

    async def open_invitations(self, created_by: UUID) -> Sequence[Invitation]:
        """Those that this owner sent and nobody used, newest first."""
        query = (
            invitations.select()
            .where(
                invitations.c.created_by == created_by,
                invitations.c.used_at.is_(None),
                invitations.c.expires_at > datetime.now(UTC),
            )
            .order_by(invitations.c.created_at.desc(), invitations.c.id)
        )
        async with self._engine.connect() as database:
            return [_invitation(row) for row in await database.execute(query)]

    async def withdraw(self, created_by: UUID, invitation: UUID) -> None:
        """Raises InvitationNotFound."""
        own = (invitations.c.id == invitation) & (invitations.c.created_by == created_by)
        async with self._engine.begin() as database:
            result = await database.execute(invitations.delete().where(own))
        if not result.rowcount:
            raise InvitationNotFound

    async def _find(self, condition: sa.ColumnElement[bool]) -> HomeAccount | None:
        query = (
            home_accounts.select()
            .where(condition, home_accounts.c.listener_id.not_in(BEING_DELETED))
            .order_by(home_accounts.c.created_at)
            .limit(1)
        )
        async with self._engine.connect() as database:
            row = (await database.execute(query)).one_or_none()
        return None if row is None else _account(row)


async def insert_passkey(
    database: AsyncConnection, listener: UUID, passkey: NewPasskey, now: datetime
) -> UUID:
    id = uuid4()
    row = {
        "id": id,
        "listener_id": listener,
        "credential": passkey.credential,
        "public_key": passkey.public_key,
        "sign_count": passkey.sign_count,
        "name": passkey.name,
        "created_at": now,
    }
    await database.execute(passkeys.insert().values(row))
    return id


async def insert_identity(
    database: AsyncConnection, listener: UUID, identity: ProvidedIdentity, now: datetime
) -> None:
    """Raises IdentityTaken."""
    row = {
        "listener_id": listener,
        "issuer": identity.issuer,
        "subject": identity.subject,
        "name": identity.name,
        "created_at": now,
    }
    try:
        await database.execute(provided_identities.insert().values(row))
    except IntegrityError as error:
        raise IdentityTaken from error


async def count_ways_to_sign_in(
    database: AsyncConnection, listener: UUID, issuer: str | None
) -> int:
    """The passkeys of an account, its password, and its account at the provider that signs people in now."""
    ways = (
        sa.select(passkeys.c.listener_id).where(passkeys.c.listener_id == listener),
        sa.select(provided_identities.c.listener_id).where(
            provided_identities.c.listener_id == listener,
            provided_identities.c.issuer == issuer,
        ),
        sa.select(home_accounts.c.listener_id).where(
            home_accounts.c.listener_id == listener, home_accounts.c.password.is_not(None)
        ),
    )
    query = sa.select(sa.func.count()).select_from(sa.union_all(*ways).subquery())
    return int((await database.execute(query)).scalar_one())


def new_code() -> str:
    """160 bits, for an address."""
    return secrets.token_urlsafe(20)


def hash_code(code: str) -> str:
    return sha256(f"invitation\n{code}".encode()).hexdigest()


async def _use_invitation(database: AsyncConnection, code: str, now: datetime) -> Role:
    """Of two simultaneous calls, one raises InvitationRefused. So does one for a second owner."""
    use = (
        invitations.update()
        .where(_is_open(code, now))
        .values(used_at=now)
        .returning(invitations.c.role)
    )
    role: str | None = (await database.execute(use)).scalar_one_or_none()
    if role is None:
        raise InvitationRefused
    if role == Role.OWNER:
        has_owner = sa.exists().where(
            home_accounts.c.role == Role.OWNER, home_accounts.c.listener_id.not_in(BEING_DELETED)
        )
        if (await database.execute(sa.select(has_owner))).scalar_one():
            raise InvitationRefused
    return Role(role)


async def _listener_for(database: AsyncConnection, role: Role) -> UUID:
    """The listener that a new account belongs to: a new one, or for the owner, the one that exists."""
    if role is Role.OWNER:
        without_account = (
            sa.select(listeners.c.id)
            .where(
                listeners.c.id.not_in(BEING_DELETED),
                listeners.c.id.not_in(sa.select(home_accounts.c.listener_id)),
            )
            .order_by(listeners.c.created_at, listeners.c.id)
            .limit(1)
        )
        listener: UUID | None = (await database.execute(without_account)).scalar_one_or_none()
        if listener:
            return listener
    row = new_listener(uuid4())
    await database.execute(listeners.insert().values(row))
    return UUID(str(row[listeners.c.id]))


def _is_open(code: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        invitations.c.code_hash == hash_code(code),
        invitations.c.used_at.is_(None),
        invitations.c.expires_at > now,
    )


def _account(row: Any) -> HomeAccount:
    return HomeAccount(row.listener_id, row.name, Role(row.role), row.password, utc(row.created_at))


def _invitation(row: Any) -> Invitation:
    return Invitation(
        row.id,
        Role(row.role),
        row.note,
        row.created_by,
        utc(row.created_at),
        utc(row.expires_at),
    )
