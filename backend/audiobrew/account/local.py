"""Signing in on one machine: the terminal prints a one-time code, the app trades it for a token."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from time import monotonic
from uuid import UUID

from audiobrew.account.identity import Identity, SignInNeeded
from audiobrew.problem import Problem
from audiobrew.store.listeners import Listeners

CODE_LIVES = timedelta(minutes=10)
REMEMBERED_SECONDS = 10
"""A verified token is not looked up again for so long: sign-out elsewhere is heard of by then."""
MOST_REMEMBERED = 1000
TRIES, WITHIN_SECONDS = 20, 60


class CodeRefused(Problem):
    """This sign-in link was used already or is too old. `audiobrew sign-in` prints a new one."""

    status = HTTPStatus.FORBIDDEN


class TooManyTries(Problem):
    """Too many sign-in attempts. Wait a minute, then use a new link from `audiobrew sign-in`."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class NoLocalSignIn(Problem):
    """Sign-in links are for AudioBrew on your own machine. Here, sign in through Supabase, in the app."""

    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class Session:
    token: str
    listener: UUID
    expires_at: datetime


class LocalIdentity:
    """Codes have 160 bits and live ten minutes; tokens have 256 bits and live `session_days`."""

    def __init__(self, listeners: Listeners, session_days: int) -> None:
        self._listeners = listeners
        self._session = timedelta(days=session_days)
        self._remembered: dict[str, tuple[UUID, datetime, float]] = {}
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
        self._count_try()
        listener = await self._listeners.use_code(_hash(code))
        if listener is None:
            raise CodeRefused
        session = Session(secrets.token_urlsafe(32), listener, datetime.now(UTC) + self._session)
        await self._listeners.keep_session(listener, _hash(session.token), session.expires_at)
        return session

    async def listener(self, token: str) -> UUID:
        """Whose token this is. Raises SignInNeeded."""
        key = _hash(token)
        known = self._remembered.get(key)
        if known is None or known[2] < monotonic():
            known = await self._looked_up(key)
        if known[1] <= datetime.now(UTC) or known[0] in self._shut_out:
            raise SignInNeeded
        return known[0]

    async def end(self, token: str) -> None:
        """See `Identity.end`."""
        key = _hash(token)
        await self._listeners.end_session(key)
        self._remembered.pop(key, None)

    def shut_out(self, listener: UUID) -> None:
        """See `Identity.shut_out`."""
        self._shut_out.add(listener)

    async def _looked_up(self, key: str) -> tuple[UUID, datetime, float]:
        session = await self._listeners.session(key)
        if session is None:
            raise SignInNeeded
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = (*session, monotonic() + REMEMBERED_SECONDS)
        return self._remembered[key]

    def _count_try(self) -> None:
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
