"""Web players of any origin may read what a feed's token opens, and nothing else."""

import httpx2
import pytest

from tests.feed.site import Site
from tests.feed.test_feed_files import FILES, address

PAGE = {"Origin": "https://player.example"}
PREFLIGHT = PAGE | {
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "range",
}
WRONG = "/feed/wrong-token-0000/rss.xml"


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("who", ["anonymous", "owner", "second"])
def test_any_page_may_read_what_the_token_opens(
    feed: str, site: Site, kind: str, method: str, who: str
) -> None:
    with site.client(None if who == "anonymous" else who) as client:
        response = client.request(method, address(feed, site, kind), headers=PAGE)

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("kind", FILES)
def test_a_page_may_ask_for_a_part(
    feed: str, site: Site, anonymous: httpx2.Client, kind: str
) -> None:
    response = anonymous.options(address(feed, site, kind), headers=PREFLIGHT)

    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "Range" in response.headers["access-control-allow-headers"]
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


def test_a_page_reads_a_part_of_the_audio(feed: str, site: Site, anonymous: httpx2.Client) -> None:
    part = anonymous.get(address(feed, site, "mp3"), headers=PAGE | {"Range": "bytes=0-99"})

    assert (part.status_code, len(part.content)) == (206, 100)
    assert "Content-Range" in part.headers["access-control-expose-headers"]
    assert part.headers["access-control-allow-origin"] == "*"


def test_a_page_learns_why_it_gets_nothing_but_not_whether_a_token_exists(
    feed: str, anonymous: httpx2.Client
) -> None:
    refused = anonymous.get(WRONG, headers=PAGE)
    preflights = [anonymous.options(url, headers=PREFLIGHT) for url in (WRONG, f"{feed}/rss.xml")]

    assert refused.status_code == 404
    assert refused.headers["access-control-allow-origin"] == "*"
    assert [one.status_code for one in preflights] == [204, 204]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/feed/tokens"),
        ("OPTIONS", "/api/feed/tokens"),
        ("POST", WRONG),
        ("GET", "/feed/cover.jpg"),
        ("GET", "/feed/x/../../api/feed/tokens"),
    ],
)
def test_other_paths_and_methods_stay_closed(owner: httpx2.Client, method: str, path: str) -> None:
    response = owner.request(method, path, headers=PREFLIGHT)

    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers


def test_a_foreign_host_name_opens_no_feed(feed: str, anonymous: httpx2.Client) -> None:
    headers = PAGE | {"Host": "evil.example"}

    assert anonymous.get(f"{feed}/rss.xml", headers=headers).status_code == 403
