from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import anyio
import pytest
import sqlalchemy as sa
from audiobrew.account import browser_session
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import CodeRefused, LocalIdentity, Session, TooManyTries
from audiobrew.db.tables import sessions, sign_in_codes, tables
from audiobrew.problems import SignInNeeded
from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.listeners import add_listener
from tests.settings_factory import dump_tables


@pytest.fixture
async def ada(engine: AsyncEngine) -> UUID:
    return await ListenerStore(engine).local()


@pytest.fixture
def identity(engine: AsyncEngine) -> LocalIdentity:
    return LocalIdentity(ListenerStore(engine), session_days=90)


async def test_a_code_is_exchanged_for_a_session(identity: LocalIdentity, ada: UUID) -> None:
    session = await identity.exchange_code(await identity.issue_code())

    assert session.listener == ada
    assert await identity.listener(session.token) == ada
    lifetime = session.expires_at - datetime.now(UTC)
    assert timedelta(days=89) < lifetime <= timedelta(days=90)


async def test_a_code_can_be_used_only_once(identity: LocalIdentity) -> None:
    code = await identity.issue_code()
    await identity.exchange_code(code)

    with pytest.raises(CodeRefused, match="audiobrew sign-in"):
        await identity.exchange_code(code)


async def test_concurrent_uses_of_a_code_open_one_session(identity: LocalIdentity) -> None:
    code = await identity.issue_code()
    came: list[Session | None] = []

    async def come() -> None:
        try:
            came.append(await identity.exchange_code(code))
        except CodeRefused:
            came.append(None)

    async with anyio.create_task_group() as group:
        for _ in range(10):
            group.start_soon(come)

    assert len([session for session in came if session]) == 1


async def test_a_code_older_than_ten_minutes_is_refused(
    identity: LocalIdentity, engine: AsyncEngine
) -> None:
    code = await identity.issue_code()
    await shift_times(engine, sign_in_codes, timedelta(minutes=-10))

    with pytest.raises(CodeRefused):
        await identity.exchange_code(code)


async def test_a_session_ends_on_time_even_while_it_is_cached(engine: AsyncEngine) -> None:
    identity = LocalIdentity(ListenerStore(engine), session_days=0)
    session = await identity.exchange_code(await identity.issue_code())

    with pytest.raises(SignInNeeded):
        await identity.listener(session.token)


async def test_an_ended_session_is_refused(identity: LocalIdentity, engine: AsyncEngine) -> None:
    session = await identity.exchange_code(await identity.issue_code())
    await shift_times(engine, sessions, timedelta(days=-91))

    with pytest.raises(SignInNeeded):
        await identity.listener(session.token)


async def test_a_cached_token_queries_the_database_once(
    identity: LocalIdentity, engine: AsyncEngine
) -> None:
    session = await identity.exchange_code(await identity.issue_code())
    statements: list[str] = []
    sa.event.listen(
        engine.sync_engine, "before_cursor_execute", lambda *args: statements.append(args[2])
    )
    for _ in range(5):
        await identity.listener(session.token)

    assert len(statements) == 1


@pytest.mark.parametrize("token", ["", "wrong", "x" * 10_000, "\0", "ä"])
async def test_an_unknown_token_is_refused(identity: LocalIdentity, token: str) -> None:
    with pytest.raises(SignInNeeded):
        await identity.listener(token)


async def test_wrong_codes_are_limited_and_a_valid_code_still_works(
    identity: LocalIdentity,
) -> None:
    code = await identity.issue_code()
    for guess in range(20):
        with pytest.raises(CodeRefused):
            await identity.exchange_code(f"guess {guess}")

    with pytest.raises(TooManyTries, match="Wait a minute"):
        await identity.exchange_code("one more")
    assert await identity.exchange_code(code)


async def test_codes_and_tokens_are_long_and_unique(identity: LocalIdentity) -> None:
    codes = {await identity.issue_code() for _ in range(20)}
    tokens = {(await identity.exchange_code(code)).token for code in codes}

    assert len(codes | tokens) == 40
    assert min(map(len, codes)) >= 27
    assert min(map(len, tokens)) >= 43


async def test_codes_and_tokens_are_not_stored_in_plain_text(
    identity: LocalIdentity, engine: AsyncEngine, tmp_path: Path
) -> None:
    unused, used = await identity.issue_code(), await identity.issue_code()
    session = await identity.exchange_code(used)
    await engine.dispose()
    content = dump_tables(tmp_path)

    assert str(session.listener) in content
    assert not [secret for secret in (unused, used, session.token) if secret in content]


async def test_expired_codes_and_sessions_are_deleted_by_the_next_write(
    identity: LocalIdentity, engine: AsyncEngine
) -> None:
    for _ in range(3):
        await identity.exchange_code(await identity.issue_code())
        await identity.issue_code()
    await shift_times(engine, sessions, timedelta(days=-91))
    await shift_times(engine, sign_in_codes, timedelta(minutes=-11))
    await identity.exchange_code(await identity.issue_code())

    assert await count_rows(engine, sessions) == 1
    assert await count_rows(engine, sign_in_codes) == 0


