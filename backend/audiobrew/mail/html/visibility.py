"""Find out which text of an HTML mail is visible: styles that hide, and how they are inherited."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from string import ascii_letters

from audiobrew.mail.html.strip_delimited import strip_delimited

Styles = dict[str, str]

_PROPERTY_CHARACTERS = f"{ascii_letters}-"
_LENGTH = re.compile(r"(-?\d{0,6}\.?\d{1,6})\s*(px|pt|em|rem|%)?$")
_SELECTOR = re.compile(r"[a-z]*([.#][\w-]+)", re.IGNORECASE)
# Pixels. Text smaller than `_UNREADABLE` is filler; text smaller than `_SMALL` is fine print.
_UNREADABLE = 2.0
_SMALL = 13.0
_NAMED_COLOURS = {
    "white": "ffffff",
    "black": "000000",
    "snow": "fffafa",
    "ivory": "fffff0",
    "whitesmoke": "f5f5f5",
    "ghostwhite": "f8f8ff",
}
_RGB = re.compile(r"rgba?\(\s{0,3}(\d{1,3})[\s,]{1,5}(\d{1,3})[\s,]{1,5}(\d{1,3})[^)]{0,20}\)")
# Two colours are the same to the eye if the differences of their red, green and blue add up to less.
_SAME_COLOUR = 16


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How text is printed.

    `size` is in pixels, None if unknown. Colours are six hex digits, empty if unknown.
    """

    size: float | None = None
    colour: str = ""
    background: str = ""
    bold: bool = False
    italic: bool = False

    @property
    def readable(self) -> bool:
        return not is_camouflaged(self.colour, self.background) and (
            self.size is None or self.size >= _UNREADABLE
        )

    @property
    def small(self) -> bool:
        return self.size is not None and self.size < _SMALL


def is_camouflaged(colour: str, background: str) -> bool:
    """Whether text of this colour cannot be seen. Both are six hex digits, or empty if unknown."""
    if not colour or not background:
        return False
    pairs = zip(bytes.fromhex(colour), bytes.fromhex(background), strict=True)
    return sum(abs(one - other) for one, other in pairs) < _SAME_COLOUR


def parse_styles(attribute: str | None) -> Styles:
    """The declarations of a style attribute in lower case."""
    if not attribute:
        return {}
    styles = {}
    for declaration in attribute[:4_000].split(";"):
        before, _, value = declaration.partition(":")
        name = before.rstrip()
        name = name[len(name.rstrip(_PROPERTY_CHARACTERS)) :]
        if name and len(name) <= 40 and value.strip():
            styles[name.lower()] = value.strip()[:200].lower().replace("!important", "").strip()
    return styles


def inherit_style(
    outer: TextStyle, styles: Styles, bgcolor: str | None, has_picture: bool = False
) -> TextStyle:
    """The style of text in an element with these declarations, within text of the style `outer`.

    `has_picture`: whether the element has a background picture by an attribute.
    """
    if not styles and not bgcolor and not has_picture:
        return outer
    size = outer.size
    if "font-size" in styles:
        size = _pixels(styles["font-size"])
    background = styles.get("background-color") or styles.get("background") or bgcolor or ""
    if has_picture or is_picture(styles):
        background = "picture"  # its colours are unknown; the colour behind it is a fallback
    weight = styles.get("font-weight", "")
    slant = styles.get("font-style", "")
    return replace(
        outer,
        size=size,
        colour=_colour(styles.get("color", "")) or outer.colour,
        background=_colour(background) or ("" if background else outer.background),
        bold=weight in ("bold", "bolder", "600", "700", "800", "900") if weight else outer.bold,
        italic=slant.startswith(("italic", "oblique")) if slant else outer.italic,
    )


def hides_element(styles: Styles) -> bool:
    """Whether these declarations make an element and everything in it invisible."""
    return bool(styles) and (
        styles.get("display") == "none"
        or styles.get("visibility") in ("hidden", "collapse")
        or is_zero(styles.get("opacity", ""))
        or styles.get("transform", "").replace(" ", "").startswith("scale(0)")
        or is_clipped(styles)
        or any(is_off_screen(styles.get(side, "")) for side in ("left", "top", "text-indent"))
    )


def hidden_selectors(css: str) -> frozenset[str]:
    """The classes (`.x`) and ids (`#x`) that a style sheet hides on every screen."""
    hidden = set()
    for selectors, body in split_rules(strip_media_blocks(css)):
        if hides_element(parse_styles(body)):
            for selector in selectors.split(","):
                if match := _SELECTOR.fullmatch(selector.strip()):
                    hidden.add(match[1])
    return frozenset(hidden)


def split_rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield each rule's selectors and declarations."""
    for rule in css.split("}")[:-1]:
        before, _, body = rule.rpartition("{")
        selectors = before.rpartition("{")[2].rpartition("@")[2]
        if selectors:
            yield selectors[-200:], body


def strip_media_blocks(css: str) -> str:
    """Remove @media and other at-rules, which apply to some screens only."""
    pieces, depth, position = [], 0, 0
    css = strip_delimited(css[:200_000], "/*", "*/")
    for token in re.finditer(r"@[^{};@]*[{;]|[{}]", css):
        if depth == 0 and token[0].startswith("@"):
            pieces.append(css[position : token.start()])
            depth, position = int(token[0].endswith("{")), token.end()
        elif depth:
            depth += {"{": 1, "}": -1}.get(token[0][-1], 0)
            position = token.end()
    return "".join(pieces) + ("" if depth else css[position:])


def is_clipped(styles: Styles) -> bool:
    flat = any(
        is_zero(styles.get(side, "")) for side in ("max-height", "height", "max-width", "width")
    )
    clip = styles.get("clip", "").replace(" ", "").replace(",", "").replace("px", "")
    inset = styles.get("clip-path", "").replace(" ", "")
    if inset.startswith(("inset(50%)", "inset(100%)", "circle(0")):
        return True
    return (styles.get("overflow") == "hidden" and flat) or clip in ("rect(0000)", "rect(1111)")


def is_off_screen(value: str) -> bool:
    pixels = _pixels(value)
    return pixels is not None and pixels <= -500


def is_zero(value: str) -> bool:
    match = _LENGTH.match(value)
    return match is not None and float(match[1]) == 0


def is_picture(styles: Styles) -> bool:
    value = styles.get("background-image") or styles.get("background", "")
    return "url(" in value or "gradient(" in value


def _pixels(value: str) -> float | None:
    """A length in pixels; None if it is relative or malformed."""
    match = _LENGTH.match(value)
    if not match:
        return None
    number = float(match[1])
    if number == 0 or match[2] in ("px", None):
        return number
    return number * 4 / 3 if match[2] == "pt" else None


def _colour(value: str) -> str:
    """Six hex digits; an empty string for a notation that is not understood."""
    if match := _RGB.match(value):
        return "".join(f"{min(int(number), 255):02x}" for number in match.groups())
    word = value.split()[0] if value.split() else ""
    digits = _NAMED_COLOURS.get(word, word.lstrip("#"))
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    return digits if re.fullmatch(r"[0-9a-f]{6}", digits) else ""
