"""Sign-in through Supabase. Tokens are verified here, their sessions at Supabase every few minutes."""

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
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.supabase_sessions import SupabaseSessions
from audiobrew.media.supabase import SupabaseProject, SupabaseRefused
from audiobrew.problems import Problem, SignInNeeded

ASYMMETRIC_ALGORITHMS = ["ES256", "RS256"]
SYMMETRIC_ALGORITHMS = ["HS256"]
ROLE = "authenticated"
# Supabase's authenticator assurance levels, the claim `aal`.
ASSURANCE_LEVELS = ["aal1", "aal2", "aal3"]
REQUIRED_CLAIMS = ["exp", "iat", "sub", "aud", "iss"]
CLOCK_SKEW_SECONDS = 10
KEYS_CACHE_SECONDS, KEYS_TIMEOUT_SECONDS = 600.0, 5.0
# An unknown key id makes us fetch the keys again, but only this often within this time: anybody can send
# tokens with invented key ids.
REFRESHES, REFRESHES_SECONDS = 3, 15.0
# After a failed fetch, requests fail at once for this time, instead of each waiting for its own timeout.
OUTAGE_SECONDS = 2.0
TOKEN_CACHE_SECONDS, LISTENER_CACHE_SECONDS = 60.0, 10.0
MAX_CACHED = 10_000

Claims = dict[str, Any]
K = TypeVar("K")
V = TypeVar("V")


class Keys(Protocol):
    def claims(self, token: str) -> Claims:
        """Verify a token and return its claims. Blocks. Raises IdentityUnavailable, jwt.PyJWTError."""
        ...

    def check(self) -> None:
        """Check that signatures can be verified now. Blocks. Raises IdentityUnavailable."""
        ...


class SharedSecret:
    """The key of an older project, which signs its tokens with a shared secret."""

    def __init__(self, url: str, secret: str) -> None:
        self._verify = partial(_verify, key=secret, algorithms=SYMMETRIC_ALGORITHMS, url=url)

    def claims(self, token: str) -> Claims:
        """See `Keys.claims`."""
        return self._verify(token)

    def check(self) -> None:
        """See `Keys.check`. A secret needs no check."""


