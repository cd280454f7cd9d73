"""Fixtures: a running service and its clients, and an empty, migrated database.

`anonymous` is a client that is not signed in, `owner` the machine's own listener, `second` another listener.

Our logs go through the standard library's loggers, as those of libraries do. When threads printed while
pytest captured the output, Python crashed.
"""

import logging
import os
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import httpx._transports.default
import httpx2._transports.default
import pytest
import structlog
from audiobrew.ops.gc_startup import pause_gc
from audiobrew.ops.logging import NOISY, PROCESSORS

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from tests.serving import Service

structlog.configure(processors=PROCESSORS, logger_factory=structlog.stdlib.LoggerFactory())
# Every client reads the machine's certificates, which takes 20 ms, and the tests have thousands of clients.
for module in (httpx._transports.default, httpx2._transports.default):
    module.create_ssl_context = cache(module.create_ssl_context)


# Folders of slow tests. They run first, so that no worker is left alone with one at the end.
SLOW_FOLDERS = ("drills", "journey", "upgrades", "legacy", "cli", "scripts", "episode")
# Characters of a failed test's report that are printed again at the end of all sessions.
MAX_FAILURE = 1500


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage while tests are collected: all twelve thousand stay until the end."""
    with pause_gc():
        return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the slow tests. On Postgres, leave out the tests that open no database."""
    items.sort(key=lambda item: item.path.parent.name not in SLOW_FOLDERS)
    if os.environ.get("AUDIOBREW_TEST_POSTGRES"):
        from tests.database_use import may_open_database

        chosen = [
            one for one in items if isinstance(one, pytest.Function) and may_open_database(one)
        ]
        config.hook.pytest_deselected(items=list(set(items) - set(chosen)))
        items[:] = chosen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write what failed to the file that noxfile.py prints at its end, after the sessions that follow."""
    path = os.environ.get("AUDIOBREW_FAILURES")
    if path and "PYTEST_XDIST_WORKER" not in os.environ:
        with Path(path).open("a", encoding="utf-8") as file:
            for category in ("failed", "error"):
                for report in terminalreporter.stats.get(category, []):
                    file.write(f"{report.nodeid}\n{report.longreprtext[-MAX_FAILURE:]}\n\n")


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    """Undo `configure_logging`, which commands call that tests run in this process.

    Its handler writes to a standard error that is closed after the test, and its levels hide records that
    other tests look for.
    """
    root = logging.getLogger()
    loggers = [
        root,
        *map(logging.getLogger, ("uvicorn", "uvicorn.error", "uvicorn.access", *NOISY)),
    ]
    states = [(logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, (level, propagate) in zip(loggers, states, strict=True):
        logger.setLevel(level)
        logger.propagate = propagate
    for handler in root.handlers[:]:
        if type(handler) is logging.StreamHandler:
            root.removeHandler(handler)


@pytest.fixture(autouse=True)
def _no_engine_left() -> Iterator[None]:
    """Remove an engine that this test left behind, because its time limit cut it off. A process can run only
    one, so every test after it would fail."""
    before = current_engine()
    yield
    if current_engine() is not before:
        from audiobrew.episode.brew import ProcessContext
        from dbos import DBOS

        DBOS.destroy()
        ProcessContext.current = None


def current_engine() -> object:
    """The context of this process's engine. Does not import the engine, which is slow."""
    brew = sys.modules.get("audiobrew.episode.brew")
    return brew and brew.ProcessContext.current


@pytest.fixture
async def engine(tmp_path: Path) -> "AsyncIterator[AsyncEngine]":
    from audiobrew.db.engine import open_database

    from tests.settings_factory import make_migrated_settings

    engine = open_database(make_migrated_settings(data=tmp_path))
    yield engine
    await engine.dispose()


@pytest.fixture
async def ada(engine: "AsyncEngine") -> UUID:
    from audiobrew.account.listener_store import ListenerStore

    from tests.listeners import add_listener

    return await add_listener(ListenerStore(engine))


@pytest.fixture
async def bob(engine: "AsyncEngine") -> UUID:
    from audiobrew.account.listener_store import ListenerStore

    from tests.listeners import add_listener

    return await add_listener(ListenerStore(engine))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Service]":
    """The whole service on a free port, with an empty data folder."""
    from tests.serving import service_settings, serving

    with serving(service_settings(tmp_path_factory.mktemp("service"))) as running:
        yield running


@pytest.fixture(scope="module")
def anonymous(service: "Service") -> Iterator[httpx2.Client]:
    with service.client() as client:
        yield client


@pytest.fixture(scope="module")
def owner(service: "Service") -> Iterator[httpx2.Client]:
    with service.client(service.sign_in()) as client:
        yield client


@pytest.fixture(scope="module")
def second(service: "Service") -> Iterator[httpx2.Client]:
    with service.client(service.sign_in(second=True)) as client:
        yield client
