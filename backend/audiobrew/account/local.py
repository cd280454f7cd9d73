"""Sign-in on a single machine: the terminal prints a one-time code, and the app exchanges it for a session.

Programs receive a bearer token, browsers a cookie. The two are hashed differently, so that neither is
accepted in place of the other.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from time import monotonic
from types import MappingProxyType
from uuid import UUID

from audiobrew.account.browser_session import csrf_token
from audiobrew.account.identity import Identity, VerifiedToken
from audiobrew.account.listener_store import ListedSession, ListenerStore, StoredSession
from audiobrew.problems import Problem, SignInNeeded

CODE_LIFETIME = timedelta(minutes=10)
# How long a session is cached. A sign-out in another process takes effect within this time.
CACHE_SECONDS = 10
MAX_CACHED = 1000
# Using a browser session moves its end. This limits the writes to one a day instead of one a request.
EXTENSION_INTERVAL = timedelta(days=1)
# How long a bearer token lives after it was exchanged for a cookie: the client may have to repeat the
# request because it did not receive the response.
EXCHANGED_TOKEN_LIFETIME = timedelta(minutes=1)
MAX_ATTEMPTS, ATTEMPTS_WINDOW_SECONDS = 20, 60


class CodeRefused(Problem):
    """This sign-in link was used already or is too old. `audiobrew sign-in` prints a new one; on a server,
    its owner makes one."""

    type = "code-refused"
    status = HTTPStatus.FORBIDDEN


class TooManyTries(Problem):
    """Too many sign-in attempts. Wait a minute, then use a new link from `audiobrew sign-in`."""

    type = "too-many-tries"
    status = HTTPStatus.TOO_MANY_REQUESTS
    headers = MappingProxyType({"Retry-After": str(ATTEMPTS_WINDOW_SECONDS)})


class NoLocalSignIn(Problem):
    """Sign-in links are for AudioBrew on your own machine. Here, sign in through Supabase, in the app."""

    type = "no-local-sign-in"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class Session:
    """A bearer token and the listener it signs in."""

    token: str
    listener: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """`cookie` is the secret that the browser stores."""

    cookie: str
    csrf_token: str
    listener: UUID
    expires_at: datetime


class LocalIdentity:
    """Codes have 160 bits and live for ten minutes; tokens have 256 bits and live for `session_days`.

    A browser session ends `idle_days` after its last use, and after `session_days` in any case.
    """

    def __init__(self, listeners: ListenerStore, session_days: int, idle_days: int = 30) -> None:
        self._listeners = listeners
        self.session_lifetime = timedelta(days=session_days)
        self._idle_lifetime = timedelta(days=idle_days)
        self._cache: dict[str, tuple[StoredSession, float]] = {}
        self._locked_out: set[UUID] = set()
        self._wrong_attempts: list[float] = []

    name = "one-time links that the terminal prints"

    async def check(self) -> None:
        """See `Identity.check`. Needs only the database, which has a check of its own."""

    async def issue_code(self, listener: UUID | None = None) -> str:
        """Create a one-time code, for the machine's own listener unless another one is passed."""
        listener = listener or await self._listeners.local()
        code = secrets.token_urlsafe(20)
        await self._listeners.add_code(listener, _hash(code), datetime.now(UTC) + CODE_LIFETIME)
        return code

    async def exchange_code(self, code: str) -> Session:
        """Exchange a one-time code for a bearer token. Raises CodeRefused, TooManyTries."""
        listener = await self._use_code(code)
        session = Session(
            secrets.token_urlsafe(32), listener, datetime.now(UTC) + self.session_lifetime
        )
        await self._listeners.add_session(listener, _hash(session.token), session.expires_at)
        return session

    async def session(self, token: str) -> VerifiedToken:
        """See `Identity.session`."""
        session = await self._find(_hash(token))
        return VerifiedToken(session.listener, session.ends_at)

    async def listener(self, token: str) -> UUID:
        """See `Identity.listener`."""
        return (await self.session(token)).listener

    async def end(self, token: str) -> None:
        """See `Identity.end`."""
        await self._end(_hash(token))

    def lock_out(self, listener: UUID) -> None:
        """See `Identity.lock_out`."""
        self._locked_out.add(listener)

    async def open_browser_session(self, code: str, client: str = "") -> BrowserSession:
        """Exchange a one-time code for a browser session. Raises CodeRefused, TooManyTries."""
        listener = await self._use_code(code)
        return await self.add_browser_session(listener, client)

    async def exchange_token(self, token: str, cookie: str | None) -> BrowserSession:
        """Exchange a bearer token, which then ends within a minute, for a browser session.

        If the browser already has a session of the same listener, that session is returned: a page in
        another tab may have exchanged the token a moment before.

        Raises SignInNeeded.
        """
        listener = await self.listener(token)
        try:
            current = await self.browser_session(cookie) if cookie else None
        except SignInNeeded:
            current = None
        key = _hash(token)
        await self._listeners.shorten_session(key, datetime.now(UTC) + EXCHANGED_TOKEN_LIFETIME)
        self._cache.pop(key, None)
        if current and current.listener == listener:
            return current
        return await self.add_browser_session(listener)

    async def browser_session(self, cookie: str) -> BrowserSession:
        """Find a browser session, and extend it. Raises SignInNeeded."""
        session = await self._find(_browser_hash(cookie))
        return BrowserSession(cookie, csrf_token(cookie), session.listener, session.ends_at)

    async def end_browser_session(self, cookie: str) -> None:
        """Ending a session that does not exist is not an error."""
        await self._end(_browser_hash(cookie))

    async def add_browser_session(self, listener: UUID, client: str = "") -> BrowserSession:
        """`client`: the browser, as its listener would call it."""
        cookie, now = secrets.token_urlsafe(32), datetime.now(UTC)
        session = StoredSession(listener, now + self.session_lifetime, now + self._idle_lifetime)
        await self._listeners.add_session(
            listener, _browser_hash(cookie), session.expires_at, session.idle_until, client
        )
        return BrowserSession(cookie, csrf_token(cookie), listener, session.ends_at)

    async def sessions(self, listener: UUID) -> Sequence[ListedSession]:
        """The listener's sessions, newest first."""
        return await self._listeners.sessions(listener)

    def is_session(self, session: ListedSession, cookie: str | None) -> bool:
        """Whether a browser with this cookie has this session."""
        return cookie is not None and session.token_hash == _browser_hash(cookie)

    async def end_session(self, listener: UUID, session: UUID) -> None:
        """End one of the listener's sessions. Ending one that does not exist is not an error."""
        for listed in await self._listeners.sessions(listener):
            if listed.id == session:
                await self._end(listed.token_hash)

    async def end_other_sessions(self, listener: UUID, cookie: str | None) -> None:
        """End all sessions of a listener but that of this cookie, and withdraw the one-time codes."""
        keep = _browser_hash(cookie) if cookie else None
        await self._listeners.end_other_sessions(listener, keep)
        self._cache = {
            key: (session, cached_until)
            for key, (session, cached_until) in self._cache.items()
            if session.listener != listener or key == keep
        }

    async def _end(self, key: str) -> None:
        await self._listeners.end_session(key)
        self._cache.pop(key, None)

    async def _find(self, key: str) -> StoredSession:
        """The session with this hash, from the cache or the database. Raises SignInNeeded."""
        session, cached_until = self._cache.get(key, (None, 0.0))
        if session is None or cached_until < monotonic():
            session = await self._listeners.find_session(key)
            if session is None:
                self._cache.pop(key, None)
                raise SignInNeeded
            session = await self._extend(key, session)
            if len(self._cache) >= MAX_CACHED:
                self._cache.clear()
            self._cache[key] = (session, monotonic() + CACHE_SECONDS)
        if session.ends_at <= datetime.now(UTC) or session.listener in self._locked_out:
            raise SignInNeeded
        return session

    async def _extend(self, key: str, session: StoredSession) -> StoredSession:
        """Move the end of a browser session that is in use; see EXTENSION_INTERVAL."""
        now = datetime.now(UTC)
        if session.idle_until is None or session.ends_at <= now:
            return session
        idle_until = now + self._idle_lifetime
        if session.idle_until > idle_until - EXTENSION_INTERVAL:
            return session
        await self._listeners.extend_session(key, idle_until)
        return replace(session, idle_until=idle_until)

    async def _use_code(self, code: str) -> UUID:
        """Only wrong codes count towards the limit. So nobody can lock the owner out by guessing, and
        a code of 160 bits cannot be guessed.

        Raises CodeRefused, TooManyTries.
        """
        listener = await self._listeners.use_code(_hash(code))
        if listener is not None:
            return listener
        now = monotonic()
        self._wrong_attempts = [
            attempt for attempt in self._wrong_attempts if now - attempt < ATTEMPTS_WINDOW_SECONDS
        ]
        if len(self._wrong_attempts) >= MAX_ATTEMPTS:
            raise TooManyTries
        self._wrong_attempts.append(now)
        raise CodeRefused


def require_local(identity: Identity) -> LocalIdentity:
    """The identity, where this machine signs listeners in itself. Raises NoLocalSignIn."""
    if isinstance(identity, LocalIdentity):
        return identity
    raise NoLocalSignIn


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _browser_hash(cookie: str) -> str:
    return _hash(f"browser\n{cookie}")
