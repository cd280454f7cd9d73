"""Find out which text of an HTML mail is visible: styles that hide, and how they are inherited."""

import re
from dataclasses import dataclass, replace
from string import ascii_letters

from audiobrew.mail.html.colours import FAINT, is_camouflaged, lay_over, read_colour

Styles = dict[str, str]

_PROPERTY_CHARACTERS = f"{ascii_letters}-"
_LENGTH = re.compile(
    r"([-+]?\d{0,6}\.?\d{1,6})\s*(px|pt|em|rem|ex|ch|vw|vh|vmin|vmax|cm|mm|in|pc|%)?$"
)
# Pixels of a unit; of those that depend on the screen or the text, about.
_PIXELS = {
    "px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 10.0, "vh": 10.0,
    "vmin": 10.0, "vmax": 10.0, "cm": 37.8, "mm": 3.78, "in": 96.0, "pc": 16.0,
}  # fmt: skip
# Pixels. Text smaller than `_UNREADABLE` is filler; text smaller than `_SMALL` is fine print.
_UNREADABLE = 2.0
_SMALL = 13.0
_USUAL_SIZE = 16.0
# Pixels to the left of a screen or above it, and to the right of any.
_OFF_SCREEN = -500
_FAR_RIGHT = 3_000
# A layout may overlap by a column, no more.
_OFF_SCREEN_MARGIN = -1_000
_TRANSFORMATION = re.compile(r"([a-z]{5,10}(?:3d)?)\(([^()]{1,100})\)")
_FONT_SIZE = re.compile(r"(?<![\w.#-])(\d{0,4}\.?\d{1,4}(?:px|pt|em|rem|%)?)(?=[\s/])")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How text is printed.

    `size` is in pixels, None if unknown. The background is six hex digits, empty if unknown.
    """

    size: float | None = None
    background: str = ""
    bold: bool = False
    italic: bool = False

    @property
    def small(self) -> bool:
        return self.size is not None and self.size < _SMALL


@dataclass(frozen=True, slots=True)
class Paint:
    """What decides whether text can be seen, by all rules that apply to it.

    Colours are six hex digits, empty if unknown. Text without `is_opaque` shows what is behind it.
    """

    size: float | None = None
    colour: str = ""
    background: str = ""
    is_opaque: bool = True
    is_flat: bool = False

    @property
    def readable(self) -> bool:
        return (
            self.is_opaque
            and not self.is_flat
            and not is_camouflaged(self.colour, self.background)
            and (self.size is None or self.size >= _UNREADABLE)
        )


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
        background=_digits(background) or ("" if background else outer.background),
        bold=weight in ("bold", "bolder", "600", "700", "800", "900") if weight else outer.bold,
        italic=slant.startswith(("italic", "oblique")) if slant else outer.italic,
    )


def inherit_paint(outer: Paint, styles: Styles, has_picture: bool = False) -> Paint:
    """The paint of text in an element with these declarations, within text of the paint `outer`.

    `has_picture`: whether the element has a background picture by an attribute.
    """
    if not styles and not has_picture:
        return outer
    colour, is_opaque = _text_colour(styles, outer)
    return Paint(
        size=_text_size(styles, outer.size),
        colour=colour,
        background="" if has_picture else _background(styles, outer),
        is_opaque=is_opaque,
        is_flat=_is_flat(styles, outer),
    )


def _text_size(styles: Styles, outer: float | None) -> float | None:
    value = styles.get("font-size", "")
    if not value and (match := _FONT_SIZE.search(f"{styles.get('font', '')} ")):
        value = match[1]
    if not value or value in ("inherit", "unset"):
        return outer
    match = _LENGTH.match(value)
    if match and match[2] in ("em", "%"):
        around = _USUAL_SIZE if outer is None else outer
        return around * float(match[1]) / (100 if match[2] == "%" else 1)
    return _length(value)


def _text_colour(styles: Styles, outer: Paint) -> tuple[str, bool]:
    """The colour of text, and whether it covers what is behind it."""
    value = styles.get("-webkit-text-fill-color") or styles.get("color", "")
    clip = styles.get("-webkit-background-clip") or styles.get("background-clip", "")
    if clip == "text" or styles.get("text-shadow", "none") != "none":
        return "", True  # it shows the background, or its shadow
    if not value or value in ("inherit", "currentcolor", "unset"):
        return outer.colour, outer.is_opaque
    colour = read_colour(value)
    if colour is None:
        return "", True
    return colour.digits, colour.alpha >= FAINT


def _background(styles: Styles, outer: Paint) -> str:
    if is_picture(styles):
        return ""  # its colours are unknown; the colour behind it is a fallback
    # What is placed freely may lie over anything.
    around = "" if styles.get("position") in ("absolute", "fixed") else outer.background
    value = styles.get("background-color") or styles.get("background", "")
    if not value or value.split()[0] in ("none", "inherit", "initial", "unset"):
        return around
    colour = read_colour(value)
    return lay_over(colour, around) if colour else ""


def _is_flat(styles: Styles, outer: Paint) -> bool:
    """Whether lines of text have no height in an element that cuts off what is outside it."""
    height = styles.get("line-height")
    if not height:
        return outer.is_flat
    return is_zero(height) and _cuts_off(styles)


def hides_element(styles: Styles) -> bool:
    """Whether these declarations make an element and everything in it invisible."""
    return bool(styles) and (
        styles.get("display") == "none"
        or styles.get("visibility") in ("hidden", "collapse")
        or styles.get("content-visibility") == "hidden"
        or is_faint(styles)
        or is_transformed_away(styles)
        or is_clipped(styles)
        or is_moved_away(styles)
    )


def is_faint(styles: Styles) -> bool:
    opacity = styles.get("opacity", "")
    name, _, argument = styles.get("filter", "").partition("(")
    return any(
        (match := _LENGTH.match(value)) is not None
        and float(match[1]) / (100 if match[2] == "%" else 1) < FAINT
        for value in (opacity, argument.partition(")")[0] if name == "opacity" else "")
    )


def is_transformed_away(styles: Styles) -> bool:
    """Whether an element is made as small as nothing, turned by its edge, or moved off the screen."""
    if is_zero(styles.get("zoom", "")) or any(map(is_zero, styles.get("scale", "").split()[:2])):
        return True
    if any(map(is_off_screen, styles.get("translate", "").split()[:2])):
        return True
    value = styles.get("transform") or styles.get("-webkit-transform", "")
    for name, argument in _TRANSFORMATION.findall(value):
        numbers = [word.strip() for word in argument.split(",")]
        match name:
            case "scale" | "scalex" | "scaley" | "scale3d":
                is_away = any(map(is_zero, numbers[:2]))
            case "matrix":
                is_away = len(numbers) == 6 and (
                    all(map(is_zero, numbers[:2])) or all(map(is_zero, numbers[2:4]))
                )
            case "translate" | "translatex" | "translatey" | "translate3d":
                is_away = any(map(is_off_screen, numbers[:2]))
            case "rotatex" | "rotatey":
                is_away = numbers[0] in ("90deg", "-90deg", "270deg", "0.25turn", ".25turn")
            case _:
                is_away = False
        if is_away:
            return True
    return False


def is_moved_away(styles: Styles) -> bool:
    if any(is_off_screen(styles.get(side, "")) for side in ("left", "top", "right", "bottom")):
        return True
    indent = styles.get("text-indent", "")
    if is_off_screen(indent) or (
        indent.startswith("100%") and _cuts_off(styles) and styles.get("white-space") == "nowrap"
    ):
        return True
    margins = styles.get("margin", "").split()[:4]
    margins += [styles.get(f"margin-{side}", "") for side in ("left", "top", "right")]
    return any((_length(margin) or 0) <= _OFF_SCREEN_MARGIN for margin in margins)


def is_clipped(styles: Styles) -> bool:
    flat = any(
        is_zero(styles.get(side, "")) for side in ("max-height", "height", "max-width", "width")
    )
    return (flat and _cuts_off(styles)) or _is_cut_to_nothing(styles)


def _cuts_off(styles: Styles) -> bool:
    return any(
        word in ("hidden", "clip")
        for side in ("overflow", "overflow-x", "overflow-y")
        for word in styles.get(side, "").split()
    )


def _is_cut_to_nothing(styles: Styles) -> bool:
    name, _, rest = styles.get("clip", "").partition("(")
    edges = [_length(word) for word in rest.partition(")")[0].replace(",", " ").split()]
    if name == "rect" and len(edges) == 4 and None not in edges:
        top, right, bottom, left_edge = (edge or 0 for edge in edges)
        if bottom - top <= 0 or right - left_edge <= 0:
            return True
    name, _, rest = (styles.get("clip-path") or styles.get("-webkit-clip-path", "")).partition("(")
    content = rest.partition(")")[0]
    words = content.partition(" round ")[0].split()
    if name == "inset" and 1 <= len(words) <= 4:
        shares = [_share(word) for word in words]
        top, right = shares[0], shares[1 % len(shares)]
        bottom = shares[2] if len(shares) > 2 else top
        left_edge = shares[3] if len(shares) > 3 else right
        return top + bottom >= 1 or left_edge + right >= 1
    if name in ("circle", "ellipse"):
        return bool(words) and is_zero(words[0])
    if name == "polygon":
        points = [tuple(map(_share, point.split())) for point in content.split(",")]
        return any(
            len({point[axis] for point in points if len(point) == 2}) == 1 for axis in (0, 1)
        )
    return False


def _share(value: str) -> float:
    """A percentage as a share of one; 0 for anything else."""
    match = _LENGTH.match(value)
    return float(match[1]) / 100 if match and match[2] == "%" else 0.0


def is_off_screen(value: str) -> bool:
    pixels = _length(value)
    return pixels is not None and not _OFF_SCREEN < pixels < _FAR_RIGHT


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


def _length(value: str) -> float | None:
    """A length in pixels, about; None if it is a percentage or malformed."""
    match = _LENGTH.match(value)
    if not match or (match[2] == "%" and float(match[1])):
        return None
    return float(match[1]) * _PIXELS.get(match[2] or "px", 1.0)


def _digits(value: str) -> str:
    """Six hex digits; an empty string for a notation that is not understood."""
    colour = read_colour(value)
    return colour.digits if colour and colour.alpha >= FAINT else ""
