"""HTML made harmless for a parser: no comments, no bold to repeat, no nesting without end.

The rules of HTML make a browser's parser repeat every open <b> or <font> in each paragraph and
climb through all open elements at each tag: 40 kB can become gigabytes. What is taken out here
carries no text.
"""

import re

from audiobrew.inbox.between import without

DEEPEST = 200
_FORMATTING = re.compile(
    r"<(/?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?")
_LONG_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)(?=[^<>]{1000})[^<>]*>")
_BETWEEN_ATTRIBUTES = re.compile(r"[\s/\"']+")
_MOST_ATTRIBUTES = 300
_NEVER_DEEP = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
    ]
)


def flattened(html: str) -> str:
    """The same text in the same order, nested at most `DEEPEST` deep."""
    html = without(html.replace("\0", ""), "<!--", "-->", overlap=2)
    plain = _LONG_TAG.sub(_lightened, _FORMATTING.sub(r"<\1x-\2", html))
    return _cropped(plain) if _depth(plain) > DEEPEST else plain


def _lightened(tag: re.Match[str]) -> str:
    """A long tag keeps its attributes only where they are few: each is compared with all others."""
    many = len(_BETWEEN_ATTRIBUTES.findall(tag[0])) > _MOST_ATTRIBUTES
    return f"<{tag[1]}{tag[2]}>" if many else tag[0]


def _depth(html: str) -> int:
    deepest = depth = 0
    for tag in _TAG.finditer(html):
        depth = _after(depth, tag)
        deepest = max(deepest, depth)
    return deepest


def _after(depth: int, tag: re.Match[str]) -> int:
    if tag[2].lower() in _NEVER_DEEP:
        return depth
    return max(0, depth - 1) if tag[1] else depth + 1


def _cropped(html: str) -> str:
    """Leave out the tags below the deepest level; what they hold stays."""
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        before, depth = depth, _after(depth, tag)
        return " " if max(before, depth) > DEEPEST else tag[0]

    return _TAG.sub(kept, html)
