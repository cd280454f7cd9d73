"""The requests whose cost is measured: one for every route that carries load."""

from dataclasses import asdict, dataclass
from typing import Any

import httpx2

from benchmarks.load.stage import METER, Stage


@dataclass(frozen=True)
class MeasuredRequest:
    name: str
    method: str
    path: str
    headers: dict[str, str]
    json: Any = None
    status: int = 200

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def measured_requests(stage: Stage) -> list[MeasuredRequest]:
    """Requests of the first listener and their podcast app. Each was sent once and answered as expected."""
    person = stage.people[0]
    own = {"Authorization": f"Bearer {person.token}"}
    feed = "/" + person.feed.split("/", 3)[3]
    one, folder = f"/api/podcast/{person.episode}", feed.rsplit("/", 1)[0]
    if_none_match = {"If-None-Match": _tag(person.feed)}
    order = {"email_ids": person.mails, "minutes": 5}
    part, label = {"Range": "bytes=0-65535"}, "GET /feed/{token}/"
    requests = [
        MeasuredRequest("GET /health", "GET", "/health", {}),
        MeasuredRequest("GET /api/config", "GET", "/api/config", {}),
        MeasuredRequest("GET /api/podcast/list", "GET", "/api/podcast/list", own),
        MeasuredRequest("GET /api/podcast/{id}", "GET", one, own),
        MeasuredRequest("GET /api/podcast/{id}/script", "GET", f"{one}/script", own),
        MeasuredRequest("GET /api/mail", "GET", "/api/mail", own),
        MeasuredRequest("POST /api/podcast/quote", "POST", "/api/podcast/quote", own, order),
        MeasuredRequest(f"{label}rss.xml, unchanged", "GET", feed, if_none_match, status=304),
        MeasuredRequest(f"{label}rss.xml, full", "GET", feed, {}),
        MeasuredRequest(f"{label}{{episode}}.mp3", "GET", f"{folder}/{person.episode}.mp3", part),
        MeasuredRequest("GET /metrics", "GET", "/metrics", METER),
    ]
    for request in requests:
        check(stage.product.url, request)
    return requests


def _tag(feed: str) -> str:
    return str(httpx2.get(feed, timeout=30).raise_for_status().headers["etag"])


def check(url: str, request: MeasuredRequest) -> None:
    """Exit if the answer is not the expected one. Audio may be a redirect."""
    response = httpx2.request(
        request.method, url + request.path, headers=request.headers, json=request.json, timeout=60
    )
    statuses = {request.status} if "mp3" not in request.path else {200, 206, 302, 307}
    if response.status_code not in statuses:
        raise SystemExit(f"{request.name} answers {response.status_code}: {response.text[:300]}")
