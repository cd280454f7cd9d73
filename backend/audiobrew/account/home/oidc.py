"""Sign-in at an OpenID Connect provider, for accounts of a server of one's own."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.home.accounts import (
    ProvidedIdentity,
    count_ways_to_sign_in,
    insert_identity,
)
from audiobrew.account.home.challenges import CHALLENGE_BYTES, Challenges
from audiobrew.account.home.oidc_problems import (
    AlreadyConnected,
    IdentityNotFound,
    NobodyHere,
    ProviderRefused,
)
from audiobrew.account.listener_store import BEING_DELETED, lock_listener
from audiobrew.db.account_tables import provided_identities

if TYPE_CHECKING:
    from audiobrew.account.home.oidc_provider import OidcProvider  # slow to import

# At a provider, people may have to look for a second factor.
ATTEMPT_LIFETIME = timedelta(minutes=15)
SIGN_IN_PURPOSE = "provider sign in"


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What the provider gave the browser. `secret`: of the browser's cookie; None without one."""

    code: str
    state: str
    issuer: str | None
    secret: str | None


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """Random values of one sign-in: `state` ties the answer to the browser, `nonce` the token to the sign-in,
    and `verifier` the code to this server."""

    state: str
    nonce: str
    verifier: str


class Oidc:
    def __init__(self, engine: AsyncEngine, provider: "OidcProvider") -> None:
        self._engine = engine
        self._challenges = Challenges(engine)
        self.provider = provider

    async def begin(self, purpose: str) -> tuple[str, str]:
        """Where the browser signs in, and the secret that it must keep in a cookie until it comes back.

        `purpose` must be passed to `finish` again. Raises ProviderUnavailable.
        """
        secret = await self._challenges.create(purpose, ATTEMPT_LIFETIME)
        url = await self.provider.authorization_url(_attempt(secret))
        return url, urlsafe_b64encode(secret).decode()

    async def finish(self, purpose: str, answer: ProviderAnswer) -> ProvidedIdentity:
        """Who signed in. Each answer works once, in the browser where the sign-in began.

        Raises ProviderRefused, ProviderUnavailable.
        """
        try:
            secret = urlsafe_b64decode(answer.secret or "")
        except ValueError as error:
            raise ProviderRefused from error
        attempt = _attempt(secret)
        is_own = hmac.compare_digest(attempt.state.encode(), answer.state.encode())
        if len(secret) != CHALLENGE_BYTES or not is_own:
            raise ProviderRefused
        if not await self._challenges.use(purpose, secret):
            raise ProviderRefused
        return await self.provider.identity(answer.code, answer.issuer, attempt)

    async def sign_in(self, answer: ProviderAnswer) -> UUID:
        """The listener who signed in. Raises ProviderRefused, ProviderUnavailable, NobodyHere."""
        identity = await self.finish(SIGN_IN_PURPOSE, answer)
        query = sa.select(provided_identities.c.listener_id).where(
            provided_identities.c.issuer == identity.issuer,
            provided_identities.c.subject == identity.subject,
            provided_identities.c.listener_id.not_in(BEING_DELETED),
        )
        async with self._engine.connect() as database:
            listener: UUID | None = (await database.execute(query)).scalar_one_or_none()
        if listener is None:
            raise NobodyHere
        return listener

    async def connect(self, listener: UUID, identity: ProvidedIdentity) -> None:
        """Raises AlreadyConnected, IdentityTaken."""
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            if await _find(database, listener):
                raise AlreadyConnected
            await insert_identity(database, listener, identity, datetime.now(UTC))

    async def disconnect(self, listener: UUID) -> bool:
        """Returns False, and changes nothing, if it is the only way to sign in. Raises IdentityNotFound."""
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            identity = await _find(database, listener)
            if identity is None:
                raise IdentityNotFound
            issuer = self.provider.client.issuer
            ways = await count_ways_to_sign_in(database, listener, issuer)
            if ways == 1 and identity.issuer == issuer:
                return False
            own = provided_identities.c.listener_id == listener
            await database.execute(provided_identities.delete().where(own))
        return True

    async def connected(self, listener: UUID) -> ProvidedIdentity | None:
        """The account at the provider with which a listener signs in."""
        async with self._engine.connect() as database:
            return await _find(database, listener)


async def _find(database: AsyncConnection, listener: UUID) -> ProvidedIdentity | None:
    query = provided_identities.select().where(provided_identities.c.listener_id == listener)
    row = (await database.execute(query)).one_or_none()
    return ProvidedIdentity(row.issuer, row.subject, row.name) if row else None


def _attempt(secret: bytes) -> SignInAttempt:
    """The values of a sign-in, all derived from the secret of the browser's cookie."""
    return SignInAttempt(*(_derive(secret, use) for use in ("state", "nonce", "verifier")))


def _derive(secret: bytes, use: str) -> str:
    """43 characters for addresses."""
    digest = hmac.digest(secret, f"audiobrew sign-in {use}".encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")
