"""The show as RSS 2.0, following the standard PSP-1 and the podcast namespace. The feed is private."""

from email.utils import format_datetime
from uuid import UUID, uuid5

from lxml import etree

from audiobrew import __version__
from audiobrew.feed.feed_urls import FeedUrls
from audiobrew.feed.show import Item
from audiobrew.feed.show_notes import html_notes, plain_notes, tagless

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
NAMES = {"atom": ATOM, "content": CONTENT, "itunes": ITUNES, "podcast": PODCAST}

# The UUID namespace of podcast guids, as the podcast namespace defines it.
PODCAST_GUIDS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")

TITLE = "AudioBrew: your newsletters"
DESCRIPTION = (
    "The newsletters in your mailbox, told by synthetic voices. Private: made for one listener,"
    " from mails sent to that listener. Please do not share or index this feed."
)


def rss(show: UUID, urls: FeedUrls, items: list[Item]) -> bytes:
    """The feed as UTF-8, with `items` in this order."""
    root = etree.Element("rss", version="2.0", nsmap=NAMES)
    channel = etree.SubElement(root, "channel")
    _channel(channel, show, urls, items)
    for item in items:
        _item(etree.SubElement(channel, "item"), urls, item)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def podcast_guid(show: UUID) -> UUID:
    """The show's guid. It never changes, because it does not depend on the feed's URL."""
    return uuid5(PODCAST_GUIDS, f"audiobrew.vercel.app/shows/{show}")


def _channel(channel: etree._Element, show: UUID, urls: FeedUrls, items: list[Item]) -> None:
    languages = [item.language for item in items if item.language]
    _plain_element(channel, "title", TITLE)
    _plain_element(channel, "link", urls.home)
    _plain_element(channel, "description", DESCRIPTION)
    _plain_element(channel, "language", languages[0] if languages else "en")
    _plain_element(channel, "generator", f"AudioBrew {__version__}")
    if items:
        _plain_element(
            channel, "lastBuildDate", format_datetime(items[0].published_at, usegmt=True)
        )
    _namespaced(channel, ATOM, "link", href=urls.feed, rel="self", type="application/rss+xml")
    _itunes_channel(channel, urls)
    _podcast_channel(channel, show)


def _itunes_channel(channel: etree._Element, urls: FeedUrls) -> None:
    _namespaced(channel, ITUNES, "author", "AudioBrew")
    _namespaced(channel, ITUNES, "category", text="News")
    _namespaced(channel, ITUNES, "explicit", "false")
    _namespaced(channel, ITUNES, "image", href=urls.cover)
    _namespaced(channel, ITUNES, "type", "episodic")
    _namespaced(channel, ITUNES, "block", "Yes")


def _podcast_channel(channel: etree._Element, show: UUID) -> None:
    _namespaced(channel, PODCAST, "guid", str(podcast_guid(show)))
    _namespaced(channel, PODCAST, "locked", "yes")
    _namespaced(channel, PODCAST, "block", "yes")
    _namespaced(channel, PODCAST, "medium", "podcast")


def _item(element: etree._Element, urls: FeedUrls, item: Item) -> None:
    notes = html_notes(item)
    etree.SubElement(element, "guid", isPermaLink="false").text = str(item.id)
    _plain_element(element, "title", tagless(item.title) or "Episode")
    _plain_element(element, "link", urls.page(item.id))
    _plain_element(element, "pubDate", format_datetime(item.published_at, usegmt=True))
    _plain_element(element, "description", tagless(plain_notes(item)))
    _namespaced(element, CONTENT, "encoded", notes)
    etree.SubElement(
        element,
        "enclosure",
        url=urls.file(item.id, "mp3"),
        length=str(item.bytes),
        type="audio/mpeg",
    )
    _itunes_item(element, urls, item)
    _podcast_item(element, urls, item)


def _itunes_item(element: etree._Element, urls: FeedUrls, item: Item) -> None:
    _namespaced(element, ITUNES, "author", "AudioBrew")
    _namespaced(element, ITUNES, "duration", str(round(item.seconds)))
    _namespaced(element, ITUNES, "episodeType", "full")
    _namespaced(element, ITUNES, "explicit", "false")
    _namespaced(element, ITUNES, "image", href=urls.file(item.id, "png"))


def _podcast_item(element: etree._Element, urls: FeedUrls, item: Item) -> None:
    language = {"language": item.language} if item.language else {}
    vtt = urls.file(item.id, "vtt")
    _namespaced(element, PODCAST, "transcript", url=vtt, type="text/vtt", **language)
    chapters = urls.file(item.id, "json")
    _namespaced(element, PODCAST, "chapters", url=chapters, type="application/json+chapters")
    for host in ["First host", "Second host"][: item.hosts]:
        _namespaced(
            element, PODCAST, "person", f"{host} (synthetic voice)", role="host", group="cast"
        )


def _plain_element(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text


def _namespaced(
    parent: etree._Element, space: str, name: str, content: str = "", **attributes: str
) -> None:
    element = etree.SubElement(parent, f"{{{space}}}{name}", attributes)
    element.text = content or None
