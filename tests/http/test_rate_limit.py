"""How many requests a stranger and a listener may send, and who must not suffer from it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from audiobrew.http.rate_limit import KnownCredentials, TokenBuckets
from audiobrew.settings import Settings

from tests.serving import Service, service_settings, serving


def test_a_bucket_refills_and_a_million_addresses_take_no_more_room() -> None:
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
    known = KnownCredentials(max_credentials=100)
    for number in range(10_000):
        known.add(str(number))

    assert "9999" in known
    assert "1" not in known
    assert "" not in known


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """With small limits, behind one proxy."""
    settings = service_settings(
        tmp_path_factory.mktemp("strict"),
        requests_per_minute_per_listener=50,
        requests_per_minute_per_address=100,
        trusted_proxies=1,
    )
    with serving(settings) as running:
        yield running


def test_a_stranger_is_slowed_down_and_nobody_else(strict: Service) -> None:
    token = strict.sign_in()
    stranger = {"X-Forwarded-For": "198.51.100.7"}
    with strict.client(token) as owner, strict.client() as nobody:
        known = owner.get("/api/mail", headers=stranger).status_code
        feed = owner.post("/api/feed/tokens", json={"name": "A"}, headers=stranger).json()["token"]
        nobody.get(f"/feed/{feed}/rss.xml", headers=stranger)
        guesses = [nobody.get("/api/mail", headers=stranger) for _ in range(40)]
        refused = guesses[-1]
        lied = nobody.get("/api/mail", headers={"X-Forwarded-For": "203.0.113.1, 198.51.100.7"})
        elsewhere = nobody.get("/api/mail", headers={"X-Forwarded-For": "198.51.100.8"})
        at_home = owner.get("/api/mail", headers=stranger)
        polled = nobody.get(f"/feed/{feed}/rss.xml", headers=stranger)
        health = nobody.get("/health", headers=stranger)

    assert known == 200
    assert [one.status_code for one in guesses[:15]] == [401] * 15
    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/too-many-requests"
    assert int(refused.headers["retry-after"]) >= 1
    assert lied.status_code == 429
    assert elsewhere.status_code == 401
    assert [at_home.status_code, polled.status_code, health.status_code] == [200, 200, 200]


@pytest.mark.parametrize("header", ["Authorization", "Cookie", "X-Nothing"])
def test_what_anybody_may_read_makes_nobody_known(strict: Service, header: str) -> None:
    """The cover lies beside the feeds, and its address opens none."""
    stranger = {"X-Forwarded-For": f"198.51.100.{len(header)}", header: "Bearer made-up"}
    with strict.client() as nobody:
        covers = [nobody.get("/feed/cover.jpg", headers=stranger) for _ in range(150)]

    assert covers[0].status_code == 200
    assert covers[-1].status_code == 429


def test_what_is_sent_along_with_a_feeds_address_does_not_become_known(strict: Service) -> None:
    with strict.client(strict.sign_in()) as owner:
        feed = owner.post("/api/feed/tokens", json={"name": "B"}).json()["token"]
    stranger = {"X-Forwarded-For": "198.51.100.30", "Authorization": "Bearer made-up"}
    with strict.client() as nobody:
        nobody.get(f"/feed/{feed}/rss.xml", headers=stranger)
        config = [nobody.get("/api/config", headers=stranger) for _ in range(150)]

    assert config[0].status_code == 200
    assert config[-1].status_code == 429


def test_wrong_codes_never_keep_the_right_one_out(strict: Service) -> None:
    with strict.client() as nobody:
        tries = [nobody.post("/api/session", json={"code": "x"}) for _ in range(60)]

    assert {tries[0].status_code, tries[-1].status_code} == {403, 429}
    assert tries[-1].headers["retry-after"]
    assert strict.sign_in()


def test_one_listener_has_so_many_requests_a_minute(strict: Service) -> None:
    with strict.client(strict.sign_in(second=True)) as other:
        answers = [other.get("/api/mail") for _ in range(60)]
    refused = answers[-1]

    assert answers[49].status_code == 200
    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/too-many-requests"
    assert refused.headers["retry-after"]
    with strict.client(strict.sign_in(second=True)) as third:
        assert third.get("/api/mail").status_code == 200


def test_a_folder_may_be_named(tmp_path: Path) -> None:
    """The limits that people have are not those that tests have."""
    assert service_settings(tmp_path).requests_per_minute_per_address == 0
    assert Settings(data=tmp_path).requests_per_minute_per_address >= 600
