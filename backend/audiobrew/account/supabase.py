"""Signing in through Supabase: tokens are verified here, and sessions asked for every few minutes."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from threading import Lock
from time import monotonic, time
from typing import Any, Protocol, TypeVar
from uuid import UUID

import httpx
import jwt
from anyio import CapacityLimiter, to_thread
from supabase import AuthApiError, AuthError

from audiobrew.account.identity import IdentityUnavailable, VerifiedToken
from audiobrew.account.listener_store import Listeners
from audiobrew.account.supabase_sessions import SupabaseSessions
from audiobrew.media.supabase import SupabaseProject, SupabaseRefused
from audiobrew.problems import Problem, SignInNeeded

PUBLISHED = ["ES256", "RS256"]
SHARED = ["HS256"]
ROLE = "authenticated"
LEVELS = ["aal1", "aal2", "aal3"]
"""How surely Supabase knows who signed in."""
REQUIRED = ["exp", "iat", "sub", "aud", "iss"]
CLOCKS_DIFFER_SECONDS = 10
KEYS_LIVE_SECONDS, KEYS_TIMEOUT_SECONDS = 600.0, 5.0
REFRESHES, REFRESHES_SECONDS = 3, 15.0
"""For an unknown key id the keys are asked for again at once, but only so often: strangers send many."""
AWAY_SECONDS = 2.0
"""After an outage everybody is told at once for so long, instead of each waiting for the next one."""
VERIFIED_SECONDS, THERE_SECONDS = 60.0, 10.0
MOST_REMEMBERED = 10_000

Claims = dict[str, Any]
K = TypeVar("K")
V = TypeVar("V")


class Keys(Protocol):
    def claims(self, token: str) -> Claims:
        """What a token says, once its signature holds. Blocks. Raises IdentityUnavailable, jwt.PyJWTError."""
        ...

    def check(self) -> None:
        """Whether signatures can be checked now. Blocks. Raises IdentityUnavailable."""
        ...


class SharedSecret:
    """A project of the older kind, which signs with a secret of its own."""

    def __init__(self, url: str, secret: str) -> None:
        self._check = partial(_checked, key=secret, algorithms=SHARED, url=url)

    def claims(self, token: str) -> Claims:
        """See `Keys.claims`."""
        return self._check(token)

    def check(self) -> None:
        """See `Keys.check`: the secret is here."""


class PublishedKeys:
    """A project that publishes its keys, and may change them at any time."""

    def __init__(self, url: str) -> None:
        self._check = partial(_checked, algorithms=PUBLISHED, url=url)
        self._away_until = 0.0
        self._keys = jwt.PyJWKClient(
            f"{_issuer(url)}/.well-known/jwks.json",
            lifespan=KEYS_LIVE_SECONDS,
            timeout=KEYS_TIMEOUT_SECONDS,
            cooldown_duration=0,  # it would refuse a new key that is used right after the last fetch
        )
        self._refreshing = Lock()
        self._refreshes: deque[float] = deque(maxlen=REFRESHES)

    def claims(self, token: str) -> Claims:
        """See `Keys.claims`."""
        kid = jwt.get_unverified_header(token).get("kid")
        if not isinstance(kid, str):
            raise SignInNeeded
        return self._check(token, key=self._key(kid))

    def check(self) -> None:
        """See `Keys.check`."""
        if monotonic() < self._away_until:
            raise IdentityUnavailable
        try:
            self._keys.get_signing_keys()
        except (jwt.PyJWTError, ValueError) as error:  # no answer, or none that holds a key
            self._away_until = monotonic() + AWAY_SECONDS
            raise IdentityUnavailable from error

    def _key(self, kid: str) -> jwt.PyJWK:
        self.check()
        with self._refreshing:
            try:
                if found := self._keys.match_kid(self._keys.get_signing_keys(), kid):
                    return found
                if not self._may_refresh():
                    raise SignInNeeded
                return self._keys.get_signing_key(kid)
            except jwt.PyJWKClientConnectionError as error:
                raise IdentityUnavailable from error

    def _may_refresh(self) -> bool:
        now = monotonic()
        if len(self._refreshes) == REFRESHES and now - self._refreshes[0] < REFRESHES_SECONDS:
            return False
        self._refreshes.append(now)
        return True


class BrowserKeyRefused(Problem):
    """Supabase does not take SUPABASE_PUBLISHABLE_KEY: copy it again from the project's API keys."""

    type = "browser-key-refused"
    status = HTTPStatus.BAD_GATEWAY


