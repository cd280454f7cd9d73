import io
from email.utils import parsedate_to_datetime

import av
import feedparser
import httpx2
import pytest
import webvtt
from audiobrew.episode.schemas import Chapters

from tests.feed.psp1 import lint_feed
from tests.feed.site import Site

FILES = ["rss.xml", "mp3", "vtt", "json", "png"]
KINDS = {
    "rss.xml": "application/rss+xml",
    "mp3": "audio/mpeg",
    "vtt": "text/vtt; charset=utf-8",
    "json": "application/json+chapters",
    "png": "image/png",
}


def address(feed: str, site: Site, kind: str) -> str:
    return f"{feed}/rss.xml" if kind == "rss.xml" else f"{feed}/{site.episode}.{kind}"


def test_the_served_feed_passes_the_lint(feed: str, anonymous: httpx2.Client) -> None:
    assert lint_feed(anonymous.get(f"{feed}/rss.xml").content, feed.rpartition("/")[2]) == []


def test_a_podcast_app_finds_what_it_needs(feed: str, site: Site, anonymous: httpx2.Client) -> None:
    parsed = feedparser.parse(anonymous.get(f"{feed}/rss.xml").content)
    [entry] = parsed.entries
    [enclosure] = entry.enclosures
    audio = anonymous.get(enclosure.href)

    assert parsed.bozo == 0
    assert parsed.feed.image.href == f"{site.url}/feed/cover.jpg"
    assert audio.content == site.mp3
    assert int(enclosure.length) == len(site.mp3)
    assert entry.image.href == f"{feed}/{site.episode}.png"
    assert anonymous.get(entry.image.href).content.startswith(b"\x89PNG")
    assert anonymous.get(entry.podcast_transcript["url"]).text.startswith("WEBVTT")
    assert anonymous.get(entry.podcast_chapters["url"]).json()["version"] == "1.2.0"


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_private_and_has_an_etag(
    feed: str, site: Site, anonymous: httpx2.Client, kind: str
) -> None:
    answer = anonymous.get(address(feed, site, kind))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == KINDS[kind]
    assert answer.headers["cache-control"].startswith("private")
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["etag"]


@pytest.mark.parametrize("kind", FILES)
def test_head_has_the_headers_of_get(
    feed: str, site: Site, anonymous: httpx2.Client, kind: str
) -> None:
    url = address(feed, site, kind)
    plain = {"Accept-Encoding": "identity"}
    head, whole = anonymous.head(url, headers=plain), anonymous.get(url, headers=plain)
    same = ["content-length", "content-type", "etag", "cache-control", "last-modified"]

    assert head.status_code == 200
    assert head.content == b""
    assert int(head.headers["content-length"]) == len(whole.content)
    assert [head.headers.get(name) for name in same] == [whole.headers.get(name) for name in same]


@pytest.mark.parametrize("kind", FILES)
def test_a_matching_etag_is_304(feed: str, site: Site, anonymous: httpx2.Client, kind: str) -> None:
    url = address(feed, site, kind)
    etag = anonymous.get(url).headers["etag"]
    same = anonymous.get(url, headers={"If-None-Match": etag})

    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == etag
    assert anonymous.get(url, headers={"If-None-Match": '"old"'}).status_code == 200


@pytest.mark.parametrize("kind", ["rss.xml", "mp3"])
def test_a_matching_modification_date_is_304(
    feed: str, site: Site, anonymous: httpx2.Client, kind: str
) -> None:
    url = address(feed, site, kind)
    modified = anonymous.get(url).headers["last-modified"]

    assert parsedate_to_datetime(modified).tzinfo
    assert anonymous.get(url, headers={"If-Modified-Since": modified}).status_code == 304


def test_the_transcript_has_the_spoken_sentences_and_no_markup_of_a_mail(
    feed: str, site: Site, anonymous: httpx2.Client
) -> None:
    content = anonymous.get(f"{feed}/{site.episode}.vtt").text
    captions = webvtt.from_buffer(io.StringIO(content)).captions

    assert [caption.start for caption in captions] == [
        "00:00:00.000",
        "00:00:02.000",
        "00:00:06.000",
    ]
    assert "<script" not in content
    assert "never spoken" not in content


def test_the_chapters_are_the_stories(feed: str, site: Site, anonymous: httpx2.Client) -> None:
    content = Chapters.model_validate(anonymous.get(f"{feed}/{site.episode}.json").json())

    assert [(chapter.title, chapter.start_time) for chapter in content.chapters] == [
        ("Beans & <b>more</b>", 0.0),
        ("Tea", 6.0),
    ]


def test_the_feed_and_the_app_are_told_the_same(
    feed: str, site: Site, anonymous: httpx2.Client, owner: httpx2.Client
) -> None:
    for kind, name in (
        ("vtt", "transcript"),
        ("json", "chapters"),
        ("mp3", "audio"),
        ("png", "cover"),
    ):
        ours = owner.get(f"/api/podcast/{site.episode}/{name}")

        assert ours.status_code == 200
        assert ours.content == anonymous.get(f"{feed}/{site.episode}.{kind}").content


def test_the_cover_needs_no_token(anonymous: httpx2.Client) -> None:
    cover, head = anonymous.get("/feed/cover.jpg"), anonymous.head("/feed/cover.jpg")

    assert cover.content.startswith(b"\xff\xd8\xff")
    assert head.headers["content-length"] == str(len(cover.content))


def test_an_episodes_cover_is_a_square_as_podcast_apps_want(
    feed: str, site: Site, anonymous: httpx2.Client
) -> None:
    """FFmpeg's decoder reads it."""
    content = anonymous.get(f"{feed}/{site.episode}.png").content
    with av.open(io.BytesIO(content)) as file:
        codec = file.streams.video[0].codec_context.name
        [picture] = list(file.decode(video=0))

    assert (codec, picture.format.name) == ("png", "rgb24")
    assert 1400 <= picture.width == picture.height <= 3000


def test_a_cover_that_an_app_has_is_not_drawn_again(
    feed: str, site: Site, anonymous: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{feed}/{site.episode}.png"
    etag = anonymous.get(url).headers["etag"]
    monkeypatch.setattr("audiobrew.feed.cover_response.draw_cover", None)

    assert anonymous.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_an_app_that_asks_again_costs_two_short_queries(
    feed: str, site: Site, anonymous: httpx2.Client
) -> None:
    etag = anonymous.get(f"{feed}/rss.xml").headers["etag"]
    site.statements.clear()
    again = anonymous.get(f"{feed}/rss.xml", headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert len(site.statements) == 2  # whose show it is, and what is in it
