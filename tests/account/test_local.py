from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import anyio
import pytest
import sqlalchemy as sa
from audiobrew.account.identity import SignInNeeded
from audiobrew.account.local import CodeRefused, LocalIdentity, Session, TooManyTries
from audiobrew.store.listeners import Listeners
from audiobrew.store.tables import sessions, sign_in_codes, tables
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.places import everything_kept


@pytest.fixture
async def ada(engine: AsyncEngine) -> UUID:
    return await Listeners(engine).local()


@pytest.fixture
def identity(engine: AsyncEngine) -> LocalIdentity:
    return LocalIdentity(Listeners(engine), session_days=90)


async def test_a_code_opens_a_session(identity: LocalIdentity, ada: UUID) -> None:
    session = await identity.trade(await identity.issue_code())

    assert session.listener == ada
    assert await identity.listener(session.token) == ada
    left = session.expires_at - datetime.now(UTC)
    assert timedelta(days=89) < left <= timedelta(days=90)


async def test_a_code_opens_one_session_only(identity: LocalIdentity) -> None:
    code = await identity.issue_code()
    await identity.trade(code)

    with pytest.raises(CodeRefused, match="audiobrew sign-in"):
        await identity.trade(code)


async def test_of_many_who_use_a_code_at_once_one_gets_in(identity: LocalIdentity) -> None:
    code = await identity.issue_code()
    came: list[Session | None] = []

    async def come() -> None:
        try:
            came.append(await identity.trade(code))
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
    await _move(engine, sign_in_codes, timedelta(minutes=-10))

    with pytest.raises(CodeRefused):
        await identity.trade(code)


async def test_a_session_ends_when_it_said_even_while_it_is_remembered(engine: AsyncEngine) -> None:
    identity = LocalIdentity(Listeners(engine), session_days=0)
    session = await identity.trade(await identity.issue_code())

    with pytest.raises(SignInNeeded):
        await identity.listener(session.token)


async def test_an_ended_session_is_refused(identity: LocalIdentity, engine: AsyncEngine) -> None:
    session = await identity.trade(await identity.issue_code())
    await _move(engine, sessions, timedelta(days=-91))

    with pytest.raises(SignInNeeded):
        await identity.listener(session.token)


async def test_a_remembered_token_asks_the_database_once(
    identity: LocalIdentity, engine: AsyncEngine
) -> None:
    session = await identity.trade(await identity.issue_code())
    asked: list[str] = []
    sa.event.listen(
        engine.sync_engine, "before_cursor_execute", lambda *args: asked.append(args[2])
    )
    for _ in range(5):
        await identity.listener(session.token)

    assert len(asked) == 1


@pytest.mark.parametrize("token", ["", "wrong", "x" * 10_000, "\0", "ä"])
async def test_a_token_nobody_gave_is_refused(identity: LocalIdentity, token: str) -> None:
    with pytest.raises(SignInNeeded):
        await identity.listener(token)


async def test_guessing_is_stopped_and_a_good_code_keeps(identity: LocalIdentity) -> None:
    for guess in range(20):
        with pytest.raises(CodeRefused):
            await identity.trade(f"guess {guess}")

    with pytest.raises(TooManyTries, match="Wait a minute"):
        await identity.trade("one more")


async def test_codes_and_tokens_are_long_and_new_each_time(identity: LocalIdentity) -> None:
    codes = {await identity.issue_code() for _ in range(20)}
    tokens = {(await identity.trade(code)).token for code in codes}

    assert len(codes | tokens) == 40
    assert min(map(len, codes)) >= 27
    assert min(map(len, tokens)) >= 43


async def test_neither_code_nor_token_is_kept(
    identity: LocalIdentity, engine: AsyncEngine, tmp_path: Path
) -> None:
    unused, used = await identity.issue_code(), await identity.issue_code()
    session = await identity.trade(used)
    await engine.dispose()
    kept = everything_kept(tmp_path)

    assert str(session.listener) in kept
    assert not [secret for secret in (unused, used, session.token) if secret in kept]


async def test_what_expired_is_forgotten_by_the_next(
    identity: LocalIdentity, engine: AsyncEngine
) -> None:
    for _ in range(3):
        await identity.trade(await identity.issue_code())
        await identity.issue_code()
    await _move(engine, sessions, timedelta(days=-91))
    await _move(engine, sign_in_codes, timedelta(minutes=-11))
    await identity.trade(await identity.issue_code())

    assert await _count(engine, sessions) == 1
    assert await _count(engine, sign_in_codes) == 0


async def _move(engine: AsyncEngine, table: sa.Table, by: timedelta) -> None:
    assert table.metadata is tables
    async with engine.begin() as database:
        for row in (await database.execute(sa.select(table))).all():
            moved = table.update().where(table.c[0] == row[0])
            await database.execute(moved.values(expires_at=row.expires_at + by))


async def _count(engine: AsyncEngine, table: sa.Table) -> int:
    async with engine.connect() as database:
        return int(
            (await database.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
        )
