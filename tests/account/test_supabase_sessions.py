"""A sign-out, ban or deletion at Supabase ends the session here. In an outage, valid ones last a while."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import anyio
import httpx2
import pytest
import sqlalchemy as sa
from audiobrew.account import supabase_sessions
from audiobrew.account.identity import IdentityUnavailable
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.supabase import PublishedKeys, SupabaseIdentity
from audiobrew.account.supabase_sessions import SupabaseSessions
from audiobrew.db.tables import listeners
from audiobrew.problems import SignInNeeded
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import JSONResponse, Response

from tests.account.project import PUBLISHABLE_KEY, Project, serve_project
from tests.standins.supabase import Supabase
from tests.standins.supabase import serving as serving_all


@pytest.fixture
def project() -> Iterator[Project]:
    with serve_project(Project()) as project:
        yield project


@pytest.fixture
async def sessions(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SupabaseSessions]:
    # On a busy machine, a local server may need longer than users wait.
    monkeypatch.setattr(supabase_sessions, "TIMEOUT_SECONDS", 60.0)
    sessions = SupabaseSessions(project.url, PUBLISHABLE_KEY)
    yield sessions
    await sessions.aclose()


@pytest.fixture
def identity(project: Project, engine: AsyncEngine, sessions: SupabaseSessions) -> SupabaseIdentity:
    return SupabaseIdentity(PublishedKeys(project.url), ListenerStore(engine), sessions)


@pytest.fixture
def advance_clocks(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Advance both clocks of the machine."""
    passed = 0.0

    def advance(seconds: float) -> None:
        nonlocal passed
        passed += seconds
        monkeypatch.setattr(supabase_sessions, "monotonic", lambda: time.monotonic() + passed)
        monkeypatch.setattr(supabase_sessions, "time", lambda: time.time() + passed)

    return advance


async def is_refused(identity: SupabaseIdentity, token: str) -> bool:
    try:
        await identity.listener(token)
    except SignInNeeded:
        return True
    return False


@pytest.mark.parametrize(
    "why", ["session_not_found", "user_banned", "user_not_found", "session_expired", "bad_jwt"]
)
async def test_a_session_that_ends_at_supabase_ends_here_within_five_minutes(
    project: Project, identity: SupabaseIdentity, advance_clocks: Callable[[float], None], why: str
) -> None:
    ada, session = uuid4(), str(uuid4())
    token = project.token(ada, session_id=session)
    await identity.listener(token)
    project.rejection_codes[session if why == "session_not_found" else str(ada)] = why
    advance_clocks(299)

    assert await is_refused(identity, token)
    assert await is_refused(identity, project.token(ada, session_id=session))


async def test_signing_out_of_one_session_leaves_the_others(
    project: Project, identity: SupabaseIdentity, advance_clocks: Callable[[float], None]
) -> None:
    ada = uuid4()
    phone, laptop = project.token(ada, session_id="phone"), project.token(ada, session_id="laptop")
    for token in (phone, laptop):
        await identity.listener(token)
    project.rejection_codes["phone"] = "session_not_found"
    advance_clocks(299)

    assert await is_refused(identity, phone)
    assert not await is_refused(identity, laptop)


@pytest.mark.parametrize(
    "user",
    [
        {"banned_until": (datetime.now(UTC) + timedelta(days=1)).isoformat()},
        {"banned_until": "in a while"},
        {"is_anonymous": True},
    ],
)
async def test_a_user_whom_supabase_rejects_is_refused_at_once(
    project: Project, identity: SupabaseIdentity, engine: AsyncEngine, user: dict[str, Any]
) -> None:
    project.user_fields = user

    assert await is_refused(identity, project.token())
    assert await count_listeners(engine) == 0


async def test_an_expired_ban_is_ignored(project: Project, identity: SupabaseIdentity) -> None:
    project.user_fields = {"banned_until": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}

    assert not await is_refused(identity, project.token())


async def test_a_token_of_an_unknown_user_creates_no_listener(
    project: Project, identity: SupabaseIdentity, engine: AsyncEngine
) -> None:
    stranger = uuid4()
    project.rejection_codes[str(stranger)] = "user_not_found"

    assert await is_refused(identity, project.token(stranger))
    assert await count_listeners(engine) == 0


