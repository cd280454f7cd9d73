"""Show notes: the chapters of an episode, and the newsletters that each comes from."""

import re

from lxml import etree

from audiobrew.feed.link_cleanup import clean_url
from audiobrew.feed.show import Item, Story, StorySource
from audiobrew.mail.newsletter import Link

# Characters that XML forbids, and those that change the direction of text, which could disguise it.
UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)

# A link to a web page, and its host. Scripts and files do not match.
WEB = re.compile(r"https?://([^\s/?#]{1,255})\S{0,2000}", re.IGNORECASE)

GUILLEMETS = str.maketrans("<>", "‹›")
LINKS_PER_SOURCE = 5
# A character has at most four bytes, and apps accept 4,000 bytes.
DESCRIPTION_CHARACTERS = 1000


def readable(text: str) -> str:
    """The text on one line, without characters that apps do not accept. The text comes from a mail."""
    return " ".join(UNREADABLE.sub("", text).split())


def tagless(text: str) -> str:
    """The text of a title or description, without `<`: some apps read these as HTML."""
    return readable(text).translate(GUILLEMETS)


def plain_notes(item: Item) -> str:
    """The newsletters that an episode is made from, in one paragraph of plain text."""
    senders = dict.fromkeys(source.sender for story in item.stories for source in story.sources)
    sentences = [f"From {', '.join(senders)}."] if senders else []
    sentences += [item.note] if item.note else []
    sentences += ["Told by synthetic voices."]
    return readable(" ".join(sentences))[:DESCRIPTION_CHARACTERS]


def html_notes(item: Item) -> str:
    """The show notes as HTML. Elements are built, not written, so that text of a mail cannot become one."""
    notes = etree.Element("div")
    _add(notes, "p", plain_notes(item))
    for story in item.stories:
        _add_story(notes, story)
    return "".join(etree.tostring(part, method="html", encoding="unicode") for part in notes)


def _add_story(notes: etree._Element, story: Story) -> None:
    _add(notes, "h3", f"{clock(story.start)} {readable(story.title)}")
    if story.sources:
        newsletters = _add(notes, "ul")
        for source in story.sources:
            _add_source(_add(newsletters, "li"), source)


def _add_source(parent: etree._Element, source: StorySource) -> None:
    sender = _add(parent, "strong", readable(source.sender))
    sender.tail = f": {readable(source.subject)}"
    # By URL, or by text if there is none.
    links: dict[str, tuple[str, str]] = {}
    for link in source.links:
        if len(links) < LINKS_PER_SOURCE and (anchor := _url_and_text(link)):
            links.setdefault(anchor[0] or anchor[1], anchor)
    if links:
        listed = _add(parent, "ul")
        for url, text in links.values():
            if url:
                _add(_add(listed, "li"), "a", text, href=url, rel="noreferrer")
            else:
                _add(listed, "li", text)


def _url_and_text(link: Link) -> tuple[str, str] | None:
    """The URL of a link without personal tracking, and its text. None if it does not lead to a web page.

    A link that would identify the reader has no URL.
    """
    text = readable(link.text)
    if not WEB.fullmatch(readable(link.url)):
        return None
    url = readable(clean_url(readable(link.url)) or "")
    if not url:
        return ("", text) if text and "://" not in text else None
    web = WEB.fullmatch(url)
    if not web:
        return None
    host = web[1].rpartition("@")[2]
    # A text that is a URL itself is as personal as the link was.
    return url, (host if not text or WEB.match(text) else text)


def _add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def clock(seconds: float) -> str:
    """The time as m:ss or h:mm:ss: 302.4 is 5:02, 3723 is 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
