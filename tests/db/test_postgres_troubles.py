"""A Postgres that is down, locked or out of connections: the API answers 503 until it has recovered."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import psycopg
import pytest
from audiobrew.db.engine import open_database
from audiobrew.rollout.store import CACHE_SECONDS, Rollouts
from audiobrew.settings import Settings

from tests.postgres import Cluster, cluster
from tests.serving import Service, a_mail, serving

# A query that loses its connection while its rows are read leaves a cursor open, and psycopg warns of it.
pytestmark = pytest.mark.filterwarnings("ignore:.*was deleted while still open:ResourceWarning")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(scope="module")
def service(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("troubles")
    settings = Settings(
        data=data,
        web=data / "none",
        database_url=postgres.database(),
        busy_seconds=1,
        database_connections=3,
        lease_beat_seconds=0.5,
    )
    with serving(settings) as running:
        yield running


def upload_mail(client: httpx2.Client) -> httpx2.Response:
    return client.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})


def is_problem(answer: httpx2.Response, kind: str) -> bool:
    body = answer.json()
    expected = (503, f"/problems/{kind}", "60")
    assert (answer.status_code, body["type"], answer.headers["retry-after"]) == expected
    return bool(body["detail"].endswith("Nothing was changed; try again in a minute."))


def lock_database(service: Service, postgres: Cluster) -> Any:
    assert service.settings.database_url
    return psycopg.connect(postgres.as_owner(service.settings.database_url.get_secret_value()))


def test_waiting_for_a_lock_times_out(
    service: Service, postgres: Cluster, owner: httpx2.Client
) -> None:
    with lock_database(service, postgres) as other:
        other.execute("lock table audiobrew.mails in access exclusive mode")
        busy = upload_mail(owner)
        other.rollback()

    assert is_problem(busy, "database-busy")
    assert upload_mail(owner).status_code == 201


def test_requests_beyond_the_pool_wait_and_then_fail_with_503(
    service: Service, postgres: Cluster, owner: httpx2.Client
) -> None:
    with lock_database(service, postgres) as other, ThreadPoolExecutor(12) as pool:
        other.execute("lock table audiobrew.mails in access exclusive mode")
        futures = [pool.submit(owner.get, "/api/mail") for _ in range(12)]
        answers = [future.result() for future in futures]
        other.rollback()

    assert all(is_problem(answer, "database-busy") for answer in answers)
    assert owner.get("/api/mail").status_code == 200


def test_the_rollout_is_cached_while_the_database_is_slow_or_down(
    service: Service, postgres: Cluster, anonymous: httpx2.Client
) -> None:
    asyncio.run(start_rollout(service.settings))
    rollout = anonymous.get("/api/config").json()["rollout"]
    with lock_database(service, postgres) as other:
        other.execute("lock table audiobrew.rollout in access exclusive mode")
        time.sleep(CACHE_SECONDS)
        started = time.monotonic()
        slow = anonymous.get("/api/config").json()["rollout"]
        waited = time.monotonic() - started
        other.rollback()
    postgres.stop()
    try:
        time.sleep(CACHE_SECONDS)
        down = [anonymous.get("/api/config").json()["rollout"] for _ in range(3)]
    finally:
        postgres.start()
    wait_for_ready(anonymous)

    assert rollout["percent"] == 25
    assert [slow, *down] == [rollout] * 4
    assert waited < 2


async def start_rollout(settings: Settings) -> None:
    engine = open_database(settings)
    await Rollouts(engine).set(25)
    await engine.dispose()


def test_a_database_outage_is_reported_and_recovered_from(
    postgres: Cluster, owner: httpx2.Client, anonymous: httpx2.Client
) -> None:
    before = owner.get("/api/mail").json()
    postgres.stop()
    try:
        assert anonymous.get("/health").status_code == 200
        assert failed_checks(wait_for_ready(anonymous, 503)) == ["database"]
        assert is_problem(owner.get("/api/mail"), "database-away")
        assert is_problem(upload_mail(owner), "database-away")
    finally:
        postgres.start()

    wait_for_ready(anonymous)
    assert owner.get("/api/mail").json() == before


def test_a_brew_continues_after_a_database_outage(postgres: Cluster, owner: httpx2.Client) -> None:
    upload_mail(owner).raise_for_status()
    mails = [mail["id"] for mail in owner.get("/api/mail").json()]
    order = owner.post("/api/podcast/generate", json={"email_ids": mails, "minutes": 1})
    id = order.raise_for_status().json()["id"]
    with owner.stream("GET", f"/api/podcast/{id}/events", timeout=90) as stream:
        postgres.stop()
        time.sleep(3)
        postgres.start()
        events = [line for line in stream.iter_lines() if line.startswith("data:")]

    assert '"event":"end"' in events[-1]
    assert wait_until_ended(owner, id)["status"] == "ready"


def failed_checks(readiness: httpx2.Response) -> list[str]:
    return [check["name"] for check in readiness.json()["checks"] if not check["ready"]]


def wait_for_ready(anonymous: httpx2.Client, status: int = 200) -> httpx2.Response:
    """Wait until /ready answers this status. Its response is cached for some seconds."""
    deadline = time.monotonic() + 90
    while (answer := anonymous.get("/ready")).status_code != status:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.2)
    return answer


def wait_until_ended(owner: httpx2.Client, id: str) -> Any:
    deadline = time.monotonic() + 90
    while True:
        answer = owner.get(f"/api/podcast/{id}")
        if answer.is_success and answer.json()["status"] in ("ready", "failed", "cancelled"):
            return answer.json()
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.3)
