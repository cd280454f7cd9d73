"""The feed's routes on a real server, with a real MP3 in a finished episode, for two listeners."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import sqlalchemy as sa
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.db.engine import open_database
from audiobrew.db.tables import tables
from audiobrew.feed import audio_routes, routes
from audiobrew.feed.feed_token_store import FeedTokenStore
from audiobrew.feed.store import ShowStore
from audiobrew.http.error_handlers import add_error_handlers
from audiobrew.http.feed_cors_middleware import FeedCorsMiddleware
from audiobrew.http.host_guard_middleware import HostGuardMiddleware
from audiobrew.http.rate_limit import RateLimits
from audiobrew.media.folder import FolderMedia
from audiobrew.media.signed_urls import AudioUrlSigner, signing_key
from audiobrew.ops.logging import RequestLogMiddleware
from audiobrew.settings import Settings
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.middleware import Middleware

from tests.feed.library_fixtures import create_episode
from tests.listeners import add_listener
from tests.settings_factory import make_settings
from tests.standins import local_server


@dataclass(frozen=True)
class FeedPorts:
    """As much of `wiring.Ports` as the feed needs."""

    settings: Settings
    identity: LocalIdentity
    feed_tokens: FeedTokenStore
    shows: ShowStore
    media: FolderMedia
    signer: AudioUrlSigner


@dataclass
class Site:
    """`owner` and `second` are signed in, `anonymous` is not; the owner has one finished episode."""

    data: Path
    url: str = ""
    mp3: bytes = b""
    ids: dict[str, UUID] = field(default_factory=dict)
    bearers: dict[str, str] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)

    def client(self, who: str | None = None) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {self.bearers[who]}"} if who else {}
        return httpx2.Client(base_url=self.url, headers=headers)

    @property
    def episode(self) -> UUID:
        return self.ids["episode"]

    def ports(self, engine: AsyncEngine) -> FeedPorts:
        settings = make_settings(data=self.data, feed_tokens_per_listener=50)
        return FeedPorts(
            settings=settings,
            identity=LocalIdentity(ListenerStore(engine), settings.session_days),
            feed_tokens=FeedTokenStore(engine, settings.feed_tokens_per_listener),
            shows=ShowStore(engine),
            media=FolderMedia(settings.data / "media"),
            signer=self.signer,
        )

    @property
    def signer(self) -> AudioUrlSigner:
        return AudioUrlSigner(signing_key(make_settings(data=self.data)), 3600)

    def count(self, _: Any, __: Any, statement: str, *rest: Any) -> None:
        """Called by the database before every statement."""
        self.statements.append(statement)

    async def fill(self) -> None:
        engine = open_database(make_settings(data=self.data))
        try:
            async with engine.begin() as database:
                await database.run_sync(tables.create_all)
            for who in ("owner", "second"):
                await self._sign_in(who, ListenerStore(engine))
            self.ids["episode"] = await self._episode(engine)
        finally:
            await engine.dispose()

    async def _sign_in(self, who: str, listeners: ListenerStore) -> None:
        self.ids[who] = await add_listener(listeners)
        identity = LocalIdentity(listeners, session_days=1)
        session = await identity.exchange_code(await identity.issue_code(self.ids[who]))
        self.bearers[who] = session.token

    async def _episode(self, engine: Any) -> UUID:
        self.mp3 = make_tone(self.data / "tone.mp3")
        id = await create_episode(engine, self.ids["owner"], bytes=len(self.mp3))
        await FolderMedia(self.data / "media").put_bytes(f"episodes/{id}.mp3", self.mp3)
        return id


def make_tone(file: Path) -> bytes:
    """Twelve and a half seconds of real MP3."""
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=12.5", "-b:a", "96k"]
    subprocess.run(["ffmpeg", "-loglevel", "error", *tone, str(file)], check=True)
    return file.read_bytes()


def create_site_app(site: Site) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = open_database(make_settings(data=site.data))
        sa.event.listen(engine.sync_engine, "before_cursor_execute", site.count)
        app.state.ports = site.ports(engine)
        yield
        await engine.dispose()

    settings = make_settings(data=site.data)
    limits = RateLimits.of(settings)
    guarded = Middleware(HostGuardMiddleware, settings=settings, limits=limits)
    app = FastAPI(
        lifespan=lifespan,
        middleware=[
            Middleware(RequestLogMiddleware, side="railway", has_sides=True),
            Middleware(FeedCorsMiddleware),
            guarded,
        ],
    )
    app.state.rate_limits = limits
    add_error_handlers(app)
    app.include_router(routes.router)
    app.include_router(audio_routes.router)
    return app


@contextmanager
def serving(data: Path) -> Iterator[Site]:
    site = Site(data)
    asyncio.run(site.fill())
    with local_server.serving(create_site_app(site), lifespan="on") as site.url:
        yield site