async def test_a_session_is_checked_once_for_all_its_requests_and_tokens(
    project: Project, identity: SupabaseIdentity, advance_clocks: Callable[[float], None]
) -> None:
    ada, session = uuid4(), str(uuid4())
    tokens = [project.token(ada, session_id=session, iat=int(time.time()) - n) for n in range(3)]
    project.user_delay_seconds = 0.2
    async with anyio.create_task_group() as many:
        for _ in range(20):
            for token in tokens:
                many.start_soon(identity.listener, token)
    at_first = project.session_checks
    advance_clocks(200)
    await identity.listener(tokens[0])
    before = project.session_checks
    advance_clocks(60)
    await identity.listener(tokens[0])

    assert (at_first, before, project.session_checks) == (1, 1, 2)


async def test_a_cancelled_request_does_not_cancel_the_shared_check(
    project: Project, identity: SupabaseIdentity
) -> None:
    token = project.token()
    project.user_delay_seconds = 0.5
    with anyio.move_on_after(0.2):
        await identity.listener(token)
    await identity.listener(token)

    assert project.session_checks == 1


async def test_a_rejected_session_is_not_checked_for_each_request(
    project: Project, identity: SupabaseIdentity, advance_clocks: Callable[[float], None]
) -> None:
    ada = uuid4()
    project.rejection_codes[str(ada)] = "user_banned"
    token = project.token(ada, session_id="one")
    for _ in range(10):
        assert await is_refused(identity, token)
    checks = project.session_checks
    project.rejection_codes.clear()
    advance_clocks(31)

    assert checks == 1
    assert not await is_refused(identity, token)  # the ban was lifted


TROUBLE = {
    "down": Response(status_code=503),
    "a proxy's page": Response("<html>", 200),
    "no user": JSONResponse({"id": None}),
    "busy": JSONResponse({"code": "over_request_rate_limit"}, 429),
    "our key": JSONResponse({"message": "Invalid API key"}, 401),
    "another place": JSONResponse({"message": "no Route matched"}, 404),
    "other words": JSONResponse({"code": "unexpected_failure"}, 403),
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE)
async def test_during_an_outage_only_valid_sessions_are_accepted_for_a_while(
    project: Project,
    identity: SupabaseIdentity,
    engine: AsyncEngine,
    advance_clocks: Callable[[float], None],
    trouble: Response,
) -> None:
    old, new = project.token(session_id="known"), project.token(session_id="new")
    await identity.listener(old)
    project.user_failure = trouble
    advance_clocks(800)
    await identity.listener(old)
    with pytest.raises(IdentityUnavailable):
        await identity.listener(new)
    assert await count_listeners(engine) == 1
    advance_clocks(101)
    with pytest.raises(IdentityUnavailable):
        await identity.listener(old)
    project.user_failure = None
    advance_clocks(6)

    assert not await is_refused(identity, old)
    assert not await is_refused(identity, new)


async def test_a_rejected_session_stays_rejected_during_an_outage(
    project: Project, identity: SupabaseIdentity, advance_clocks: Callable[[float], None]
) -> None:
    project.rejection_codes["one"] = "session_not_found"
    token = project.token(session_id="one")
    assert await is_refused(identity, token)
    project.user_failure = Response(status_code=503)
    advance_clocks(60)

    assert await is_refused(identity, token)


async def test_an_unresponsive_supabase_delays_only_one_request_and_briefly(
    project: Project, identity: SupabaseIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supabase_sessions, "TIMEOUT_SECONDS", 0.3)
    project.user_delay_seconds = 2.0
    await identity.check()  # its keys are here
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(IdentityUnavailable):
            await identity.listener(project.token())

    assert time.monotonic() - began < 1.5
    assert project.session_checks == 1


