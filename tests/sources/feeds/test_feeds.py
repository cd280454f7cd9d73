"""Feeds as sources, against a site of ours that answers as sites on the internet do."""

import email
import json
from collections.abc import Iterator
from email import policy
from pathlib import Path

import httpx2
import pytest
from audiobrew.sources.feeds.feed import as_mail, parse_feed

from tests.sources.world import (
    forget_all,
    is_up_to_date,
    problem,
    serving_sources,
    subjects,
    wait_for,
)
from tests.standins.feed_site import FeedSite, bomb, feed_site

TEXT = (
    "<p>The old ferry was sold to an island in the north, says its captain, after forty years.</p>"
    "<p>It carried two million people, and sank only once, at its own quay, in a quiet night.</p>"
)


def rss(*titles: str, text: str = TEXT) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><guid>{title}</guid><link>https://tide.example/{n}</link>"
        f"<pubDate>{28 - n // 24} Nov 2026 {23 - n % 24:02}:30:00 GMT</pubDate>"
        f"<description>short</description>"
        f"<content:encoded><![CDATA[{text} <p>It was number {title} of its kind.</p>]]></content:encoded>"
        "</item>"
        for n, title in enumerate(titles)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Tide &amp; Time</title><link>https://tide.example</link>{items}</channel></rss>"
    ).encode()


def atom(title: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Tide</title><id>urn:tide</id>'
        f"<entry><id>urn:{title}</id><title>{title}</title><updated>2026-11-23T07:30:00Z</updated>"
        f'<content type="html"><![CDATA[{TEXT}]]></content></entry></feed>'
    ).encode()


def json_feed(title: str) -> bytes:
    items = [
        {
            "id": title,
            "title": title,
            "content_html": TEXT,
            "date_published": "2026-11-23T07:30:00Z",
        }
    ]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "Tide", "items": items}).encode()


@pytest.fixture
def site() -> Iterator[FeedSite]:
    with feed_site() as running:
        yield running


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with serving_sources(tmp_path_factory.mktemp("product")) as client:
        yield client


@pytest.fixture
def owner(product: httpx2.Client) -> httpx2.Client:
    """A listener without sources and mails."""
    forget_all(product)
    return product


def add(owner: httpx2.Client, address: str) -> httpx2.Response:
    return owner.post("/api/sources/feed", json={"address": address})


def look(owner: httpx2.Client, source: dict[str, object]) -> None:
    owner.post(f"/api/sources/{source['id']}/look").raise_for_status()


@pytest.mark.parametrize("body", [rss("One"), atom("One"), json_feed("One")])
def test_each_format_becomes_a_newsletter_with_its_whole_text(
    owner: httpx2.Client, site: FeedSite, body: bytes
) -> None:
    add(owner, site.serve("/feed", body)).raise_for_status()
    source = wait_for(owner, is_up_to_date)

    assert source["name"].startswith("Tide")
    [mail] = owner.get("/api/mail").json()
    assert (mail["subject"], mail["newsletter"]) == ("One", True)
    blocks = owner.get(f"/api/mail/{mail['id']}").json()["blocks"]
    told = " ".join(block["text"] for block in blocks if not block["cut"])
    assert "sold to an island" in told
    assert "sank only once" in told


def test_only_new_entries_come_and_unchanged_feeds_are_not_sent_again(
    owner: httpx2.Client, site: FeedSite
) -> None:
    url = site.serve("/feed", rss("One", "Two"), ETag='"a"')
    add(owner, url).raise_for_status()
    source = wait_for(owner, is_up_to_date)
    site.pages["/feed"] = lambda headers: (
        304 if headers.get("if-none-match") == '"a"' else 500,
        {},
        b"",
    )
    look(owner, source)
    wait_for(owner, lambda one: is_up_to_date(one) and one["new_mails"] == 0)

    site.serve("/feed", rss("Three", "One", "Two"), ETag='"b"')
    look(owner, source)
    wait_for(owner, lambda one: is_up_to_date(one) and one["new_mails"] == 1)

    assert subjects(owner) == ["One", "Three", "Two"]


def test_deleted_newsletters_do_not_come_back(owner: httpx2.Client, site: FeedSite) -> None:
    add(owner, site.serve("/feed", rss("One", "Two"))).raise_for_status()
    source = wait_for(owner, is_up_to_date)
    for mail in owner.get("/api/mail").json():
        owner.delete(f"/api/mail/{mail['id']}").raise_for_status()

    site.serve("/feed", rss("Three", "One", "Two"))
    look(owner, source)
    wait_for(owner, lambda one: is_up_to_date(one) and one["mails"] == 3)

    assert subjects(owner) == ["Three"]


