"""Limits and deletions under fifty requests at once, over HTTP: limits hold, and nothing is a crash."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import httpx2
import pytest

from tests.serving import Service, a_mail, serving
from tests.settings_factory import make_settings

FIFTY = 50


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """It takes orders and brews nothing, so that what is open stays open."""
    with serving(make_settings(data=tmp_path / "data", port=0, brews=False)) as running:
        yield running


@pytest.fixture
def who(service: Service) -> Iterator[httpx2.Client]:
    limits = httpx2.Limits(max_connections=FIFTY, max_keepalive_connections=FIFTY)
    headers = {"Authorization": f"Bearer {service.sign_in()}"}
    with httpx2.Client(base_url=service.url, headers=headers, timeout=60, limits=limits) as client:
        yield client


def at_once(ask: Callable[[int], httpx2.Response], count: int = FIFTY) -> Counter[int]:
    with ThreadPoolExecutor(count) as pool:
        return Counter(answer.status_code for answer in pool.map(ask, range(count)))


def a_kept_mail(who: httpx2.Client, subject: str) -> str:
    sent = who.post("/api/mail", files={"file": ("a.eml", a_mail(subject), "message/rfc822")})
    return str(sent.raise_for_status().json()["mails"][0]["id"])


def test_fifty_orders_at_once_are_as_many_as_may_be_open(
    service: Service, who: httpx2.Client
) -> None:
    mail, most = a_kept_mail(who, "One"), service.settings.brews_per_listener
    order = {"email_ids": [mail], "minutes": 1}

    statuses = at_once(lambda _: who.post("/api/podcast/generate", json=order))

    assert statuses == {202: most, 429: FIFTY - most}
    assert len(who.get("/api/podcast/list").json()) == most


def test_fifty_retries_at_once_do_not_pass_the_limit(service: Service, who: httpx2.Client) -> None:
    mail, most = a_kept_mail(who, "One"), service.settings.brews_per_listener
    order = {"email_ids": [mail], "minutes": 1}
    ids = []
    for _ in range(most + 8):
        ids.append(who.post("/api/podcast/generate", json=order).raise_for_status().json()["id"])
        who.post(f"/api/podcast/{ids[-1]}/cancel").raise_for_status()

    statuses = at_once(lambda n: who.post(f"/api/podcast/{ids[n]}/retry"), len(ids))

    assert statuses == {202: most, 429: 8}


def test_fifty_feed_tokens_at_once_are_as_many_as_may_be(
    service: Service, who: httpx2.Client
) -> None:
    most = service.settings.feed_tokens_per_listener

    statuses = at_once(lambda n: who.post("/api/feed/tokens", json={"name": f"Phone {n}"}))

    assert statuses[201] == most
    assert sum(statuses.values()) == FIFTY
    assert not [status for status in statuses if status >= 500]


def test_an_idempotent_order_is_one_episode_at_the_limit_too(who: httpx2.Client) -> None:
    order = {"email_ids": [a_kept_mail(who, "One")], "minutes": 1}
    key = {"Idempotency-Key": "one"}

    statuses = at_once(lambda _: who.post("/api/podcast/generate", json=order, headers=key))

    assert statuses == {202: FIFTY}
    assert len(who.get("/api/podcast/list").json()) == 1


def test_mails_that_are_deleted_meanwhile_are_not_found_and_crash_nothing(
    who: httpx2.Client,
) -> None:
    found: Counter[int] = Counter()
    for round_ in range(12):
        mails = [a_kept_mail(who, f"{round_} {n}") for n in range(4)]
        blocks = who.get(f"/api/mail/{mails[0]}").json()["blocks"]
        order = {"email_ids": mails, "minutes": 1}
        change = {"restore": [blocks[0]["id"]]}
        file = {"file": ("a.eml", a_mail(f"{round_} 0"), "message/rfc822")}
        asks = cycle(
            [
                lambda order=order: who.post("/api/podcast/generate", json=order),
                lambda order=order: who.post("/api/podcast/quote", json=order),
                lambda mails=mails: who.delete(f"/api/mail/{mails[0]}"),
                lambda: who.get("/api/mail"),
                lambda: who.post("/api/podcast/generate", json={"minutes": 1}),
                lambda mails=mails, change=change: who.patch(f"/api/mail/{mails[0]}", json=change),
                lambda file=file: who.post("/api/mail", files=file),
                lambda mails=mails: who.delete(f"/api/mail/{mails[1]}"),
                lambda mails=mails: who.get(f"/api/mail/{mails[1]}"),
            ]
        )
        every = [next(asks) for _ in range(27)]
        found += at_once(lambda n, every=every: every[n](), len(every))
        for episode in who.get("/api/podcast/list").json():
            who.delete(f"/api/podcast/{episode['id']}")

    assert set(found) <= {200, 201, 202, 204, 404, 409, 429}, found
    assert found[404] and found[202]
