"""Opens and migrates the database: an SQLite file in the data folder, or Postgres."""

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
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from audiobrew.problems import Problem
from audiobrew.settings import Settings

# Every error of a statement that is not a Problem.
DATABASE_ERRORS = (sa.exc.SQLAlchemyError,)
IntegrityError = sa.exc.IntegrityError
PoolTimeout = sa.exc.TimeoutError  # no connection of the pool became free in time
MIGRATIONS = Path(__file__).with_name("migrations")
# Suffixes of the files that SQLite keeps beside the database file.
JOURNALS = ("-wal", "-shm", "-journal")
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# Alembic has module-level state, so only one thread may migrate. Processes are kept apart by the database.
MIGRATION_LOCK = Lock()
# SQLSTATEs: lock_not_available, serialization_failure, deadlock_detected, query_canceled.
LOCKED = {"55P03", "40001", "40P01", "57014"}
DISK_FULL, FOREIGN_KEY = "53100", "23503"
# The low byte of SQLite's extended error codes is the primary code.
PRIMARY_CODE_MASK = 0xFF


class SQLiteConnection(sqlite3.Connection):
    """Rolls back before it closes.

    SQLite keeps a closed connection, and the lock of its transaction, for as long as a cursor with an
    unfinished statement is referenced. The traceback of a cancelled task references one, so that nobody
    else could write until Python collected it.
    """

    def close(self) -> None:
        with suppress(sqlite3.Error):  # it may be closed already
            self.rollback()
        super().close()


class ClosingPool(AsyncAdaptedQueuePool):
    """After `dispose`, closes every connection that is returned.

    A task that ends after its engine is disposed, as in a shutdown, returns a connection to a pool that
    nobody disposes again. SQLAlchemy keeps that connection, and its thread, until Python collects them.
    """

    disposed = False

    def dispose(self) -> None:
        self.disposed = True
        super().dispose()

    def recreate(self) -> "ClosingPool":
        pool = super().recreate()
        assert isinstance(pool, ClosingPool)
        pool.disposed = self.disposed
        return pool

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        super()._do_return_conn(record)
        if self.disposed:
            super().dispose()


class DatabaseBusy(Problem):
    """The database is busy: another program holds it. Nothing was changed; try again in a minute."""

    type = "database-busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


class DatabaseUnavailable(Problem):
    """The database cannot be reached right now. Nothing was changed; try again in a minute."""

    type = "database-away"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "60"})


# Nothing was changed, and a later attempt may succeed.
TRANSIENT_ERRORS = (DatabaseBusy, DatabaseUnavailable, PoolTimeout)


class DatabaseFull(Problem):
    """The disk is full. Nothing was changed; make room on it and try again."""

    type = "database-full"
    status = HTTPStatus.INSUFFICIENT_STORAGE


# What a statement raises when the disk or the database fails. Statements of other libraries raise the
# driver's errors.
STATEMENT_ERRORS = (*TRANSIENT_ERRORS, DatabaseFull, sa.exc.DBAPIError)
# SQLite's file in the data folder.
DATABASE_FILE = "audiobrew.sqlite"


def database_file(settings: Settings) -> Path:
    return (settings.data / DATABASE_FILE).absolute()


def sqlalchemy_url(settings: Settings) -> str:
    """The URL for SQLAlchemy's synchronous engine."""
    if settings.database_url is None:
        return f"sqlite:///{database_file(settings)}"
    url = settings.database_url.get_secret_value()
    return f"postgresql+psycopg://{url.partition('://')[2]}"


def open_database(settings: Settings, busy_seconds: float | None = None) -> AsyncEngine:
    """Statements can raise DatabaseBusy (after `busy_seconds`), DatabaseUnavailable and DatabaseFull."""
    wait = busy_seconds or settings.busy_seconds
    engine = create_async_engine(
        sqlalchemy_url(settings).replace("sqlite:", "sqlite+aiosqlite:"),
        hide_parameters=True,  # the text of a mail must not get into a log with an error
        poolclass=ClosingPool,
        **(
            _pool_options(settings, wait)
            if settings.database_url
            else {"connect_args": sqlite_options(wait)}
        ),
    )
    configure_engine(engine.sync_engine, settings.database_schema, wait)
    return engine


def open_sync_database(settings: Settings, wait: float) -> sa.Engine:
    """A synchronous engine for use in a thread, with one connection."""
    embedded = settings.database_url is None
    engine = sa.create_engine(
        sqlalchemy_url(settings),
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args=sqlite_options(wait) if embedded else psycopg_options(settings.busy_seconds),
        **({} if embedded else {"pool_size": 1}),
    )
    configure_engine(engine, settings.database_schema, settings.busy_seconds)
    return engine


def _pool_options(settings: Settings, wait: float) -> dict[str, Any]:
    """A small pool, because a hosted pooler allows few connections; unused ones are checked before use."""
    return {
        "connect_args": psycopg_options(wait),
        "pool_size": settings.database_connections,
        "max_overflow": settings.database_connections,
        "pool_pre_ping": True,
        "pool_recycle": 300,
        "pool_timeout": wait,
    }