def test_a_long_archive_brings_its_newest_entries(owner: httpx2.Client, site: FeedSite) -> None:
    add(owner, site.serve("/feed", rss(*(f"Issue {n}" for n in range(150))))).raise_for_status()
    wait_for(owner, is_up_to_date)
    assert subjects(owner) == sorted(f"Issue {n}" for n in range(20))


def test_the_feed_of_a_site_is_found(owner: httpx2.Client, site: FeedSite) -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/my.xml"></head>'
    site.serve("/my.xml", rss("One"))
    answer = add(owner, site.serve("/", page, Content_Type="text/html"))
    assert answer.json()["address"] == f"{site.url}/my.xml"


def test_the_usual_places_are_tried(owner: httpx2.Client, site: FeedSite) -> None:
    site.serve("/feed", rss("One"))
    answer = add(owner, site.serve("/", b"<html>hello</html>"))
    assert answer.json()["address"] == f"{site.url}/feed"


def test_a_feed_that_moved_for_good_is_read_at_its_new_place(
    owner: httpx2.Client, site: FeedSite
) -> None:
    add(owner, site.serve("/feed", rss("One"))).raise_for_status()
    source = wait_for(owner, is_up_to_date)
    site.serve("/feed", b"", 301, Location="/new")
    site.serve("/new", rss("Two", "One"))
    look(owner, source)
    wait_for(owner, lambda one: is_up_to_date(one) and one["mails"] == 2)
    site.requests.clear()
    look(owner, source)
    wait_for(owner, lambda one: is_up_to_date(one) and one["new_mails"] == 0)

    assert {path for path, _ in site.requests} == {"/new"}
    assert len({mail["sender"] for mail in owner.get("/api/mail").json()}) == 1


@pytest.mark.parametrize(
    ("status", "state", "type"),
    [
        (410, "stopped", "feed-gone"),
        (404, "trouble", "feed-address-not-found"),
        (403, "trouble", "feed-refused"),
        (503, "trouble", "server-unreachable"),
    ],
)
def test_a_feed_in_trouble_says_so(
    owner: httpx2.Client, site: FeedSite, status: int, state: str, type: str
) -> None:
    add(owner, site.serve("/feed", rss("One"))).raise_for_status()
    source = wait_for(owner, is_up_to_date)
    site.serve("/feed", b"", status)
    look(owner, source)
    troubled = wait_for(owner, lambda one: one["state"] == state)

    assert troubled["trouble_type"] == f"/problems/{type}"
    assert subjects(owner) == ["One"]


@pytest.mark.parametrize(
    ("body", "headers", "type"),
    [
        (b"<html><body>A page</body></html>", {}, "not-a-feed"),
        (b"", {}, "not-a-feed"),
        (b"\x00\xff" * 1000, {}, "not-a-feed"),
        (b'{"version": 5}', {}, "not-a-feed"),
        (b"[" * 100_000, {}, "not-a-feed"),
        (b"<rss" + b"<a>" * 50_000, {}, "not-a-feed"),
        (bomb(200), {"Content-Encoding": "gzip"}, "response-too-large"),
        (b"not gzip", {"Content-Encoding": "gzip"}, "malformed-response"),
        (bytes(6 * 2**20), {}, "response-too-large"),
    ],
    ids=["page", "empty", "binary", "json", "brackets", "open", "bomb", "broken-gzip", "large"],
)
def test_what_is_no_feed_is_refused_in_a_sentence(
    owner: httpx2.Client, site: FeedSite, body: bytes, headers: dict[str, str], type: str
) -> None:
    site.pages["/x"] = (200, headers, body)
    assert problem(add(owner, f"{site.url}/x")) == (422, type)
    assert owner.get("/api/sources").json() == []


