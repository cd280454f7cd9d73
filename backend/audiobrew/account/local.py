"""Signing in on one machine: the terminal prints a one-time code, the app trades it for a session.

Programs get a bearer token, the browser a cookie. Neither opens what the other does: their hashes differ.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from time import monotonic
from types import MappingProxyType
from uuid import UUID

from audiobrew.account.browser_session import csrf_token
from audiobrew.account.identity import Identity, VerifiedToken
from audiobrew.account.listener_store import Listeners, StoredSession
from audiobrew.problems import Problem, SignInNeeded

CODE_LIVES = timedelta(minutes=10)
REMEMBERED_SECONDS = 10
"""A verified token is not looked up again for so long: sign-out elsewhere is heard of by then."""
MOST_REMEMBERED = 1000
EXTENDED_EVERY = timedelta(days=1)
"""How often using a browser session moves its end: a write a day, not one for each request."""
TRADED_TOKEN_LIVES = timedelta(minutes=1)
"""A bearer token that was traded for a cookie: long enough to ask again when the answer was lost."""
TRIES, WITHIN_SECONDS = 20, 60


class CodeRefused(Problem):
    """This sign-in link was used already or is too old. `audiobrew sign-in` prints a new one."""

    type = "code-refused"
    status = HTTPStatus.FORBIDDEN


class TooManyTries(Problem):
    """Too many sign-in attempts. Wait a minute, then use a new link from `audiobrew sign-in`."""

    type = "too-many-tries"
    status = HTTPStatus.TOO_MANY_REQUESTS
    headers = MappingProxyType({"Retry-After": str(WITHIN_SECONDS)})


class NoLocalSignIn(Problem):
    """Sign-in links are for AudioBrew on your own machine. Here, sign in through Supabase, in the app."""

    type = "no-local-sign-in"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class Session:
    token: str
    listener: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class BrowserSession:
    cookie: str
    csrf_token: str
    listener: UUID
    expires_at: datetime


class LocalIdentity:
    """Codes have 160 bits and live ten minutes; tokens have 256 bits and live `session_days`.

    A browser session ends `idle_days` after its last use, and after `session_days` in any case.
    """

    def __init__(self, listeners: Listeners, session_days: int, idle_days: int = 30) -> None:
        self._listeners = listeners
        self.session_lives = timedelta(days=session_days)
        self._idle = timedelta(days=idle_days)
        self._remembered: dict[str, tuple[StoredSession, float]] = {}
        self._shut_out: set[UUID] = set()
        self._tries: list[float] = []

    name = "one-time links that the terminal prints"

    async def check(self) -> None:
        """See `Identity.check`: it needs nothing but the database, which is checked by itself."""

    async def issue_code(self, listener: UUID | None = None) -> str:
        """A one-time code; for this machine's own listener, unless another is named."""
        listener = listener or await self._listeners.local()
        code = secrets.token_urlsafe(20)
        await self._listeners.keep_code(listener, _hash(code), datetime.now(UTC) + CODE_LIVES)
        return code

    async def trade(self, code: str) -> Session:
        """A session for a code. Raises CodeRefused, TooManyTries."""
        listener = await self._use_code(code)
        session = Session(
            secrets.token_urlsafe(32), listener, datetime.now(UTC) + self.session_lives
        )
        await self._listeners.keep_session(listener, _hash(session.token), session.expires_at)
        return session

    async def session(self, token: str) -> VerifiedToken:
        """See `Identity.session`."""
        found = await self._find(_hash(token))
        return VerifiedToken(found.listener, found.ends_at)

    async def listener(self, token: str) -> UUID:
        """See `Identity.listener`."""
        return (await self.session(token)).listener

    async def end(self, token: str) -> None:
        """See `Identity.end`."""
        await self._end(_hash(token))

    async def open_browser_session(self, code: str) -> BrowserSession:
        """For a one-time code. Raises CodeRefused, TooManyTries."""
        listener = await self._use_code(code)
        return await self._new_browser_session(listener)

    async def trade_token(self, token: str, cookie: str | None) -> BrowserSession:
        """For a bearer token, which ends within a minute. Raises SignInNeeded.

        A page in another tab may have traded it a moment before: its session is this page's, too.
        """
        listener = await self.listener(token)
        known = await self._known(cookie)
        key = _hash(token)
        await self._listeners.shorten_session(key, datetime.now(UTC) + TRADED_TOKEN_LIVES)
        self._remembered.pop(key, None)
        if known and known.listener == listener:
            return known
        return await self._new_browser_session(listener)

    async def browser_session(self, cookie: str) -> BrowserSession:
        """Using it keeps it alive. Raises SignInNeeded."""
        found = await self._find(_browser_hash(cookie))
        return BrowserSession(cookie, csrf_token(cookie), found.listener, found.ends_at)

    async def end_browser_session(self, cookie: str) -> None:
        """Ending what has ended is no error."""
        await self._end(_browser_hash(cookie))

    async def _new_browser_session(self, listener: UUID) -> BrowserSession:
        cookie, now = secrets.token_urlsafe(32), datetime.now(UTC)
        new = StoredSession(listener, now + self.session_lives, now + self._idle)
        await self._listeners.keep_session(
            listener, _browser_hash(cookie), new.expires_at, new.idle_until
        )
        return BrowserSession(cookie, csrf_token(cookie), listener, new.ends_at)

    async def _known(self, cookie: str | None) -> BrowserSession | None:
        try:
            return await self.browser_session(cookie) if cookie else None
        except SignInNeeded:
            return None

    async def _end(self, key: str) -> None:
        await self._listeners.end_session(key)
        self._remembered.pop(key, None)

    def shut_out(self, listener: UUID) -> None:
        """See `Identity.shut_out`."""
        self._shut_out.add(listener)

    async def _find(self, key: str) -> StoredSession:
        """Raises SignInNeeded."""
        known, until = self._remembered.get(key, (None, 0.0))
        if known is None or until < monotonic():
            known = await self._look_up(key)
        if known.ends_at <= datetime.now(UTC) or known.listener in self._shut_out:
            raise SignInNeeded
        return known

    async def _look_up(self, key: str) -> StoredSession:
        session = await self._listeners.session(key)
        if session is None:
            self._remembered.pop(key, None)
            raise SignInNeeded
        session = await self._extended(key, session)
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = (session, monotonic() + REMEMBERED_SECONDS)
        return session

    async def _extended(self, key: str, session: StoredSession) -> StoredSession:
        """A browser session that is alive lives on from now."""
        now = datetime.now(UTC)
        if session.idle_until is None or session.ends_at <= now:
            return session
        until = now + self._idle
        if session.idle_until > until - EXTENDED_EVERY:
            return session
        await self._listeners.extend_session(key, until)
        return replace(session, idle_until=until)

    async def _use_code(self, code: str) -> UUID:
        """Only wrong codes are counted: others' tries must never keep the owner out, and 160 bits cannot be
        guessed. Raises CodeRefused, TooManyTries."""
        listener = await self._listeners.use_code(_hash(code))
        if listener is None:
            self._count_wrong_code()
            raise CodeRefused
        return listener

    def _count_wrong_code(self) -> None:
        now = monotonic()
        self._tries = [moment for moment in self._tries if now - moment < WITHIN_SECONDS]
        if len(self._tries) >= TRIES:
            raise TooManyTries
        self._tries.append(now)


def local(identity: Identity) -> LocalIdentity:
    """Where sign-in is this machine's own. Raises NoLocalSignIn."""
    if isinstance(identity, LocalIdentity):
        return identity
    raise NoLocalSignIn


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _browser_hash(cookie: str) -> str:
    return _hash(f"browser\n{cookie}")
