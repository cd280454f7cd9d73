"""Feeds are parsed in a process of their own, which may die."""

import os
import sys
from collections.abc import AsyncIterator

import pytest
from audiobrew.ops.on_demand_process import OnDemandProcess
from audiobrew.sources.feeds import feed_parser
from audiobrew.sources.feeds.feed import find_feed_links, parse_feed
from audiobrew.sources.feeds.feed_parser import FeedParser
from audiobrew.sources.feeds.problems import FeedUnreadable, NotAFeed
from audiobrew.sources.guarded_client import Response
from audiobrew.sources.source import SourceTrouble

from tests.sources.feeds.test_feeds import atom, json_feed, rss

URL = "https://tide.example/feed"
READY = "import sys; sys.stdout.buffer.write(bytes(7) + b'\\x01R'); sys.stdout.flush()"


def response(body: bytes) -> Response:
    return Response(200, {"content-type": "application/xml"}, body, URL, None)


@pytest.fixture
async def parser() -> AsyncIterator[FeedParser]:
    parser = FeedParser()
    yield parser
    await parser.aclose()


@pytest.mark.parametrize("body", [rss("One", "Zwei Ü"), atom("One"), json_feed("One")])
async def test_a_feed_is_the_same_as_in_this_process(parser: FeedParser, body: bytes) -> None:
    feed = await parser.parse(response(body))

    assert feed == parse_feed(body, {"content-type": "application/xml"}, URL)
    assert parser.process.pid not in (None, os.getpid())


async def test_a_feed_that_stops_the_parser_costs_only_itself(parser: FeedParser) -> None:
    """Half of a surrogate pair, at which `feedparser` fails."""
    for _ in range(2):
        with pytest.raises(FeedUnreadable):
            await parser.parse(response(rss("One").replace(b"O", b"&#55357;")))
        assert (await parser.parse(response(rss("One")))).entries


async def test_a_page_names_its_feeds(parser: FeedParser) -> None:
    page = (
        b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>'
    )
    with pytest.raises(NotAFeed):
        await parser.parse(response(page))

    links = await parser.find_links(response(page))
    assert links == list(find_feed_links(page, URL)) == ["https://tide.example/rss"]


@pytest.mark.parametrize("then", ["sys.stdin.buffer.read(1)", "import time; time.sleep(60)"])
async def test_a_process_that_dies_or_hangs_costs_one_feed(
    monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    monkeypatch.setattr(feed_parser, "PARSE_SECONDS", 1.0)
    parser = FeedParser(OnDemandProcess((sys.executable, "-c", f"{READY}; {then}")))
    for _ in range(2):
        with pytest.raises(FeedUnreadable):
            await parser.parse(response(rss("One")))
    await parser.aclose()


async def test_a_process_that_does_not_start_is_a_sentence() -> None:
    parser = FeedParser(OnDemandProcess((sys.executable, "-c", "")))
    with pytest.raises(SourceTrouble, match="cannot read feeds right now"):
        await parser.parse(response(rss("One")))