class PublishedKeys:
    """The keys of a project that publishes them (JWKS) and may rotate them at any time."""

    def __init__(self, url: str) -> None:
        self._verify = partial(_verify, algorithms=ASYMMETRIC_ALGORITHMS, url=url)
        self._outage_until = 0.0
        self._keys = jwt.PyJWKClient(
            f"{_issuer(url)}/.well-known/jwks.json",
            lifespan=KEYS_CACHE_SECONDS,
            timeout=KEYS_TIMEOUT_SECONDS,
            cooldown_duration=0,  # a cooldown would reject a new key that is used soon after a fetch
        )
        self._refresh_lock = Lock()
        self._refreshes: deque[float] = deque(maxlen=REFRESHES)

    def claims(self, token: str) -> Claims:
        """See `Keys.claims`."""
        kid = jwt.get_unverified_header(token).get("kid")
        if not isinstance(kid, str):
            raise SignInNeeded
        return self._verify(token, key=self._find_key(kid))

    def check(self) -> None:
        """See `Keys.check`."""
        if monotonic() < self._outage_until:
            raise IdentityUnavailable
        try:
            self._keys.get_signing_keys()
        except (jwt.PyJWTError, ValueError) as error:  # no response, or a response without a key
            self._outage_until = monotonic() + OUTAGE_SECONDS
            raise IdentityUnavailable from error

    def _find_key(self, kid: str) -> jwt.PyJWK:
        self.check()
        with self._refresh_lock:
            try:
                if key := self._keys.match_kid(self._keys.get_signing_keys(), kid):
                    return key
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
    """The publishable key, with which the app in the browser signs listeners in at Supabase."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._headers = f"{url.rstrip('/')}/auth/v1/settings", {"apikey": key}

    async def check(self) -> None:
        """Raises IdentityUnavailable, BrowserKeyRefused."""
        try:
            async with httpx.AsyncClient(timeout=KEYS_TIMEOUT_SECONDS) as client:
                response = await client.get(self._url, headers=self._headers)
        except httpx.TransportError as error:
            raise IdentityUnavailable from error
        if response.is_server_error:
            raise IdentityUnavailable
        if response.is_error:
            raise BrowserKeyRefused


@dataclass(frozen=True, slots=True)
class _CachedToken:
    listener: UUID
    session: str  # one session has many tokens over time, and is checked once for all of them
    expires: float  # Unix time
    cached_until: float  # of `monotonic`


class SupabaseIdentity:
    """Caches a verified token for a minute, the state of its session for four, and the existence of its
    listener for ten seconds.
    """

    def __init__(self, keys: Keys, listeners: ListenerStore, sessions: SupabaseSessions) -> None:
        self._keys = keys
        self._listeners = listeners
        self._sessions = sessions
        self._tokens: dict[bytes, _CachedToken] = {}
        self._checked_listeners: dict[UUID, float] = {}  # until when the last check counts
        self._locked_out: set[UUID] = set()
        self._threads = CapacityLimiter(4)  # slow key fetches must not occupy all worker threads

    name = "Supabase's tokens"

    async def check(self) -> None:
        """See `Identity.check`."""
        await to_thread.run_sync(self._keys.check, limiter=self._threads)

    async def listener(self, token: str) -> UUID:
        """See `Identity.listener`."""
        return (await self.session(token)).listener

    async def session(self, token: str) -> VerifiedToken:
        """See `Identity.session`. The first valid token of a listener creates their row."""
        key = sha256(token.encode()).digest()
        verified = self._tokens.get(key)
        if verified is None or verified.cached_until < monotonic():
            verified = await self._verify(token)
            _evict_oldest(self._tokens)
            self._tokens[key] = verified
        if verified.expires + CLOCK_SKEW_SECONDS <= time():
            raise SignInNeeded
        await self._sessions.check(verified.session, token)
        await self._check_listener(verified.listener)
        return VerifiedToken(verified.listener, datetime.fromtimestamp(verified.expires, UTC))

    async def end(self, token: str) -> None:
        """The app itself ends its session at Supabase. Here the cached state is dropped, so the next request
        with this token checks the session again."""
        verified = self._tokens.pop(sha256(token.encode()).digest(), None)
        if verified:
            self._sessions.forget(verified.session)

    def lock_out(self, listener: UUID) -> None:
        """See `Identity.lock_out`."""
        self._locked_out.add(listener)

    async def _verify(self, token: str) -> _CachedToken:
        try:
            claims = await to_thread.run_sync(self._keys.claims, token, limiter=self._threads)
            listener, expires = UUID(claims["sub"]), float(claims["exp"])
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise SignInNeeded from error
        session = f"{listener} {claims.get('session_id') or sha256(token.encode()).hexdigest()}"
        return _CachedToken(listener, session, expires, monotonic() + TOKEN_CACHE_SECONDS)

    async def _check_listener(self, listener: UUID) -> None:
        if self._checked_listeners.get(listener, 0.0) < monotonic():
            if not await self._listeners.join(listener):
                raise SignInNeeded
            _evict_oldest(self._checked_listeners)
            self._checked_listeners[listener] = monotonic() + LISTENER_CACHE_SECONDS
        if listener in self._locked_out:  # checked last, because it may have changed meanwhile
            raise SignInNeeded


class SupabaseUsers:
    """Deletes users of the Supabase project, when their accounts are deleted."""

    def __init__(self, project: SupabaseProject) -> None:
        self._admin = project.library.auth.admin

    async def delete(self, listener: UUID) -> None:
        """A user who does not exist counts as deleted. Raises IdentityUnavailable, SupabaseRefused."""
        try:
            await self._admin.delete_user(str(listener))
        except AuthApiError as error:
            if error.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
                raise SupabaseRefused from error
            if error.status != HTTPStatus.NOT_FOUND:
                raise IdentityUnavailable from error
        except AuthError as error:
            raise IdentityUnavailable from error


def _verify(token: str, *, key: jwt.PyJWK | str, algorithms: list[str], url: str) -> Claims:
    claims: Claims = jwt.decode(
        token,
        key,
        algorithms=algorithms,
        audience=ROLE,
        issuer=_issuer(url),
        leeway=CLOCK_SKEW_SECONDS,
        options={"require": REQUIRED_CLAIMS},
    )
    anonymous = claims.get("is_anonymous", False) is not False
    level = claims.get("aal", ASSURANCE_LEVELS[0])
    if claims.get("role") != ROLE or anonymous or level not in ASSURANCE_LEVELS:
        raise SignInNeeded
    return claims


def _issuer(url: str) -> str:
    return f"{url.rstrip('/')}/auth/v1"


def _evict_oldest(cache: dict[K, V]) -> None:
    """Make room for one more entry."""
    while len(cache) >= MAX_CACHED:
        del cache[next(iter(cache))]
