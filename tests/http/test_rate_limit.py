"""How many requests strangers and listeners may send, and whose requests are not affected."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from audiobrew.http.rate_limit import KnownCredentials, RateLimits, TokenBuckets
from audiobrew.settings import Settings

from tests.serving import Service, service_settings, serving


def test_a_bucket_refills_and_the_number_of_buckets_is_bounded() -> None:
    now = [0.0]
    buckets = TokenBuckets(60, max_buckets=1000, clock=lambda: now[0])
    for _ in range(60):
        buckets.take("one", 1)
    waiting = buckets.seconds_to_wait("one")
    now[0] += 1.5
    after = buckets.seconds_to_wait("one")
    for number in range(1_000_000):
        buckets.take(str(number), 1)

    assert waiting == pytest.approx(1.0)
    assert after == 0
    assert len(buckets) == 1000


def test_known_credentials_are_bounded() -> None:
    credentials = KnownCredentials(max_credentials=100)
    for number in range(10_000):
        credentials.add(str(number))

    assert "9999" in credentials
    assert "1" not in credentials
    assert "" not in credentials


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """With small limits, behind one proxy. The clock of the limits stands still: nothing is refilled, however
    slow the machine is."""
    settings = service_settings(
        tmp_path_factory.mktemp("strict"),
        requests_per_minute_per_listener=50,
        requests_per_minute_per_address=100,
        trusted_proxies=1,
    )
    with serving(settings) as running:
        limits: RateLimits = running.app.state.rate_limits
        for buckets in (limits.listeners, limits.addresses):
            buckets._clock = lambda: 1000.0
        yield running


def test_only_the_stranger_is_slowed_down(strict: Service) -> None:
    token = strict.sign_in()
    stranger = {"X-Forwarded-For": "198.51.100.7"}
    with strict.client(token) as owner, strict.client() as anonymous:
        accepted = owner.get("/api/mail", headers=stranger).status_code
        feed = owner.post("/api/feed/tokens", json={"name": "A"}, headers=stranger).json()["token"]
        anonymous.get(f"/feed/{feed}/rss.xml", headers=stranger)
        guesses = [anonymous.get("/api/mail", headers=stranger) for _ in range(40)]
        refusal = guesses[-1]
        spoofed = anonymous.get(
            "/api/mail", headers={"X-Forwarded-For": "203.0.113.1, 198.51.100.7"}
        )
        elsewhere = anonymous.get("/api/mail", headers={"X-Forwarded-For": "198.51.100.8"})
        at_home = owner.get("/api/mail", headers=stranger)
        polled = anonymous.get(f"/feed/{feed}/rss.xml", headers=stranger)
        health = anonymous.get("/health", headers=stranger)

    assert accepted == 200
    assert [one.status_code for one in guesses[:15]] == [401] * 15
    assert refusal.status_code == 429
    assert refusal.json()["type"] == "/problems/too-many-requests"
    assert int(refusal.headers["retry-after"]) >= 1
    assert spoofed.status_code == 429
    assert elsewhere.status_code == 401
    assert [at_home.status_code, polled.status_code, health.status_code] == [200, 200, 200]


@pytest.mark.parametrize("header", ["Authorization", "Cookie", "X-Nothing"])
def test_public_resources_make_no_credential_known(strict: Service, header: str) -> None:
    """The address of the cover looks like a feed's, but it contains no token."""
    stranger = {"X-Forwarded-For": f"198.51.100.{len(header)}", header: "Bearer made-up"}
    with strict.client() as anonymous:
        covers = [anonymous.get("/feed/cover.jpg", headers=stranger) for _ in range(150)]

    assert covers[0].status_code == 200
    assert covers[-1].status_code == 429


def test_a_header_sent_with_a_feeds_address_does_not_become_known(strict: Service) -> None:
    with strict.client(strict.sign_in()) as owner:
        feed = owner.post("/api/feed/tokens", json={"name": "B"}).json()["token"]
    stranger = {"X-Forwarded-For": "198.51.100.30", "Authorization": "Bearer made-up"}
    with strict.client() as anonymous:
        anonymous.get(f"/feed/{feed}/rss.xml", headers=stranger)
        config = [anonymous.get("/api/config", headers=stranger) for _ in range(150)]

    assert config[0].status_code == 200
    assert config[-1].status_code == 429


def test_a_correct_code_is_accepted_after_many_wrong_ones(strict: Service) -> None:
    with strict.client() as anonymous:
        tries = [anonymous.post("/api/session", json={"code": "x"}) for _ in range(60)]

    assert {tries[0].status_code, tries[-1].status_code} == {403, 429}
    assert tries[-1].headers["retry-after"]
    assert strict.sign_in()


def test_the_requests_of_one_listener_are_limited(strict: Service) -> None:
    with strict.client(strict.sign_in(second=True)) as other:
        responses = [other.get("/api/mail") for _ in range(60)]
    refusal = responses[-1]

    assert responses[49].status_code == 200
    assert refusal.status_code == 429
    assert refusal.json()["type"] == "/problems/too-many-requests"
    assert refusal.headers["retry-after"]
    with strict.client(strict.sign_in(second=True)) as third:
        assert third.get("/api/mail").status_code == 200


def test_rate_limits_are_off_in_tests_and_on_by_default(tmp_path: Path) -> None:
    assert service_settings(tmp_path).requests_per_minute_per_address == 0
    assert Settings(data=tmp_path).requests_per_minute_per_address >= 600