def test_external_entities_are_not_read(
    owner: httpx2.Client, site: FeedSite, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    body = rss("One").replace(
        b'<?xml version="1.0"?>',
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode(),
    )
    body = body.replace(b"<title>One</title>", b"<title>One &e;</title>")
    add(owner, site.serve("/feed", body))
    assert "the secret" not in owner.get("/api/mail").text


@pytest.mark.parametrize(
    "address",
    [
        "ftp://tide.example/feed",
        "file:///etc/passwd",
        "https://ada:secret@tide.example/feed",
        "https://",
        "http://[::1",
        "javascript:alert(1)",
        "https://tide.example:99999/",
    ],
)
def test_other_addresses_are_refused(owner: httpx2.Client, address: str) -> None:
    status, type = problem(add(owner, address))
    assert (status, type) in {(422, "invalid-address"), (422, "unknown-host")}


def test_endless_redirects_end(owner: httpx2.Client, site: FeedSite) -> None:
    url = site.serve("/a", b"", 302, Location="/b")
    site.serve("/b", b"", 302, Location="/a")
    assert problem(add(owner, url)) == (422, "too-many-redirects")
    assert len(site.requests) <= 6


def test_lists_of_feeds_go_in_and_out(owner: httpx2.Client, site: FeedSite) -> None:
    site.serve("/1", rss("One"))
    opml = (
        '<opml version="2.0"><body><outline text="Folder">'
        f'<outline type="rss" text="First" xmlUrl="{site.url}/1"/>'
        f'<outline type="rss" text="Again" xmlUrl="{site.url}/1"/>'
        '<outline type="rss" text="Old" xmlUrl="ftp://old.example/feed"/>'
        "</outline></body></opml>"
    )
    result = owner.post("/api/sources/opml", json={"opml": opml}).json()
    wait_for(owner, is_up_to_date)
    listed = owner.get("/api/sources/opml").text

    assert [source["name"] for source in result["added"]] == ["Again"]
    assert [feed["url"] for feed in result["skipped"]] == ["ftp://old.example/feed"]
    assert f'xmlUrl="{site.url}/1"' in listed
    bad = owner.post("/api/sources/opml", json={"opml": "<html/>"})
    assert problem(bad) == (422, "not-opml")


def only_mail(feed: bytes) -> bytes:
    parsed = parse_feed(feed, {}, "https://tide.example/feed")
    return as_mail(parsed, parsed.entries[0], "https://tide.example/feed")


@pytest.mark.parametrize(
    "title",
    [
        "=?utf-8?q?x=0AList-Id:_=3Cvictim.example=3E?=",
        "=?utf-8?q?a=0A=0Abody?=",
        "a &lt;victim.example&gt;",
        "a&#10;List-Id: &lt;victim.example&gt;",
        "=?bogus?b?abc?=",
    ],
)
def test_a_title_cannot_pose_as_another_newsletter(title: str) -> None:
    mail = email.message_from_bytes(
        only_mail(rss(title).replace(b"Tide &amp; Time", title.encode())), policy=policy.default
    )
    assert mail.get_all("List-Id") == [mail["List-Id"]]
    assert "victim" not in mail["List-Id"]
    assert "sold to an island" in mail.get_content()


def test_feeds_with_other_queries_are_other_newsletters() -> None:
    parsed = parse_feed(rss("One"), {}, "https://tide.example/feed")
    mails = [
        email.message_from_bytes(as_mail(parsed, parsed.entries[0], url))["List-Id"]
        for url in ("https://tube.example/feed?id=A", "https://tube.example/feed?id=B")
    ]
    assert mails[0] != mails[1]


def test_an_entry_without_a_date_is_the_same_mail_each_time() -> None:
    feed = b"<rss version='2.0'><channel><title>T</title><item><title>One</title></item></channel></rss>"
    assert only_mail(feed) == only_mail(feed)


def test_a_feed_with_the_oldest_first_brings_its_newest(
    owner: httpx2.Client, site: FeedSite
) -> None:
    items = "".join(
        f"<item><title>Day {day}</title><guid>{day}</guid><description>{TEXT}</description>"
        f"<pubDate>{day:02} Nov 2026 07:30:00 GMT</pubDate></item>"
        for day in range(1, 31)
    )
    feed = f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"
    feed = feed.replace("<p>", "&lt;p>").replace("</p>", "&lt;/p>")
    add(owner, site.serve("/feed", feed.encode())).raise_for_status()
    wait_for(owner, is_up_to_date)
    assert subjects(owner) == sorted(f"Day {day}" for day in range(11, 31))


@pytest.mark.parametrize("location", ["http://[x/", "http://", "//", "javascript:alert(1)"])
def test_a_broken_redirect_is_a_sentence(
    owner: httpx2.Client, site: FeedSite, location: str
) -> None:
    answer = add(owner, site.serve("/a", b"", 302, Location=location))
    assert answer.status_code == 422


def test_a_broken_link_to_a_feed_is_no_crash(owner: httpx2.Client, site: FeedSite) -> None:
    page = b'<link rel="alternate" type="application/rss+xml" href="http://[">'
    assert problem(add(owner, site.serve("/", page))) == (422, "not-a-feed")
