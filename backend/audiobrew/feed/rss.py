"""The show as RSS 2.0: PSP-1, the podcast namespace, and what keeps a private feed private."""

from email.utils import format_datetime
from uuid import UUID, uuid5

from lxml import etree

from audiobrew import __version__
from audiobrew.feed.address import Address
from audiobrew.feed.show import Item
from audiobrew.feed.show_notes import page, plain, tagless

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
NAMES = {"atom": ATOM, "content": CONTENT, "itunes": ITUNES, "podcast": PODCAST}

PODCAST_GUIDS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace in which podcast guids are made, as the podcast namespace fixes it."""

TITLE = "AudioBrew: your newsletters"
DESCRIPTION = (
    "The newsletters in your mailbox, told by synthetic voices. Private: made for one listener,"
    " from mails sent to that listener. Please do not share or index this feed."
)


def rss(show: UUID, address: Address, items: list[Item]) -> bytes:
    """The whole feed as UTF-8, with `items` in the order given."""
    root = etree.Element("rss", version="2.0", nsmap=NAMES)
    channel = etree.SubElement(root, "channel")
    _channel(channel, show, address, items)
    for item in items:
        _item(etree.SubElement(channel, "item"), address, item)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def podcast_guid(show: UUID) -> UUID:
    """The same for life: made from the show's public name, not from where or how it is fetched."""
    return uuid5(PODCAST_GUIDS, f"audiobrew.vercel.app/shows/{show}")


def _channel(channel: etree._Element, show: UUID, address: Address, items: list[Item]) -> None:
    languages = [item.language for item in items if item.language]
    _text(channel, "title", TITLE)
    _text(channel, "link", address.home)
    _text(channel, "description", DESCRIPTION)
    _text(channel, "language", languages[0] if languages else "en")
    _text(channel, "generator", f"AudioBrew {__version__}")
    if items:
        _text(channel, "lastBuildDate", format_datetime(items[0].published_at, usegmt=True))
    _tag(channel, ATOM, "link", href=address.feed, rel="self", type="application/rss+xml")
    _itunes_channel(channel, address)
    _podcast_channel(channel, show)


def _itunes_channel(channel: etree._Element, address: Address) -> None:
    _tag(channel, ITUNES, "author", "AudioBrew")
    _tag(channel, ITUNES, "category", text="News")
    _tag(channel, ITUNES, "explicit", "false")
    _tag(channel, ITUNES, "image", href=address.cover)
    _tag(channel, ITUNES, "type", "episodic")
    _tag(channel, ITUNES, "block", "Yes")


def _podcast_channel(channel: etree._Element, show: UUID) -> None:
    _tag(channel, PODCAST, "guid", str(podcast_guid(show)))
    _tag(channel, PODCAST, "locked", "yes")
    _tag(channel, PODCAST, "block", "yes")
    _tag(channel, PODCAST, "medium", "podcast")


def _item(element: etree._Element, address: Address, item: Item) -> None:
    notes = page(item)
    etree.SubElement(element, "guid", isPermaLink="false").text = str(item.id)
    _text(element, "title", tagless(item.title) or "Episode")
    _text(element, "link", address.page(item.id))
    _text(element, "pubDate", format_datetime(item.published_at, usegmt=True))
    _text(element, "description", tagless(plain(item)))
    _tag(element, CONTENT, "encoded", notes)
    etree.SubElement(
        element,
        "enclosure",
        url=address.file(item.id, "mp3"),
        length=str(item.bytes),
        type="audio/mpeg",
    )
    _itunes_item(element, address, item)
    _podcast_item(element, address, item)


def _itunes_item(element: etree._Element, address: Address, item: Item) -> None:
    _tag(element, ITUNES, "author", "AudioBrew")
    _tag(element, ITUNES, "duration", str(round(item.seconds)))
    _tag(element, ITUNES, "episodeType", "full")
    _tag(element, ITUNES, "explicit", "false")
    _tag(element, ITUNES, "image", href=address.cover)


def _podcast_item(element: etree._Element, address: Address, item: Item) -> None:
    spoken = {"language": item.language} if item.language else {}
    vtt = address.file(item.id, "vtt")
    _tag(element, PODCAST, "transcript", url=vtt, type="text/vtt", **spoken)
    marks = address.file(item.id, "json")
    _tag(element, PODCAST, "chapters", url=marks, type="application/json+chapters")
    for host in ["First host", "Second host"][: item.hosts]:
        _tag(element, PODCAST, "person", f"{host} (synthetic voice)", role="host", group="cast")


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text


def _tag(parent: etree._Element, space: str, name: str, content: str = "", **said: str) -> None:
    element = etree.SubElement(parent, f"{{{space}}}{name}", said)
    element.text = content or None
