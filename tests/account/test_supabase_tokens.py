import base64
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import uuid4

import anyio
import jwt
import pytest
import sqlalchemy as sa
from audiobrew.account import supabase, supabase_sessions
from audiobrew.account.identity import IdentityUnavailable
from audiobrew.account.listener_store import ListenerStore, tombstone_hash
from audiobrew.account.supabase import PublishedKeys, SharedSecret, SupabaseIdentity
from audiobrew.account.supabase_sessions import SupabaseSessions
from audiobrew.db.tables import deletions, listeners, tombstones
from audiobrew.problems import SignInNeeded
from cryptography.hazmat.primitives import serialization
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.account.project import PUBLISHABLE_KEY, Key, Project, serve_project

SECRET = "a secret that the project signs its tokens with, long enough"


@pytest.fixture(params=["ES256", "RS256"])
def project(request: pytest.FixtureRequest) -> Iterator[Project]:
    with serve_project(Project(Key(request.param))) as project:
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


async def count_listeners(engine: AsyncEngine) -> int:
    async with engine.connect() as database:
        count = sa.select(sa.func.count()).select_from(listeners)
        return int((await database.execute(count)).scalar_one())


async def test_a_valid_token_creates_its_listener_once(
    project: Project, identity: SupabaseIdentity, engine: AsyncEngine
) -> None:
    ada = uuid4()
    token = project.token(ada)

    async with anyio.create_task_group() as many:
        for _ in range(8):
            many.start_soon(identity.listener, token)

    assert await identity.listener(token) == ada
    assert await identity.listener(project.token(ada)) == ada
    assert await count_listeners(engine) == 1


async def test_keys_are_fetched_once_and_not_for_each_request(
    project: Project, identity: SupabaseIdentity
) -> None:
    for _ in range(20):
        await identity.listener(project.token())

    assert project.key_fetches == 1


WRONG: dict[str, dict[str, Any]] = {
    "expired": {"exp": int(time.time()) - 60},
    "of the future": {"iat": int(time.time()) + 24 * 3600},
    "for another audience": {"aud": "anon"},
    "for nobody": {"aud": None},
    "of another project": {"iss": "https://elsewhere.supabase.co/auth/v1"},
    "of nobody": {"iss": None},
    "of an anonymous role": {"role": "anon"},
    "of a service": {"role": "service_role"},
    "without a role": {"role": None},
    "without a subject": {"sub": None},
    "with a subject that is no id": {"sub": "ada"},
    "without an end": {"exp": None},
    "without a beginning": {"iat": None},
    "with an end that is no time": {"exp": "tomorrow"},
    "of somebody anonymous": {"is_anonymous": True},
    "of somebody anonymous in other words": {"is_anonymous": "true"},
    "of an unknown level": {"aal": "aal0"},
}


@pytest.mark.parametrize("changed", WRONG.values(), ids=WRONG)
async def test_a_token_with_wrong_claims_is_refused(
    project: Project, identity: SupabaseIdentity, engine: AsyncEngine, changed: dict[str, Any]
) -> None:
    with pytest.raises(SignInNeeded):
        await identity.listener(project.token(**changed))
    assert await count_listeners(engine) == 0


def by_another_key(project: Project) -> str:
    other = Key(project.key.algorithm).private
    return jwt.encode(project.claims(), other, project.key.algorithm, {"kid": project.key.id})


def with_an_unknown_key(project: Project) -> str:
    other = Key(project.key.algorithm)
    return jwt.encode(project.claims(), other.private, other.algorithm, {"kid": other.id})


def unsigned(project: Project) -> str:
    return jwt.encode(project.claims(), None, "none", {"kid": project.key.id})


def with_the_public_key_as_a_secret(project: Project) -> str:
    """Built by hand, because PyJWT refuses to make such a token."""
    pem = project.key.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    header = {"alg": "HS256", "typ": "JWT", "kid": project.key.id}
    message = b".".join(encoded(json.dumps(part).encode()) for part in (header, project.claims()))
    signature = jwt.get_algorithm_by_name("HS256").sign(message, pem)
    return (message + b"." + encoded(signature)).decode()


def by_a_secret(project: Project) -> str:
    return jwt.encode(project.claims(), SECRET, "HS256", {"kid": project.key.id})


def changed_afterwards(project: Project) -> str:
    header, _, signature = project.token().split(".")
    claims = encoded(json.dumps(project.claims()).encode()).decode()
    return f"{header}.{claims}.{signature}"


def without_a_key_id(project: Project) -> str:
    return jwt.encode(project.claims(), project.key.private, project.key.algorithm)


def with_a_key_id_of_another_kind(project: Project) -> str:
    header = encoded(b'{"alg": "ES256", "kid": ["a"]}').decode()
    return f"{header}.{project.token().split('.', 1)[1]}"


def nested_deeply(project: Project) -> str:
    header = encoded(b"[" * 100_000).decode()
    return f"{header}.{project.token().split('.', 1)[1]}"


def encoded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


