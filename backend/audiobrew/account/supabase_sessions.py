"""Whether a session at Supabase still stands: a token knows nothing of a sign-out or a ban after it."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from time import monotonic, time
from typing import Any

import httpx

from audiobrew.account.identity import IdentityUnavailable
from audiobrew.problems import SignInNeeded

STANDS_SECONDS = 240.0
"""An answer of Supabase holds for so long: what ended there has ended here within five minutes."""
GRACE_SECONDS = 900.0
"""While Supabase is away, a session that stood goes on for so long after its last answer."""
ENDED_SECONDS = 30.0
"""Who was refused is refused without another question for so long."""
TIMEOUT_SECONDS = 3.0
AWAY_SECONDS = 5.0
"""After no answer nobody waits for another one for so long."""
AT_ONCE = 16
MOST_REMEMBERED = 10_000
ENDED_CODES = {"bad_jwt", "session_not_found", "session_expired", "user_not_found", "user_banned"}
"""Supabase's words for a token that opens nothing. Every other error is trouble of its own or ours."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both clocks: one stands still while a machine is suspended, the other may be set."""

    stands: bool
    at: float  # of `monotonic`
    wall: float  # of `time`

    def is_younger_than(self, seconds: float) -> bool:
        return monotonic() - self.at < seconds and -seconds < time() - self.wall < seconds


class SupabaseSessions:
    """Asks Supabase at first sight and then every four minutes, once for all requests of a session."""

    def __init__(self, url: str, publishable_key: str) -> None:
        self._user = f"{url.rstrip('/')}/auth/v1/user"
        self._headers = {"apikey": publishable_key, "X-Supabase-Api-Version": "2024-01-01"}
        self._verdicts: dict[str, Verdict] = {}
        self._questions: dict[str, asyncio.Task[Verdict]] = {}
        self._few = asyncio.Semaphore(AT_ONCE)
        self._away_until = 0.0
        self._client: httpx.AsyncClient | None = None

    async def check(self, session: str, token: str) -> None:
        """`token`: any verified one of this session. Raises SignInNeeded, IdentityUnavailable."""
        known = self._verdicts.get(session)
        if known is None or not known.is_younger_than(
            STANDS_SECONDS if known.stands else ENDED_SECONDS
        ):
            known = await self._ask_again(session, token, known)
        if not known.stands:
            raise SignInNeeded

    def forget(self, session: str) -> None:
        """The next request asks again."""
        self._verdicts.pop(session, None)

    async def aclose(self) -> None:
        for question in list(self._questions.values()):
            question.cancel()
        if self._client:
            await self._client.aclose()

    async def _ask_again(self, session: str, token: str, known: Verdict | None) -> Verdict:
        try:
            return await self._ask_once(session, token)
        except IdentityUnavailable:
            if known and (not known.stands or known.is_younger_than(GRACE_SECONDS)):
                return known
            raise

    async def _ask_once(self, session: str, token: str) -> Verdict:
        """Of many requests at once one asks; a client that goes away does not take the answer along."""
        question = self._questions.get(session)
        if question is None:
            question = asyncio.create_task(self._ask(session, token))
            self._questions[session] = question
            question.add_done_callback(lambda done: self._forget_question(session, done))
        return await asyncio.shield(question)

    def _forget_question(self, session: str, question: "asyncio.Task[Verdict]") -> None:
        if self._questions.get(session) is question:
            del self._questions[session]
        if not question.cancelled():
            question.exception()  # told to those who wait, if anybody still does

    async def _ask(self, session: str, token: str) -> Verdict:
        """Raises IdentityUnavailable."""
        async with self._few:
            answer = await self._response(token)
        verdict = Verdict(_stands(answer), monotonic(), time())
        while len(self._verdicts) >= MOST_REMEMBERED:
            del self._verdicts[next(iter(self._verdicts))]  # the oldest
        self._verdicts.pop(session, None)
        self._verdicts[session] = verdict
        return verdict

    async def _response(self, token: str) -> httpx.Response:
        if monotonic() < self._away_until:
            raise IdentityUnavailable
        self._client = self._client or httpx.AsyncClient(timeout=TIMEOUT_SECONDS)
        headers = self._headers | {"Authorization": f"Bearer {token}"}
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await self._client.get(self._user, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            self._away_until = monotonic() + AWAY_SECONDS
            raise IdentityUnavailable from error
        if _is_user(answer) or _code(answer) in ENDED_CODES:
            return answer
        self._away_until = monotonic() + AWAY_SECONDS
        raise IdentityUnavailable


def _is_user(answer: httpx.Response) -> bool:
    return answer.status_code == HTTPStatus.OK and isinstance(_json(answer).get("id"), str)


def _stands(answer: httpx.Response) -> bool:
    """Of a user who is there, not banned and not anonymous; older servers tell of a ban only in the user."""
    user = _json(answer)
    banned = _is_ahead(user.get("banned_until"))
    return _is_user(answer) and not banned and not user.get("is_anonymous")


def _is_ahead(moment: object) -> bool:
    if not moment:
        return False
    try:
        until = datetime.fromisoformat(str(moment))
    except ValueError:
        return True  # banned until a time that we cannot read
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) > datetime.now(UTC)


def _code(answer: httpx.Response) -> object:
    """Newer answers call it `code`, older ones `error_code`, beside a `code` that is the status."""
    told = _json(answer)
    code = told.get("error_code") or told.get("code")
    return code if isinstance(code, str) else None


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
