"""What independent programs say of a file: mpg123 and ffmpeg, not the library that made it."""

import json
import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def needed(*programs: str) -> None:
    """These tests mean nothing without the programs, so they fail, not skip."""
    if missing := [program for program in programs if not shutil.which(program)]:
        pytest.fail(
            f"Please install {', '.join(missing)} (on Debian: apt-get install ffmpeg mpg123)."
        )


def samples(file: Path) -> int:
    """How many samples mpg123 plays, nothing trimmed."""
    needed("mpg123")
    command = ["mpg123", "-q", "--no-gapless", "-s", "-e", "s16", str(file)]
    return len(subprocess.run(command, check=True, capture_output=True).stdout) // 2


def decoded(file: Path) -> bytes:
    """The sound as ffmpeg plays it: 24 kHz, mono, signed 16 bit."""
    needed("ffmpeg")
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-xerror",
        "-i",
        str(file),
        "-map",
        "0:a",
        "-f",
        "s16le",
        "-",
    ]
    return subprocess.run(command, check=True, capture_output=True).stdout


def level(file: Path) -> tuple[float, float]:
    """Integrated LUFS and dBTP by ffmpeg's meter."""
    needed("ffmpeg")
    measure = ["-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-"]
    told = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", str(file), *measure],
        check=True,
        capture_output=True,
        text=True,
    ).stderr.split("Summary:")[-1]
    found = [re.search(rf"{name}:\s+(-?[\d.]+|-inf)", told) for name in ("I", "Peak")]
    loudness, peak = (float(match[1]) if match else math.nan for match in found)
    return loudness, peak


def probe(file: Path) -> dict[str, Any]:
    """Format, streams and chapters as ffprobe reads them."""
    needed("ffprobe")
    shown = ["-show_chapters", "-show_format", "-show_streams", "-of", "json"]
    told = subprocess.run(
        ["ffprobe", "-v", "error", *shown, str(file)], check=True, capture_output=True
    )
    read: dict[str, Any] = json.loads(told.stdout)
    return read