@pytest.mark.parametrize(
    "forged",
    [
        by_another_key,
        with_an_unknown_key,
        unsigned,
        with_the_public_key_as_a_secret,
        by_a_secret,
        changed_afterwards,
        without_a_key_id,
        with_a_key_id_of_another_kind,
        nested_deeply,
        lambda _: "",
        lambda _: "a.b.c",
        lambda _: "ÿ.ÿ.ÿ",
        lambda _: "x" * 5000,
    ],
)
async def test_a_forged_token_is_refused(
    project: Project,
    identity: SupabaseIdentity,
    engine: AsyncEngine,
    forged: Callable[[Project], str],
) -> None:
    with pytest.raises(SignInNeeded):
        await identity.listener(forged(project))
    assert await count_listeners(engine) == 0


async def test_a_project_with_a_shared_secret_accepts_no_other_algorithm(
    project: Project, engine: AsyncEngine, sessions: SupabaseSessions
) -> None:
    identity = SupabaseIdentity(SharedSecret(project.url, SECRET), ListenerStore(engine), sessions)
    ada = uuid4()
    good = jwt.encode(project.claims(sub=str(ada)), SECRET, "HS256")
    other = jwt.encode(project.claims(), SECRET[::-1], "HS256")

    assert await identity.listener(good) == ada
    for wrong in (project.token(), other, unsigned(project)):
        with pytest.raises(SignInNeeded):
            await identity.listener(wrong)
    assert project.key_fetches == 0


@pytest.mark.parametrize("trouble", [b"", b"<html>", b"[]", b'{"keys": []}', b'{"keys": [{}]}'])
async def test_missing_keys_are_reported_as_unavailable_sign_in(
    project: Project, identity: SupabaseIdentity, trouble: bytes
) -> None:
    project.keys_failure = trouble
    with pytest.raises(IdentityUnavailable) as error:
        await identity.listener(project.token())

    assert error.value.headers["Retry-After"] == "5"
    assert error.value.status == 503


async def test_an_unreachable_project_is_reported_as_unavailable_sign_in(
    engine: AsyncEngine,
) -> None:
    with serve_project(Project()) as project:
        token = project.token()
    sessions = SupabaseSessions(project.url, PUBLISHABLE_KEY)
    identity = SupabaseIdentity(PublishedKeys(project.url), ListenerStore(engine), sessions)

    with pytest.raises(IdentityUnavailable):
        await identity.listener(token)


async def test_a_verified_token_is_accepted_for_a_minute_of_an_outage_but_not_after_its_expiry(
    project: Project, identity: SupabaseIdentity
) -> None:
    leeway = supabase.CLOCK_SKEW_SECONDS
    lasting, ending = project.token(), project.token(exp=int(time.time()) - leeway + 6)
    for token in (lasting, ending):
        await identity.listener(token)
    project.keys_failure = b""
    await anyio.sleep(6.1)

    await identity.listener(lasting)
    with pytest.raises(SignInNeeded):
        await identity.listener(ending)


async def test_a_new_key_is_accepted_at_once(project: Project, identity: SupabaseIdentity) -> None:
    await identity.listener(project.token())
    for _ in range(2):
        project.rotate()
        await identity.listener(project.token())

    assert project.key_fetches == 3


async def test_unknown_key_ids_cause_a_limited_number_of_fetches(
    project: Project, identity: SupabaseIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supabase, "REFRESHES_SECONDS", 600.0)
    stranger = Project(Key(project.key.algorithm), url=project.url)
    await identity.listener(project.token())
    for _ in range(50):
        with pytest.raises(SignInNeeded):
            await identity.listener(stranger.token())
    fetches = project.key_fetches
    await identity.listener(project.token())
    project.rotate()
    monkeypatch.setattr(supabase, "REFRESHES_SECONDS", 0.0)
    await identity.listener(project.token())

    assert fetches == 1 + supabase.REFRESHES
    assert project.key_fetches == fetches + 1


@pytest.mark.parametrize("where", ["deletions", "tombstones"])
async def test_a_deleted_listener_is_refused(
    project: Project, identity: SupabaseIdentity, engine: AsyncEngine, where: str
) -> None:
    ada = uuid4()
    values, now = {"asked_at": sa.func.now()}, {"created_at": sa.func.now()}
    async with engine.begin() as database:
        if where == "deletions":
            await database.execute(deletions.insert().values(listener_id=ada, **values))
        else:
            await database.execute(
                tombstones.insert().values(listener_hash=tombstone_hash(ada), **now)
            )

    with pytest.raises(SignInNeeded):
        await identity.listener(project.token(ada))
    assert await count_listeners(engine) == 0


async def test_a_locked_out_listener_is_refused_at_once(
    project: Project, identity: SupabaseIdentity
) -> None:
    ada, bob = uuid4(), uuid4()
    for listener in (ada, bob):
        await identity.listener(project.token(listener))
    identity.lock_out(ada)

    with pytest.raises(SignInNeeded):
        await identity.listener(project.token(ada))
    assert await identity.listener(project.token(bob)) == bob
