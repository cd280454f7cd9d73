"""Structured logs: one line per event, never with a mail's text, a token, a key or an email address."""

import asyncio
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
# Libraries that log at WARNING and above only, and our connection pool, which logs as SQLAlchemy's does.
NOISY = ("uvicorn", "uvicorn.error", "alembic", "httpx", "dbos", "aiosqlite", "audiobrew.db.engine")
# It quotes the forms that clients send.
QUOTING = "python_multipart.multipart"
# The form of request ids that proxies send. No token, name or email address matches it.
REQUEST_ID = re.compile(r"[0-9A-Fa-f-]{16,64}")


def drop_error_message(_: Any, __: str, event: Event) -> Event:
    """Log an exception's class and traceback, but not its message, which may quote a mail."""
    error = event.pop("exc_info", None)  # an exception, the tuple of sys.exc_info() or True
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        event.update(error=type(error).__name__, frames=lines)
    return event


# For the events of structlog and of the standard library's loggers alike.
SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_error_message,
)
# Always the same list: a logger keeps the processors it first used, even if logs are configured again.
PROCESSORS: list[Any] = [*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
log = structlog.get_logger()


def configure_logging(level: int = logging.INFO) -> None:
    """Send our logs and those of libraries to standard error: as JSON, or as readable lines on a terminal."""
    structlog.configure(
        processors=PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Started as a program, uvicorn has its own handlers, and it logs whole paths, which may contain tokens.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
    logging.getLogger("uvicorn.error").addFilter(is_worth_a_line)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(QUOTING).disabled = True


def is_worth_a_line(record: logging.LogRecord) -> bool:
    """Whether an error of the server is one. A stop cancels event streams that are still open."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError)


def formatter() -> logging.Formatter:
    """The formatter of all logs. `deploy/logs.json` names it for uvicorn's parent process, which does not run
    `configure_logging`."""
    is_terminal = sys.stderr.isatty()
    renderer = (
        structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer()
    )
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED, processors=[remove_meta, renderer]
    )


def current_request_id() -> str:
    """The id of the request or background job that is being processed here; a new id if there is none."""
    return str(structlog.contextvars.get_contextvars().get("request") or uuid4().hex)


class RequestLogMiddleware:
    """Gives every request an id, counts it, and logs it with its route's template: a path may contain tokens.

    The id is the proxy's X-Request-ID if that is well-formed, else a new one. The response carries it as
    well.
    """

    def __init__(self, app: ASGIApp, side: str, *, has_sides: bool) -> None:
        """`has_sides`: whether two deployments serve listeners, so that the log says which one this is."""
        self.app, self.side = app, side
        self.has_sides = has_sides

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        id = Headers(scope=scope).get("x-request-id", "")
        if not REQUEST_ID.fullmatch(id):
            id = uuid4().hex
        status, start = 500, perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                MutableHeaders(scope=message)["X-Request-Id"] = id
            await send(message)

        with structlog.contextvars.bound_contextvars(request=id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                self.record(scope, status, perf_counter() - start)

    def record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        metrics.record_request(self.side, scope["method"], route, status, seconds)
        method = scope["method"] if scope["method"] in metrics.METHODS else "other"
        log.info(
            "request",
            method=method,
            route=route,
            status=status,
            seconds=round(seconds, 4),
            **({"side": self.side} if self.has_sides else {}),
        )
