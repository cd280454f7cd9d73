"""Covers: as the web app draws them, and different for each episode."""

import math
import subprocess
from uuid import UUID

import pytest
from audiobrew.audio.cover import FEED_PIXELS, MP3_PIXELS, CoverArt, draw_cover

from tests.audio.sound import require

ID = UUID("7b0e0000-0000-4000-8000-000000000001")


def pixels(png: bytes) -> bytes:
    require("ffmpeg")
    decoder = ["ffmpeg", "-v", "error", "-xerror", "-f", "png_pipe", "-i", "-"]
    command = [*decoder, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    return subprocess.run(command, input=png, check=True, capture_output=True).stdout


def color(picture: bytes, x: float, y: float) -> str:
    """The colour at a place in hundredths of the picture."""
    width = math.isqrt(len(picture) // 3)
    start = 3 * (round(y * width / 100) * width + round(x * width / 100))
    return f"#{picture[start : start + 3].hex()}"


def test_the_art_is_that_of_the_web_app() -> None:
    """The values are what `coverArt` of the web app returns."""
    first, second = CoverArt.of(ID), CoverArt.of(UUID(int=5))

    assert first == CoverArt(1, 351, (0.5, 0.55, 0.8, 0.59, 0.77, 0.62, 0.5))
    assert second == CoverArt(0, 68, (0.51, 0.51, 0.61, 0.68, 0.67, 0.48, 0.45))


@pytest.mark.parametrize("width", [MP3_PIXELS, FEED_PIXELS])
def test_the_picture_shows_the_table_the_cup_the_coffee_and_the_bars(width: int) -> None:
    picture = pixels(draw_cover(ID, width))

    assert len(picture) == 3 * width * width
    assert color(picture, 1, 0) == "#b5654a"
    assert color(picture, 22, 50) == "#fffaf1"
    assert color(picture, 50, 28) == "#7a4520"
    assert color(picture, 49.6, 50) == "#f6d6c4"
    assert color(picture, 84, 45) == "#fffaf1"  # the handle, turned by -9 degrees


def test_covers_are_small_the_same_each_time_and_different_for_each_episode() -> None:
    covers = [draw_cover(UUID(int=number), MP3_PIXELS) for number in range(4)]

    assert covers[0] == draw_cover(UUID(int=0), MP3_PIXELS)
    assert len(set(covers)) == 4
    assert all(len(cover) < 30_000 for cover in covers)
    assert len(draw_cover(UUID(int=0), FEED_PIXELS)) < 80_000
