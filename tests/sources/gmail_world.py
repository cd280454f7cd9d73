"""A stand-in for Google, a running AudioBrew, and people with an account at both."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity, Session
from audiobrew.db.engine import open_database
from audiobrew.settings import Settings
from audiobrew.sources.looks import SourceLooks

from tests.listeners import add_listener
from tests.serving import Service, a_mail, service_settings, serving
from tests.standins.google import Google, Mailbox
from tests.standins.local_server import serving as on_loopback

CALLBACK = "http://127.0.0.1:8000/api/auth/gmail/callback"
CLIENT, SECRET = "audiobrew.apps.googleusercontent.com", "GOCSPX-a-secret-of-this-server"
NUMBERS = count(1)


@dataclass(frozen=True)
class Person:
    """A listener who has a mailbox at Google."""

    client: httpx2.Client
    id: str
    address: str
    box: Mailbox

    def begin(self) -> str:
        """Google's consent page, as AudioBrew returns it."""
        answer = self.client.get("/api/gmail/auth").raise_for_status()
        return str(answer.json()["authorization_url"])

    def consent(self, url: str | None = None, **options: str) -> str:
        """Consent at Google with this mailbox; returns the URL that Google redirects to."""
        query = urlencode({"account": self.address, "consent": "allow", **options})
        return str(httpx2.get(f"{url or self.begin()}&{query}").headers["location"])

    def follow_callback(self, back: str) -> dict[str, str]:
        """Follow Google's redirect; returns what the app finds in the fragment of its URL."""
        parts = urlsplit(back)
        answer = self.client.get(f"{parts.path}?{parts.query}")
        fragment = parse_qs(urlsplit(answer.headers["location"]).fragment)
        return {name: value for name, [value] in fragment.items()}

    def finish_consent(self, back: str) -> httpx2.Response:
        fragment = self.follow_callback(back)
        body = {"code": fragment["gmail_code"], "state": fragment["gmail_state"]}
        return self.client.post("/api/gmail/connect", json=body)

    def connect(self) -> None:
        self.finish_consent(self.consent()).raise_for_status()

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = self.client.get("/api/gmail/status").raise_for_status().json()
        return status

    def emails(self, **parameters: Any) -> dict[str, Any]:
        """The label's mails, as the API returns them."""
        answer = self.client.get("/api/gmail/emails", params=parameters).raise_for_status()
        page: dict[str, Any] = answer.json()
        return page

    def subjects(self, **parameters: Any) -> list[str]:
        return [mail["subject"] for mail in self.emails(**parameters)["emails"]]

    def receive(self, *subjects: str, label: str = "AudioBrew") -> list[str]:
        """Deliver mails under a label; returns their ids at Google."""
        return [self.box.deliver(a_mail(of), label) for of in subjects]


@dataclass(frozen=True)
class World:
    google: Google
    service: Service

    def person(self) -> Person:
        """A person who is new to both services."""
        address = f"listener-{next(NUMBERS)}@mail.example"
        session = asyncio.run(self._sign_in())
        client = self.service.client(session.token)
        return Person(client, str(session.listener), address, self.google.add_account(address))

    async def _sign_in(self) -> Session:
        """Without HTTP, where the rate limit is lower than the tests need."""
        engine = open_database(self.service.settings)
        identity = LocalIdentity(ListenerStore(engine), 1)
        session = await identity.exchange_code(
            await identity.issue_code(await add_listener(ListenerStore(engine)))
        )
        await engine.dispose()
        return session

    def fetched(self) -> int:
        """How many messages were fetched from Google since the last call."""
        count = self.google.calls.count("messages.get")
        self.google.calls.clear()
        return count


def settings_for(folder_of_test: Path, google_url: str, **changed: Any) -> Settings:
    plain = service_settings(folder_of_test).model_dump()
    google = {
        "google_client_id": CLIENT,
        "google_client_secret": SECRET,
        "redirect_uri": CALLBACK,
        "google_url": google_url,
    }
    return Settings.model_validate(plain | google | changed)


def make_google() -> Google:
    return Google(CLIENT, SECRET, [CALLBACK])


async def look_at_nothing(looks: SourceLooks) -> None:
    """In place of the background job, which would fetch mails before a test asks for them."""


@contextmanager
def run_world(folder_of_test: Path, *, looks: bool = False, **changed: Any) -> Iterator[World]:
    """`looks`: whether the background job runs."""
    google = make_google()
    with (
        nullcontext() if looks else patch.object(SourceLooks, "run", look_at_nothing),
        on_loopback(google.app) as url,
        serving(settings_for(folder_of_test, changed.pop("google_url", url), **changed)) as service,
    ):
        yield World(google, service)
