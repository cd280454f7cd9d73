"""Make HTML cheap to parse: remove comments, formatting elements and excessive nesting.

By the rules of HTML, a parser repeats every open <b> or <font> in each paragraph, climbs through all
open elements at each tag, and compares each attribute of a tag with all others: 40 kB can take
gigabytes or minutes. Nothing that is removed here carries text.
"""

import re
from collections import Counter
from collections.abc import Iterator

from audiobrew.mail.html.strip_delimited import strip_delimited

MAX_DEPTH = 200
_FORMATTING = re.compile(
    r"<(/?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
# Possessive throughout, so that the engine never backtracks within a tag.
_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s/>]*+)(?>[^>\"'=]++|=\s*+(?>\"[^\"]*+\"|'[^']*+')?+|[\"'])*+>"
)
_TAG_START = re.compile(r"</?[a-zA-Z]")
_QUOTED_VALUE = re.compile(r"=\s*+(?>\"[^\"]*+\"|'[^']*+')")
# Attributes are counted only in tags with more characters than this.
_LONG_TAG = 1_000
_MAX_ATTRIBUTES = 300
# Elements that do not nest: the void elements, and <p>, which closes the one before it.
_FLAT_ELEMENTS = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "p", "param")
    + ("source", "track", "wbr")
)


def sanitize_html(html: str) -> str:
    """The same text in the same order, nested at most about `MAX_DEPTH` levels deep."""
    html = strip_delimited(html.replace("\0", ""), "<!--", "-->", overlap=2)
    html = _FORMATTING.sub(r"<\1x-\2", html)
    pieces, position, nesting = [], 0, _Nesting()
    for tag in find_tags(html):
        if isinstance(tag, int):
            html = html[:tag]
        elif (replacement := replace_tag(tag, nesting)) is not None:
            pieces += [html[position : tag.start()], replacement]
            position = tag.end()
    return "".join(pieces) + html[position:]


def find_tags(html: str) -> Iterator[re.Match[str] | int]:
    """Yield every tag that a parser finds.

    If a tag is never closed, and so hides everything after it, its position is the last item.
    """
    start = html.find("<")
    while start >= 0:
        tag = _TAG.match(html, start)
        if tag:
            yield tag
        elif _TAG_START.match(html, start):
            yield start
            return
        start = html.find("<", tag.end() if tag else start + 1)


def replace_tag(tag: re.Match[str], nesting: "_Nesting") -> str | None:
    """What replaces the tag; None if it stays."""
    if nesting.enter(tag[2].lower(), closing=bool(tag[1])) > MAX_DEPTH:
        return " "
    if tag.end() - tag.start() > _LONG_TAG:
        attributes = len(re.split(r"[\s/]+", _QUOTED_VALUE.sub(" ", tag[0])))
        if attributes > _MAX_ATTRIBUTES:
            return f"<{tag[1]}{tag[2]}>"
    return None


class _Nesting:
    """Counts the open elements. A closing tag counts only if an element of its name is open."""

    def __init__(self) -> None:
        self.depth = 0
        self.open_elements: Counter[str] = Counter()

    def enter(self, name: str, closing: bool) -> int:
        """Take a tag into account. Returns the greater one of the depths before and after it."""
        depth_before = self.depth
        if name in _FLAT_ELEMENTS:
            return depth_before
        if not closing:
            self.open_elements[name] += 1
            self.depth += 1
        elif self.open_elements[name]:
            self.open_elements[name] -= 1
            self.depth -= 1
        return max(depth_before, self.depth)
