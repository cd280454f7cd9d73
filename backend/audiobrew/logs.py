"""What is logged: one JSON line an event, never a mail's text, a token, a key or an address."""

import logging
import sys
from time import perf_counter
from typing import Any
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

registry = CollectorRegistry()
REQUESTS = Counter(
    "audiobrew_requests", "Answered requests.", ["method", "route", "status"], registry=registry
)
SECONDS = Histogram("audiobrew_request_seconds", "Time to answer.", ["route"], registry=registry)
log = structlog.get_logger()


def set_up_logs() -> None:
    """Ours and the libraries' alike go to standard error, one line each."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("uvicorn", "uvicorn.error", "alembic", "httpx", "dbos"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class RequestLog:
    """Names every request, counts it, and logs it by its route's template: paths may hold tokens."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        id = uuid4().hex
        structlog.contextvars.bind_contextvars(request=id)
        status, begun = 500, perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = id
            await send(message)

        try:
            await self.app(scope, receive, named)
        finally:
            _count(scope, status, perf_counter() - begun)
            structlog.contextvars.unbind_contextvars("request")


def _count(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "unknown")
    REQUESTS.labels(scope["method"], route, status).inc()
    SECONDS.labels(route).observe(seconds)
    log.info(
        "request", method=scope["method"], route=route, status=status, seconds=round(seconds, 4)
    )
