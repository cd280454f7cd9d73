"""A running server of one's own, and browsers that are signed in to it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from audiobrew.account.home.accounts import HomeAccounts, Role
from audiobrew.account.home.guess_limits import GuessLimits
from audiobrew.db.account_tables import invitations, passkey_challenges
from audiobrew.db.engine import open_database
from audiobrew.db.tables import listeners

from tests.serving import CLIENT_SECONDS, Service, service_settings, serving

PUBLIC_URL = "https://brew.example.org"
PASSWORD = "four unrelated harbour kettles"
T = TypeVar("T")


@dataclass(frozen=True)
class HomeServer:
    """`stack` closes the browsers."""

    service: Service
    stack: ExitStack

    def reset(self) -> None:
        """Forget everybody, as after the first start."""

        async def delete() -> None:
            engine = open_database(self.service.settings)
            async with engine.begin() as database:
                for table in (listeners, invitations, passkey_challenges):
                    await database.execute(table.delete())
            await engine.dispose()

        asyncio.run(delete())
        identity = self.service.app.state.ports.identity
        identity._guesses = GuessLimits()

    def browser(self, address: str = "203.0.113.7") -> httpx2.Client:
        """A browser that reaches the server through its proxy."""
        headers = {
            "Host": "brew.example.org",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": address,
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        }
        client = httpx2.Client(base_url=self.service.url, headers=headers, timeout=CLIENT_SECONDS)
        return self.stack.enter_context(client)

    def with_accounts(self, action: Callable[[HomeAccounts], Awaitable[T]]) -> T:
        """Run something on the accounts in the database, as a command does."""

        async def run() -> T:
            engine = open_database(self.service.settings)
            try:
                return await action(HomeAccounts(engine))
            finally:
                await engine.dispose()

        return asyncio.run(run())

    def setup_code(self) -> str:
        return self.with_accounts(lambda accounts: accounts.invite(Role.OWNER))

    def join(self, code: str, name: str, **more: Any) -> httpx2.Client:
        """The browser of a new account."""
        browser = self.browser()
        body = {"code": code, "name": name, "password": PASSWORD, **more}
        signed_in(browser, browser.post("/api/home/accounts", json=body))
        return browser

    def invite(self, owner: httpx2.Client, name: str) -> httpx2.Client:
        """The browser of a listener whom the owner invited."""
        return self.join(self.invitation_code(owner, name), name)

    def invitation_code(self, owner: httpx2.Client, note: str = "") -> str:
        invitation = owner.post("/api/home/invitations", json={"note": note})
        return str(invitation.raise_for_status().json()["link"].partition("#invitation=")[2])


def signed_in(browser: httpx2.Client, response: httpx2.Response) -> None:
    """Keep what a browser keeps of a sign-in: its cookie, which httpx would not send to an http address, and
    the CSRF token."""
    session = response.raise_for_status().json()
    name, _, rest = response.headers["set-cookie"].partition("=")
    browser.headers["Cookie"] = f"{name}={rest.partition(';')[0]}"
    browser.headers["X-CSRF-Token"] = session["csrf_token"]


def keep_provider_cookie(browser: httpx2.Client, response: httpx2.Response) -> str:
    """Keep the cookie of a sign-in that begins, beside that of the session. Returns where it goes on."""
    cookie = response.raise_for_status().headers["set-cookie"].partition(";")[0]
    session = browser.headers.get("Cookie", "").partition("__Host-audiobrew_provider")[0]
    browser.headers["Cookie"] = "; ".join(filter(None, (session.rstrip("; "), cookie)))
    return str(response.json()["url"])


@contextmanager
def serving_home(folder: Path, **more: Any) -> Iterator[HomeServer]:
    settings = service_settings(
        folder, mode="home", public_url=PUBLIC_URL, allowed_origins=(), **more
    )
    with serving(settings) as service, ExitStack() as stack:
        yield HomeServer(service, stack)
