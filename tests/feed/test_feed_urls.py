"""The origin of a feed's URLs."""

from types import SimpleNamespace

import pytest
from audiobrew.feed.feed_urls import FeedUrls
from starlette.requests import Request


@pytest.mark.parametrize(
    ("app_url", "origin"), [("https://app.example", "https://app.example"), (None, "http://evil")]
)
def test_feed_urls_have_the_configured_origin_if_there_is_one(
    app_url: str | None, origin: str
) -> None:
    ports = SimpleNamespace(settings=SimpleNamespace(app_origin=app_url))
    scope = {
        "type": "http",
        "app": SimpleNamespace(state=SimpleNamespace(ports=ports)),
        "scheme": "http",
        "path": "/",
        "root_path": "",
        "headers": [(b"host", b"evil")],
    }

    assert FeedUrls.from_request(Request(scope), "t").feed == f"{origin}/feed/t/rss.xml"
