"""Feeds (RSS, Atom, JSON Feed) as mails, so that they are read like any other newsletter."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from io import BytesIO
from time import struct_time
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
from selectolax.lexbor import LexborHTMLParser

from audiobrew.sources.feeds.problems import NotAFeed

MAX_ENTRIES = 200  # the newest of a feed; few have more
MAX_TITLE = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` identifies the entry in its feed. `html`: its text; `published_at`: None without a date."""

    key: str
    title: str
    html: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """`entries`: the newest first."""

    title: str
    entries: tuple[Entry, ...]


def parse_feed(body: bytes, headers: Mapping[str, str], url: str) -> Feed:
    """Raises NotAFeed."""
    if json_feed := _parse_json(body):
        return json_feed
    content_type = headers.get("content-type", "")
    # Without a URL in it, nothing is fetched: the body is passed as a file.
    parsed = feedparser.parse(
        BytesIO(body),
        response_headers={"content-type": content_type, "content-location": url},
        resolve_relative_uris=True,
        sanitize_html=False,  # the mail reader treats all HTML as hostile
    )
    if not parsed.get("version") or not (parsed.entries or parsed.feed.get("title")):
        raise NotAFeed
    return Feed(_plain(parsed.feed.get("title", "")), newest_first(map(_entry, parsed.entries)))


def newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The newest entries, by their dates if all have one; else as the feed lists them."""
    listed = list(entries)
    dates = [entry.published_at for entry in listed if entry.published_at]
    if len(dates) == len(listed):
        listed.sort(key=lambda entry: str(entry.published_at), reverse=True)
    return tuple(listed[:MAX_ENTRIES])


def _entry(entry: Any) -> Entry:
    contents = [part.get("value", "") for part in entry.get("content", [])]
    html = max([*contents, entry.get("summary", "")], key=len)
    moment: struct_time | None = entry.get("published_parsed") or entry.get("updated_parsed")
    link, title = entry.get("link", ""), _plain(entry.get("title", ""))
    return Entry(
        key=entry.get("id") or link or f"{title} {moment}",
        title=title,
        html=html,
        url=link,
        published_at=_datetime(moment),
    )


def _datetime(moment: struct_time | None) -> datetime | None:
    try:
        return datetime(*moment[:6], tzinfo=UTC) if moment else None
    except (ValueError, TypeError):
        return None


def _parse_json(body: bytes) -> Feed | None:
    """A JSON Feed (https://www.jsonfeed.org); None if it is none."""
    if body.lstrip()[:1] != b"{":
        return None
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    version = document.get("version")
    if not isinstance(version, str) or "jsonfeed.org" not in version:
        return None
    items = document.get("items")
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return Feed(_text(document, "title"), newest_first(map(_json_entry, entries)))


def _json_entry(item: Mapping[str, Any]) -> Entry:
    html = _text(item, "content_html")
    if not html:
        paragraphs = (_text(item, "content_text") or _text(item, "summary")).split("\n\n")
        html = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    published = _text(item, "date_published") or _text(item, "date_modified")
    try:
        moment = datetime.fromisoformat(published)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except ValueError:
        moment = None
    url, title = _text(item, "url"), _text(item, "title")
    return Entry(str(item.get("id") or url or f"{title} {published}"), title, html, url, moment)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _plain(text: str) -> str:
    """A title without markup, on one line."""
    if "<" in text or "&" in text:
        text = LexborHTMLParser(text).text()
    return " ".join(text.split())[:MAX_TITLE]


def entry_key(entry: Entry) -> str:
    """A short form of the entry's key, for the list of what was seen."""
    return _digest(entry.key)


def as_mail(feed: Feed, entry: Entry, url: str) -> bytes:
    """The mail that this newsletter would have sent.

    Its List-Id is the same for all entries of a feed, and has nothing from the feed's text. The mail of an
    entry is the same each time, so that an entry which is read again is not stored again; without a date, it
    counts as received when it is read.
    """
    host = ascii_host(url)
    name = header_text(feed.title) or host
    message = EmailMessage()
    message["From"] = Address(name, "feed", host)
    message["Subject"] = header_text(entry.title) or name
    if entry.published_at:
        message["Date"] = format_datetime(entry.published_at)
    message["List-Id"] = f"<{_digest(url)}.{host}>"
    message["Message-Id"] = f"<{_digest(f'{url} {entry.key}')}@{host}>"
    title = f"<h1>{escape(entry.title)}</h1>" if entry.title else ""
    html = f"<html><body>{title}{entry.html}</body></html>"
    message.set_content(html.encode("utf-8", "replace").decode(), subtype="html")
    return message.as_bytes()


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def ascii_host(url: str) -> str:
    """The host of an address, with nothing in it that a header would treat as a sign."""
    host = (urlsplit(url).hostname or "feed").lower()[:150]
    return "".join(c if c.isascii() and (c.isalnum() or c in ".-") else "-" for c in host)


def header_text(text: str) -> str:
    """Text for a header: on one line, and without encoded words, which the library would decode, line breaks
    included."""
    plain = "".join(c if c.isprintable() else " " for c in text.replace("=?", "= ?"))
    return " ".join(plain.split())


def find_feed_links(body: bytes, url: str) -> Iterator[str]:
    """The feeds that a page names."""
    page = LexborHTMLParser(body[: 2 * 2**20])
    for link in page.css("link[rel~=alternate][href]"):
        kind = (link.attributes.get("type") or "").lower()
        if kind in ("application/rss+xml", "application/atom+xml", "application/feed+json"):
            with suppress(ValueError):  # no address
                yield urljoin(url, link.attributes.get("href") or "")
