"""Lists of feeds as OPML, which all feed readers import and export."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from audiobrew.problems import Problem

MAX_FEEDS = 500


class NotOpml(Problem):
    """This is not a list of feeds (OPML). Export it again from your feed reader."""

    type = "not-opml"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True, slots=True)
class ListedFeed:
    title: str
    url: str


def parse_opml(body: bytes) -> list[ListedFeed]:
    """The feeds of a list, in its order, each once. Raises NotOpml."""
    from lxml import etree  # slow to import

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotOpml from error
    if etree.QName(root).localname.lower() != "opml":
        raise NotOpml
    feeds: dict[str, ListedFeed] = {}
    for outline in root.iter("outline"):
        url = (outline.get("xmlUrl") or "").strip()
        if url and len(feeds) < MAX_FEEDS:
            feeds[url] = ListedFeed(outline.get("title") or outline.get("text") or "", url)
    return list(feeds.values())


def write_opml(feeds: Iterable[ListedFeed]) -> bytes:
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Feeds of AudioBrew"
    body = etree.SubElement(root, "body")
    for feed in feeds:
        title = xml_text(feed.title)
        names = {"type": "rss", "text": title, "title": title, "xmlUrl": xml_text(feed.url)}
        etree.SubElement(body, "outline", names)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def xml_text(text: str) -> str:
    """Without characters that XML does not allow."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))
