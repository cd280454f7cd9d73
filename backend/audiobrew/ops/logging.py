"""What is logged: one line an event, never a mail's text, a token, a key or an address."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from time import perf_counter
from typing import Any
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audiobrew.ops import metrics

Event = MutableMapping[str, Any]
NOISY = ("uvicorn", "uvicorn.error", "alembic", "httpx", "dbos", "aiosqlite")
WELL_FORMED = re.compile(r"[0-9A-Fa-f-]{16,64}")
"""What proxies send as an id; no token, name or address looks like it."""


def drop_error_message(_: Any, __: str, event: Event) -> Event:
    """The kind of error and the way to it; its words are left out, for they may quote a mail."""
    if not (crash := _crash(event.pop("exc_info", None))):
        return event
    frames = traceback.extract_tb(crash.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    event.update(error=type(crash).__name__, frames=places)
    return event


def _crash(told: Any) -> BaseException | None:
    """Loggers pass an exception, a triple or True."""
    if told is True:
        told = sys.exc_info()
    if isinstance(told, tuple):
        told = told[1]
    return told if isinstance(told, BaseException) else None


SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_error_message,
)
PROCESSORS: list[Any] = [*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
"""One list, however often logs are set up: a logger keeps the one it was first used with."""
log = structlog.get_logger()


def configure_logging(level: int = logging.INFO) -> None:
    """Ours and the libraries' alike go to standard error: JSON, or readable lines on a terminal."""
    structlog.configure(
        processors=PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    _take_over_uvicorns()
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def formatter() -> logging.Formatter:
    """Also for `uvicorn --log-config deploy/logs.json`, whose first process runs nothing of ours."""
    pretty = sys.stderr.isatty()
    last = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer()
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=[strip, last])


def _take_over_uvicorns() -> None:
    """Started as a program it has handlers of its own, and logs whole paths, which may hold tokens."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"


def current_request_id() -> str:
    """That of the request, or of the round, at work here; a new one where there is none."""
    return str(structlog.contextvars.get_contextvars().get("request") or uuid4().hex)


class RequestLogMiddleware:
    """Names every request, counts it, and logs it by its route's template: paths may hold tokens.

    A well-formed X-Request-ID of a proxy is taken on; else a new id is made. The answer tells it.
    """

    def __init__(self, app: ASGIApp, side: str) -> None:
        self.app, self.side = app, side

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        id, status, begun = _id(Headers(scope=scope)), 500, perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = id
            await send(message)

        with structlog.contextvars.bound_contextvars(request=id):
            try:
                await self.app(scope, receive, named)
            finally:
                self._count(scope, status, perf_counter() - begun)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        metrics.record_request(self.side, scope["method"], route, status, seconds)
        method = scope["method"] if scope["method"] in metrics.METHODS else "other"
        took = round(seconds, 4)
        log.info("request", method=method, route=route, status=status, seconds=took, side=self.side)


def _id(headers: Headers) -> str:
    told = headers.get("x-request-id", "")
    return told if WELL_FORMED.fullmatch(told) else uuid4().hex