class BrowserKey:
    """The key with which the app asks Supabase to sign a listener in."""

    def __init__(self, url: str, key: str) -> None:
        self._settings, self._headers = f"{url.rstrip('/')}/auth/v1/settings", {"apikey": key}

    async def check(self) -> None:
        """Raises IdentityUnavailable, BrowserKeyRefused."""
        try:
            async with httpx.AsyncClient(timeout=KEYS_TIMEOUT_SECONDS) as browser:
                answer = await browser.get(self._settings, headers=self._headers)
        except httpx.TransportError as error:
            raise IdentityUnavailable from error
        if answer.is_server_error:
            raise IdentityUnavailable
        if answer.is_error:
            raise BrowserKeyRefused


@dataclass(frozen=True, slots=True)
class _Verified:
    listener: UUID
    session: str  # what Supabase is asked about once for all of its tokens
    expires: float  # Unix time
    until: float  # of this process's clock


class SupabaseIdentity:
    """A verified token is remembered for a minute, that its session stands for four; that its listener
    is still there, for ten seconds.
    """

    def __init__(self, keys: Keys, listeners: Listeners, sessions: SupabaseSessions) -> None:
        self._keys = keys
        self._listeners = listeners
        self._sessions = sessions
        self._verified: dict[bytes, _Verified] = {}
        self._there: dict[UUID, float] = {}
        self._shut_out: set[UUID] = set()
        self._few = CapacityLimiter(4)  # keys that do not come must not hold everybody's threads

    name = "Supabase's tokens"

    async def check(self) -> None:
        """See `Identity.check`."""
        await to_thread.run_sync(self._keys.check, limiter=self._few)

    async def listener(self, token: str) -> UUID:
        """See `Identity.listener`."""
        return (await self.session(token)).listener

    async def session(self, token: str) -> VerifiedToken:
        """See `Identity.session`. A listener's row is made when they are first seen."""
        key = sha256(token.encode()).digest()
        known = self._verified.get(key)
        if known is None or known.until < monotonic():
            known = await self._verify(token)
            _bounded(self._verified)[key] = known
        if known.expires + CLOCKS_DIFFER_SECONDS <= time():
            raise SignInNeeded
        await self._sessions.check(known.session, token)
        await self._check_there(known.listener)
        return VerifiedToken(known.listener, datetime.fromtimestamp(known.expires, UTC))

    async def end(self, token: str) -> None:
        """Supabase ends its own sessions, and the app asks it to: the next request with it asks anew."""
        known = self._verified.pop(sha256(token.encode()).digest(), None)
        if known:
            self._sessions.forget(known.session)

    def shut_out(self, listener: UUID) -> None:
        """See `Identity.shut_out`."""
        self._shut_out.add(listener)

    async def _verify(self, token: str) -> _Verified:
        try:
            claims = await to_thread.run_sync(self._keys.claims, token, limiter=self._few)
            listener, expires = UUID(claims["sub"]), float(claims["exp"])
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise SignInNeeded from error
        session = f"{listener} {claims.get('session_id') or sha256(token.encode()).hexdigest()}"
        return _Verified(listener, session, expires, monotonic() + VERIFIED_SECONDS)

    async def _check_there(self, listener: UUID) -> None:
        if self._there.get(listener, 0.0) < monotonic():
            if not await self._listeners.join(listener):
                raise SignInNeeded
            _bounded(self._there)[listener] = monotonic() + THERE_SECONDS
        if listener in self._shut_out:  # also while we asked
            raise SignInNeeded


class SupabaseUsers:
    """The users of the project, who may be deleted."""

    def __init__(self, project: SupabaseProject) -> None:
        self._admin = project.library.auth.admin

    async def delete(self, listener: UUID) -> None:
        """Who is not there is deleted. Raises IdentityUnavailable, SupabaseRefused."""
        try:
            await self._admin.delete_user(str(listener))
        except AuthApiError as error:
            if error.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
                raise SupabaseRefused from error
            if error.status != HTTPStatus.NOT_FOUND:
                raise IdentityUnavailable from error
        except AuthError as error:
            raise IdentityUnavailable from error


def _checked(token: str, *, key: jwt.PyJWK | str, algorithms: list[str], url: str) -> Claims:
    claims: Claims = jwt.decode(
        token,
        key,
        algorithms=algorithms,
        audience=ROLE,
        issuer=_issuer(url),
        leeway=CLOCKS_DIFFER_SECONDS,
        options={"require": REQUIRED},
    )
    levels = claims.get("aal", LEVELS[0]) in LEVELS
    if claims.get("role") != ROLE or claims.get("is_anonymous", False) is not False or not levels:
        raise SignInNeeded
    return claims


def _issuer(url: str) -> str:
    return f"{url.rstrip('/')}/auth/v1"


def _bounded(remembered: dict[K, V]) -> dict[K, V]:
    """With room for one more: the oldest goes."""
    while len(remembered) >= MOST_REMEMBERED:
        del remembered[next(iter(remembered))]
    return remembered
