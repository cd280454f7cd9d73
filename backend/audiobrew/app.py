"""Assembles the rooms' routes and the middleware into one HTTP service."""

import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from audiobrew.account.home.provider_routes import router as home_provider
from audiobrew.account.home.routes import router as home
from audiobrew.account.routes import router as account
from audiobrew.account.user_routes import router as user
from audiobrew.episode.playback_routes import router as playback
from audiobrew.episode.pronunciation_routes import router as pronunciations
from audiobrew.episode.routes import router as episode
from audiobrew.episode.schedule_routes import router as schedule
from audiobrew.feed.audio_routes import router as audio
from audiobrew.feed.routes import router as feed
from audiobrew.http.compression_middleware import CompressionMiddleware
from audiobrew.http.crash_middleware import CrashMiddleware
from audiobrew.http.error_handlers import add_error_handlers
from audiobrew.http.feed_cors_middleware import FeedCorsMiddleware
from audiobrew.http.host_guard_middleware import HostGuardMiddleware
from audiobrew.http.openapi.docs_page import router as docs
from audiobrew.http.openapi.document import operation_id, publish_contract
from audiobrew.http.rate_limit import RateLimits
from audiobrew.http.static_app import StaticApp
from audiobrew.http.status_routes import router as status
from audiobrew.http.vercel_adapter import VercelAdapter
from audiobrew.inbox.imports.routes import router as imports
from audiobrew.inbox.routes import router as inbox
from audiobrew.inbox.rule_routes import router as rules
from audiobrew.ops.logging import RequestLogMiddleware, configure_logging
from audiobrew.search.routes import router as search
from audiobrew.settings import Settings, load_settings
from audiobrew.sources.address.inbound_routes import router as inbound
from audiobrew.sources.gmail.routes import router as gmail
from audiobrew.sources.routes import router as sources
from audiobrew.wiring import Ports, connect

# The paths of imports come before those of mails, whose ids they would be.
ROUTERS = (
    *(status, account, home, home_provider, user, imports, inbox, rules, gmail, sources),
    *(inbound, episode, playback, schedule, pronunciations, search, audio, feed, docs),
)


def create_app(settings: Settings, ports: Ports | None = None) -> FastAPI:
    """The whole service. Without `ports`, it opens its own at startup."""
    limits = RateLimits.of(settings)
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        generate_unique_id_function=operation_id,
        middleware=create_middleware(settings, limits),
        lifespan=None if ports else create_lifespan(settings),
    )
    app.state.rate_limits = limits
    if ports:
        app.state.ports = ports
    add_error_handlers(app)
    publish_contract(app)
    for router in ROUTERS:
        app.include_router(router)
    # Not a mount, which would also match paths of the API that are requested with a wrong method.
    app.router.default = StaticApp(settings.web, settings.supabase_url)
    return app


def create_worker_app(settings: Settings, ports: Ports) -> FastAPI:
    """The health, readiness and metrics of a worker, on the same paths as a server's."""
    limits = RateLimits.of(settings)
    app = FastAPI(
        openapi_url=None, redirect_slashes=False, middleware=create_middleware(settings, limits)
    )
    app.state.rate_limits = limits
    app.state.ports = ports
    add_error_handlers(app)
    app.include_router(status)
    return app


def contract_json() -> str:
    """The OpenAPI document, as committed in `contracts/openapi.json`."""
    return json.dumps(create_app(Settings()).openapi(), indent=2, ensure_ascii=False) + "\n"


def create_vercel_app() -> VercelAdapter:
    """The application that Vercel's runtime calls. Raises InvalidSettings, which then appears in Vercel's
    log."""
    configure_logging(logging.INFO)
    return VercelAdapter(create_app(load_settings()))


def service() -> FastAPI:
    """The application for several processes: `uvicorn --factory audiobrew.app:service --workers 2`."""
    configure_logging(logging.INFO)
    return create_app(load_settings())


def create_middleware(settings: Settings, limits: RateLimits) -> list[Middleware]:
    """The middleware, outermost first. CrashMiddleware is innermost, so all others process its responses."""
    return [
        Middleware(RequestLogMiddleware, side=settings.side, has_sides=settings.production),
        Middleware(FeedCorsMiddleware),
        Middleware(HostGuardMiddleware, settings=settings, limits=limits),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"],
            allow_headers=[
                *("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"),
                "X-Request-ID",
            ],
            expose_headers=["Location", "X-Request-Id"],
        ),
        Middleware(CompressionMiddleware, minimum_size=1000, compresslevel=5),
        Middleware(CrashMiddleware),
    ]


def create_lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with connect(settings, brews=settings.brews) as ports:
            app.state.ports = ports
            yield

    return lifespan
