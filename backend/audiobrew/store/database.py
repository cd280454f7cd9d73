"""The database: one SQLite file in the data folder, brought to shape by migrations."""

import sqlite3
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

import anyio.to_thread
import sqlalchemy as sa
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from audiobrew.problem import Problem
from audiobrew.settings import Settings

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
ONE_AT_A_TIME = Lock()
"""Alembic keeps its state in its module: two threads would mix it up. Processes wait in SQLite."""
PRIMARY = 0xFF
"""SQLite tells the kind of an error in its code's low byte, and details above it."""


class DatabaseBusy(Problem):
    """The database is busy: another program holds it. Nothing was changed; try again in a minute."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


class DatabaseFull(Problem):
    """The disk is full. Nothing was changed; make room on it and try again."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


def file_of(settings: Settings) -> Path:
    return (settings.data / "audiobrew.sqlite").absolute()


def address(settings: Settings) -> str:
    """SQLAlchemy's address of the database, without a driver."""
    return f"sqlite:///{file_of(settings)}"


def open_database(settings: Settings, busy_seconds: float | None = None) -> AsyncEngine:
    """Whatever is asked of it may raise DatabaseBusy, once `busy_seconds` passed, and DatabaseFull."""
    engine = create_async_engine(
        address(settings).replace("sqlite:", "sqlite+aiosqlite:"),
        connect_args={"timeout": busy_seconds or settings.busy_seconds},
        hide_parameters=True,  # an error must not carry a mail's text into a log
    )
    sa.event.listen(engine.sync_engine, "connect", _prepare)
    sa.event.listen(engine.sync_engine, "handle_error", _in_words)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    """WAL lets readers go on while one writes; FULL, because what is paid for must survive a power cut."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _in_words(context: ExceptionContext) -> None:
    kind = getattr(context.original_exception, "sqlite_errorcode", 0) & PRIMARY
    if kind in BUSY:
        raise DatabaseBusy from context.original_exception
    if kind == sqlite3.SQLITE_FULL:
        raise DatabaseFull from context.original_exception


async def is_migrated(engine: AsyncEngine) -> bool:
    """Whether the database answers, in the shape of this version."""
    try:
        async with engine.connect() as database:
            found = await database.execute(sa.text("select version_num from alembic_version"))
            return bool(found.scalar_one_or_none() == newest())
    except (sa.exc.SQLAlchemyError, Problem):
        return False


def newest() -> str:
    """The last migration's number."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def migrate(settings: Settings) -> None:
    """Bring the database to this version's shape; doing it again changes nothing."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = open_database(settings)
    try:
        ready = await is_migrated(engine)
    finally:
        await engine.dispose()
    if not ready:
        await anyio.to_thread.run_sync(upgrade, address(settings))


def upgrade(url: str, revision: str = "head") -> None:
    from alembic import command

    try:
        with ONE_AT_A_TIME:
            command.upgrade(configuration(url), revision)
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & PRIMARY in BUSY:
            raise DatabaseBusy from error
        raise


def configuration(url: str) -> Any:
    """Alembic's configuration for a database, without a file of its own."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