async def test_a_clock_change_causes_a_new_check(
    project: Project, identity: SupabaseIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in (2, -2):
        token = project.token(session_id=f"{hours}")
        await identity.listener(token)
        project.rejection_codes[f"{hours}"] = "session_not_found"
        with monkeypatch.context() as set_:
            set_.setattr(supabase_sessions, "time", lambda h=hours: time.time() + h * 3600)
            assert await is_refused(identity, token)


async def test_the_cache_of_sessions_is_bounded_and_evicts_the_oldest(
    project: Project,
    identity: SupabaseIdentity,
    sessions: SupabaseSessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supabase_sessions, "MAX_CACHED_SESSIONS", 3)
    tokens = [project.token(session_id=str(number)) for number in range(5)]
    for token in tokens:
        await identity.listener(token)
    await identity.listener(tokens[-1])
    checks = project.session_checks
    await identity.listener(tokens[0])

    assert (checks, project.session_checks) == (5, 6)
    assert len(sessions._states) == 3


async def test_signing_out_drops_the_cached_check(
    project: Project, identity: SupabaseIdentity
) -> None:
    token = project.token(session_id="one")
    await identity.listener(token)
    project.rejection_codes["one"] = "session_not_found"  # the app ends it there, then here
    await identity.end(token)

    assert await is_refused(identity, token)


async def count_listeners(engine: AsyncEngine) -> int:
    async with engine.connect() as database:
        return int(
            (await database.execute(sa.select(sa.func.count()).select_from(listeners))).scalar_one()
        )


@dataclass
class Person:
    """A listener who signs in at the stand-in for a whole project."""

    url: str
    supabase: Supabase
    identity: SupabaseIdentity

    def ask(self, method: str, path: str, token: str = "", **body: Any) -> httpx2.Response:
        secret = path.startswith("/admin")
        key = self.supabase.secret_key if secret else self.supabase.publishable_key
        headers = {"apikey": key} | ({"Authorization": f"Bearer {token}"} if token else {})
        answer = httpx2.request(method, f"{self.url}/auth/v1{path}", json=body, headers=headers)
        return answer.raise_for_status()

    def sign_in(self) -> dict[str, Any]:
        credentials = {"email": "ada@mail.example", "password": "correct horse"}
        session: dict[str, Any] = self.ask(
            "POST", "/token?grant_type=password", **credentials
        ).json()
        return session


@pytest.fixture
async def person(engine: AsyncEngine) -> AsyncIterator[Person]:
    supabase = Supabase()
    supabase.add_user("ada@mail.example", "correct horse")
    with serving_all(supabase.app) as url:
        sessions = SupabaseSessions(url, supabase.publishable_key)
        identity = SupabaseIdentity(PublishedKeys(url), ListenerStore(engine), sessions)
        yield Person(url, supabase, identity)
        await sessions.aclose()


@pytest.mark.parametrize(
    ("scope", "phone_ends", "laptop_ends"),
    [("global", True, True), ("local", True, False), ("others", False, True), ("", True, True)],
)
async def test_signing_out_at_supabase(
    person: Person,
    advance_clocks: Callable[[float], None],
    scope: str,
    phone_ends: bool,
    laptop_ends: bool,
) -> None:
    phone, laptop = (person.sign_in()["access_token"] for _ in range(2))
    for token in (phone, laptop):
        await person.identity.listener(token)
    person.ask("POST", f"/logout?scope={scope}", phone)
    advance_clocks(299)

    assert await is_refused(person.identity, phone) is phone_ends
    assert await is_refused(person.identity, laptop) is laptop_ends
    assert not await is_refused(person.identity, person.sign_in()["access_token"])


async def test_banned_and_let_in_again_at_supabase(
    person: Person, advance_clocks: Callable[[float], None]
) -> None:
    session = person.sign_in()
    token, user = session["access_token"], session["user"]["id"]
    await person.identity.listener(token)
    person.ask("PUT", f"/admin/users/{user}", ban_duration="24h")
    advance_clocks(299)
    banned = await is_refused(person.identity, token)
    person.ask("PUT", f"/admin/users/{user}", ban_duration="none")
    advance_clocks(31)

    assert banned
    assert not await is_refused(person.identity, token)


async def test_deleted_at_supabase(person: Person, advance_clocks: Callable[[float], None]) -> None:
    session = person.sign_in()
    await person.identity.listener(session["access_token"])
    person.ask("DELETE", f"/admin/users/{session['user']['id']}")
    advance_clocks(299)

    assert await is_refused(person.identity, session["access_token"])


async def test_an_anonymous_user_at_supabase(person: Person, engine: AsyncEngine) -> None:
    person.supabase.anonymous = True
    session = person.ask("POST", "/signup").json()
    told_otherwise = person.supabase.access_token(
        person.supabase.users[session["user"]["id"]], is_anonymous=False
    )

    assert await is_refused(person.identity, session["access_token"])
    assert await is_refused(person.identity, told_otherwise)
    assert await count_listeners(engine) == 0


async def test_a_refreshed_token_of_the_same_session_needs_no_new_check(person: Person) -> None:
    session = person.sign_in()
    await person.identity.listener(session["access_token"])
    renewed = person.ask(
        "POST", "/token?grant_type=refresh_token", refresh_token=session["refresh_token"]
    ).json()
    await person.identity.listener(renewed["access_token"])

    assert person.supabase.calls.count(("GET", "/auth/v1/user")) == 1
