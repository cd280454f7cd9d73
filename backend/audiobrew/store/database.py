"""The database: one SQLite file in the data folder, or Postgres; brought to shape by migrations."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
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

TROUBLES = (sa.exc.SQLAlchemyError,)
"""What a database throws that has no words of ours."""
IntegrityError = sa.exc.IntegrityError
NoneFree = sa.exc.TimeoutError
"""Every connection that a process may have was taken for too long."""
MIGRATIONS = Path(__file__).with_name("migrations")
# The endings of the files that SQLite keeps beside its own.
JOURNALS = ("-wal", "-shm", "-journal")
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
ONE_AT_A_TIME = Lock()
"""Alembic keeps its state in its module: two threads would mix it up. Processes wait in SQLite."""
LOCKED = {"55P03", "40001", "40P01", "57014"}
"""Postgres: a lock was waited for too long, or two waited for each other."""
DISK_FULL, FOREIGN_KEY = "53100", "23503"
PRIMARY = 0xFF
"""SQLite tells the kind of an error in its code's low byte, and details above it."""


class SQLiteConnection(sqlite3.Connection):
    """Rolls back before it closes.

    SQLite keeps a closed connection, and the lock of its transaction, for as long as a cursor with an
    unfinished statement is referenced. The traceback of a cancelled task references one, so that nobody else
    could write until Python collected it.
    """

    def close(self) -> None:
        with suppress(sqlite3.Error):  # it may be closed already
            self.rollback()
        super().close()


class DatabaseBusy(Problem):
    """The database is busy: another program holds it. Nothing was changed; try again in a minute."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


class DatabaseAway(Problem):
    """The database cannot be reached right now. Nothing was changed; try again in a minute."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


UNANSWERED = (DatabaseBusy, DatabaseAway, NoneFree)
"""What may pass: nothing was changed, and asking again later is worth it."""


class DatabaseFull(Problem):
    """The disk is full. Nothing was changed; make room on it and try again."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


# What a statement may end with when the disk or the database fails, in our words or, where another library
# asks, in the driver's.
FAILED = (*UNANSWERED, DatabaseFull, sa.exc.DBAPIError)


def file_of(settings: Settings) -> Path:
    return (settings.data / "audiobrew.sqlite").absolute()


def address(settings: Settings) -> str:
    """SQLAlchemy's address of the database, for whoever does not wait on the event loop."""
    if settings.database_url is None:
        return f"sqlite:///{file_of(settings)}"
    told = settings.database_url.get_secret_value()
    return f"postgresql+psycopg://{told.partition('://')[2]}"


def open_database(settings: Settings, busy_seconds: float | None = None) -> AsyncEngine:
    """Whatever is asked of it may raise DatabaseBusy, once `busy_seconds` passed, DatabaseAway, and
    DatabaseFull."""
    wait = busy_seconds or settings.busy_seconds
    engine = create_async_engine(
        address(settings).replace("sqlite:", "sqlite+aiosqlite:"),
        hide_parameters=True,  # an error must not carry a mail's text into a log
        **(
            _pool(settings, wait)
            if settings.database_url
            else {"connect_args": sqlite_options(wait)}
        ),
    )
    prepare(engine.sync_engine, settings.database_schema, wait)
    return engine


def open_for_a_thread(settings: Settings, wait: float) -> sa.Engine:
    """The same for who does not live on the event loop: one connection, opened when it is needed."""
    embedded = settings.database_url is None
    engine = sa.create_engine(
        address(settings),
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args=sqlite_options(wait) if embedded else connecting(settings.busy_seconds),
        **({} if embedded else {"pool_size": 1}),
    )
    prepare(engine, settings.database_schema, settings.busy_seconds)
    return engine


def _pool(settings: Settings, wait: float) -> dict[str, Any]:
    """Few connections, because a hosted pooler has few; none that died while nobody used it."""
    return {
        "connect_args": connecting(wait),
        "pool_size": settings.database_connections,
        "max_overflow": settings.database_connections,
        "pool_pre_ping": True,
        "pool_recycle": 300,
        "pool_timeout": wait,
    }


def sqlite_options(wait: float) -> dict[str, Any]:
    """How SQLite's file is opened. `wait`: seconds until a lock that another one holds is an error."""
    return {"timeout": wait, "factory": SQLiteConnection}


