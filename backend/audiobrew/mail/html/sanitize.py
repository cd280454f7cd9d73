"""HTML made harmless for a parser: no comments, no bold to repeat, no nesting without end.

The rules of HTML make a parser repeat every open <b> or <font> in each paragraph, climb through
all open elements at each tag, and compare each attribute of a tag with all others: 40 kB can
become gigabytes, or minutes. What is taken out here carries no text.
"""

import re
from collections import Counter
from collections.abc import Iterator

from audiobrew.mail.html.strip_delimited import strip_delimited

MAX_DEPTH = 200
_FORMATTING = re.compile(
    r"<(/?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
# Possessive throughout: a tag is taken in one go or not at all, never tried again shorter.
_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s/>]*+)(?>[^>\"'=]++|=\s*+(?>\"[^\"]*+\"|'[^']*+')?+|[\"'])*+>"
)
_OPENS_TAG = re.compile(r"</?[a-zA-Z]")
_VALUE = re.compile(r"=\s*+(?>\"[^\"]*+\"|'[^']*+')")
_LONG = 1_000  # characters of a tag that is worth counting its attributes
_MOST_ATTRIBUTES = 300
_NEVER_DEEP = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "p", "param")
    + ("source", "track", "wbr")
)


def sanitize_html(html: str) -> str:
    """The same text in the same order, nested some hundred levels deep at most."""
    html = strip_delimited(html.replace("\0", ""), "<!--", "-->", overlap=2)
    html = _FORMATTING.sub(r"<\1x-\2", html)
    kept, at, open_tags = [], 0, _OpenTags()
    for tag in _tags(html):
        if isinstance(tag, int):
            html = html[:tag]
        elif (instead := open_tags.instead_of(tag)) is not None:
            kept += [html[at : tag.start()], instead]
            at = tag.end()
    return "".join(kept) + html[at:]


def _tags(html: str) -> Iterator[re.Match[str] | int]:
    """Every tag as a parser finds them; last, the position of one that is never closed and hides the rest."""
    start = html.find("<")
    while start >= 0:
        tag = _TAG.match(html, start)
        if tag:
            yield tag
        elif _OPENS_TAG.match(html, start):
            yield start
            return
        start = html.find("<", tag.end() if tag else start + 1)


class _OpenTags:
    """How deep we are. A closing tag counts only where one of its name is open."""

    def __init__(self) -> None:
        self.depth = 0
        self.names: Counter[str] = Counter()

    def instead_of(self, tag: re.Match[str]) -> str | None:
        """What replaces the tag; None where it may stay."""
        if self.too_deep(tag):
            return " "
        crowded = tag.end() - tag.start() > _LONG and _attributes(tag[0]) > _MOST_ATTRIBUTES
        return f"<{tag[1]}{tag[2]}>" if crowded else None

    def too_deep(self, tag: re.Match[str]) -> bool:
        before, name = self.depth, tag[2].lower()
        if name in _NEVER_DEEP:
            return before > MAX_DEPTH
        if not tag[1]:
            self.names[name] += 1
            self.depth += 1
        elif self.names[name]:
            self.names[name] -= 1
            self.depth -= 1
        return max(before, self.depth) > MAX_DEPTH


def _attributes(tag: str) -> int:
    return len(re.split(r"[\s/]+", _VALUE.sub(" ", tag)))
