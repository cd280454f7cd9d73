"""A server of one's own that is fuzzed: its owner, a listener, and what both have."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audiobrew.account.home.accounts import HomeAccounts, Role
from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.db.engine import open_database

from tests.account.home.home_server import HomeServer, serving_home
from tests.contract.fuzz_target import (
    GMAIL_SOURCE_OPERATIONS,
    LISTS,
    SOURCE_OPERATIONS,
    FuzzListener,
    FuzzTarget,
    things,
)
from tests.serving import a_mail
from tests.standins.oidc_provider import serving_provider

# The paths that only a server of one's own serves, or serves differently.
PATHS = r"^/api/(home|session|sources|config|user)"
# The fuzz sends more requests than people do.
UNLIMITED: dict[str, Any] = {
    "requests_per_minute_per_listener": 0,
    "requests_per_minute_per_address": 0,
}
ENDS_SESSIONS = "it ends the sessions of a listener; a run without --home calls it once"
# What only a passkey, a provider's answer, an invitation or a terminal can give.
CODES_NEEDED = (
    *("createSession", "createBrowserSession", "openInvitation", "beginAccountPasskey"),
    *("createAccount", "beginAccountAtProvider", "signInWithPassword", "signInWithPasskey"),
    *("signInAtProvider", "addPasskey", "removePasskey", "connectProvider", "disconnectProvider"),
    *("withdrawInvitation", "createSignInLink"),
)


@contextmanager
def at_home(folder: Path) -> Iterator[FuzzTarget]:
    """Start a server with an owner, a listener and a sign-in provider."""
    with (
        serving_provider() as provider,
        serving_home(
            folder / "fuzzed",
            mail_domain="mail.example.org",
            private_sources=False,
            **provider.settings,
            **UNLIMITED,
        ) as server,
    ):
        listeners = asyncio.run(_join(server))
        protected, tokens = {}, []
        for listener in listeners:
            with listener.client(server.service.url) as client:
                tokens.append(_add_things(client))
                protected[listener.name] = things(client)
        ids = {kind: [id for own in protected.values() for id in own[kind]] for kind in LISTS}
        dictionary = ids | {
            "listeners": [listener.id for listener in listeners],
            "tokens": tokens,
            "labels": [],
        }
        yield FuzzTarget(
            server.service.url,
            listeners,
            protected,
            dictionary,
            paths=PATHS,
            excluded=dict.fromkeys(
                ("changePassword", "deleteSession", "deleteUser", "removePerson"), ENDS_SESSIONS
            ),
            impossible=dict.fromkeys(
                CODES_NEEDED, "it needs a code or a key; a run without --home calls it once"
            )
            | dict.fromkeys(GMAIL_SOURCE_OPERATIONS, "Gmail is not offered here")
            | dict.fromkeys(
                SOURCE_OPERATIONS,
                "it needs a mailbox or a feed; a run without --home calls it once",
            ),
        )


async def _join(server: HomeServer) -> tuple[FuzzListener, FuzzListener]:
    """The owner and a listener, with bearer tokens."""
    engine = open_database(server.service.settings)
    accounts, identity = HomeAccounts(engine), LocalIdentity(ListenerStore(engine), 1)
    try:
        joined = []
        for name, label, role in (
            ("owner", "Ada", Role.OWNER),
            ("second", "Ben", Role.LISTENER),
        ):
            code = await accounts.invite(role)
            account = await accounts.open_account(code, label, "no password", None)
            token = (
                await identity.exchange_code(await identity.issue_code(account.listener))
            ).token
            joined.append(FuzzListener(name, str(account.listener), token))
        return joined[0], joined[1]
    finally:
        await engine.dispose()


def _add_things(client: Any) -> str:
    """Returns the token of a feed."""
    files = {"file": ("a.eml", a_mail(), "message/rfc822")}
    client.post("/api/mail", files=files).raise_for_status()
    client.post("/api/sources/address", json={"name": "Letters"}).raise_for_status()
    token = client.post("/api/feed/tokens", json={"name": "Phone"}).raise_for_status().json()
    return str(token["token"])
