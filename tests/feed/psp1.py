"""A lint for private podcast feeds: the requirements of PSP-1, and leaks that private feeds have had."""

import xml.etree.ElementTree as ET

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
REQUIRED = (
    *("title", "description", "link", "language"),
    *(ITUNES + name for name in ("category", "explicit", "image", "author", "type")),
    *(PODCAST + name for name in ("guid", "locked", "medium")),
)
ITEM_REQUIRED = (
    *("title", "link", "pubDate", "description", CONTENT + "encoded"),
    *(ITUNES + name for name in ("duration", "explicit", "image", "episodeType")),
    *(PODCAST + name for name in ("transcript", "chapters", "person")),
)
LONGEST_DESCRIPTION = 4000  # bytes


def lint_feed(xml: bytes, token: str) -> list[str]:
    """The mistakes in a feed. Empty if there are none."""
    channel = ET.fromstring(xml).find("channel")
    assert channel is not None
    items = channel.findall("item")
    mistakes = [f"channel lacks {tag}" for tag in REQUIRED if channel.find(tag) is None]
    mistakes += _private(channel)
    mistakes += [fault for item in items for fault in _item(item, token)]
    guids = [item.findtext("guid") for item in items]
    mistakes += ["two items have one guid"] if len(set(guids)) < len(guids) else []
    mistakes += [
        "a description is too long"
        for description in channel.iter("description")
        if len((description.text or "").encode()) > LONGEST_DESCRIPTION
    ]
    return mistakes


def _private(channel: ET.Element) -> list[str]:
    requirements = {
        "itunes:block is not Yes": channel.findtext(ITUNES + "block") == "Yes",
        "podcast:block is not yes": channel.findtext(PODCAST + "block") == "yes",
        "podcast:locked is not yes": channel.findtext(PODCAST + "locked") == "yes",
        "an address is exposed": channel.find(f"{ITUNES}owner/{ITUNES}email") is None,
        "a public hub is named": not [
            link for link in channel.findall(ATOM + "link") if link.get("rel") == "hub"
        ],
        "no atom:link to itself": [
            link for link in channel.findall(ATOM + "link") if link.get("rel") == "self"
        ],
    }
    return [fault for fault, is_met in requirements.items() if not is_met]


def _item(item: ET.Element, token: str) -> list[str]:
    mistakes = [f"item lacks {tag}" for tag in ITEM_REQUIRED if item.find(tag) is None]
    guid, enclosure = item.find("guid"), item.find("enclosure")
    if guid is None or not guid.text or guid.get("isPermaLink") != "false":
        mistakes.append("the guid is missing or a link")
    elif token in guid.text:
        mistakes.append("the token is in the guid")
    if enclosure is None or not enclosure.get("url", "").endswith(".mp3"):
        mistakes.append("no enclosure")
    elif enclosure.get("type") != "audio/mpeg" or int(enclosure.get("length", "0")) <= 0:
        mistakes.append("the enclosure's type or length is wrong")
    elif f"/feed/{token}/" not in enclosure.get("url", ""):
        mistakes.append("the enclosure is not under the same token")
    return mistakes
