"""A server of one's own answers to its names alone, and links have its public address."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.account.home.home_server import PASSWORD, PUBLIC_URL, HomeServer, serving_home


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeServer]:
    with serving_home(tmp_path_factory.mktemp("home"), hosts=("nas.local",)) as home:
        yield home


@pytest.fixture(scope="module")
def owner(server: HomeServer) -> httpx2.Client:
    return server.join(server.setup_code(), "Ada")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("brew.example.org", 200),
        ("BREW.example.org:443", 200),
        ("127.0.0.1:8000", 200),
        ("NAS.local", 200),
        ("other.local", 403),
        ("evil.example", 403),
        ("brew.example.org.evil.example", 403),
        ("brew.example.org@evil.example", 403),
        ("", 403),
    ],
)
def test_only_its_own_names_are_answered(server: HomeServer, host: str, status: int) -> None:
    with server.service.client() as client:
        assert client.get("/api/config", headers={"Host": host}).status_code == status


def test_links_have_the_public_address_whatever_a_request_says(
    server: HomeServer, owner: httpx2.Client
) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    feed = owner.post("/api/feed/tokens", json={"name": "Phone"}, headers=forged).json()
    assert feed["url"].startswith(f"{PUBLIC_URL}/feed/")
    rss = server.browser().get(feed["url"].removeprefix(PUBLIC_URL), headers=forged).text
    assert "evil.example" not in rss


def test_other_pages_cannot_sign_a_browser_in(server: HomeServer, owner: httpx2.Client) -> None:
    foreign = {"Origin": "https://evil.example"}
    body = {"name": "Ada", "password": PASSWORD}
    answer = server.browser().post("/api/home/session/password", json=body, headers=foreign)
    assert answer.status_code == 403
