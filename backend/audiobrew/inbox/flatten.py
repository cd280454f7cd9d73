"""HTML made harmless for a parser: no comments, no bold to repeat, no nesting without end.

The rules of HTML make a browser's parser repeat every open <b> or <font> in each paragraph and
climb through all open elements at each tag: 40 kB can become gigabytes. What is taken out here
carries no text.
"""

import re

DEEPEST = 200
_FORMATTING = re.compile(
    r"<(/?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?")
_NEVER_DEEP = frozenset(
    "area base br col embed hr img input link meta param source track wbr p".split()
)


def flattened(html: str) -> str:
    """The same text in the same order, nested at most `DEEPEST` deep."""
    plain = _FORMATTING.sub(r"<\1x-\2", _without_comments(html.replace("\0", "")))
    return _cropped(plain) if _depth(plain) > DEEPEST else plain


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        end = html.find("-->", start + 2)
        if end < 0:
            break
        kept.append(html[at:start])
        at = end + 3
    return "".join(kept) + html[at:]


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
