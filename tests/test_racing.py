"""With fifty concurrent requests, limits hold, and deletions cause no crash."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import httpx2
import pytest

from tests.serving import Service, a_mail, serving
from tests.settings_factory import make_settings

CONCURRENT_REQUESTS = 50


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """It takes orders and brews nothing, so that orders stay open."""
    with serving(make_settings(data=tmp_path / "data", port=0, brews=False)) as running:
        yield running


@pytest.fixture
def listener(service: Service) -> Iterator[httpx2.Client]:
    limits = httpx2.Limits(
        max_connections=CONCURRENT_REQUESTS, max_keepalive_connections=CONCURRENT_REQUESTS
    )
    headers = {"Authorization": f"Bearer {service.sign_in()}"}
    # A busy machine may take minutes for a round. pytest's timeout ends a test that hangs.
    with httpx2.Client(
        base_url=service.url, headers=headers, timeout=None, limits=limits
    ) as client:
        yield client


def run_concurrently(
    request: Callable[[int], httpx2.Response], count: int = CONCURRENT_REQUESTS
) -> Counter[int]:
    with ThreadPoolExecutor(count) as pool:
        return Counter(response.status_code for response in pool.map(request, range(count)))


def upload_mail(listener: httpx2.Client, subject: str) -> str:
    response = listener.post(
        "/api/mail", files={"file": ("a.eml", a_mail(subject), "message/rfc822")}
    )
    return str(response.raise_for_status().json()["mails"][0]["id"])


def test_concurrent_orders_do_not_pass_the_limit(service: Service, listener: httpx2.Client) -> None:
    limit = service.settings.brews_per_listener
    order = {"email_ids": [upload_mail(listener, "One")], "minutes": 1}

    statuses = run_concurrently(lambda _: listener.post("/api/podcast/generate", json=order))

    assert statuses == {202: limit, 429: CONCURRENT_REQUESTS - limit}
    assert len(listener.get("/api/podcast/list").json()) == limit


def test_concurrent_retries_do_not_pass_the_limit(
    service: Service, listener: httpx2.Client
) -> None:
    limit = service.settings.brews_per_listener
    order = {"email_ids": [upload_mail(listener, "One")], "minutes": 1}
    ids = []
    for _ in range(limit + 8):
        response = listener.post("/api/podcast/generate", json=order)
        ids.append(response.raise_for_status().json()["id"])
        listener.post(f"/api/podcast/{ids[-1]}/cancel").raise_for_status()

    statuses = run_concurrently(
        lambda number: listener.post(f"/api/podcast/{ids[number]}/retry"), len(ids)
    )

    assert statuses == {202: limit, 429: 8}


def test_concurrent_feed_tokens_do_not_pass_the_limit(
    service: Service, listener: httpx2.Client
) -> None:
    limit = service.settings.feed_tokens_per_listener

    statuses = run_concurrently(
        lambda number: listener.post("/api/feed/tokens", json={"name": f"Phone {number}"})
    )

    assert statuses[201] == limit
    assert sum(statuses.values()) == CONCURRENT_REQUESTS
    assert not [status for status in statuses if status >= 500]


def test_concurrent_orders_with_one_key_are_one_episode(listener: httpx2.Client) -> None:
    order = {"email_ids": [upload_mail(listener, "One")], "minutes": 1}
    headers = {"Idempotency-Key": "one"}

    statuses = run_concurrently(
        lambda _: listener.post("/api/podcast/generate", json=order, headers=headers)
    )

    assert statuses == {202: CONCURRENT_REQUESTS}
    assert len(listener.get("/api/podcast/list").json()) == 1


def test_mails_that_are_deleted_concurrently_are_not_found(
    listener: httpx2.Client,
) -> None:
    statuses: Counter[int] = Counter()
    for round_number in range(12):
        mail_ids = [upload_mail(listener, f"{round_number} {number}") for number in range(4)]
        blocks = listener.get(f"/api/mail/{mail_ids[0]}").json()["blocks"]
        order = {"email_ids": mail_ids, "minutes": 1}
        patch = {"restore": [blocks[0]["id"]]}
        file = {"file": ("a.eml", a_mail(f"{round_number} 0"), "message/rfc822")}
        requests = cycle(
            [
                lambda order=order: listener.post("/api/podcast/generate", json=order),
                lambda order=order: listener.post("/api/podcast/quote", json=order),
                lambda mail_ids=mail_ids: listener.delete(f"/api/mail/{mail_ids[0]}"),
                lambda: listener.get("/api/mail"),
                lambda: listener.post("/api/podcast/generate", json={"minutes": 1}),
                lambda mail_ids=mail_ids, patch=patch: listener.patch(
                    f"/api/mail/{mail_ids[0]}", json=patch
                ),
                lambda file=file: listener.post("/api/mail", files=file),
                lambda mail_ids=mail_ids: listener.delete(f"/api/mail/{mail_ids[1]}"),
                lambda mail_ids=mail_ids: listener.get(f"/api/mail/{mail_ids[1]}"),
            ]
        )
        batch = [next(requests) for _ in range(27)]
        statuses += run_concurrently(lambda number, batch=batch: batch[number](), len(batch))
        for episode in listener.get("/api/podcast/list").json():
            listener.delete(f"/api/podcast/{episode['id']}")

    assert set(statuses) <= {200, 201, 202, 204, 404, 409, 429}, statuses
    assert statuses[404] and statuses[202]
