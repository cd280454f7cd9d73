"""Which origin a feed's addresses have."""

from types import SimpleNamespace

import pytest
from audiobrew.feed.address import Address
from starlette.requests import Request


@pytest.mark.parametrize(
    ("app_url", "origin"), [("https://app.example", "https://app.example"), (None, "http://evil")]
)
def test_the_apps_address_is_taken_where_it_is_known(app_url: str | None, origin: str) -> None:
    ports = SimpleNamespace(settings=SimpleNamespace(app_url=app_url))
    scope = {
        "type": "http",
        "app": SimpleNamespace(state=SimpleNamespace(ports=ports)),
        "scheme": "http",
        "path": "/",
        "root_path": "",
        "headers": [(b"host", b"evil")],
    }

    assert Address.from_request(Request(scope), "t").feed == f"{origin}/feed/t/rss.xml"
