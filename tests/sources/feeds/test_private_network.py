"""Feeds on a server of many listeners: none of them reaches this machine or its network."""

import asyncio
from collections.abc import Iterator

import httpcore
import httpx2
import pytest
from audiobrew.sources import guarded_network
from audiobrew.sources.guarded_client import GuardedClient
from audiobrew.sources.source import ServerUnreachable

from tests.sources.feeds.test_feeds import add, rss
from tests.sources.world import problem, serving_sources
from tests.standins.feed_site import FeedSite, feed_site


@pytest.fixture
def site() -> Iterator[FeedSite]:
    with feed_site() as running:
        yield running


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    folder = tmp_path_factory.mktemp("public")
    with serving_sources(folder, private_sources=False) as client:
        yield client


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "169.254.169.254", "10.1.2.3"),
        *("[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "100.64.0.1", "2130706433"),
    ],
)
def test_private_addresses_are_refused(public: httpx2.Client, site: FeedSite, host: str) -> None:
    port = site.url.rpartition(":")[2]
    status, type = problem(add(public, f"http://{host}:{port}/feed"))
    assert (status, type) in {(422, "private-address"), (422, "unknown-host")}
    assert site.requests == []


def test_a_redirect_into_the_private_network_is_refused(
    public: httpx2.Client, site: FeedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first address is taken for a public one; the redirect leads to this machine."""
    original = guarded_network.resolve

    async def resolve(host: str, port: int, *, allow_private: bool) -> object:
        if host == "public.example":
            return ["127.0.0.1"]
        return await original(host, port, allow_private=allow_private)

    monkeypatch.setattr(guarded_network, "resolve", resolve)
    port = site.url.rpartition(":")[2]
    site.serve("/feed", b"", 302, Location=f"http://127.0.0.1:{port}/secret")
    site.serve("/secret", rss("Secret"))

    assert problem(add(public, f"http://public.example:{port}/feed")) == (422, "private-address")
    assert [path for path, _ in site.requests] == ["/feed"]


async def test_a_name_is_resolved_once_for_each_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that is public when it is checked, and private a moment later: the checked address is used."""
    answers = iter(["93.184.215.14"])

    async def getaddrinfo(self: object, host: str, port: int, **more: object) -> object:
        return [(2, 1, 6, "", (next(answers, "127.0.0.1"), port))]

    connected: list[str] = []

    async def connect_tcp(self: object, host: str, *more: object, **named: object) -> object:
        connected.append(host)
        raise httpcore.ConnectError("not in a test")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect_tcp)
    client = GuardedClient(allow_private=False)

    with pytest.raises(ServerUnreachable):
        await client.get("http://rebind.example/feed")
    await client.aclose()

    assert connected == ["93.184.215.14"]