async def shift_times(engine: AsyncEngine, table: sa.Table, by: timedelta) -> None:
    assert table.metadata is tables
    async with engine.begin() as database:
        for row in (await database.execute(sa.select(table))).all():
            moved = table.update().where(table.c[0] == row[0])
            await database.execute(moved.values(expires_at=row.expires_at + by))


async def count_rows(engine: AsyncEngine, table: sa.Table) -> int:
    async with engine.connect() as database:
        return int(
            (await database.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
        )


async def test_using_a_browser_session_extends_it_up_to_a_maximum(
    identity: LocalIdentity, engine: AsyncEngine
) -> None:
    session = await identity.open_browser_session(await identity.issue_code())
    for _ in range(4):
        await shift_all_times(engine, timedelta(days=20))
        expires_at = (
            await LocalIdentity(ListenerStore(engine), 90).browser_session(session.cookie)
        ).expires_at
    assert expires_at - datetime.now(UTC) < timedelta(days=11)  # of 90, with 80 gone
    await shift_all_times(engine, timedelta(days=11))

    with pytest.raises(SignInNeeded):
        await LocalIdentity(ListenerStore(engine), 90).browser_session(session.cookie)


async def test_an_unused_browser_session_expires_for_good(
    identity: LocalIdentity, engine: AsyncEngine
) -> None:
    session = await identity.open_browser_session(await identity.issue_code())
    await shift_all_times(engine, timedelta(days=30))
    for _ in range(2):
        with pytest.raises(SignInNeeded):
            await LocalIdentity(ListenerStore(engine), 90).browser_session(session.cookie)
    await identity.exchange_code(await identity.issue_code())

    assert await count_rows(engine, sessions) == 1


async def test_using_a_browser_session_writes_once_a_day(
    identity: LocalIdentity, engine: AsyncEngine
) -> None:
    session = await identity.open_browser_session(await identity.issue_code())
    await shift_all_times(engine, timedelta(days=2))
    statements: list[str] = []
    sa.event.listen(
        engine.sync_engine, "before_cursor_execute", lambda *args: statements.append(args[2])
    )
    for _ in range(3):
        await LocalIdentity(ListenerStore(engine), 90).browser_session(session.cookie)

    assert len([one for one in statements if one.startswith("UPDATE")]) == 1


async def test_an_exchanged_token_ends_within_a_minute(
    identity: LocalIdentity, engine: AsyncEngine
) -> None:
    token = (await identity.exchange_code(await identity.issue_code())).token
    page = await identity.exchange_token(token, None)
    same = await identity.exchange_token(token, page.cookie)
    lifetime = (await identity.session(token)).expires_at - datetime.now(UTC)

    assert same == page
    assert timedelta(seconds=50) < lifetime <= timedelta(minutes=1)
    again = (await identity.session(token)).expires_at - datetime.now(UTC)
    assert again <= lifetime  # asking again does not make it longer


async def test_exchanging_a_token_ignores_the_cookie_of_another_listener(
    identity: LocalIdentity, engine: AsyncEngine, ada: UUID
) -> None:
    eve = await identity.issue_code(await add_listener(ListenerStore(engine)))
    planted = await identity.open_browser_session(eve)
    token = (await identity.exchange_code(await identity.issue_code())).token

    traded = await identity.exchange_token(token, planted.cookie)

    assert traded.listener == ada != planted.listener
    assert traded.cookie != planted.cookie


@pytest.mark.parametrize(
    ("scheme", "header", "cookie"),
    [
        ("http", "audiobrew_session=one", "one"),
        ("https", "audiobrew_session=one", None),
        ("https", "__Host-audiobrew_session=two; audiobrew_session=one", "two"),
        ("http", "__Host-audiobrew_session=two", None),
        ("http", "audiobrew_session=", None),
    ],
)
def test_over_https_only_the_host_prefixed_cookie_is_accepted(
    scheme: str, header: str, cookie: str | None
) -> None:
    scope = {
        "type": "http",
        "scheme": scheme,
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "server": ("127.0.0.1", 8000),
        "headers": [(b"cookie", header.encode())],
    }
    answer = Response()
    browser_session.set_cookie(Request(scope), answer, "new", timedelta(days=90))

    assert browser_session.cookie_of(Request(scope)) == cookie
    secure = answer.headers["set-cookie"].startswith("__Host-") and (
        "Secure" in answer.headers["set-cookie"]
    )
    assert secure is (scheme == "https")


async def shift_all_times(engine: AsyncEngine, by: timedelta) -> None:
    """Move all stored times into the past."""
    async with engine.begin() as database:
        for row in (await database.execute(sa.select(sessions))).all():
            moved = {"expires_at": row.expires_at - by, "idle_until": row.idle_until - by}
            own = sessions.c.token_hash == row.token_hash
            await database.execute(sessions.update().where(own).values(moved))
