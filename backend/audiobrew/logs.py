"""What is logged: one line an event, never a mail's text, a token, a key or an address."""

import logging
import sys
from time import perf_counter
from typing import Any
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audiobrew.crashes import without_words

registry = CollectorRegistry()
REQUESTS = Counter(
    "audiobrew_requests", "Answered requests.", ["method", "route", "status"], registry=registry
)
SECONDS = Histogram("audiobrew_request_seconds", "Time to answer.", ["route"], registry=registry)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NOISY = ("uvicorn", "uvicorn.error", "alembic", "httpx", "dbos", "aiosqlite")
log = structlog.get_logger()


def set_up_logs(level: int = logging.INFO) -> None:
    """Ours and the libraries' alike go to standard error: JSON, or readable lines on a terminal."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=level, handlers=[_handler(shared)], force=True)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _handler(shared: list[Any]) -> logging.Handler:
    pretty = sys.stderr.isatty()
    last = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer()
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[strip, last])
    )
    return handler


class RequestLog:
    """Names every request, counts it, and logs it by its route's template: paths may hold tokens."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        id, status, begun = uuid4().hex, 500, perf_counter()

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
                _count(scope, status, perf_counter() - begun)


def _count(scope: Scope, status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in METHODS else "other"
    route = getattr(scope.get("route"), "path", "none")
    REQUESTS.labels(method, route, status).inc()
    SECONDS.labels(route).observe(seconds)
    log.info("request", method=method, route=route, status=status, seconds=round(seconds, 4))
