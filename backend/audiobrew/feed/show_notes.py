"""Show notes: the chapters of an episode, and for each the newsletters it comes from."""

import re

from lxml import etree

from audiobrew.feed.show import Item, Story, StorySource
from audiobrew.mail.newsletter import Link

UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""What XML forbids, and what turns the direction of text around so that it reads as something else."""

WEB = re.compile(r"https?://([^\s/?#]{1,255})\S{0,2000}", re.IGNORECASE)
"""A link to follow, and its host: neither a script nor a file."""

GUILLEMETS = str.maketrans("<>", "‹›")
LINKS_A_SOURCE = 5
DESCRIPTION_CHARACTERS = 1000  # of at most four bytes: within the 4,000 bytes that apps take


def readable(text: str) -> str:
    """On one line, of characters that every app can take. Mail decided what is in it."""
    return " ".join(UNREADABLE.sub("", text).split())


def tagless(text: str) -> str:
    """For a title or a description: some apps read these as text, others as HTML, so no `<` at all."""
    return readable(text).translate(GUILLEMETS)


def plain(item: Item) -> str:
    """What an episode is made from, in one paragraph of plain text."""
    senders = dict.fromkeys(source.sender for story in item.stories for source in story.sources)
    told = [f"From {', '.join(senders)}."] if senders else []
    told += [item.note] if item.note else []
    told += ["Told by synthetic voices."]
    return readable(" ".join(told))[:DESCRIPTION_CHARACTERS]


def page(item: Item) -> str:
    """As HTML. Elements are built, never written, so that no text of a mail can become one."""
    notes = etree.Element("div")
    _add(notes, "p", plain(item))
    for story in item.stories:
        _story(notes, story)
    return "".join(etree.tostring(part, method="html", encoding="unicode") for part in notes)


def _story(notes: etree._Element, story: Story) -> None:
    _add(notes, "h3", f"{clock(story.start)} {readable(story.title)}")
    if story.sources:
        newsletters = _add(notes, "ul")
        for source in story.sources:
            _source(_add(newsletters, "li"), source)


def _source(place: etree._Element, source: StorySource) -> None:
    sender = _add(place, "strong", readable(source.sender))
    sender.tail = f": {readable(source.subject)}"
    if links := [anchor for link in source.links if (anchor := _anchor(link))][:LINKS_A_SOURCE]:
        listed = _add(place, "ul")
        for url, shown in links:
            _add(_add(listed, "li"), "a", shown, href=url, rel="noreferrer")


def _anchor(link: Link) -> tuple[str, str] | None:
    """Where to and what it is called, unless it does not lead to the web."""
    url = readable(link.url)
    web = WEB.fullmatch(url)
    return (url, readable(link.text) or web[1].rpartition("@")[2]) if web else None


def _add(parent: etree._Element, tag: str, text: str = "", **said: str) -> etree._Element:
    element = etree.SubElement(parent, tag, said)
    element.text = text
    return element


def clock(seconds: float) -> str:
    """302.4 is 5:02; 3723 is 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
