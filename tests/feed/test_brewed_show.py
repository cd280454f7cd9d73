"""A show with an episode that the product brewed from the sample newsletters, as a podcast app sees it."""

import io
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import feedparser
import httpx2
import pytest
import webvtt
from mutagen.mp3 import MP3

from tests.feed.psp1 import lint_feed
from tests.product import Product, run_product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with run_product(tmp_path_factory.mktemp("product") / "data") as product:
        product.upload_samples()
        product.brew(minutes=1)
        yield product


@pytest.fixture(scope="module")
def address(product: Product) -> str:
    token_response = product.http.post("/api/feed/tokens", json={"name": "Phone"})
    return str(token_response.raise_for_status().json()["url"])


@pytest.fixture(scope="module")
def feed(address: str) -> bytes:
    return httpx2.get(address).raise_for_status().content


@pytest.fixture(scope="module")
def entry(feed: bytes) -> feedparser.FeedParserDict:
    [entry] = feedparser.parse(feed).entries
    return entry


@pytest.fixture(scope="module")
def audio(entry: feedparser.FeedParserDict) -> bytes:
    return httpx2.get(entry.enclosures[0].href).raise_for_status().content


def test_the_feed_passes_the_lint(feed: bytes, address: str) -> None:
    assert lint_feed(feed, token=address.split("/")[-2]) == []


def test_the_enclosure_has_the_exact_size_of_the_file(
    entry: feedparser.FeedParserDict, audio: bytes
) -> None:
    assert int(entry.enclosures[0].length) == len(audio)


def test_the_duration_is_that_of_the_decoded_audio(
    entry: feedparser.FeedParserDict, audio: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "episode.mp3"
    file.write_bytes(audio)
    raw = ["-f", "s16le", "-ac", "1", "-ar", "8000", "-"]
    decoded = subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-i", str(file), *raw], capture_output=True, check=True
    )

    assert abs(len(decoded.stdout) / 16_000 - int(entry.itunes_duration)) <= 0.6
    assert abs(MP3(io.BytesIO(audio)).info.length - int(entry.itunes_duration)) <= 0.6


def test_show_notes_name_every_newsletter_that_is_heard(
    product: Product, entry: feedparser.FeedParserDict
) -> None:
    [episode] = product.http.get("/api/podcast/list").json()
    script = product.http.get(f"/api/podcast/{episode['id']}/script").json()
    notes = entry.content[0].value

    assert script["sources"]
    for source in script["sources"]:
        assert source["sender"].split()[0] in notes


def test_chapters_and_transcript_match_the_script(
    product: Product, entry: feedparser.FeedParserDict
) -> None:
    script = product.http.get(f"/api/podcast/{entry.id}/script").json()
    marks = httpx2.get(entry.podcast_chapters["url"]).json()["chapters"]
    transcript = webvtt.from_buffer(io.StringIO(httpx2.get(entry.podcast_transcript["url"]).text))
    texts = [sentence["text"] for part in script["segments"] for sentence in part["sentences"]]

    assert [mark["title"] for mark in marks] == [part["title"] for part in script["segments"]]
    assert [unescape(caption.text).split() for caption in transcript.captions] == [
        text.split() for text in texts
    ]


def test_the_products_output_does_not_contain_the_token(product: Product, address: str) -> None:
    token = address.split("/")[-2]
    httpx2.get(address.replace("rss.xml", "nothing"))

    assert not [line for line in product.lines if token in line]


def test_a_revoked_feed_is_410(product: Product) -> None:
    token_response = product.http.post("/api/feed/tokens", json={"name": "Lost"}).json()
    before = httpx2.get(token_response["url"]).status_code
    product.http.delete(f"/api/feed/tokens/{token_response['id']}").raise_for_status()

    assert (before, httpx2.get(token_response["url"]).status_code) == (200, 410)
