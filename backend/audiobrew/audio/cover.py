"""An episode's cover as a PNG: the same cup, seen from above, that the app draws for this episode.

See `Cover.svelte` and `cover.ts` in the web app. The colours of the table, the bars in the foam and the
direction of the handle come from the episode's id. There is no shadow. In an MP3 the file has 20 KB, in a
feed 55 KB, because podcast apps want at least 1,400 pixels.
"""

import math
import struct
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, takewhile
from uuid import UUID

MP3_PIXELS = 600
FEED_PIXELS = 1400
BARS = 7
# The table, its shadow and the foam. The web app has the same ones in the same order.
PALETTES = (
    ("#c98a54", "#8d4c22", "#f4dcc0"),
    ("#b5654a", "#6f2c22", "#f6d6c4"),
    ("#a58b4f", "#5f4a1c", "#f1e4bd"),
    ("#7f8f6a", "#414e34", "#e3e6cd"),
    ("#a0727c", "#56303c", "#f0d9d8"),
    ("#6f8793", "#33454f", "#dbe4e4"),
)
CUP, COFFEE = "#fffaf1", "#7a4520"
WORD = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class CoverArt:
    """`hue` is the number of a palette, `turn` in degrees, `bars` relative heights from 0.2 to 1."""

    hue: int
    turn: int
    bars: tuple[float, ...]

    @classmethod
    def of(cls, id: UUID) -> "CoverArt":
        numbers = random_numbers(str(id))
        hue, turn = int(next(numbers) * len(PALETTES)), int(next(numbers) * 360)
        return cls(hue, turn, tuple(bar_height(bar, next(numbers)) for bar in range(BARS)))


def bar_height(bar: int, random: float) -> float:
    """Bars in the middle are higher."""
    middle = 1 - abs(bar - (BARS - 1) / 2) / BARS
    return math.floor((0.2 + 0.8 * middle * (0.45 + 0.55 * random)) * 100 + 0.5) / 100


def random_numbers(text: str) -> Iterator[float]:
    """Repeatable numbers from 0 to 1: mulberry32, seeded with an FNV hash of the text."""
    seed = 0x811C9DC5
    for character in text:
        seed = (seed ^ ord(character)) * 0x01000193 & WORD
    while True:
        seed = seed + 0x6D2B79F5 & WORD
        mixed = (seed ^ seed >> 15) * (1 | seed) & WORD
        mixed = (mixed + ((mixed ^ mixed >> 7) * (61 | mixed) & WORD)) & WORD ^ mixed
        yield ((mixed ^ mixed >> 14) & WORD) / 2**32


@dataclass(frozen=True, slots=True)
class Capsule:
    """All points that are at most `radius` from a straight line: a disc, or a bar with round ends.

    In hundredths of the picture's width.
    """

    color: str
    start: tuple[float, float]
    end: tuple[float, float]
    radius: float
    opacity: float = 1.0

    def distance(self, x: float, y: float) -> float:
        """How far a point is outside; negative inside."""
        (ax, ay), (bx, by) = self.start, self.end
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        share = min(1.0, max(0.0, ((x - ax) * dx + (y - ay) * dy) / length)) if length else 0.0
        return math.hypot(x - ax - share * dx, y - ay - share * dy) - self.radius


def draw_cover(id: UUID, pixels: int) -> bytes:
    """The PNG, `pixels` wide and high. Drawing takes a fifth of a second for a feed, less for an MP3."""
    art = CoverArt.of(id)
    light, deep, _ = map(rgb, PALETTES[art.hue])
    shapes = list(shapes_of(art))
    rows = bytearray()
    for y in range(pixels):
        row = bytearray(blend(light, deep, y / pixels) * pixels)
        for shape in shapes:
            draw_row(row, y, pixels, shape)
        rows += b"\0" + row
    header = struct.pack(">IIBBBBB", pixels, pixels, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def shapes_of(art: CoverArt) -> Iterator[Capsule]:
    """The saucer, the handle, the cup, the coffee and the bars."""
    foam, middle = PALETTES[art.hue][2], (50.0, 50.0)
    yield Capsule(foam, middle, middle, 39.0, 0.28)
    cosine, sine = math.cos(math.radians(art.turn)), math.sin(math.radians(art.turn))
    near, far = ((50 + length * cosine, 50 + length * sine) for length in (30.5, 38.5))
    yield Capsule(CUP, near, far, 4.5)
    yield Capsule(CUP, middle, middle, 30.0)
    yield Capsule(COFFEE, middle, middle, 26.0)
    for number, height in enumerate(art.bars):
        x, half = 34 + number * 5.2, height * 15 - 1.6
        yield Capsule(foam, (x, 50 - half), (x, 50 + half), 1.6)


def draw_row(row: bytearray, y: int, pixels: int, shape: Capsule) -> None:
    """Draw what a row has of a shape, with soft edges."""
    pixel = 100 / pixels
    height = (y + 0.5) * pixel
    (_, ay), (_, by) = shape.start, shape.end
    if not min(ay, by) - shape.radius - pixel < height < max(ay, by) + shape.radius + pixel:
        return

    def share(x: int) -> float:
        """How much of a pixel the shape covers."""
        return min(1.0, max(0.0, 0.5 - shape.distance((x + 0.5) * pixel, height) / pixel))

    # The shape is convex: it is nearest to one place of the row, and ends on both sides of it.
    low, high = 0, pixels - 1
    while low < high:
        middle = (low + high) // 2
        nearer = shape.distance((middle + 0.5) * pixel, height)
        if nearer <= shape.distance((middle + 1.5) * pixel, height):
            high = middle
        else:
            low = middle + 1
    # What is below is one colour inside of the shape, except at edges, where pixels are blended one by one.
    first = bisect_left(range(low + 1), 1.0, key=share)
    last = low + bisect_right(range(low, pixels), -1.0, key=lambda x: -share(x)) - 1
    color, below = rgb(shape.color), bytes(row[3 * low : 3 * low + 3])
    if first <= last:
        row[3 * first : 3 * last + 3] = blend(below, color, shape.opacity) * (last - first + 1)
    outside = chain(
        takewhile(share, range(min(first, low + 1) - 1, -1, -1)),
        takewhile(share, range(max(last, low) + 1, pixels)),
    )
    for x in outside:
        place = slice(3 * x, 3 * x + 3)
        row[place] = blend(bytes(row[place]), color, share(x) * shape.opacity)


def rgb(color: str) -> bytes:
    """`#c98a54` as three bytes."""
    return bytes.fromhex(color[1:])


def blend(below: bytes, above: bytes, share: float) -> bytes:
    return bytes(
        round(one + (other - one) * share) for one, other in zip(below, above, strict=True)
    )


def chunk(name: bytes, content: bytes) -> bytes:
    """A part of a PNG file, with its length and checksum."""
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )
