"""Show notes: the chapters of an episode, and for each the newsletters it comes from."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import builder as html

from audiobrew.feed.show import Item, Story, StorySource
from audiobrew.inbox.newsletter import Link

UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""What XML forbids, and what turns the direction of text around so that it reads as something else."""

LINKS_A_SOURCE = 5
DESCRIPTION_CHARACTERS = 1000  # of at most four bytes: within the 4,000 bytes that apps take


def readable(text: str) -> str:
    """On one line, of characters that every app can take. Mail decided what is in it."""
    return " ".join(UNREADABLE.sub("", text).split())


def plain(item: Item) -> str:
    """What an episode is made from, in one paragraph of plain text."""
    senders = dict.fromkeys(source.sender for story in item.stories for source in story.sources)
    told = [f"From {', '.join(senders)}."] if senders else []
    told += [item.note] if item.note else []
    told += ["Told by synthetic voices."]
    return readable(" ".join(told))[:DESCRIPTION_CHARACTERS]


def page(item: Item) -> str:
    """As HTML. Elements are built, never written, so that no text of a mail can become one."""
    notes = html.DIV(html.P(plain(item)), *(part for s in item.stories for part in _story(s)))
    inner: Iterable[str] = (
        etree.tostring(part, method="html", encoding="unicode") for part in notes
    )
    return "".join(inner)


def _story(story: Story) -> Iterable[etree._Element]:
    yield html.H3(f"{clock(story.start)} {readable(story.title)}")
    if story.sources:
        yield html.UL(*(_source(source) for source in story.sources))


def _source(source: StorySource) -> etree._Element:
    item = html.LI(html.STRONG(readable(source.sender)), f": {readable(source.subject)}")
    links = [link for link in source.links if _opens(link)][:LINKS_A_SOURCE]
    if links:
        item.append(html.UL(*(html.LI(_anchor(link)) for link in links)))
    return item


def _anchor(link: Link) -> etree._Element:
    url = readable(link.url)
    return html.A(readable(link.text) or urlsplit(url).hostname or url, href=url, rel="noreferrer")


def _opens(link: Link) -> bool:
    """Only what leads to the web: neither scripts nor files."""
    return link.url.lower().startswith(("https://", "http://")) and " " not in link.url.strip()


def clock(seconds: float) -> str:
    """302.4 is 5:02; 3723 is 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
