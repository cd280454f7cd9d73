"""The whole service on a real port, and clients that are signed in."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.app import create_app
from audiobrew.db.engine import open_database
from audiobrew.settings import Settings
from fastapi import FastAPI

from tests.listeners import add_listener
from tests.settings_factory import make_migrated_settings
from tests.standins import local_server

DEV = "http://localhost:5173"
# A busy machine may take long to answer fifty requests. A test that hangs is cut off by its own limit.
CLIENT_SECONDS = 200
MAIL = """\
From: The Roast <hello@roast.example>
To: ada@listener.example
Subject: {subject}
Date: Mon, 23 Nov 2026 07:30:00 +0000
List-Id: The Roast <roast.example>
Content-Type: text/plain; charset=utf-8

Beans are back in the shop on Tuesday, says the town's oldest roaster.

The harvest in Huila grew by 12 percent this year, the growers' union reports.
"""


def a_mail(subject: str = "Beans are back") -> bytes:
    return MAIL.format(subject=subject).encode()


@dataclass(frozen=True)
class Service:
    """A running service. New listeners sign in as with the real product."""

    settings: Settings
    app: FastAPI
    url: str

    def client(self, token: str | None = None) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=CLIENT_SECONDS)

    def sign_in(self, *, second: bool = False) -> str:
        """The token of the machine's own listener, or of a new one."""
        code = asyncio.run(self.code(second=second))
        with self.client() as anonymous:
            session = anonymous.post("/api/session", json={"code": code})
        return str(session.raise_for_status().json()["token"])

    async def code(self, *, second: bool = False) -> str:
        engine = open_database(self.settings)
        listeners = ListenerStore(engine)
        other: UUID | None = await add_listener(listeners) if second else None
        code = await LocalIdentity(listeners, 1).issue_code(other)
        await engine.dispose()
        return code


@contextmanager
def serving(settings: Settings) -> Iterator[Service]:
    app = create_app(settings)
    with local_server.serving(app, lifespan="on") as url:
        yield Service(settings, app, url)


def service_settings(pytest_folder: Path, **more: Any) -> Settings:
    """Settings with an empty data folder, no web build and a metrics token. The rate limits are off by
    default, because tests send requests more often than people do."""
    defaults: dict[str, Any] = {
        "requests_per_minute_per_listener": 0,
        "requests_per_minute_per_address": 0,
        "allowed_origins": (DEV,),
        "web": pytest_folder / "no-build",
    }
    return make_migrated_settings(
        data=pytest_folder / "data",
        metrics_token="figures",
        **(defaults | more),
    )