def connecting(wait: float) -> dict[str, Any]:
    """How psycopg connects: poolers hand one connection to many, who must not find others' statements."""
    return {"prepare_threshold": None, "connect_timeout": max(2, round(wait))}


def prepare(engine: sa.Engine, schema: str, wait: float) -> None:
    """Every connection speaks to our own tables, waits `wait` seconds for a lock, and errs in our words."""
    postgres = engine.dialect.name == "postgresql"
    at_home = _in_own_schema(schema, wait) if postgres else _durable
    sa.event.listen(engine, "connect", at_home)
    sa.event.listen(engine, "handle_error", in_words)


def _in_own_schema(schema: str, wait: float) -> Callable[[Any, Any], None]:
    """Said on connecting, not in the address: poolers refuse options that they do not know."""
    milliseconds = round(wait * 1000)

    def connected(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET search_path TO {schema}")
        cursor.execute(f"SET lock_timeout TO {milliseconds}")
        cursor.close()
        connection.commit()

    return connected


def _durable(connection: Any, _: Any) -> None:
    """WAL lets readers go on while one writes; FULL, because what is paid for must survive a power cut."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def in_words(context: ExceptionContext) -> None:
    """A driver's error becomes one of ours.

    Whoever is cancelled in the middle of a query has lost the connection, but no database: told so, it
    would try again, and never end.
    """
    error = context.original_exception
    if not isinstance(error, Exception):
        return
    kind = getattr(error, "sqlite_errorcode", 0) & PRIMARY
    state = getattr(error, "sqlstate", None)
    if kind in BUSY or state in LOCKED:
        raise DatabaseBusy from error
    if kind == sqlite3.SQLITE_FULL or state == DISK_FULL:
        raise DatabaseFull from error
    if context.is_disconnect or (context.dialect.name == "postgresql" and _unreachable(context)):
        raise DatabaseAway from error


def _unreachable(context: ExceptionContext) -> bool:
    """A refused connection has no state; 57P is a server on its way down or up, 53300 one that is full."""
    state = getattr(context.original_exception, "sqlstate", None) or ""
    lost = isinstance(context.sqlalchemy_exception, sa.exc.OperationalError) and not state
    return lost or state.startswith("57P") or state == "53300"


def refers_to_nothing(error: IntegrityError) -> bool:
    """Whether a foreign key is the matter."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    state = getattr(error.orig, "sqlstate", None)
    return code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY or state == FOREIGN_KEY


async def is_migrated(engine: AsyncEngine) -> bool:
    """Whether the database answers, in the shape of this version or of a later one.

    Migrations only add, so that the version before can come back to a database that went ahead.
    """
    try:
        async with engine.connect() as database:
            found = await database.execute(sa.text("select version_num from alembic_version"))
            return (found.scalar_one_or_none() or "") >= newest()
    except (sa.exc.SQLAlchemyError, Problem):
        return False


async def reach(settings: Settings) -> None:
    """Raises DatabaseAway when the database cannot be asked anything."""
    engine = open_database(settings)
    try:
        async with engine.connect() as database:
            await database.execute(sa.text("select 1"))
    finally:
        await engine.dispose()


def newest() -> str:
    """The last migration's number."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def migrate(settings: Settings) -> None:
    """Bring the database to this version's shape; doing it again changes nothing.

    Raises DatabaseBusy, DatabaseAway, DatabaseFull.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.database_url is None:
        make_private(file_of(settings))
    engine = open_database(settings)
    try:
        ready = await is_migrated(engine)
    finally:
        await engine.dispose()
    if not ready:
        await anyio.to_thread.run_sync(upgrade, address(settings), "head", settings.database_schema)


def make_private(file: Path) -> None:
    """Let only the owner read a SQLite file and its journals, to which SQLite gives the file's mode.

    A file that exists is not opened: closing it would drop the locks that this process holds on it.
    """
    if not file.exists():
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    for one in (file, *(file.with_name(file.name + end) for end in JOURNALS)):
        with suppress(FileNotFoundError):
            one.chmod(0o600)


def upgrade(url: str, revision: str = "head", schema: str = "audiobrew") -> None:
    """Raises DatabaseBusy, DatabaseAway, DatabaseFull."""
    from alembic import command

    with ONE_AT_A_TIME:
        command.upgrade(configuration(url, schema), revision)


def configuration(url: str, schema: str = "audiobrew") -> Any:
    """Alembic's configuration for a database, without a file of its own."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["schema"] = schema
    return config
