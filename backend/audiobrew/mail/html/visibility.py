"""What of an HTML mail a reader sees: styles that hide, and how they are inherited."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from string import ascii_letters

from audiobrew.mail.html.strip_delimited import strip_delimited

Styles = dict[str, str]

_LETTERS = f"{ascii_letters}-"
_LENGTH = re.compile(r"(-?\d{0,6}\.?\d{1,6})\s*(px|pt|em|rem|%)?$")
_NAME = re.compile(r"[a-z]*([.#][\w-]+)", re.IGNORECASE)
_TINY = 2.0  # pixels: smaller is not read, it is filler
_SMALL = 13.0
_NAMED_COLOURS = {"white": "ffffff", "black": "000000"}


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How text is printed: size in pixels, colours in hex, empty or None when not said."""

    size: float | None = None
    colour: str = ""
    background: str = ""
    bold: bool = False

    @property
    def seen(self) -> bool:
        unreadable = self.colour and self.colour == self.background
        return not unreadable and (self.size is None or self.size >= _TINY)

    @property
    def small(self) -> bool:
        return self.size is not None and self.size < _SMALL


def parse_styles(written: str | None) -> Styles:
    """The declarations of a style attribute, in lower case."""
    if not written:
        return {}
    styles = {}
    for declaration in written[:4_000].split(";"):
        before, _, value = declaration.partition(":")
        name = before.rstrip()
        name = name[len(name.rstrip(_LETTERS)) :]
        if name and len(name) <= 40 and value.strip():
            styles[name.lower()] = value.strip()[:200].lower().replace("!important", "").strip()
    return styles


def inherit_style(look: TextStyle, styles: Styles, bgcolor: str | None) -> TextStyle:
    """The look inside an element with these styles."""
    if not styles and not bgcolor:
        return look
    size = look.size
    if "font-size" in styles:
        size = _pixels(styles["font-size"])
    background = styles.get("background-color") or styles.get("background") or bgcolor or ""
    weight = styles.get("font-weight", "")
    return replace(
        look,
        size=size,
        colour=_colour(styles.get("color", "")) or look.colour,
        background=_colour(background) or ("" if background else look.background),
        bold=weight in ("bold", "bolder", "600", "700", "800", "900") if weight else look.bold,
    )


def hides_element(styles: Styles) -> bool:
    """Whether an element with these styles and all it holds is out of sight."""
    return bool(styles) and (
        styles.get("display") == "none"
        or styles.get("visibility") in ("hidden", "collapse")
        or styles.get("mso-hide") == "all"
        or _zero(styles.get("opacity", ""))
        or _clipped(styles)
        or any(_far(styles.get(side, "")) for side in ("left", "top", "text-indent"))
    )


def hidden_selectors(css: str) -> frozenset[str]:
    """Classes (`.x`) and ids (`#x`) that a style sheet hides on every screen."""
    names = set()
    for selectors, body in _rules(_always(css)):
        if hides_element(parse_styles(body)):
            for selector in selectors.split(","):
                if match := _NAME.fullmatch(selector.strip()):
                    names.add(match[1])
    return frozenset(names)


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Each rule's selectors and what it declares."""
    for rule in css.split("}")[:-1]:
        before, _, body = rule.rpartition("{")
        selectors = before.rpartition("{")[2].rpartition("@")[2]
        if selectors:
            yield selectors[-200:], body


def _always(css: str) -> str:
    """The style sheet without its @media blocks, which hold for some screens only."""
    kept, depth, at = [], 0, 0
    css = strip_delimited(css[:200_000], "/*", "*/")
    for piece in re.finditer(r"@[^{};@]*[{;]|[{}]", css):
        if depth == 0 and piece[0].startswith("@"):
            kept.append(css[at : piece.start()])
            depth, at = int(piece[0].endswith("{")), piece.end()
        elif depth:
            depth += {"{": 1, "}": -1}.get(piece[0][-1], 0)
            at = piece.end()
    return "".join(kept) + ("" if depth else css[at:])


def _clipped(styles: Styles) -> bool:
    flat = any(
        _zero(styles.get(side, "")) for side in ("max-height", "height", "max-width", "width")
    )
    clip = styles.get("clip", "").replace(" ", "").replace(",", "").replace("px", "")
    return (styles.get("overflow") == "hidden" and flat) or clip in ("rect(0000)", "rect(1111)")


def _far(value: str) -> bool:
    pixels = _pixels(value)
    return pixels is not None and pixels <= -500


def _zero(value: str) -> bool:
    found = _LENGTH.match(value)
    return found is not None and float(found[1]) == 0


def _pixels(value: str) -> float | None:
    """A length in pixels; None where it depends on something else."""
    found = _LENGTH.match(value)
    if not found:
        return None
    number = float(found[1])
    if number == 0 or found[2] in ("px", None):
        return number
    return number * 4 / 3 if found[2] == "pt" else None


def _colour(value: str) -> str:
    word = value.split()[0] if value.split() else ""
    digits = _NAMED_COLOURS.get(word, word.lstrip("#"))
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    return digits if re.fullmatch(r"[0-9a-f]{6}", digits) else ""
