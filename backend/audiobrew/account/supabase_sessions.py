"""Checks at Supabase that a session is still valid: a token does not show a later sign-out or ban."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from time import monotonic, time
from typing import Any

import httpx

from audiobrew.account.identity import IdentityUnavailable
from audiobrew.problems import SignInNeeded

# How long Supabase's confirmation of a session counts. So a session that ends there ends here within
# five minutes.
VALID_CACHE_SECONDS = 240.0
# While Supabase is unreachable, a session that was valid is accepted for this time after the last check.
GRACE_SECONDS = 900.0
# How long a session that Supabase rejected is rejected without another check.
ENDED_CACHE_SECONDS = 30.0
TIMEOUT_SECONDS = 3.0
# After a failed call, no other call is attempted for this time.
OUTAGE_SECONDS = 5.0
MAX_CONCURRENT_CALLS = 16
MAX_CACHED_SESSIONS = 10_000
# Supabase's error codes for a token that is no longer valid. All other errors are failures on its side
# or ours.
ENDED_CODES = {"bad_jwt", "session_not_found", "session_expired", "user_not_found", "user_banned"}


@dataclass(frozen=True, slots=True)
class SessionState:
    """What Supabase said of a session. The age is measured by two clocks: `monotonic` stops while the
    machine is suspended, and `time` may be adjusted."""

    valid: bool
    checked_at: float  # of `monotonic`
    checked_at_wall: float  # of `time`

    def is_younger_than(self, seconds: float) -> bool:
        return (
            monotonic() - self.checked_at < seconds
            and -seconds < time() - self.checked_at_wall < seconds
        )


class SupabaseSessions:
    """Checks a session when it is first seen and then every four minutes. Concurrent requests of the same
    session share one check."""

    def __init__(self, url: str, publishable_key: str) -> None:
        self._url = f"{url.rstrip('/')}/auth/v1/user"
        self._headers = {"apikey": publishable_key, "X-Supabase-Api-Version": "2024-01-01"}
        self._states: dict[str, SessionState] = {}
        self._checks: dict[str, asyncio.Task[SessionState]] = {}
        self._semaphore = asyncio.Semaphore(MAX_CONCURRENT_CALLS)
        self._outage_until = 0.0
        self._client: httpx.AsyncClient | None = None

    async def check(self, session: str, token: str) -> None:
        """`token` is any verified token of this session. Raises SignInNeeded, IdentityUnavailable."""
        state = self._states.get(session)
        if state is None or not state.is_younger_than(
            VALID_CACHE_SECONDS if state.valid else ENDED_CACHE_SECONDS
        ):
            try:
                state = await self._check_once(session, token)
            except IdentityUnavailable:
                if state is None or (state.valid and not state.is_younger_than(GRACE_SECONDS)):
                    raise
        if not state.valid:
            raise SignInNeeded

    def forget(self, session: str) -> None:
        """Make the next request check the session again."""
        self._states.pop(session, None)

    async def aclose(self) -> None:
        for check in list(self._checks.values()):
            check.cancel()
        if self._client:
            await self._client.aclose()

    async def _check_once(self, session: str, token: str) -> SessionState:
        """Share one call among concurrent requests. It goes on if one of their clients disconnects."""
        check = self._checks.get(session)
        if check is None:
            check = asyncio.create_task(self._check(session, token))
            self._checks[session] = check
            check.add_done_callback(lambda task: self._remove_check(session, task))
        return await asyncio.shield(check)

    def _remove_check(self, session: str, check: "asyncio.Task[SessionState]") -> None:
        if self._checks.get(session) is check:
            del self._checks[session]
        if not check.cancelled():
            check.exception()  # marks it as retrieved, also if no request waits for it any more

    async def _check(self, session: str, token: str) -> SessionState:
        """Raises IdentityUnavailable."""
        async with self._semaphore:
            response = await self._get_user(token)
        state = SessionState(is_active_user(response), monotonic(), time())
        while len(self._states) >= MAX_CACHED_SESSIONS:
            del self._states[next(iter(self._states))]  # the oldest
        self._states.pop(session, None)
        self._states[session] = state
        return state

    async def _get_user(self, token: str) -> httpx.Response:
        """The user whom the token signs in, or a response that rejects it. Raises IdentityUnavailable."""
        if monotonic() < self._outage_until:
            raise IdentityUnavailable
        self._client = self._client or httpx.AsyncClient(timeout=TIMEOUT_SECONDS)
        headers = self._headers | {"Authorization": f"Bearer {token}"}
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                response = await self._client.get(self._url, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            self._outage_until = monotonic() + OUTAGE_SECONDS
            raise IdentityUnavailable from error
        if is_user(response) or error_code(response) in ENDED_CODES:
            return response
        self._outage_until = monotonic() + OUTAGE_SECONDS
        raise IdentityUnavailable


def is_user(response: httpx.Response) -> bool:
    return response.status_code == HTTPStatus.OK and isinstance(_json(response).get("id"), str)


def is_active_user(response: httpx.Response) -> bool:
    """Whether the user exists, and is neither banned nor anonymous. Older servers report a ban only as a
    field of the user."""
    user = _json(response)
    banned = is_in_future(user.get("banned_until"))
    return is_user(response) and not banned and not user.get("is_anonymous")


def is_in_future(moment: object) -> bool:
    if not moment:
        return False
    try:
        until = datetime.fromisoformat(str(moment))
    except ValueError:
        return True  # a ban until a time that we cannot parse still counts as a ban
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) > datetime.now(UTC)


def error_code(response: httpx.Response) -> object:
    """Newer servers send the code as `code`; older ones as `error_code`, and the HTTP status as `code`."""
    body = _json(response)
    code = body.get("error_code") or body.get("code")
    return code if isinstance(code, str) else None


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
