"""The service that is fuzzed, its two test listeners, and what they have."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

# Kinds of things that a listener has, and the paths that list them.
LISTS = {
    "mails": "/api/mail",
    "imports": "/api/mail/imports",
    "episodes": "/api/podcast/list",
    "feed_tokens": "/api/feed/tokens",
    "rules": "/api/rules",
    "pronunciations": "/api/pronunciations",
    "sources": "/api/sources",
}
# Kinds whose lists have one page.
UNPAGED = {"imports", "feed_tokens", "rules", "pronunciations", "sources"}
HOME_OPERATIONS = (
    *("openInvitation", "beginAccountPasskey", "createAccount", "signInWithPassword"),
    *("beginPasskeySignIn", "signInWithPasskey", "getHomeAccount", "changePassword"),
    *(
        "beginPasskey",
        "addPasskey",
        "removePasskey",
        "signOutBrowser",
        "listPeople",
        "removePerson",
    ),
    *("createSignInLink", "listInvitations", "createInvitation", "withdrawInvitation"),
    *("beginProviderSignIn", "signInAtProvider", "beginAccountAtProvider"),
    *("beginProviderConnection", "connectProvider", "disconnectProvider"),
)
# They reach servers that a listener names.
SOURCE_OPERATIONS = (
    *("addImapSource", "listImapFolders", "addFeedSource", "changeSource", "lookAtSource"),
    *("removeSource", "getImapCertificate", "importOpml", "addAddressSource", "replaceAddress"),
    *("finishConfirmation", "decideAboutSender"),
)
GMAIL_SOURCE_OPERATIONS = ("beginGmailSource", "addGmailSource", "listSourceLabels")
# Ids by kind.
Things = dict[str, list[str]]


@dataclass(frozen=True)
class FuzzListener:
    """A test listener with a token. `address` is set if the stand-in for Google has an account for it."""

    name: str
    id: str
    token: str
    address: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def client(self, url: str) -> httpx2.Client:
        return httpx2.Client(base_url=url, headers=self.headers, timeout=60)


@dataclass(frozen=True)
class FuzzTarget:
    """The service that is fuzzed.

    `protected` are things that stay during the run, by the listener's name. `dictionary` are values that the
    fuzz may use. Operations in `excluded` are never requested; those in `impossible` are requested but cannot
    succeed here. Both map to the reason. `paths`: a pattern of the paths that are requested; empty for all.
    """

    url: str
    listeners: tuple[FuzzListener, FuzzListener]
    protected: dict[str, Things]
    dictionary: dict[str, list[str]]
    spare: FuzzListener | None = None
    metrics_token: str | None = None
    is_deployed: bool = False
    excluded: dict[str, str] = field(default_factory=dict)
    impossible: dict[str, str] = field(default_factory=dict)
    log: Path | None = None
    paths: str = ""


def things(client: httpx2.Client) -> Things:
    """The ids of everything that a listener has."""
    return {kind: list(_ids(client, kind)) for kind in LISTS}


def _ids(client: httpx2.Client, kind: str) -> Iterator[str]:
    """The ids in all pages of a list."""
    path = LISTS[kind]
    query: dict[str, Any] = {}
    while page := client.get(path, params=query).raise_for_status().json():
        # Gmail is connected again during a run, and then has another id.
        yield from (thing["id"] for thing in page if thing.get("kind") != "gmail")
        if kind in UNPAGED:
            return
        query = {"before": page[-1]["id"], "limit": 200}
