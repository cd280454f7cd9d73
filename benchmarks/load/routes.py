"""Every route that carries load: what is asked, and of whom."""

from dataclasses import asdict, dataclass
from typing import Any

import httpx2

from benchmarks.load.stage import METER, Stage


@dataclass(frozen=True)
class Asked:
    name: str
    method: str
    path: str
    headers: dict[str, str]
    json: Any = None
    expected: int = 200

    def told(self) -> dict[str, Any]:
        return asdict(self)


def routes(stage: Stage) -> list[Asked]:
    """What the first listener and their podcast app ask, each checked once to answer as it should."""
    person = stage.people[0]
    own = {"Authorization": f"Bearer {person.token}"}
    feed = "/" + person.feed.split("/", 3)[3]
    one, folder = f"/api/podcast/{person.episode}", feed.rsplit("/", 1)[0]
    known = {"If-None-Match": _tag(person.feed)}
    order = {"email_ids": person.mails, "minutes": 5}
    part, listed = {"Range": "bytes=0-65535"}, "/feed/{token}/"
    every = [
        Asked("GET /health", "GET", "/health", {}),
        Asked("GET /api/config", "GET", "/api/config", {}),
        Asked("GET /api/podcast/list", "GET", "/api/podcast/list", own),
        Asked("GET /api/podcast/{id}", "GET", one, own),
        Asked("GET /api/podcast/{id}/script", "GET", f"{one}/script", own),
        Asked("GET /api/mail", "GET", "/api/mail", own),
        Asked("POST /api/podcast/quote", "POST", "/api/podcast/quote", own, order),
        Asked(f"GET {listed}rss.xml, known", "GET", feed, known, expected=304),
        Asked(f"GET {listed}rss.xml, whole", "GET", feed, {}),
        Asked(f"GET {listed}{{episode}}.mp3", "GET", f"{folder}/{person.episode}.mp3", part),
        Asked("GET /metrics", "GET", "/metrics", METER),
    ]
    return [_checked(stage.product.url, one) for one in every]


def _tag(feed: str) -> str:
    return str(httpx2.get(feed, timeout=30).raise_for_status().headers["etag"])


def _checked(url: str, asked: Asked) -> Asked:
    """A route that does not answer as it should is not worth measuring. Audio may be a redirect."""
    answer = httpx2.request(
        asked.method, url + asked.path, headers=asked.headers, json=asked.json, timeout=60
    )
    fine = {asked.expected} if "mp3" not in asked.path else {200, 206, 302, 307}
    if answer.status_code not in fine:
        raise SystemExit(f"{asked.name} answers {answer.status_code}: {answer.text[:300]}")
    return asked
