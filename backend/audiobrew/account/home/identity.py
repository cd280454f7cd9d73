"""Sign-in on a server of one's own: by passkey, by password, or by a one-time link."""

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from audiobrew.account.home.accounts import (
    HomeAccount,
    HomeAccounts,
    NewPasskey,
    PersonNotFound,
    ProvidedIdentity,
)
from audiobrew.account.home.guess_limits import GuessLimits
from audiobrew.account.home.names import name_key
from audiobrew.account.home.oidc_problems import NoProvider
from audiobrew.account.home.passwords import PasswordHashes
from audiobrew.account.identity import Identity
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.problems import Problem

if TYPE_CHECKING:
    from audiobrew.account.home.oidc import Oidc
    from audiobrew.account.home.passkeys import Passkeys  # slow to import


class NotAHomeServer(Problem):
    """This server has no accounts of its own. They begin with AUDIOBREW_PUBLIC_URL."""

    type = "not-a-home-server"
    status = HTTPStatus.CONFLICT


class WrongNameOrPassword(Problem):
    """Wrong name or password."""

    type = "wrong-name-or-password"
    status = HTTPStatus.FORBIDDEN


class NoWayToSignIn(Problem):
    """A new account needs a passkey, a password, or an account at the provider that signs people in."""

    type = "no-way-to-sign-in"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class LastWayToSignIn(Problem):
    """This is the only way to sign in to this account. Add another one before you remove it."""

    type = "last-way-to-sign-in"
    status = HTTPStatus.CONFLICT


class HomeIdentity(LocalIdentity):
    """Sessions and one-time links as on a single machine, for the accounts of a server."""

    name = "passkeys and passwords of this server"

    def __init__(
        self,
        listeners: ListenerStore,
        accounts: HomeAccounts,
        passkeys: "Passkeys",
        oidc: "Oidc | None",
        session_days: int,
        idle_days: int,
    ) -> None:
        super().__init__(listeners, session_days, idle_days)
        self.accounts = accounts
        self.passkeys = passkeys
        self.oidc = oidc
        self._hashes = PasswordHashes()
        self._guesses = GuessLimits()

    async def open_account(
        self,
        code: str,
        name: str,
        password: str | None,
        passkey: NewPasskey | None,
        identity: ProvidedIdentity | None,
    ) -> HomeAccount:
        """Raises NoWayToSignIn, WeakPassword, NameRefused, NameTaken, IdentityTaken, InvitationRefused."""
        if password is None and passkey is None and identity is None:
            raise NoWayToSignIn
        await self.accounts.invitation(code)  # before the expensive hash
        stored = None
        if password is not None:
            await self._hashes.check_strength(password, name)
            stored = await self._hashes.hash(password)
        return await self.accounts.open_account(code, name, stored, passkey, identity)

    async def check_password(self, name: str, password: str, address: str) -> UUID:
        """The listener with this name and password.

        A name that does not exist takes as long as a wrong password. `address`: the client's, which has a
        limit of wrong passwords.

        Raises WrongNameOrPassword, TooManyGuesses.
        """
        key = name_key(name)
        self._guesses.count(key, address)
        account = await self.accounts.find_by_name(name)
        stored = account.password if account else None
        if not await self._hashes.matches(password, stored) or account is None or stored is None:
            raise WrongNameOrPassword
        self._guesses.record_success(key, address)
        if self._hashes.is_outdated(stored):
            await self.accounts.set_password(account.listener, await self._hashes.hash(password))
        return account.listener

    async def change_password(
        self, listener: UUID, current: str | None, new: str | None, address: str
    ) -> None:
        """Set or remove the password. An account that has one must pass it as `current`.

        Raises PersonNotFound, WrongNameOrPassword, TooManyGuesses, WeakPassword, LastWayToSignIn.
        """
        account = await self.require_account(listener)
        if account.password is not None:
            await self.check_password(account.name, current or "", address)
        if new is None:
            if not await self.accounts.remove_password(listener):
                raise LastWayToSignIn
            return
        await self._hashes.check_strength(new, account.name)
        await self.accounts.set_password(listener, await self._hashes.hash(new))

    async def remove_passkey(self, listener: UUID, passkey: UUID) -> None:
        """Raises PersonNotFound, PasskeyNotFound, LastWayToSignIn."""
        await self.require_account(listener)
        if not await self.passkeys.remove(listener, passkey):
            raise LastWayToSignIn

    async def connect_provider(self, listener: UUID, identity: ProvidedIdentity) -> None:
        """Raises PersonNotFound, NoProvider, AlreadyConnected, IdentityTaken."""
        await self.require_account(listener)
        await self.require_oidc().connect(listener, identity)

    async def disconnect_provider(self, listener: UUID) -> None:
        """Raises PersonNotFound, NoProvider, IdentityNotFound, LastWayToSignIn."""
        await self.require_account(listener)
        if not await self.require_oidc().disconnect(listener):
            raise LastWayToSignIn

    def require_oidc(self) -> "Oidc":
        """Raises NoProvider."""
        if self.oidc is None:
            raise NoProvider
        return self.oidc

    async def require_account(self, listener: UUID) -> HomeAccount:
        """Raises PersonNotFound."""
        account = await self.accounts.find(listener)
        if account is None:
            raise PersonNotFound
        return account


def require_home(identity: Identity) -> HomeIdentity:
    """The identity, on a server of one's own. Raises NotAHomeServer."""
    if isinstance(identity, HomeIdentity):
        return identity
    raise NotAHomeServer
