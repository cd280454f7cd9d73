"""A feed token is a secret: it appears in the URLs of its own feed and nowhere else."""

import asyncio
from collections.abc import Callable

import httpx2
import pytest
from audiobrew.ops.metrics import REGISTRY
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from tests.feed.site import Site


@pytest.fixture
def token(feed: str) -> str:
    return feed.rpartition("/")[2]


def feed_urls(feed: str, site: Site) -> list[str]:
    files = [f"{site.episode}.{kind}" for kind in ("mp3", "vtt", "json", "png")]
    return [f"{feed}/{ending}" for ending in ["rss.xml", *files, "nothing", "x.mp3", ""]]


def test_logs_and_metrics_contain_no_token(
    feed: str, token: str, site: Site, anonymous: httpx2.Client
) -> None:
    with capture_logs() as logged:
        for url in feed_urls(feed, site):
            anonymous.get(url)
            anonymous.post(url)
            anonymous.get(url, headers={"Range": "bytes=999999999-"})

    assert "/feed/{token}/rss.xml" in str(logged)
    assert token not in str(logged)
    assert token not in generate_latest(REGISTRY).decode()


def test_errors_contain_no_token(
    feed: str, token: str, site: Site, anonymous: httpx2.Client
) -> None:
    methods: list[Callable[[str], httpx2.Response]] = [anonymous.post, anonymous.delete]
    answers = [method(url) for url in feed_urls(feed, site) for method in methods]
    answers += [
        anonymous.get(f"{feed}/{ending}")
        for ending in ("nothing", "x.mp3", "x.vtt", "x.png", "%00.mp3")
    ]

    for answer in answers:
        assert answer.status_code >= 400
        assert token not in answer.text
        assert token not in str(answer.headers)


def test_a_feed_has_its_token_in_its_own_urls_only(
    feed: str, token: str, site: Site, anonymous: httpx2.Client
) -> None:
    feed_response = anonymous.get(f"{feed}/rss.xml")

    assert (
        feed_response.text.count(token)
        == feed_response.text.count(f"{site.url}/feed/{token}/")
        == 5
    )
    assert token not in str(feed_response.headers)


def test_files_contain_no_token(
    feed: str, token: str, site: Site, anonymous: httpx2.Client
) -> None:
    for kind in ("mp3", "vtt", "json", "png"):
        answer = anonymous.get(f"{feed}/{site.episode}.{kind}")

        assert token.encode() not in answer.content
        assert token not in str(answer.headers)


def test_two_tokens_open_the_same_show(
    owner: httpx2.Client, feed: str, anonymous: httpx2.Client
) -> None:
    other = owner.post("/api/feed/tokens", json={"name": "Car"}).json()["url"]
    token, another = feed.rpartition("/")[2], other.split("/")[-2]
    feed_response = [anonymous.get(url).text for url in (f"{feed}/rss.xml", other)]

    assert feed_response[0].replace(token, "") == feed_response[1].replace(another, "")


async def test_no_stored_file_contains_a_token(token: str, site: Site) -> None:
    files = [file for file in site.data.rglob("*") if file.is_file()]
    contents = await asyncio.gather(*(asyncio.to_thread(file.read_bytes) for file in files))

    assert len(files) > 2
    assert not [1 for content in contents if token.encode() in content]