def sqlite_options(wait: float) -> dict[str, Any]:
    """`wait` is in seconds: how long to wait for a lock."""
    return {"timeout": wait, "factory": SQLiteConnection}


def psycopg_options(wait: float) -> dict[str, Any]:
    """No prepared statements, because a pooler may give the same connection to another client next."""
    return {"prepare_threshold": None, "connect_timeout": max(2, round(wait))}


def configure_engine(engine: sa.Engine, schema: str, wait: float) -> None:
    """Make connections use our schema and wait `wait` seconds for locks, and translate driver errors."""
    postgres = engine.dialect.name == "postgresql"
    initialize = _postgres_initializer(schema, wait) if postgres else _initialize_sqlite
    sa.event.listen(engine, "connect", initialize)
    sa.event.listen(engine, "handle_error", translate_driver_error)


def _postgres_initializer(schema: str, wait: float) -> Callable[[Any, Any], None]:
    """These settings are not part of the URL, because poolers refuse options that they do not know."""
    milliseconds = round(wait * 1000)

    def initialize(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET search_path TO {schema}")
        cursor.execute(f"SET lock_timeout TO {milliseconds}")
        cursor.close()
        connection.commit()

    return initialize


def _initialize_sqlite(connection: Any, _: Any) -> None:
    """WAL lets readers continue during a write. FULL, because paid results must survive a power failure."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def translate_driver_error(context: ExceptionContext) -> None:
    """Raise a Problem in place of a driver's error. Raises DatabaseBusy, DatabaseFull, DatabaseUnavailable.

    A cancellation also ends the connection, but the database is available. If it were reported as
    unavailable, the cancelled task would retry and never end.
    """
    error = context.original_exception
    if not isinstance(error, Exception):
        return
    code = getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE_MASK
    state = getattr(error, "sqlstate", None)
    if code in BUSY or state in LOCKED:
        raise DatabaseBusy from error
    if code == sqlite3.SQLITE_FULL or state == DISK_FULL:
        raise DatabaseFull from error
    if context.is_disconnect or (context.dialect.name == "postgresql" and _is_unreachable(context)):
        raise DatabaseUnavailable from error


def _is_unreachable(context: ExceptionContext) -> bool:
    """A refused connection has no SQLSTATE. 57P is a server that starts or stops; 53300 is
    too_many_connections."""
    state = getattr(context.original_exception, "sqlstate", None) or ""
    refused = isinstance(context.sqlalchemy_exception, sa.exc.OperationalError) and not state
    return refused or state.startswith("57P") or state == "53300"


def is_foreign_key_violation(error: IntegrityError) -> bool:
    """Whether a row refers to a row that does not exist."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    state = getattr(error.orig, "sqlstate", None)
    return code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY or state == FOREIGN_KEY


async def is_migrated(engine: AsyncEngine) -> bool:
    """Whether the database can be reached, and has the schema of this version or of a later one.

    Migrations only add to the schema, so the previous version can run on the schema of the next one.
    """
    try:
        async with engine.connect() as database:
            result = await database.execute(sa.text("select version_num from alembic_version"))
            return (result.scalar_one_or_none() or "") >= latest_revision()
    except (sa.exc.SQLAlchemyError, Problem):
        return False


async def check_connection(settings: Settings) -> None:
    """Raises DatabaseUnavailable if the database does not answer a query."""
    engine = open_database(settings)
    try:
        async with engine.connect() as database:
            await database.execute(sa.text("select 1"))
    finally:
        await engine.dispose()


def latest_revision() -> str:
    """The number of the newest migration."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def migrate(settings: Settings) -> None:
    """Run the migrations that the database lacks.

    Raises DatabaseBusy, DatabaseUnavailable, DatabaseFull.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.database_url is None:
        make_private(database_file(settings))
    engine = open_database(settings)
    try:
        migrated = await is_migrated(engine)
    finally:
        await engine.dispose()
    if not migrated:
        await anyio.to_thread.run_sync(
            upgrade, sqlalchemy_url(settings), "head", settings.database_schema
        )


def make_private(file: Path) -> None:
    """Make an SQLite file and its journals readable by the owner only. SQLite creates journals with the mode
    of the database file.

    An existing file is not opened: closing it would release the locks that this process holds on it.
    """
    if not file.exists():
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    for path in (file, *(file.with_name(file.name + suffix) for suffix in JOURNALS)):
        with suppress(FileNotFoundError):
            path.chmod(0o600)


def upgrade(url: str, revision: str = "head", schema: str = "audiobrew") -> None:
    """Raises DatabaseBusy, DatabaseUnavailable, DatabaseFull."""
    from alembic import command

    with MIGRATION_LOCK:
        command.upgrade(alembic_config(url, schema), revision)


def alembic_config(url: str, schema: str = "audiobrew") -> Any:
    """Alembic's configuration, without a file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["schema"] = schema
    return config
