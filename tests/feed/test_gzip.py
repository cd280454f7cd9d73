"""The feed is compressed for apps that accept it, and conditional requests go on working."""

import gzip
import urllib.request

import httpx2
import pytest
from audiobrew.http.content_coding import accepts

PLAIN = {"Accept-Encoding": "identity"}
ZIPPED = {"Accept-Encoding": "gzip, deflate"}


def raw(url: str, headers: dict[str, str]) -> tuple[bytes, str | None]:
    """The body as it was sent, and its content coding."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
        return response.read(), response.headers["Content-Encoding"]


def test_the_compressed_feed_is_the_same_and_smaller(feed: str) -> None:
    plain, coding = raw(f"{feed}/rss.xml", PLAIN)
    zipped, zipped_coding = raw(f"{feed}/rss.xml", ZIPPED)

    assert (coding, zipped_coding) == (None, "gzip")
    assert gzip.decompress(zipped) == plain
    assert len(zipped) < len(plain)


@pytest.mark.parametrize("headers", [PLAIN, ZIPPED])
def test_an_app_that_has_it_need_not_fetch_it_again(
    feed: str, anonymous: httpx2.Client, headers: dict[str, str]
) -> None:
    url = f"{feed}/rss.xml"
    first = anonymous.get(url, headers=headers)
    by_tag = anonymous.get(url, headers=headers | {"If-None-Match": first.headers["etag"]})
    since = {"If-Modified-Since": first.headers["last-modified"]}
    by_time = anonymous.get(url, headers=headers | since)

    assert (by_tag.status_code, by_time.status_code) == (304, 304)
    assert by_tag.headers["etag"] == first.headers["etag"]
    assert {one.headers["vary"] for one in (first, by_tag, by_time)} == {"Accept-Encoding"}


def test_each_coding_has_a_tag_of_its_own(feed: str, anonymous: httpx2.Client) -> None:
    """A strong entity tag promises the same bytes (RFC 9110, section 8.8.1)."""
    plain, zipped = (anonymous.get(f"{feed}/rss.xml", headers=one) for one in (PLAIN, ZIPPED))

    assert plain.headers["etag"] != zipped.headers["etag"]
    tag = {"If-None-Match": zipped.headers["etag"]}
    assert anonymous.get(f"{feed}/rss.xml", headers=PLAIN | tag).status_code == 200


@pytest.mark.parametrize("value", ["gzip", "GZIP;q=0.5", "br, gzip ; q=1", "*", "gzip;q=1, *;q=0"])
def test_gzip_is_accepted(value: str) -> None:
    assert accepts("gzip", value)


@pytest.mark.parametrize(
    "value", ["", "identity", "gzip;q=0", "br", "*;q=0", "gzip;q=0, *", "gzip;q=x", "," * 9_000]
)
def test_gzip_is_not_accepted(value: str) -> None:
    assert not accepts("gzip", value)
