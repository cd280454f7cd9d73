"""A running AudioBrew that is fuzzed, who listens there, and what they have."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

PLACES = {"mails": "/api/mail", "episodes": "/api/podcast/list", "feed_tokens": "/api/feed/tokens"}
"""What a listener has, and where it is listed."""
Things = dict[str, list[str]]


@dataclass(frozen=True)
class Own:
    """A listener and the token that is theirs; `address` where a stand-in for Google knows it."""

    name: str
    id: str
    token: str
    address: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def at(self, url: str) -> httpx2.Client:
        return httpx2.Client(base_url=url, headers=self.headers, timeout=60)


@dataclass(frozen=True)
class Host:
    """`kept` by each listener's name is what stays through the run; `shown` is what the fuzz may name.

    `left_out` is never asked, `closed` is asked but cannot succeed here; each says why.
    """

    url: str
    listeners: tuple[Own, Own]
    kept: dict[str, Things]
    shown: dict[str, list[str]]
    spare: Own | None = None
    metrics: str | None = None
    deployed: bool = False
    left_out: dict[str, str] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    log: Path | None = None


def things(client: httpx2.Client) -> Things:
    """The ids of everything that a listener has."""
    return {kind: list(_ids(client, path)) for kind, path in PLACES.items()}


def _ids(client: httpx2.Client, path: str) -> Iterator[str]:
    """Every page of a list; the feed tokens come on one."""
    asked: dict[str, Any] = {}
    while page := client.get(path, params=asked).raise_for_status().json():
        yield from (thing["id"] for thing in page)
        if path == PLACES["feed_tokens"]:
            return
        asked = {"before": page[-1]["id"], "limit": 200}
