"""What other programs (mpg123 and FFmpeg) read in an audio file."""

import json
import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def require(*programs: str) -> None:
    """Fail if a program is missing: without them the tests would check nothing."""
    if missing := [program for program in programs if not shutil.which(program)]:
        pytest.fail(
            f"Please install {', '.join(missing)} (on Debian: apt-get install ffmpeg mpg123)."
        )


def count_samples(file: Path) -> int:
    """The number of samples that mpg123 plays, without trimming for encoder delay."""
    require("mpg123")
    command = ["mpg123", "-q", "--no-gapless", "-s", "-e", "s16", str(file)]
    return len(subprocess.run(command, check=True, capture_output=True).stdout) // 2


def decode(file: Path) -> bytes:
    """The sound as ffmpeg plays it: 24 kHz, mono, signed 16 bit."""
    require("ffmpeg")
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


def measure_level(file: Path) -> tuple[float, float]:
    """Integrated LUFS and dBTP by ffmpeg's meter."""
    require("ffmpeg")
    filters = ["-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-"]
    summary = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", str(file), *filters],
        check=True,
        capture_output=True,
        text=True,
    ).stderr.split("Summary:")[-1]
    matches = [re.search(rf"{name}:\s+(-?[\d.]+|-inf)", summary) for name in ("I", "Peak")]
    loudness, peak = (float(match[1]) if match else math.nan for match in matches)
    return loudness, peak


def probe(file: Path) -> dict[str, Any]:
    """Format, streams and chapters as ffprobe reads them."""
    require("ffprobe")
    options = ["-show_chapters", "-show_format", "-show_streams", "-of", "json"]
    result = subprocess.run(
        ["ffprobe", "-v", "error", *options, str(file)], check=True, capture_output=True
    )
    description: dict[str, Any] = json.loads(result.stdout)
    return description
