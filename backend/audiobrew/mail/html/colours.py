"""Read the colours of CSS, and tell which of them the eye cannot tell apart."""

import re
from colorsys import hls_to_rgb
from dataclasses import dataclass

# Two colours are the same to the eye if the differences of their red, green and blue add up to less.
_SAME_COLOUR = 16
# Colours that cover less than this share of what is behind them cannot be seen.
FAINT = 0.1
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]{1,80})\)")
_NUMBER = re.compile(r"(-?\d{0,6}\.?\d{1,6})(%|deg|turn|rad)?$")
_HEX = re.compile(r"[0-9a-f]{3,8}$")
_DEGREES = {"turn": 360.0, "rad": 57.296}
# The names of CSS, each with the six digits of its colour.
_NAMES = """
aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc
bisque ffe4c4 black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a
burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed
cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b
darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b
darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a
darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1
darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff
firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff
gold ffd700 goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0
hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa
lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080
lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3
lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899
lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6
magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3
mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a
mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1
moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23
orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee
palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd
powderblue b0e0e6 purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1
saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d
silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa
springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0
violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32
"""
_WORDS = _NAMES.split()
_NAMED_COLOURS = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))


@dataclass(frozen=True, slots=True)
class Colour:
    """Six hex digits, and how much the colour covers: from 0 to 1."""

    digits: str
    alpha: float = 1.0


TRANSPARENT = Colour("000000", 0.0)


def read_colour(value: str) -> Colour | None:
    """The first colour of a declaration in lower case; None if it starts with anything else."""
    if match := _FUNCTION.match(value):
        return _read_function(match[1], re.split(r"[\s,/]+", match[2].strip()))
    word = (value.split() or [""])[0]
    if word == "transparent":
        return TRANSPARENT
    digits = _NAMED_COLOURS.get(word, word.lstrip("#"))
    if not _HEX.match(digits) or len(digits) in (5, 7):
        return None
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    return Colour(digits[:6], int(digits[6:] or "ff", 16) / 255)


def _read_function(name: str, words: list[str]) -> Colour | None:
    numbers = [_NUMBER.match(word) for word in words]
    if len(words) not in (3, 4) or not all(numbers):
        return None
    # Shares of one, except the hue, which is in degrees.
    values = [float(match[1]) / (100 if match[2] == "%" else 1) for match in numbers if match]
    units = [match[2] for match in numbers if match]
    alpha = values[3] if len(values) == 4 else 1.0
    if name == "hsl":
        hue = values[0] * _DEGREES.get(units[0] or "", 1.0) / 360
        shares = [value if unit else value / 100 for value, unit in zip(values, units, strict=True)]
        channels: tuple[float, ...] = hls_to_rgb(hue % 1, _clamp(shares[2]), _clamp(shares[1]))
    else:
        channels = tuple(
            value if unit else value / 255
            for value, unit in zip(values[:3], units[:3], strict=True)
        )
    return Colour("".join(f"{round(_clamp(one) * 255):02x}" for one in channels), _clamp(alpha))


def _clamp(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def lay_over(colour: Colour, background: str) -> str:
    """The six digits that are seen where a colour lies over another one; empty if that is unknown."""
    if colour.alpha >= 1:
        return colour.digits
    if colour.alpha < FAINT or not background:
        return background
    pairs = zip(bytes.fromhex(colour.digits), bytes.fromhex(background), strict=True)
    mixed = (round(one * colour.alpha + other * (1 - colour.alpha)) for one, other in pairs)
    return "".join(f"{channel:02x}" for channel in mixed)


def is_camouflaged(colour: str, background: str) -> bool:
    """Whether text of this colour cannot be seen. Both are six hex digits, or empty if unknown."""
    if not colour or not background:
        return False
    pairs = zip(bytes.fromhex(colour), bytes.fromhex(background), strict=True)
    return sum(abs(one - other) for one, other in pairs) < _SAME_COLOUR
